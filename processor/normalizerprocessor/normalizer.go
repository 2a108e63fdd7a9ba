// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package normalizerprocessor

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"

	"github.com/llmcol/llmcol/internal/genai"
)

// normalizer walks batches of one signal; it holds nothing between them.
type normalizer struct {
	telemetry *telemetry
	workers   sync.Pool // of *genai.Normalizer
}

func newNormalizer(set processor.Settings, cfg *Config, signal string) (*normalizer, error) {
	options, err := cfg.options()
	if err != nil {
		return nil, err
	}
	t, err := newTelemetry(set, signal)
	if err != nil {
		return nil, err
	}
	return &normalizer{
		telemetry: t,
		workers:   sync.Pool{New: func() any { return genai.NewNormalizer(options) }},
	}, nil
}

func (p *normalizer) shutdown(context.Context) error {
	p.telemetry.shutdown()
	return nil
}

func (p *normalizer) processTraces(ctx context.Context, td ptrace.Traces) (ptrace.Traces, error) {
	n := p.workers.Get().(*genai.Normalizer)
	defer p.workers.Put(n)
	var t tally
	for _, rs := range td.ResourceSpans().All() {
		n.Reader.SetResource(rs.Resource())
		for _, ss := range rs.ScopeSpans().All() {
			n.Reader.SetScope(ss.Scope())
			for _, s := range ss.Spans().All() {
				t.guard(func() genai.Change { return n.Span(s) })
			}
		}
	}
	p.telemetry.record(ctx, &t)
	return td, nil
}

func (p *normalizer) processLogs(ctx context.Context, ld plog.Logs) (plog.Logs, error) {
	n := p.workers.Get().(*genai.Normalizer)
	defer p.workers.Put(n)
	var t tally
	for _, rl := range ld.ResourceLogs().All() {
		n.Reader.SetResource(rl.Resource())
		for _, sl := range rl.ScopeLogs().All() {
			n.Reader.SetScope(sl.Scope())
			for _, rec := range sl.LogRecords().All() {
				t.guard(func() genai.Change { return n.Log(rec) })
			}
		}
	}
	p.telemetry.record(ctx, &t)
	return ld, nil
}
