// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loopprocessor

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/confmap"

	"github.com/llmcol/llmcol/internal/loop"
)

// Config of the llm_loop processor.
type Config struct {
	// MaxRuns is how many agent runs and sessions are held at once; the one seen least recently makes room.
	MaxRuns int `mapstructure:"max_runs"`
	// RunIdle and SessionIdle are how long a run or session is remembered of which nothing more comes.
	RunIdle     time.Duration `mapstructure:"run_idle"`
	SessionIdle time.Duration `mapstructure:"session_idle"`
	// Thresholds change the rules, by name.
	Thresholds map[string]ThresholdConfig `mapstructure:"thresholds"`
	// Tools change the rules for some tools. The first one that matches a name counts.
	Tools []ToolConfig `mapstructure:"tools"`
	// ExemptTools and PollTools are regular expressions: tools that are never part of a loop, and tools that wait by their nature.
	ExemptTools []string `mapstructure:"exempt_tools"`
	PollTools   []string `mapstructure:"poll_tools"`
	// MaxSteps, MaxTokens and MaxCost (USD) are what makes one agent run a runaway; 0 is no limit.
	MaxSteps  int     `mapstructure:"max_steps"`
	MaxTokens int64   `mapstructure:"max_tokens"`
	MaxCost   float64 `mapstructure:"max_cost"`
	// Key under which calls are hashed. Without one a random key is made, and kept in the storage if there is one.
	Key configopaque.String `mapstructure:"key"`
	// Storage is the extension in which the state is kept over restarts.
	Storage *component.ID `mapstructure:"storage"`
	// StorageInterval is how often changes are written to it.
	StorageInterval time.Duration `mapstructure:"storage_interval"`
}

// ThresholdConfig is how many repetitions make a loop suspected, detected and critical; 0 is never. What is not set stays as it was.
type ThresholdConfig struct {
	Suspected *int `mapstructure:"suspected"`
	Detected  *int `mapstructure:"detected"`
	Critical  *int `mapstructure:"critical"`
}

// ToolConfig changes the rules for the tools whose name matches.
type ToolConfig struct {
	Match      string                     `mapstructure:"match"`
	Exempt     bool                       `mapstructure:"exempt"`
	Poll       bool                       `mapstructure:"poll"`
	Thresholds map[string]ThresholdConfig `mapstructure:"thresholds"`
}

var _ confmap.Validator = (*Config)(nil)

const shortestKey = 32

func createDefaultConfig() component.Config {
	engine := loop.DefaultConfig()
	return &Config{
		MaxRuns: engine.MaxRuns, RunIdle: engine.IdleRun, SessionIdle: engine.IdleSession, MaxSteps: engine.Limits.Steps,
		StorageInterval: 10 * time.Second,
	}
}

// Validate names the setting that is wrong, what was found and what would be right.
func (c *Config) Validate() error {
	switch {
	case c.MaxRuns < 1:
		return fmt.Errorf("max_runs is %d, must be at least 1", c.MaxRuns)
	case c.RunIdle <= 0:
		return fmt.Errorf("run_idle is %s, must be above 0s", c.RunIdle)
	case c.SessionIdle <= 0:
		return fmt.Errorf("session_idle is %s, must be above 0s", c.SessionIdle)
	case c.StorageInterval <= 0:
		return fmt.Errorf("storage_interval is %s, must be above 0s", c.StorageInterval)
	case c.MaxSteps < 0:
		return fmt.Errorf("max_steps is %d, must be 0 (no limit) or more", c.MaxSteps)
	case c.MaxTokens < 0:
		return fmt.Errorf("max_tokens is %d, must be 0 (no limit) or more", c.MaxTokens)
	case c.MaxCost < 0 || math.IsNaN(c.MaxCost) || math.IsInf(c.MaxCost, 0):
		return fmt.Errorf("max_cost is %g, must be 0 (no limit) or more", c.MaxCost)
	case c.Key != "" && len(c.Key) < shortestKey:
		return fmt.Errorf("key has %d bytes, must have at least %d", len(c.Key), shortestKey)
	}
	if err := c.validateTools(); err != nil {
		return err
	}
	_, err := c.engine()
	return err
}

