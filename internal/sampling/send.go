// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"context"

	"go.opentelemetry.io/collector/pdata/ptrace"
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

// send hands on what comes through the queue until it is closed.
func (e *Engine) send(ctx context.Context) {
	for {
		parcels := e.queue.take(e.set.MaxBatchBytes)
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
			e.unpack(p, td)
		}
		unpacked := int64(td.SpanCount())
		if lost := count - unpacked; lost > 0 {
			e.left(DropCorrupt, lost)
		}
		e.deliver(ctx, td, unpacked, size)
		e.count.queuedBytes.Add(-bytes)
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
func (e *Engine) unpack(p *parcel, td ptrace.Traces) {
	first := td.ResourceSpans().Len()
	for _, b := range p.blocks {
		_ = b.unpackTo(td) // what is missing is counted by the caller
	}
	p.spans.moveTo(td)
	if p.unmarked {
		return
	}
	stamp := p.verdict.stamp()
	for i := first; i < td.ResourceSpans().Len(); i++ {
		scopes := td.ResourceSpans().At(i).ScopeSpans()
		for j := range scopes.Len() {
			spans := scopes.At(j).Spans()
			for k := range spans.Len() {
				e.mark(spans.At(k), &p.verdict, &stamp)
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
