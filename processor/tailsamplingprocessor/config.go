// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
)

// Config is the configuration of llm_tail_sampling. Only policies must be set.
type Config struct {
	// Settle is how long after its root, or after the last span since, a trace is decided.
	Settle time.Duration `mapstructure:"settle"`
	// Idle is how long after its last span a trace without a root is decided.
	Idle time.Duration `mapstructure:"idle"`
	// MaxAge is how long after its first span a trace is decided in any case.
	MaxAge time.Duration `mapstructure:"max_age"`
	// Root is an OTTL condition on spans: a trace is complete once a span that meets it has ended.
	Root string `mapstructure:"root"`
	// EarlyKeep says when a trace that is certain to be kept is handed on.
	EarlyKeep EarlyKeep `mapstructure:"early_keep"`
	// MemoryLimit bounds the memory of all that is held.
	MemoryLimit ByteSize `mapstructure:"memory_limit"`
	// MaxTraceSpans and MaxTraceBytes are the most a trace may hold; then it is decided, and the rest follows. Of bytes,
	// 0 stands for 64 MiB, or a quarter of MemoryLimit if that is less.
	MaxTraceSpans int64    `mapstructure:"max_trace_spans"`
	MaxTraceBytes ByteSize `mapstructure:"max_trace_bytes"`
	// Decisions is the memory of decisions, by which late spans follow their trace.
	Decisions DecisionsConfig `mapstructure:"decisions"`
	// MaxBatchBytes is the most that is handed on at once.
	MaxBatchBytes ByteSize `mapstructure:"max_batch_bytes"`
	// ShutdownTimeout is how long handing on what is held may take when the collector stops.
	ShutdownTimeout time.Duration `mapstructure:"shutdown_timeout"`
	// Policies say what is kept: a trace that any of them keeps, and none of type drop matches.
	Policies []PolicyConfig `mapstructure:"policies"`
}

// EarlyKeep says when a trace that is certain to be kept is handed on.
type EarlyKeep string

// The values of EarlyKeep.
const (
	// Hold hands traces on whole, when they are complete.
	Hold EarlyKeep = "hold"
	// Flush hands on at once what has come, and the rest as it comes.
	Flush EarlyKeep = "flush"
)

// DecisionsConfig bounds the memory of decisions.
type DecisionsConfig struct {
	TTL         time.Duration `mapstructure:"ttl"`
	MemoryLimit ByteSize      `mapstructure:"memory_limit"`
}

const (
	mebibyte    = 1 << 20
	minMemory   = 1 * mebibyte
	minBatch    = 1 << 10
	isRootSpan  = "IsRootSpan()"
	maxDuration = 30 * 24 * time.Hour
)

func createDefaultConfig() component.Config {
	return &Config{
		Settle: 6 * time.Second, Idle: time.Minute, MaxAge: 30 * time.Minute,
		Root: isRootSpan, EarlyKeep: Hold,
		MemoryLimit: 512 * mebibyte, MaxTraceSpans: 20_000,
		Decisions:     DecisionsConfig{TTL: time.Hour, MemoryLimit: 64 * mebibyte},
		MaxBatchBytes: 3 * mebibyte, ShutdownTimeout: 20 * time.Second,
	}
}

var _ confmap.Validator = (*Config)(nil)

// Validate checks the settings and that the policies can be built.
func (c *Config) Validate() error {
	_, err := rootCondition(c.Root, nil)
	return errors.Join(c.validateTimes(), c.validateSizes(), err, c.validatePolicies())
}

func (c *Config) validateTimes() error {
	var errs []error
	for _, s := range []struct {
		key   string
		value time.Duration
	}{
		{"settle", c.Settle}, {"idle", c.Idle}, {"max_age", c.MaxAge}, {"decisions::ttl", c.Decisions.TTL},
		{"shutdown_timeout", c.ShutdownTimeout},
	} {
		if s.value <= 0 || s.value > maxDuration {
			errs = append(errs, fmt.Errorf("%s is %s, expected more than 0 and at most %s", s.key, s.value, maxDuration))
		}
	}
	if c.EarlyKeep != Hold && c.EarlyKeep != Flush {
		errs = append(errs, fmt.Errorf("early_keep is %q, expected %q or %q", c.EarlyKeep, Hold, Flush))
	}
	return errors.Join(errs...)
}

func (c *Config) maxTraceBytes() ByteSize {
	if c.MaxTraceBytes != 0 {
		return c.MaxTraceBytes
	}
	return min(64*mebibyte, c.MemoryLimit/4)
}

func (c *Config) validateSizes() error {
	var errs []error
	for _, s := range []struct {
		key        string
		value, min ByteSize
	}{
		{"memory_limit", c.MemoryLimit, minMemory}, {"decisions::memory_limit", c.Decisions.MemoryLimit, minMemory},
		{"max_batch_bytes", c.MaxBatchBytes, minBatch}, {"max_trace_bytes", c.maxTraceBytes(), minBatch},
		{"max_trace_spans", ByteSize(c.MaxTraceSpans), 1},
	} {
		if s.value < s.min {
			errs = append(errs, fmt.Errorf("%s is %d, expected at least %d", s.key, s.value, s.min))
		}
	}
	if c.MaxTraceBytes > c.MemoryLimit {
		errs = append(errs, fmt.Errorf("max_trace_bytes is %d, expected at most memory_limit (%d)", c.MaxTraceBytes, c.MemoryLimit))
	}
	return errors.Join(errs...)
}
