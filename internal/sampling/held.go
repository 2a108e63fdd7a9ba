// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"unsafe"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// held is a trace that has not been decided. Its shard's lock guards it.
type held struct {
	id pcommon.TraceID
	evidence
	spans
	// packed is nil until a part of it is.
	packed *packed
	// ids are those of all spans, nil unless it is indexed: a trace that comes whole, and is not packed, never is.
	ids   *idSet
	timer timer
	// first and last are when its first and its latest span arrived, Unix nanoseconds.
	first, last int64
	// hot is what it takes without what is packed, bytes.
	hot int64
	// urgent tells that the trace is to be decided at the next tick, and why.
	urgent  bool
	trigger Trigger
	// certain tells that it is kept, whatever comes.
	certain bool
	// waiting tells that it waits for budgets to be settled.
	waiting bool
}

// packed are the spans of a trace that have been packed.
type packed struct {
	blocks []block
	spans  int64
	// bytes is what the blocks take, unpacked what their spans took before, or will.
	bytes, unpacked int64
}

// with adds a block of so many spans, which took so many bytes.
func (p *packed) with(b block, spans, unpacked int64) *packed {
	if p == nil {
		p = &packed{}
	}
	p.blocks = append(p.blocks, b)
	p.spans += spans
	p.bytes += b.bytes()
	p.unpacked += unpacked
	return p
}

// heldBytes is the memory a trace takes without its spans: itself and its place in the shard's table.
const heldBytes = int64(unsafe.Sizeof(held{})) + 48

func newHeld(id pcommon.TraceID, now int64) *held {
	return &held{id: id, first: now, hot: heldBytes}
}

// index makes the set of the ids of the spans, none of which is packed yet, with room for some more.
func (h *held) index(more int) {
	if h.ids != nil {
		return
	}
	h.ids = &idSet{}
	h.ids.expect(int(h.facts.Spans) + more)
	h.spans.each(func(_ ptrace.ResourceSpans, _ ptrace.ScopeSpans, span ptrace.Span) { h.ids.add(idOf(span)) })
}

// absorb adds spans, none of which the trace has yet.
func (h *held) absorb(a *arrival, now int64) {
	h.last = now
	h.evidence.merge(&a.evidence)
	h.spans.append(a.spans)
	h.hot += a.bytes
	if a.block != nil {
		h.packed = h.packed.with(a.block, a.facts.Spans, a.unpacked())
	}
}

// charge is what was accounted for a trace at some time: its hot bytes, and how many of them were overhead.
type charge struct{ hot, overhead int64 }

func (h *held) charge() charge { return charge{h.hot, h.overhead()} }

// recharge accounts for what the trace's spans and overhead have grown by since then.
func (e *Engine) recharge(h *held, was charge) {
	h.hot += h.overhead() - was.overhead
	e.count.hotBytes.Add(h.hot - was.hot)
}

// overhead is what holding the spans takes beside the spans. As long as none is packed, the names are theirs.
func (h *held) overhead() int64 {
	const wholeSize, looseSize = int64(unsafe.Sizeof(h.whole[0])), int64(unsafe.Sizeof(h.loose[0]))
	n := h.ids.bytes() + int64(cap(h.whole))*wholeSize + int64(cap(h.loose))*looseSize
	if h.packed != nil {
		n += h.facts.NameBytes()
	}
	return n
}

func (h *held) bytes() int64 { return h.hot + h.cold().bytes }

// cold is the part of the trace that is packed.
func (h *held) cold() packed {
	if h.packed == nil {
		return packed{}
	}
	return *h.packed
}

// hotSpans are those that have not been packed.
func (h *held) hotSpans() int64 { return h.facts.Spans - h.cold().spans }

// timing says when traces are decided, all in nanoseconds.
type timing struct{ settle, idle, maxAge int64 }

// due is when the trace will be decided if nothing more arrives, and why.
func (t *timing) due(h *held) (at int64, by Trigger) {
	at, by = h.first+t.maxAge, ByMaxAge
	wait, waited := t.idle, ByIdle
	if h.facts.Rooted {
		wait, waited = t.settle, ByRoot
	}
	if h.last+wait <= at {
		at, by = h.last+wait, waited
	}
	return at, by
}

// cools is when the trace is packed if nothing more arrives.
func (t *timing) cools(h *held) int64 { return h.last + 3*t.settle }
