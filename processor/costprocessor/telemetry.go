// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package costprocessor

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/llmcol/llmcol/internal/calls"
	"github.com/llmcol/llmcol/internal/pricing"
	"github.com/llmcol/llmcol/processor/costprocessor/internal/metadata"
)

type signal uint8

const (
	traces signal = iota
	logs
	numSignals
)

func (s signal) String() string { return [...]string{"traces", "logs"}[s] }

// telemetry counts with attribute sets that are built once.
type telemetry struct {
	builder *metadata.TelemetryBuilder
	calls   [numSignals][numStatuses]metric.AddOption
	failed  [numSignals]metric.AddOption
}

func newTelemetry(set component.TelemetrySettings, store *pricing.Store, ledger *calls.Ledger) (*telemetry, error) {
	builder, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	t := &telemetry{builder: builder}
	for s := range numSignals {
		name := attribute.String("signal", s.String())
		t.failed[s] = metric.WithAttributeSet(attribute.NewSet(name))
		for of := range numStatuses {
			t.calls[s][of] = metric.WithAttributeSet(attribute.NewSet(name, attribute.String("status", of.String())))
		}
	}
	err = builder.RegisterProcessorLlmCostRememberedCallback(func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(int64(ledger.Len()))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return t, builder.RegisterProcessorLlmCostTableAgeCallback(func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(int64(time.Since(store.Table().Date()) / (24 * time.Hour)))
		return nil
	})
}

func (t *telemetry) shutdown() { t.builder.Shutdown() }

func (t *telemetry) reloaded(ok bool) {
	result := "failed"
	if ok {
		result = "loaded"
	}
	t.builder.ProcessorLlmCostTableReloads.Add(context.Background(), 1, metric.WithAttributes(attribute.String("result", result)))
}

// tally counts what one request held.
type tally struct {
	statuses          [numStatuses]int64
	failed, forgotten int64
}

func (t *telemetry) record(ctx context.Context, s signal, of *tally) {
	for i, n := range of.statuses {
		if n > 0 {
			t.builder.ProcessorLlmCostCalls.Add(ctx, n, t.calls[s][i])
		}
	}
	if of.failed > 0 {
		t.builder.ProcessorLlmCostFailures.Add(ctx, of.failed, t.failed[s])
	}
	if of.forgotten > 0 {
		t.builder.ProcessorLlmCostForgotten.Add(ctx, of.forgotten)
	}
}
