// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

// takeOwnRun looks after the calls that have been waiting under this span: a span that is no agent hands them on to its own ancestors.
func (e *Engine) takeOwnRun(s *sight) {
	if s.Role == Tool {
		return
	}
	own := e.runs[s.key]
	if s.Role == Agent {
		if own != nil {
			e.shareTurn(s, own, s.link())
		}
		return
	}
	if own == nil {
		if s.known && s.parent != 0 && s.Role == Plain {
			s.placed = e.runs[e.place(s)]
		}
		return
	}
	if s.parent == 0 {
		e.shareOrphan(s, own, s.session)
		return
	}
	e.move(s, own, e.place(s))
}

// move hands the calls of a run on to the run of key to.
func (e *Engine) move(s *sight, from *run, to nodeKey) {
	if from.key == to {
		return
	}
	e.unshare(from)
	e.remove(from)
	if from.more != nil {
		from.more.parts = nil
	}
	target := e.runs[to]
	if target == nil {
		from.key = to
		e.add(from, s.now)
		e.offerOrphan(s, from)
		s.placed = from
		return
	}
	e.touch(target, s.now)
	e.unshare(target)
	e.merge(target, from)
	s.placed = target
	e.judgeFresh(s, target)
	e.judgeModels(s, target, 0)
	e.offerOrphan(s, target)
}

// merge takes all that one run knows into another.
func (e *Engine) merge(into, from *run) {
	if from.turnAt != 0 {
		into.addTurn(from.turnAt, from.turn)
	}
	numbers := e.mergeMore(into, from)
	for i := range from.calls {
		c := from.calls[i]
		if c.given.loop != 0 {
			c.given.loop = numbers[c.given.loop]
		}
		if into.findCall(&c) < 0 {
			e.settleAndInsert(into, &c)
		}
	}
	for i := range from.models {
		into.insertModel(from.models[i])
	}
}

// mergeMore merges what only few runs have, and returns the new numbers of the loops.
func (e *Engine) mergeMore(into, from *run) (numbers [256]uint8) {
	if from.more == nil {
		return numbers
	}
	m := into.extra()
	for i := range from.more.loops {
		l := &from.more.loops[i]
		f := l.finding()
		number, _ := into.remember(&f)
		numbers[i+1] = uint8(number)
		merged := &m.loops[number-1]
		merged.evicted.tokens += l.evicted.tokens
		merged.evicted.cost += l.evicted.cost
		if len(merged.tools) == 0 {
			merged.tools = l.tools
		}
	}
	for _, n := range from.more.notes {
		n.given.loop = numbers[n.given.loop]
		m.notes = push(m.notes, n, maxNotes)
	}
	for _, t := range from.more.turns {
		into.addTurn(t.at, t.hash)
	}
	for _, b := range from.more.siblings {
		m.siblings = push(m.siblings, b, maxSiblings)
	}
	for _, p := range from.more.pending {
		e.resultArrived(into, p)
	}
	if p := from.more.past; p != nil {
		mine := into.pastOf()
		mine.calls += p.calls
		mine.models += p.models
		mine.late += p.late
		mine.usage.tokens += p.usage.tokens
		mine.usage.cost += p.usage.cost
		if mine.rounds[0].start < p.rounds[0].start {
			mine.rounds, mine.matched, mine.first = p.rounds, p.matched, p.first
		}
		for i := range p.counted {
			mine.counted[i] |= p.counted[i]
		}
	}
	return numbers
}

// judgeFresh judges every round that a fresh call may have changed, and reports the worst loop that one is part of.
func (e *Engine) judgeFresh(s *sight, r *run) {
	worst := runaway(r, e.limits)
	if first := r.firstFresh(); first >= 0 {
		for hi := first; hi < len(r.calls); hi++ {
			if hi+1 < len(r.calls) && r.calls[hi+1].is(callJoined) {
				continue
			}
			if f := e.judge.of(r, hi); f.worse(&worst) && r.anyFresh(f.lo, f.hi) {
				worst = f
			}
		}
		for i := first; i < len(r.calls); i++ {
			r.calls[i].flags &^= callFresh
		}
	}
	if worst.severity != None {
		e.report(s, r, &worst)
	}
}

// firstFresh is the first call that arrived or changed with the current record, -1 if there is none.
func (r *run) firstFresh() int {
	for i := range r.calls {
		if r.calls[i].is(callFresh) {
			return i
		}
	}
	return -1
}

func (r *run) anyFresh(lo, hi int) bool {
	for i := lo; i <= hi; i++ {
		if r.calls[i].is(callFresh) {
			return true
		}
	}
	return false
}

// judgeModels judges the model calls from one on.
func (e *Engine) judgeModels(s *sight, r *run, from int) {
	worst := runaway(r, e.limits)
	for hi := from; hi < len(r.models); hi++ {
		if f := e.judge.repeatedOutput(r, hi); f.lo <= from && f.worse(&worst) {
			worst = f
		}
	}
	if worst.severity != None {
		e.report(s, r, &worst)
	}
}
