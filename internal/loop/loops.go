// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import "slices"

// loopRecord is a loop that a run has been told of.
type loopRecord struct {
	id       Hash
	first    SpanID
	firstEnd int64
	until    int64    // start of the last call so far
	evicted  usageSum // of the run's model calls since the loop's first call that have left the ring
	period   int
	count    int
	tools    []uint16
	rule     Rule
	told     Severity // the highest that was announced
}

// note is what a record that is no call was given.
type note struct {
	record nodeKey
	given  given
	until  int64 // what was wasted then, was wasted before
}

// remember takes a finding into the run's loops. It returns the loop's number, from 1, and whether its severity has risen.
func (r *run) remember(f *finding) (number int, risen bool) {
	m := r.extra()
	at := m.loopOf(f)
	if at < 0 {
		m.loops = push(m.loops, loopRecord{id: f.id, rule: f.rule, firstEnd: f.firstEnd, first: f.first, told: r.heardOf(f)}, maxLoops)
		at = len(m.loops) - 1
	}
	l := &m.loops[at]
	risen = f.severity > l.told
	if f.severity >= l.told {
		l.rule, l.told = f.rule, f.severity
	}
	l.period, l.count, l.until = f.period, max(l.count, f.count), max(l.until, f.until)
	if f.firstEnd < l.firstEnd || l.evicted == (usageSum{}) {
		l.first, l.firstEnd = f.first, f.firstEnd
	}
	return at + 1, risen
}

// heard is what log records of a tool's calls have announced before their spans came.
type heard struct {
	tool uint16
	told Severity
}

// hear keeps what has been announced of a call's loop elsewhere, so that the same is not announced again.
func (r *run) hear(c *call) {
	if told := c.given.severity(); told != None && c.given.loop == 0 {
		m := r.extra()
		m.heard = push(m.heard, heard{c.tool, told}, maxHeard)
	}
	c.given = given{}
}

func (r *run) heardOf(f *finding) Severity {
	told := None
	if f.hi < 0 || f.hi >= len(r.calls) {
		return told
	}
	for _, h := range r.more.heard {
		if h.tool == r.calls[f.hi].tool {
			told = max(told, h.told)
		}
	}
	return told
}

// loopOf is the index of the loop that a finding is more of, or -1. What repeats the same call only after that loop's last one, say because
// a user has spoken in between, is another loop.
func (m *more) loopOf(f *finding) int {
	for i := len(m.loops) - 1; i >= 0; i-- {
		if l := &m.loops[i]; l.id == f.id && f.firstEnd <= l.until+overlapNanos {
			return i
		}
	}
	return -1
}

// wasted is what the run's model calls used from the end of a loop's first call to the start of its last one.
func (r *run) wasted(l *loopRecord, from, until int64) usageSum {
	sum := l.evicted
	for i := range r.models {
		if m := &r.models[i]; m.start >= from && m.start < until {
			sum.add(m.usage)
		}
	}
	return sum
}

// verdictOf tells a record what it is part of.
func (e *Engine) verdictOf(r *run, f *finding) (Verdict, given) {
	number, risen := r.remember(f)
	l := &r.more.loops[number-1]
	if tools := r.toolsOf(f); len(tools) > 0 {
		l.tools = tools
	}
	waste := r.wasted(l, f.firstEnd, f.until)
	return Verdict{
		Severity: f.severity, Rule: f.rule, Period: f.period, Count: f.count, Tools: e.toolNames(l.tools), Fingerprint: f.id, First: f.first,
		WastedTokens: waste.tokens, WastedCost: waste.usd(), Transition: risen,
	}, makeGiven(number, f.severity, f.rule, f.count, risen)
}

