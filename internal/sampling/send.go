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
		td := ptrace.NewTraces()
		var count, bytes, size int64
		for i := range parcels {
			p := &parcels[i]
			count += p.count
			bytes += p.bytes
			size += p.size
			s.unpack(p, td)
		}
		unpacked := int64(td.SpanCount())
		if lost := count - unpacked; lost > 0 {
			s.left(DropCorrupt, lost)
		}
		s.deliver(ctx, td, unpacked, size)
		s.count.queuedBytes.Add(-bytes)
	}
}

// deliver hands on a batch, in parts if it is too large.
func (e *Engine) deliver(ctx context.Context, td ptrace.Traces, count, size int64) {
	if size <= e.set.MaxBatchBytes {
		e.deliverPart(ctx, td, count)
		return
	}
	split(td, e.set.MaxBatchBytes, func(part ptrace.Traces) {
		e.deliverPart(ctx, part, int64(part.SpanCount()))
	})
}

func (e *Engine) deliverPart(ctx context.Context, td ptrace.Traces, count int64) {
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

// unpack moves a parcel's spans to td and marks them.
func (s *sender) unpack(p *parcel, td ptrace.Traces) {
	first := td.ResourceSpans().Len()
	for _, b := range p.blocks {
		_ = b.unpackTo(td) // what is missing is counted by the caller
	}
	p.spans.moveTo(td)
	if p.id.IsEmpty() { // spans that belong to no trace, and have no verdict
		return
	}
	if s.classifier != nil {
		s.classify(p, td, first)
	}
	stamp := p.verdict.stamp()
	eachSpan(td, first, nil, func(span ptrace.Span) { s.mark(span, &p.verdict, &stamp) })
}

// classify finds out the class of a trace that was decided without it.
func (s *sender) classify(p *parcel, td ptrace.Traces, first int) {
	var facts trace.Facts
	eachSpan(td, first, s.classifier.Enter, func(span ptrace.Span) {
		s.facts = trace.Span{}
		s.classifier.Describe(span, &s.facts)
		facts.Add(&s.facts)
	})
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

func (e *Engine) mark(span ptrace.Span, v *Verdict, s *stamp) {
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
