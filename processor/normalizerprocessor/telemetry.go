// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package normalizerprocessor

import (
	"context"

	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/processor/normalizerprocessor/internal/metadata"
)

// tally adds up what was done in one batch, so that the meter is asked once a batch.
type tally struct {
	items                    [genai.NumOperations]int64
	added, replaced, removed int64
	failures                 int64
}

// guard normalises one item. One that nobody foresaw is passed on, and must not take its batch with it.
func (t *tally) guard(normalize func() genai.Change) {
	defer func() {
		if recover() != nil {
			t.failures++
		}
	}()
	c := normalize()
	if c.Operation == genai.OpNone {
		return
	}
	t.items[c.Operation]++
	t.added += int64(c.Added)
	t.replaced += int64(c.Replaced)
	t.removed += int64(c.Removed)
}

// telemetry holds the attribute sets that are used again and again.
type telemetry struct {
	builder                  *metadata.TelemetryBuilder
	signal                   metric.MeasurementOption
	items                    [genai.NumOperations]metric.MeasurementOption
	added, replaced, removed metric.MeasurementOption
}

func newTelemetry(set processor.Settings, signal string) (*telemetry, error) {
	builder, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	t := &telemetry{builder: builder}
	t.signal = attributes(attribute.String("signal", signal))
	for op := range t.items {
		t.items[op] = attributes(attribute.String("signal", signal), attribute.String("operation", genai.Operation(op).String()))
	}
	t.added = attributes(attribute.String("signal", signal), attribute.String("change", "added"))
	t.replaced = attributes(attribute.String("signal", signal), attribute.String("change", "replaced"))
	t.removed = attributes(attribute.String("signal", signal), attribute.String("change", "removed"))
	return t, nil
}

func attributes(kv ...attribute.KeyValue) metric.MeasurementOption {
	return metric.WithAttributeSet(attribute.NewSet(kv...))
}

func (t *telemetry) shutdown() { t.builder.Shutdown() }

func (t *telemetry) record(ctx context.Context, done *tally) {
	for op, n := range done.items {
		if n > 0 {
			t.builder.ProcessorLlmNormalizerItems.Add(ctx, n, t.items[op])
		}
	}
	for _, c := range [...]struct {
		counter metric.Int64Counter
		n       int64
		with    metric.MeasurementOption
	}{
		{t.builder.ProcessorLlmNormalizerAttributes, done.added, t.added},
		{t.builder.ProcessorLlmNormalizerAttributes, done.replaced, t.replaced},
		{t.builder.ProcessorLlmNormalizerAttributes, done.removed, t.removed},
		{t.builder.ProcessorLlmNormalizerFailures, done.failures, t.signal},
	} {
		if c.n > 0 {
			c.counter.Add(ctx, c.n, c.with)
		}
	}
}
