// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package summaryprocessor

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/summary"
)

// gathered is one trace of a batch.
type gathered struct {
	id         pcommon.TraceID
	facts      []summary.Span
	spans      []ptrace.Span
	summarized bool // by an earlier llmcol
}

// gatherer sorts a batch's spans by trace and reads them. Its memory is used again.
type gatherer struct {
	reader *genai.Reader
	byID   map[pcommon.TraceID]*gathered
	traces []*gathered
	free   []*gathered

	documents []genai.Document
	reasons   []string
}

func newGatherer() *gatherer {
	return &gatherer{reader: genai.NewReader(nil), byID: make(map[pcommon.TraceID]*gathered)}
}

// reset forgets the batch, lest spans that are somebody else's by now stay within reach.
func (g *gatherer) reset() {
	for _, t := range g.traces {
		clear(t.facts)
		clear(t.spans)
		*t = gathered{facts: t.facts[:0], spans: t.spans[:0]}
	}
	g.free = append(g.free, g.traces...)
	g.traces = g.traces[:0]
	clear(g.byID)
}

func (g *gatherer) gather(td ptrace.Traces) {
	for _, rs := range td.ResourceSpans().All() {
		g.reader.SetResource(rs.Resource())
		for _, ss := range rs.ScopeSpans().All() {
			g.reader.SetScope(ss.Scope())
			for _, s := range ss.Spans().All() {
				g.add(s)
			}
		}
	}
}

func (g *gatherer) add(s ptrace.Span) {
	t := g.traceOf(s.TraceID())
	t.facts = append(t.facts, summary.Span{})
	t.spans = append(t.spans, s)
	if _, has := s.Attributes().Get(prefix + "spans"); has {
		t.summarized = true
	}
	g.describe(&t.facts[len(t.facts)-1], s)
}

func (g *gatherer) traceOf(id pcommon.TraceID) *gathered {
	if n := len(g.traces); n > 0 && g.traces[n-1].id == id {
		return g.traces[n-1] // whole traces come together
	}
	t, known := g.byID[id]
	if known {
		return t
	}
	if n := len(g.free); n > 0 {
		t, g.free = g.free[n-1], g.free[:n-1]
	} else {
		t = new(gathered)
	}
	t.id = id
	g.byID[id] = t
	g.traces = append(g.traces, t)
	return t
}
