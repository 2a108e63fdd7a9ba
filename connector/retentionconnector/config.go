// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package retentionconnector

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pipeline"
)

// Config of llm_retention.
type Config struct {
	// Classes in order: the first one that a span or record belongs to is its own. The last one takes all that is left.
	Classes []ClassConfig `mapstructure:"classes"`
	// MaxTraces is of how many traces the class is remembered, for spans and log records that come later.
	MaxTraces int `mapstructure:"max_traces"`
	// LogWait is how long log records wait for their trace's class; 0 is not at all.
	LogWait time.Duration `mapstructure:"log_wait"`
	// LogWaitBytes is how many bytes of log records may wait, as OTLP has them; beyond, they go by their own condition at once.
	LogWaitBytes int `mapstructure:"log_wait_bytes"`
}

// ClassConfig is one class. Of a class with a default's name only the pipelines need to be given.
type ClassConfig struct {
	Name string `mapstructure:"name"`
	// SamplingClass are values of llmcol.sampling.class.
	SamplingClass []string `mapstructure:"sampling_class"`
	// SpanConditions and LogConditions are OTTL conditions, of which one is enough.
	SpanConditions []string `mapstructure:"span_conditions"`
	LogConditions  []string `mapstructure:"log_conditions"`
	// Days is how long to keep what belongs to the class.
	Days int64 `mapstructure:"days"`
	// Pipelines of traces and of logs.
	Pipelines []pipeline.ID `mapstructure:"pipelines"`
}

// samplingClasses are the values that llmcol.sampling.class can have.
var samplingClasses = []string{"error", "loop", "slow", "costly", "normal"}

// defaultClasses are what a class of that name is where the configuration says no more than its pipelines.
var defaultClasses = []ClassConfig{
	{Name: "errors", SamplingClass: []string{"error", "loop"}, LogConditions: []string{"log.severity_number >= SEVERITY_NUMBER_ERROR"}, Days: 90},
	{Name: "slow", SamplingClass: []string{"slow", "costly"}, Days: 30},
	{Name: "normal", Days: 7},
}

func createDefaultConfig() component.Config {
	return &Config{Classes: slices.Clone(defaultClasses), MaxTraces: 100_000, LogWaitBytes: 64 << 20}
}

// resolved is the class with what its name's default adds.
func (c ClassConfig) resolved() ClassConfig {
	i := slices.IndexFunc(defaultClasses, func(d ClassConfig) bool { return d.Name == c.Name })
	if i < 0 {
		return c
	}
	if len(c.SamplingClass)+len(c.SpanConditions)+len(c.LogConditions) == 0 {
		d := &defaultClasses[i]
		c.SamplingClass, c.SpanConditions, c.LogConditions = d.SamplingClass, d.SpanConditions, d.LogConditions
	}
	if c.Days == 0 {
		c.Days = defaultClasses[i].Days
	}
	return c
}

func (c *ClassConfig) takesAll() bool {
	return len(c.SamplingClass)+len(c.SpanConditions)+len(c.LogConditions) == 0
}

// Validate names the setting that is wrong, what was found and what would be right.
func (c *Config) Validate() error {
	errs := c.validateClasses()
	if c.MaxTraces < 2 {
		errs = append(errs, fmt.Errorf("max_traces: %d is below 2", c.MaxTraces))
	}
	if c.LogWait < 0 {
		errs = append(errs, fmt.Errorf("log_wait: %s is below 0s", c.LogWait))
	}
	if c.LogWaitBytes < 0 {
		errs = append(errs, fmt.Errorf("log_wait_bytes: %d is below 0", c.LogWaitBytes))
	}
	return errors.Join(errs...)
}

// mostClasses is how many classes there may be: a class is remembered in one byte a trace.
const mostClasses = 255

func (c *Config) validateClasses() (errs []error) {
	if len(c.Classes) == 0 || len(c.Classes) > mostClasses {
		return []error{fmt.Errorf("classes: there are %d, must be 1 to %d", len(c.Classes), mostClasses)}
	}
	seen := map[string]bool{}
	for i, own := range c.Classes {
		class := own.resolved()
		if err := class.validate(i == len(c.Classes)-1); err != nil {
			errs = append(errs, fmt.Errorf("classes: %s: %w", nameOr(class.Name, i), err))
		}
		if seen[class.Name] {
			errs = append(errs, fmt.Errorf("classes: %s: the name is given twice", class.Name))
		}
		seen[class.Name] = true
	}
	return errs
}

func nameOr(name string, i int) string {
	if name == "" {
		return fmt.Sprintf("number %d", i+1)
	}
	return name
}

func (c *ClassConfig) validate(last bool) error {
	switch {
	case c.Name == "":
		return errors.New("name: it has none")
	case len(c.Pipelines) == 0:
		return errors.New("pipelines: there is none, give at least one")
	case c.Days <= 0:
		return fmt.Errorf("days: %d is below 1", c.Days)
	case last && !c.takesAll():
		return errors.New("the last class must take all that is left: give it no sampling_class and no conditions")
	case !last && c.takesAll():
		return errors.New("it has neither sampling_class nor conditions; only the last class takes all that is left")
	}
	for _, name := range c.SamplingClass {
		if !slices.Contains(samplingClasses, name) {
			return fmt.Errorf("sampling_class: %q is none of %q", name, samplingClasses)
		}
	}
	for _, p := range c.Pipelines {
		if p.Signal() != pipeline.SignalTraces && p.Signal() != pipeline.SignalLogs {
			return fmt.Errorf("pipelines: %s is neither of traces nor of logs", p)
		}
	}
	if _, err := newSpanConditions(c.SpanConditions, nil); err != nil {
		return fmt.Errorf("span_conditions: %w", err)
	}
	if _, err := newLogConditions(c.LogConditions, nil); err != nil {
		return fmt.Errorf("log_conditions: %w", err)
	}
	return nil
}

// pipelines of one signal.
func (c *ClassConfig) pipelinesOf(signal pipeline.Signal) []pipeline.ID {
	return slices.DeleteFunc(slices.Clone(c.Pipelines), func(p pipeline.ID) bool { return p.Signal() != signal })
}
