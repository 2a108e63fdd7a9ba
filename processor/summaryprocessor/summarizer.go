// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package summaryprocessor

import (
	"context"
	"strings"
	"sync"

	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/llmcol/llmcol/internal/summary"
	"github.com/llmcol/llmcol/processor/summaryprocessor/internal/metadata"
)

// summarizer takes each batch for whole traces; it holds nothing between batches.
type summarizer struct {
	limits    summary.Limits
	telemetry *metadata.TelemetryBuilder
	workers   sync.Pool // of *gatherer
}

func newSummarizer(set processor.Settings, cfg *Config) (*summarizer, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &summarizer{
		limits:    cfg.limits(),
		telemetry: telemetry,
		workers:   sync.Pool{New: func() any { return newGatherer() }},
	}, nil
}

func (p *summarizer) shutdown(context.Context) error {
	p.telemetry.Shutdown()
	return nil
}

// processTraces passes a batch on without summaries when something in it was not foreseen: they are not worth a span.
func (p *summarizer) processTraces(ctx context.Context, td ptrace.Traces) (_ ptrace.Traces, _ error) {
	defer func() {
		if recover() != nil {
			p.telemetry.ProcessorLlmSummaryFailures.Add(ctx, 1)
		}
	}()
	g := p.workers.Get().(*gatherer)
	g.gather(td)
	for _, trace := range g.traces {
		if !trace.summarized {
			p.summarize(ctx, trace)
		}
	}
	g.reset()
	p.workers.Put(g)
	return td, nil
}

func (p *summarizer) summarize(ctx context.Context, t *gathered) {
	s := summary.Of(t.facts, p.limits)
	for i := range t.facts {
		if t.facts[i].ID == s.Head {
			write(t.spans[i].Attributes(), &s)
			break
		}
	}
	p.telemetry.ProcessorLlmSummaryTraces.Add(ctx, 1)
	if !s.Complete {
		p.telemetry.ProcessorLlmSummaryIncomplete.Add(ctx, 1)
	}
	for _, sentence := range s.Findings {
		about, _, _ := strings.Cut(sentence, ":")
		p.telemetry.ProcessorLlmSummaryFindings.Add(ctx, 1, metric.WithAttributes(attribute.String("finding", about)))
	}
}
