// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"

	"github.com/llmcol/llmcol/internal/content"
)

// settings is what does not change while the processor runs.
type settings struct {
	limits       *content.Limits
	maxAttribute int
	maxSpan      int     // 0: no limit
	memory       *memory // of messages seen; nil: messages are not deduplicated
}

// truncation is the processor of one signal.
type truncation struct {
	telemetry *telemetry
	workers   sync.Pool // of *worker
}

func newSettings(cfg *Config) *settings {
	s := &settings{limits: cfg.limits(), maxAttribute: cfg.MaxAttributeBytes, maxSpan: cfg.MaxSpanBytes}
	if cfg.Deduplicate {
		s.memory = newMemory(maxRemembered)
	}
	return s
}

func newTruncation(set processor.Settings, cfg *Config, signal string) (*truncation, error) {
	t, err := newTelemetry(set, signal)
	if err != nil {
		return nil, err
	}
	s := newSettings(cfg)
	return &truncation{telemetry: t, workers: sync.Pool{New: func() any { return newWorker(s) }}}, nil
}

func (p *truncation) processTraces(ctx context.Context, td ptrace.Traces) (ptrace.Traces, error) {
	w := p.workers.Get().(*worker)
	defer p.finish(ctx, w)
	w.traces(td)
	return td, nil
}

func (p *truncation) processLogs(ctx context.Context, ld plog.Logs) (plog.Logs, error) {
	w := p.workers.Get().(*worker)
	defer p.finish(ctx, w)
	w.logs(ld)
	return ld, nil
}

func (p *truncation) finish(ctx context.Context, w *worker) {
	p.telemetry.record(ctx, w)
	p.workers.Put(w)
}

func (p *truncation) shutdown(context.Context) error {
	p.telemetry.builder.Shutdown()
	return nil
}
