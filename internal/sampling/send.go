// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"context"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/trace"
)

// What a kept span carries.
const (
	policyKey  = "llmcol.sampling.policy"
	triggerKey = "llmcol.sampling.trigger"
	classKey   = "llmcol.sampling.class"
	partialKey = "llmcol.sampling.partial"
)

func (e *Engine) enqueue(p parcel) {
	e.count.queuedSpans.Add(p.count)
	e.count.queuedBytes.Add(p.bytes)
	e.queue.push(p)
}

// sender hands on what comes through the queue, on a goroutine of its own.
type sender struct {
	*Engine
	// classifier is nil where traces have their class already.
	classifier Describer
	facts      trace.Span
}

func newSender(e *Engine) *sender {
	s := &sender{Engine: e}
	if e.set.NewClassifier != nil {
		s.classifier = e.set.NewClassifier()
	}
	return s
}

// send works until the queue is closed.
func (s *sender) send(ctx context.Context) {
	for {
		parcels := s.queue.take(s.set.MaxBatchBytes)
		if parcels == nil {
			return
		}
		var count, bytes, size int64
		for i := range parcels {
			p := &parcels[i]
			count += p.count
			bytes += p.bytes
			size += p.size
		}
		var found int64
		if size <= s.set.MaxBatchBytes {
			found = s.sendTogether(ctx, parcels)
		} else { // it is one
			found = s.sendInParts(ctx, &parcels[0])
		}
		if lost := count - found; lost > 0 {
			s.left(DropCorrupt, lost)
		}
		s.count.queuedBytes.Add(-bytes)
	}
}

// sendTogether hands on parcels as one batch, and returns how many spans that were.
func (s *sender) sendTogether(ctx context.Context, parcels []parcel) (found int64) {
	td := ptrace.NewTraces()
	for i := range parcels {
		p := &parcels[i]
		first := td.ResourceSpans().Len()
		for _, b := range p.blocks {
			_ = b.unpackTo(td) // what is missing is counted by the caller
		}
		p.spans.moveTo(td)
		if s.classifies(p) {
			var facts trace.Facts
			s.describe(td, first, &facts)
			s.classify(p, &facts)
		}
		s.mark(p, td, first)
	}
	found = int64(td.SpanCount())
	s.deliver(ctx, td, found)
	return found
}

// sendInParts hands on a parcel that is more than one batch. Its blocks are unpacked one after the other: what repeats itself takes
// a hundred times as much unpacked, and nothing bounds that.
func (s *sender) sendInParts(ctx context.Context, p *parcel) (found int64) {
	unpacked := ptrace.NewTraces()
	p.spans.moveTo(unpacked)
	if s.classifies(p) {
		var facts trace.Facts
		for _, b := range p.blocks {
			s.describe(b.unpack(), 0, &facts)
		}
		s.describe(unpacked, 0, &facts)
		s.classify(p, &facts)
	}
	parts := newSplitter(s.set.MaxBatchBytes, func(td ptrace.Traces) { s.deliver(ctx, td, int64(td.SpanCount())) })
	deal := func(td ptrace.Traces) {
		found += int64(td.SpanCount())
		s.mark(p, td, 0)
		parts.deal(td)
	}
	for _, b := range p.blocks {
		deal(b.unpack())
	}
	deal(unpacked)
	parts.flush()
	return found
}

func (e *Engine) deliver(ctx context.Context, td ptrace.Traces, count int64) {
	lost := int64(0)
	if count > 0 {
		lost = int64(e.set.Deliver(ctx, td))
	}
	reason := DropRejected
	if ctx.Err() != nil {
		reason = DropShutdown
	}
	e.left(reason, lost)
	e.count.kept.Add(count - lost)
	e.count.queuedSpans.Add(lost - count)
}

// left counts queued spans that were lost.
func (e *Engine) left(reason Drop, spans int64) {
	e.count.dropped[reason].Add(spans)
	e.count.queuedSpans.Add(-spans)
}

// mark marks a parcel's spans, which are those of td from the given ResourceSpans on. Spans that belong to no trace have no verdict.
func (e *Engine) mark(p *parcel, td ptrace.Traces, first int) {
	if p.id.IsEmpty() {
		return
	}
	stamp := p.verdict.stamp()
	eachSpan(td, first, nil, func(span ptrace.Span) { e.markSpan(span, &p.verdict, &stamp) })
}

func (s *sender) classifies(p *parcel) bool { return s.classifier != nil && !p.id.IsEmpty() }

// describe adds what the classifier says of the spans of td from the given ResourceSpans on.
func (s *sender) describe(td ptrace.Traces, first int, facts *trace.Facts) {
	eachSpan(td, first, s.classifier.Enter, func(span ptrace.Span) {
		s.facts = trace.Span{}
		s.classifier.Describe(span, &s.facts)
		facts.Add(&s.facts)
	})
}

// classify gives a trace that was decided without its class the one that its facts make it.
func (s *sender) classify(p *parcel, facts *trace.Facts) {
	if class := facts.Class(s.program.limits); class > p.verdict.Class {
		p.verdict.Class = class
		s.shardOf(p.id).classify(p.id, class)
	}
}

// eachSpan calls f for the spans of td from the given ResourceSpans on, and enter, if not nil, before those of a scope.
func eachSpan(td ptrace.Traces, first int, enter func(pcommon.Resource, pcommon.InstrumentationScope), f func(ptrace.Span)) {
	for i := first; i < td.ResourceSpans().Len(); i++ {
		rs := td.ResourceSpans().At(i)
		for _, ss := range rs.ScopeSpans().All() {
			if enter != nil {
				enter(rs.Resource(), ss.Scope())
			}
			for _, span := range ss.Spans().All() {
				f(span)
			}
		}
	}
}

func (e *Engine) markSpan(span ptrace.Span, v *Verdict, s *stamp) {
	state, ok := s.on(span.TraceState().AsRaw())
	if !ok {
		e.count.unstampable.Add(1)
	}
	span.TraceState().FromRaw(state)
	attributes := span.Attributes()
	if name := e.program.PolicyName(int(v.Policy)); name != "" {
		attributes.PutStr(policyKey, name)
	}
	attributes.PutStr(triggerKey, v.Trigger.String())
	attributes.PutStr(classKey, v.Class.String())
	if v.Partial {
		attributes.PutBool(partialKey, true)
	}
}
