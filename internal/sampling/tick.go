// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"cmp"
	"slices"
	"time"
)

// candidate is a trace that is ready to be decided but for its budgets.
type candidate struct {
	shard  *shard
	held   *held
	by     Trigger
	claims []claim
}

// Tick decides what is due. Only ticks, and Shutdown, decide traces that are held, one at a time.
func (e *Engine) Tick() {
	e.ticking.Lock()
	defer e.ticking.Unlock()
	now := e.now()
	for _, c := range e.program.clocked {
		c.tick(now)
	}
	for _, s := range e.shards {
		e.pack(s, s.decideDue(now))
	}
	if now-e.settled >= settleBudgetsEvery {
		e.settleWaiting(now)
	}
	e.relieve(now)
	e.queue.release()
}

// mostPackedAtOnce is how many bytes a shard packs in a tick; decisions wait meanwhile.
const mostPackedAtOnce = 8 << 20

// decideDue decides the traces of a shard whose time has come, and returns those that have cooled down.
func (s *shard) decideDue(now int64) (cooled []*held) {
	var cooling int64
	s.mu.Lock()
	defer s.mu.Unlock()
	urgent := s.urgent
	s.urgent = nil
	for _, h := range urgent {
		s.wheel.disarm(h)
		s.ripe(h, h.trigger, now)
	}
	s.wheel.turn(now, func(h *held) {
		at, by := s.engine.timing.due(h)
		if at <= now {
			s.ripe(h, by, now)
			return
		}
		switch cools := s.engine.timing.cools(h); {
		case cools > now:
			at = min(at, cools)
		case h.spans.empty():
		case cooling < mostPackedAtOnce:
			cooling += h.hot
			cooled = append(cooled, h)
		default:
			at = now // the next tick sees to it
		}
		s.wheel.arm(h, at)
	})
	s.report(now)
	return cooled
}

// report brings the counters of what the shard remembers up to date.
func (s *shard) report(now int64) {
	s.decisions.turn(now)
	bytes := s.decisions.bytes()
	s.engine.count.decisionsBytes.Add(bytes - s.remembered)
	s.engine.count.forgotten.Add(s.decisions.shortened - s.shortened)
	s.remembered, s.shortened = bytes, s.decisions.shortened
}

// ripe decides a trace, at once or when its budgets are settled.
func (s *shard) ripe(h *held, by Trigger, now int64) {
	e := s.engine
	if len(e.program.budgets) > 0 {
		if claims := e.program.claims(e.program.ask(h.id, &h.evidence, now)); len(claims) > 0 {
			h.waiting = true
			e.waiting = append(e.waiting, candidate{s, h, by, claims})
			return
		}
	}
	s.conclude(h, by, now)
}

// settleWaiting spends the budgets on the traces that wait for them, and decides these.
func (e *Engine) settleWaiting(now int64) {
	e.settled = now
	if len(e.program.budgets) == 0 {
		return
	}
	var claims []claim
	for _, c := range e.waiting {
		claims = append(claims, c.claims...)
	}
	e.program.settle(now, claims)
	for _, c := range e.waiting {
		c.shard.mu.Lock()
		c.shard.conclude(c.held, c.by, now)
		c.shard.mu.Unlock()
	}
	e.waiting = nil
}

// conclude decides a trace for good, and lets it go. The shard is locked.
func (s *shard) conclude(h *held, by Trigger, now int64) {
	e := s.engine
	q := e.program.ask(h.id, &h.evidence, now)
	v := e.program.decide(&q, by)
	e.program.learn(&q, &v)
	s.decisions.add(h.id, v, now)
	s.wheel.disarm(h)
	delete(s.open, h.id)

	c, cold := e.count, h.cold()
	c.decided(&v, h.facts.Spans, h.bytes())
	e.tell(h, now)
	c.openTraces.Add(-1)
	if h.upstream.conflict {
		c.conflicts.Add(1)
	}
	if by == ByMemory {
		c.byMemory.Add(1)
	}
	if v.Keep {
		e.enqueue(parcel{
			id: h.id, verdict: v, spans: h.spans, blocks: cold.blocks, count: h.facts.Spans,
			bytes: h.bytes(), size: h.hot + cold.unpacked,
		})
	} else {
		c.dropped[DropDecision].Add(h.facts.Spans)
	}
	c.hotSpans.Add(-h.hotSpans())
	c.coldSpans.Add(-cold.spans)
	c.hotBytes.Add(-h.hot)
	c.coldBytes.Add(-cold.bytes)
}

// tell passes on how long the decision about a trace took.
func (e *Engine) tell(h *held, now int64) {
	if e.set.Decided != nil {
		due, _ := e.timing.due(h)
		e.set.Decided(time.Duration(now-h.first), time.Duration(max(0, now-due)))
	}
}

// decideAll decides everything held, oldest first.
func (e *Engine) decideAll(by Trigger) {
	e.ticking.Lock()
	defer e.ticking.Unlock()
	now := e.now()
	all := e.undecided()
	slices.SortFunc(all, func(a, b candidate) int { return cmp.Compare(a.held.first, b.held.first) })
	for _, c := range all {
		c.shard.mu.Lock()
		c.shard.ripe(c.held, by, now)
		c.shard.mu.Unlock()
	}
	e.settleWaiting(now)
}

// undecided lists the traces that wait for no budget.
func (e *Engine) undecided() []candidate {
	var out []candidate
	for _, s := range e.shards {
		s.mu.Lock()
		for _, h := range s.open {
			if !h.waiting {
				out = append(out, candidate{shard: s, held: h})
			}
		}
		s.mu.Unlock()
	}
	return out
}