// verdictAgain is the verdict that a record was given before.
func (e *Engine) verdictAgain(r *run, g given, until int64) Verdict {
	if g.loop == 0 || r.more == nil || int(g.loop) > len(r.more.loops) {
		return Verdict{}
	}
	l := &r.more.loops[g.loop-1]
	waste := r.wasted(l, l.firstEnd, until)
	return Verdict{
		Severity: g.severity(), Rule: g.rule(), Period: l.period, Count: int(g.count), Tools: e.toolNames(l.tools), Fingerprint: l.id, First: l.first,
		WastedTokens: waste.tokens, WastedCost: waste.usd(), Transition: g.transition(),
	}
}

// toolsOf a finding: those of one turn of the cycle, in the order in which they are called.
func (r *run) toolsOf(f *finding) (tools []uint16) {
	switch {
	case f.hi < 0, f.rule == RepeatOutput, f.rule == Runaway:
		return f.tools
	case f.rule == Cycle, f.rule == Poll:
		rounds := 0
		for i := f.lo; i <= f.hi && i < len(r.calls); i++ {
			if i > f.lo && !r.calls[i].is(callJoined) {
				if rounds++; rounds >= f.period {
					break
				}
			}
			tools = addTool(tools, r.calls[i].tool)
		}
	default:
		for i := f.hi; i >= f.lo; i-- {
			tools = addTool(tools, r.calls[i].tool)
			if !r.calls[i].is(callJoined) {
				break
			}
		}
	}
	return tools
}

func addTool(tools []uint16, number uint16) []uint16 {
	if slices.Contains(tools, number) {
		return tools
	}
	return append(tools, number)
}

func (e *Engine) toolNames(tools []uint16) (names []string) {
	for _, number := range tools {
		names = append(names, e.tools.of(number).name)
	}
	return names
}

func (r *run) noteOf(record nodeKey) *note {
	if r.more == nil {
		return nil
	}
	for i := range r.more.notes {
		if r.more.notes[i].record == record {
			return &r.more.notes[i]
		}
	}
	return nil
}

func (r *run) addNote(n note) {
	m := r.extra()
	m.notes = push(m.notes, n, maxNotes)
}

// worstLoop is the worst loop of the run as it stands, its past included.
func (e *Engine) worstLoop(r *run) finding {
	worst := runaway(r, e.limits)
	for i := range r.calls {
		if i+1 < len(r.calls) && r.calls[i+1].is(callJoined) {
			continue
		}
		if f := e.judge.of(r, i); f.worse(&worst) {
			worst = f
		}
	}
	for i := range r.models {
		if f := e.judge.repeatedOutput(r, i); f.worse(&worst) {
			worst = f
		}
	}
	return e.orForgotten(r, worst)
}

// finding is the loop as it was found, its calls no longer in the rings.
func (l *loopRecord) finding() finding {
	return finding{rule: l.rule, severity: l.told, period: l.period, count: l.count, id: l.id, first: l.first, firstEnd: l.firstEnd, until: l.until, hi: -1, tools: l.tools}
}

// orForgotten is the worst loop that has left the rings, if it is worse than the worst one in them.
func (e *Engine) orForgotten(r *run, worst finding) finding {
	if !r.hasPast() {
		return worst
	}
	for i := range r.more.loops {
		if f := r.more.loops[i].finding(); f.severity > worst.severity {
			worst = f
		}
	}
	return worst
}

// Loops are the worst loops of all runs and sessions, as they stand, in no order.
func (e *Engine) Loops() []Verdict {
	e.mu.Lock()
	defer e.mu.Unlock()
	var loops []Verdict
	for _, r := range e.runs {
		f := e.worstLoop(r)
		if f.severity == None {
			continue
		}
		waste := r.wasted(&loopRecord{}, f.firstEnd, f.until)
		loops = append(loops, Verdict{
			Severity: f.severity, Rule: f.rule, Period: f.period, Count: f.count, Tools: e.toolNames(r.toolsOf(&f)), Fingerprint: f.id, First: f.first,
			WastedTokens: waste.tokens, WastedCost: waste.usd(),
		})
	}
	return loops
}
