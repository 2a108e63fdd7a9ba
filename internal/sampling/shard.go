// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"sync"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/internal/trace"
)

// shard holds the traces with some of the ids. Its lock is held for as long as it takes to add to a trace or to
// decide one, never while spans are described, packed or handed on.
type shard struct {
	engine *Engine

	mu        sync.Mutex
	open      map[pcommon.TraceID]*held
	wheel     wheel
	urgent    []*held
	decisions decisions
	// remembered is the size of decisions that has been reported.
	remembered, shortened int64
}

func newShard(e *Engine, memory int64) *shard {
	return &shard{
		engine: e, open: map[pcommon.TraceID]*held{},
		wheel:     wheel{turned: e.now() / slotWidth},
		decisions: newDecisions(int64(e.set.DecisionsTTL), memory),
	}
}

// arrive adds spans to their trace, or sends them where the trace has gone.
func (s *shard) arrive(in *intake, a *arrival, now int64) {
	if a.id.IsEmpty() {
		s.pass(a)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.open[a.id]
	if h == nil {
		if v, ok := s.decisions.lookup(a.id); ok {
			s.late(a, v, now)
			return
		}
		if s.engine.overloaded.Load() {
			s.decideArrival(a, now)
			return
		}
		h = newHeld(a.id, now)
		s.open[a.id] = h
		s.engine.count.openTraces.Add(1)
		s.engine.count.hotBytes.Add(heldBytes)
	}
	was := h.charge()
	var duplicates int64
	brought := a.facts.Spans
	if h.facts.Spans == 0 && a.block == nil {
		duplicates = in.withoutTwins(a)
	} else {
		h.index(len(a.ids))
		duplicates = in.withoutKnown(a, h.ids)
	}
	if duplicates > 0 {
		s.engine.count.dropped[DropDuplicate].Add(duplicates)
		s.engine.count.dropped[DropCorrupt].Add(brought - duplicates - a.facts.Spans)
		if a.facts.Spans == 0 {
			s.engine.recharge(h, was)
			return
		}
	}
	h.absorb(a, now)
	s.engine.recharge(h, was)
	s.engine.count.took(a)
	s.schedule(h, now)
}

// schedule sees to it that the trace is looked at in time.
func (s *shard) schedule(h *held, now int64) {
	e := s.engine
	if h.waiting || h.urgent {
		return
	}
	if h.facts.Spans > e.set.MaxTraceSpans || h.bytes() > e.set.MaxTraceBytes {
		s.hasten(h, ByLimit)
		e.hurry()
		return
	}
	if !h.certain && s.ascertain(h, now) && e.set.FlushEarly {
		s.hasten(h, ByEarly)
		return
	}
	at, _ := e.timing.due(h)
	s.wheel.arm(h, min(at, e.timing.cools(h)))
}

// ascertain finds out whether the trace is kept whatever comes; that its conversation is followed does not wait.
func (s *shard) ascertain(h *held, now int64) bool {
	p := s.engine.program
	if _, h.certain = p.certain(&h.evidence); h.certain && len(p.followers) > 0 {
		q := p.ask(h.id, &h.evidence, now)
		p.follow(&q)
	}
	return h.certain
}

func (s *shard) hasten(h *held, by Trigger) {
	h.urgent, h.trigger = true, by
	s.urgent = append(s.urgent, h)
}

// decideArrival decides a new trace on its first batch.
func (s *shard) decideArrival(a *arrival, now int64) {
	e := s.engine
	q := e.program.ask(a.id, &a.evidence, now)
	v := e.program.decide(&q, ByMemory)
	e.program.learn(&q, &v)
	s.decisions.add(a.id, v, now)
	e.count.decided(&v, a.facts.Spans, a.bytes)
	e.count.atArrival.Add(1)
	if !v.Keep {
		e.count.dropped[DropDecision].Add(a.facts.Spans)
		return
	}
	s.forward(a, v)
}

// late sends on, or drops, spans of a trace that has been decided. Spans that would have kept a dropped trace by
// themselves bring back what is still to come of it.
func (s *shard) late(a *arrival, v Verdict, now int64) {
	e := s.engine
	if !v.Keep && !v.Final {
		if policy, ok := e.program.certain(&a.evidence); ok {
			q := e.program.ask(a.id, &a.evidence, now)
			v = Verdict{
				Keep: true, Partial: true, Policy: int16(policy), Trigger: ByEarly,
				Class: a.facts.Class(e.program.limits), randomness: q.randomness,
			}
			s.decisions.add(a.id, v, now)
			e.program.follow(&q)
			e.count.lateUpgraded.Add(1)
		}
	}
	if !v.Keep {
		e.count.dropped[DropLate].Add(a.facts.Spans)
		return
	}
	e.count.lateKept.Add(a.facts.Spans)
	s.forward(a, v)
}

// classify remembers what has been found out of a kept trace, for the spans still to come.
func (s *shard) classify(id pcommon.TraceID, c trace.Class) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.decisions.classify(id, c)
}

// pass hands on, unchanged, spans that belong to no trace: about them there is nothing to decide.
func (s *shard) pass(a *arrival) {
	s.engine.count.untraced.Add(a.facts.Spans)
	s.forward(a, Verdict{})
}

// forward hands on an arrival as it is.
func (s *shard) forward(a *arrival, v Verdict) {
	p := newParcel(a)
	p.verdict = v
	s.engine.enqueue(p)
}
