// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/llmcol/llmcol/internal/sampling"
	"github.com/llmcol/llmcol/processor/tailsamplingprocessor/internal/metadata"
)

// observe has every metric read from the engine's counters whenever metrics are collected.
func (s *sampler) observe() error {
	t := s.telemetry
	return errors.Join(
		t.RegisterProcessorLlmTailSamplingReceivedSpansCallback(s.number(func(c *sampling.Stats) int64 { return c.Received })),
		t.RegisterProcessorLlmTailSamplingRefusedSpansCallback(s.number(func(c *sampling.Stats) int64 { return c.Refused })),
		t.RegisterProcessorLlmTailSamplingKeptSpansCallback(s.number(func(c *sampling.Stats) int64 { return c.Kept })),
		t.RegisterProcessorLlmTailSamplingUntracedSpansCallback(s.number(func(c *sampling.Stats) int64 { return c.Untraced })),
		t.RegisterProcessorLlmTailSamplingHeldTracesCallback(s.number(func(c *sampling.Stats) int64 { return c.OpenTraces })),
		t.RegisterProcessorLlmTailSamplingDecisionsMemoryCallback(s.number(func(c *sampling.Stats) int64 { return c.DecisionsBytes })),
		t.RegisterProcessorLlmTailSamplingTracestateConflictsCallback(s.number(func(c *sampling.Stats) int64 {
			return c.RandomnessConflicts + c.Unstampable
		})),
		t.RegisterProcessorLlmTailSamplingHeldSpansCallback(s.split("tier", func(c *sampling.Stats) []part {
			return []part{{"hot", c.HotSpans}, {"cold", c.ColdSpans}, {"queued", c.QueuedSpans}}
		})),
		t.RegisterProcessorLlmTailSamplingHeldBytesCallback(s.split("tier", func(c *sampling.Stats) []part {
			return []part{{"hot", c.HotBytes}, {"cold", c.ColdBytes}, {"queued", c.QueuedBytes}}
		})),
		t.RegisterProcessorLlmTailSamplingLateSpansCallback(s.split("outcome", func(c *sampling.Stats) []part {
			return []part{{"kept", c.LateKept}, {"dropped", c.Dropped[sampling.DropLate]}, {"upgraded", c.LateUpgraded}}
		})),
		t.RegisterProcessorLlmTailSamplingReliefCallback(s.split("step", func(c *sampling.Stats) []part {
			return []part{
				{"packed", c.Packed}, {"decided", c.DecidedByMemory}, {"decided_at_arrival", c.DecidedAtArrival},
				{"decisions_forgotten", c.DecisionsForgotten}, {"keys_forgotten", c.KeysForgotten},
			}
		})),
		t.RegisterProcessorLlmTailSamplingDroppedSpansCallback(s.split("reason", droppedParts)),
		t.RegisterProcessorLlmTailSamplingDecidedTracesCallback(s.decisions(func(d *sampling.Decision) int64 { return d.Traces })),
		t.RegisterProcessorLlmTailSamplingDecidedSpansCallback(s.decisions(func(d *sampling.Decision) int64 { return d.Spans })),
		t.RegisterProcessorLlmTailSamplingDecidedBytesCallback(s.decisions(func(d *sampling.Decision) int64 { return d.Bytes })),
		t.RegisterProcessorLlmTailSamplingLearntThresholdCallback(s.thresholds),
	)
}

func (s *sampler) number(of func(*sampling.Stats) int64) metric.Int64Callback {
	return func(_ context.Context, o metric.Int64Observer) error {
		stats := s.engine.Stats()
		o.Observe(of(&stats))
		return nil
	}
}

// part is one value of a metric that is split by one attribute.
type part struct {
	name  string
	value int64
}

func (s *sampler) split(key string, of func(*sampling.Stats) []part) metric.Int64Callback {
	return func(_ context.Context, o metric.Int64Observer) error {
		stats := s.engine.Stats()
		for _, p := range of(&stats) {
			o.Observe(p.value, metric.WithAttributes(attribute.String(key, p.name)))
		}
		return nil
	}
}

func droppedParts(c *sampling.Stats) []part {
	parts := make([]part, len(c.Dropped))
	for i, n := range c.Dropped {
		parts[i] = part{sampling.Drop(i).String(), n}
	}
	return parts
}

func (s *sampler) decisions(of func(*sampling.Decision) int64) metric.Int64Callback {
	return func(_ context.Context, o metric.Int64Observer) error {
		for _, d := range s.engine.Stats().Decisions {
			decision := "dropped"
			if d.Keep {
				decision = "kept"
			}
			o.Observe(of(&d), metric.WithAttributes(
				attribute.String("policy", d.Policy), attribute.String("decision", decision),
				attribute.String("trigger", d.Trigger.String())))
		}
		return nil
	}
}

// decided records what a decision took.
func decided(t *metadata.TelemetryBuilder) func(age, lag time.Duration) {
	return func(age, lag time.Duration) {
		t.ProcessorLlmTailSamplingDecisionAge.Record(context.Background(), age.Seconds())
		t.ProcessorLlmTailSamplingDecisionLag.Record(context.Background(), lag.Seconds())
	}
}

func (s *sampler) thresholds(_ context.Context, o metric.Float64Observer) error {
	s.engine.Thresholds(func(k sampling.Kind, seconds float64) {
		o.Observe(seconds, metric.WithAttributes(
			attribute.String("service", k.Service), attribute.String("agent", k.Agent),
			attribute.String("operation", k.Operation)))
	})
	return nil
}
