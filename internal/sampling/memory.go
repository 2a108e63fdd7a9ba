// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"cmp"
	"slices"
)

// relieve acts on the fill of the memory: it packs, then decides before time. Refusing is up to Consume.
func (e *Engine) relieve(now int64) {
	limit := float64(e.set.MemoryLimit)
	fill := func() float64 { return float64(e.count.heldBytes()) / limit }
	if fill() > packAbove {
		e.packLargest(now, int64((fill()-packTo)*limit))
	}
	if fill() > decideAbove {
		e.decideLargest(now, int64((fill()-decideTo)*limit))
	}
	if e.overloaded.Load() && fill() < overloadEnd {
		e.overloaded.Store(false)
	}
}

// impact is what a trace costs: bytes times the nanoseconds for which they are held.
type impact struct {
	candidate
	bytes int64
	cost  float64
}

func (e *Engine) byImpact(weigh func(*held) (bytes, time int64)) []impact {
	var out []impact
	for _, s := range e.shards {
		s.mu.Lock()
		for _, h := range s.open {
			if bytes, time := weigh(h); bytes > 0 && !h.waiting {
				out = append(out, impact{candidate{shard: s, held: h}, bytes, float64(bytes) * float64(max(0, time)+1)})
			}
		}
		s.mu.Unlock()
	}
	slices.SortFunc(out, func(a, b impact) int { return cmp.Compare(b.cost, a.cost) })
	return out
}

// packLargest packs traces until about so many bytes have been freed, those first that are largest for the time they will still be held:
// what is to be decided in a moment would be packed for nothing.
func (e *Engine) packLargest(now, bytes int64) {
	unpacked := func(h *held) (int64, int64) {
		if h.spans.empty() {
			return 0, 0
		}
		due, _ := e.timing.due(h)
		return h.hot, due - now
	}
	for _, i := range e.byImpact(unpacked) {
		if bytes <= 0 {
			return
		}
		bytes -= e.packOne(i.shard, i.held)
	}
}

// decideLargest decides traces until so many bytes have been let go, those first that are largest for their age.
func (e *Engine) decideLargest(now, bytes int64) {
	whole := func(h *held) (int64, int64) { return h.bytes(), now - h.first }
	for _, i := range e.byImpact(whole) {
		if bytes <= 0 {
			break
		}
		bytes -= i.bytes
		i.shard.mu.Lock()
		if !i.held.urgent {
			i.shard.ripe(i.held, ByMemory, now)
		}
		i.shard.mu.Unlock()
	}
	e.settleWaiting(now)
}

// pack packs traces that have cooled down.
func (e *Engine) pack(s *shard, cooled []*held) {
	for _, h := range cooled {
		e.packOne(s, h)
	}
}

// packOne packs the spans a trace has, and returns the bytes that saves. The shard is not locked meanwhile: what
// arrives then stays unpacked, and only ticks decide, so that the trace is still there afterwards.
func (e *Engine) packOne(s *shard, h *held) (saved int64) {
	s.mu.Lock()
	was := h.charge()
	h.index(0)
	e.recharge(h, was)
	sp, count := h.spans, h.hotSpans()
	h.spans = spans{}
	taken := h.hot - heldBytes - h.overhead()
	s.mu.Unlock()

	b, err := e.compressor.pack(&sp)

	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		h.spans.append(sp)
		return 0
	}
	was = h.charge()
	h.hot -= taken
	h.packed = h.packed.with(b, count, taken)
	h.facts.Detach()
	e.recharge(h, was)
	e.count.hotSpans.Add(-count)
	e.count.coldBytes.Add(b.bytes())
	e.count.coldSpans.Add(count)
	e.count.packed.Add(1)
	return taken - b.bytes()
}
