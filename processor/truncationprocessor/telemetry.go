// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"context"

	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/llmcol/llmcol/internal/content"
	"github.com/llmcol/llmcol/processor/truncationprocessor/internal/metadata"
)

// tally adds up what was done in one batch, beside what the shrinker has counted, so that the meter is asked once a batch.
type tally struct {
	copies, attributes, events int64
	bytes, items, failures     int64
}

// telemetry holds the attribute sets that are used again and again.
type telemetry struct {
	builder *metadata.TelemetryBuilder
	signal  metric.MeasurementOption
	changes []metric.MeasurementOption // as changeCounts
}

var changeCounts = []struct {
	name  string
	count func(*worker) int64
}{
	{"truncated", func(w *worker) int64 { return w.shrinker.Tally.Truncated }},
	{"stub", func(w *worker) int64 { return w.shrinker.Tally.Stubs }},
	{"dropped", func(w *worker) int64 { return w.shrinker.Tally.Dropped }},
	{"message_dropped", func(w *worker) int64 { return w.shrinker.Tally.Messages }},
	{"reference", func(w *worker) int64 { return w.shrinker.Tally.References }},
	{"copy_dropped", func(w *worker) int64 { return w.tally.copies }},
	{"attribute_dropped", func(w *worker) int64 { return w.tally.attributes }},
	{"event_dropped", func(w *worker) int64 { return w.tally.events }},
}

func newTelemetry(set processor.Settings, signal string) (*telemetry, error) {
	builder, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	s := attribute.String("signal", signal)
	t := &telemetry{builder: builder, signal: with(s)}
	for _, c := range changeCounts {
		t.changes = append(t.changes, with(s, attribute.String("change", c.name)))
	}
	return t, nil
}

func with(kv ...attribute.KeyValue) metric.MeasurementOption {
	return metric.WithAttributeSet(attribute.NewSet(kv...))
}

// record hands what the worker has counted to the meter.
func (t *telemetry) record(ctx context.Context, w *worker) {
	for i, c := range changeCounts {
		add(ctx, t.builder.ProcessorLlmTruncationChanges, c.count(w), t.changes[i])
	}
	add(ctx, t.builder.ProcessorLlmTruncationDroppedBytes, w.tally.bytes, t.signal)
	add(ctx, t.builder.ProcessorLlmTruncationItems, w.tally.items, t.signal)
	add(ctx, t.builder.ProcessorLlmTruncationFailures, w.tally.failures, t.signal)
	if w.memory != nil {
		add(ctx, t.builder.ProcessorLlmTruncationEvictions, w.memory.evicted.Swap(0), t.signal)
	}
	w.tally, w.shrinker.Tally = tally{}, content.Tally{}
}

func add(ctx context.Context, counter metric.Int64Counter, n int64, with metric.MeasurementOption) {
	if n > 0 {
		counter.Add(ctx, n, with)
	}
}