func (c *Config) validateTools() error {
	for i, t := range c.Tools {
		if t.Match == "" {
			return fmt.Errorf("tools[%d]: match is empty, must be a regular expression that tool names match", i)
		}
		if _, err := regexp.Compile(t.Match); err != nil {
			return fmt.Errorf("tools[%d]: match %q is no regular expression: %w", i, t.Match, err)
		}
		if t.Exempt && (t.Poll || len(t.Thresholds) > 0) {
			return fmt.Errorf("tools[%d]: exempt is set together with poll or thresholds; an exempt tool has no rules", i)
		}
	}
	for _, list := range []struct {
		setting  string
		patterns []string
	}{{"exempt_tools", c.ExemptTools}, {"poll_tools", c.PollTools}} {
		for i, p := range list.patterns {
			if _, err := regexp.Compile(p); err != nil {
				return fmt.Errorf("%s[%d]: %q is no regular expression: %w", list.setting, i, p, err)
			}
			if p == "" {
				return fmt.Errorf("%s[%d] is empty, must be a regular expression that tool names match", list.setting, i)
			}
		}
	}
	return nil
}

// engine is the configuration of the engine.
func (c *Config) engine() (loop.Config, error) {
	cfg := loop.DefaultConfig()
	cfg.MaxRuns, cfg.IdleRun, cfg.IdleSession = c.MaxRuns, c.RunIdle, c.SessionIdle
	cfg.Limits = loop.Limits{Steps: c.MaxSteps, Tokens: c.MaxTokens, Cost: c.MaxCost}
	changes, err := thresholds("thresholds", c.Thresholds, cfg.Thresholds)
	if err != nil {
		return cfg, err
	}
	for rule, t := range changes {
		cfg.Thresholds[rule] = t
	}
	var rules []loop.ToolRule
	for i, t := range c.Tools {
		own, err := thresholds(fmt.Sprintf("tools[%d]: thresholds", i), t.Thresholds, cfg.Thresholds)
		if err != nil {
			return cfg, err
		}
		rules = append(rules, loop.ToolRule{Pattern: t.Match, Exempt: t.Exempt, Poll: t.Poll, Thresholds: own})
	}
	for _, p := range c.ExemptTools {
		rules = append(rules, loop.ToolRule{Pattern: p, Exempt: true})
	}
	for _, p := range c.PollTools {
		rules = append(rules, loop.ToolRule{Pattern: p, Poll: true})
	}
	cfg.Tools = append(rules, cfg.Tools...)
	return cfg, nil
}

func thresholds(setting string, changes map[string]ThresholdConfig, from loop.Thresholds) (map[loop.Rule]loop.Threshold, error) {
	changed := map[loop.Rule]loop.Threshold{}
	for name, change := range changes {
		rule, err := ruleNamed(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", setting, err)
		}
		t := from[rule]
		set(&t.Suspected, change.Suspected)
		set(&t.Detected, change.Detected)
		set(&t.Critical, change.Critical)
		if err := rising(t); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", setting, name, err)
		}
		changed[rule] = t
	}
	return changed, nil
}

func set(to, from *int) {
	if from != nil {
		*to = *from
	}
}

// rising checks that a threshold's steps, where they are set, follow each other.
func rising(t loop.Threshold) error {
	before, name := 0, ""
	for _, step := range []struct {
		name  string
		value int
	}{{"suspected", t.Suspected}, {"detected", t.Detected}, {"critical", t.Critical}} {
		if step.value < 0 || step.value == 1 {
			return fmt.Errorf("%s is %d, must be 0 (never) or at least 2", step.name, step.value)
		}
		if step.value > 0 && step.value < before {
			return fmt.Errorf("%s is %d, must be 0 (never) or at least %s, which is %d", step.name, step.value, name, before)
		}
		if step.value > 0 {
			before, name = step.value, step.name
		}
	}
	return nil
}

func ruleNamed(name string) (loop.Rule, error) {
	var names []string
	for _, rule := range loop.Rules() {
		if rule == loop.Runaway {
			continue
		}
		if rule.String() == name {
			return rule, nil
		}
		names = append(names, rule.String())
	}
	if name == loop.Runaway.String() {
		return 0, fmt.Errorf("rule %q has no thresholds; set max_steps, max_tokens or max_cost", name)
	}
	slices.Sort(names)
	return 0, fmt.Errorf("unknown rule %q, must be one of %s", name, strings.Join(names, ", "))
}
