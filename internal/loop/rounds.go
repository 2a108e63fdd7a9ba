// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

// maxPeriod of a cycle.
const maxPeriod = 5

// round is what an agent did in one turn: one call, or several at once, which count as a set.
type round struct {
	lo, hi        int // of its calls
	args, outcome Hash
	known, failed bool
	empty, noArgs bool
	tool          uint16
	source        Source
}

// view shows a run's rounds backwards from one call on. Rounds are put together when they are asked for.
type view struct {
	run    *run
	rounds [maxCalls + 1]round
	n      int
	next   int // the last call that is in no round yet
}

func (v *view) begin(r *run, hi int) {
	v.run, v.n, v.next = r, 0, hi
}

// round is the n-th round back, from 0; nil if there is none.
func (v *view) round(n int) *round {
	for v.n <= n {
		if v.next < 0 {
			return nil
		}
		v.run.buildRound(v.next, &v.rounds[v.n])
		v.next = v.rounds[v.n].lo - 1
		v.n++
	}
	return &v.rounds[n]
}

// count of all rounds.
func (v *view) count() int {
	for v.round(v.n) != nil {
		continue
	}
	return v.n
}

// start of the n-th round.
func (v *view) start(n int) int64 { return v.run.calls[v.rounds[n].lo].start }

// buildRound puts the round together that ends with call hi.
func (r *run) buildRound(hi int, rd *round) {
	lo := hi
	for lo > 0 && r.calls[lo].is(callJoined) {
		lo--
	}
	c := &r.calls[lo]
	*rd = round{
		lo: lo, hi: hi, args: c.args, outcome: c.outcome, tool: c.tool, source: c.source,
		known: c.is(callKnown), failed: c.is(callFailed), empty: c.is(callEmpty), noArgs: c.is(callNoArgs),
	}
	if lo < hi {
		r.buildSet(rd)
	}
}

// buildSet adds the other calls of a round. Equal calls count once, and the order does not count.
func (r *run) buildSet(rd *round) {
	calls := r.calls[rd.lo : rd.hi+1]
	rd.args, rd.outcome = Hash{}, Hash{}
	args, pairs := 0, 0
	for i := range calls {
		c := &calls[i]
		rd.known = rd.known && c.is(callKnown)
		rd.failed = rd.failed && c.is(callFailed)
		rd.empty = rd.empty && c.is(callEmpty)
		rd.noArgs = rd.noArgs || c.is(callNoArgs)
		rd.source = max(rd.source, c.source)
		seenArgs, seenPair := false, false
		for j := range i {
			seenArgs = seenArgs || calls[j].args == c.args
			seenPair = seenPair || calls[j].args == c.args && calls[j].outcome == c.outcome
		}
		if !seenArgs {
			rd.args = rd.args.plus(c.args)
			args++
		}
		if !seenPair {
			rd.outcome = rd.outcome.plus(c.args.with(c.outcome))
			pairs++
		}
	}
	if args == 1 && pairs == 1 {
		rd.outcome = calls[0].outcome
	}
}

// cycle is a stretch of rounds in which every one equals the one a period before it.
type cycle struct {
	period int
	rounds int // of the stretch
	known  int // of these, backwards from the newest, how many have a known outcome, all the same from block to block
	failed int // of these, backwards from the newest, how many failed
	first  SpanID
	end    int64 // of the first call
}

// matcher compares rounds with the newest one of the same phase.
type matcher [maxPeriod]struct {
	args, outcome Hash
	known, failed bool
	vague         bool // failed, but the error is not known
}

func (m *matcher) set(phase int, rd *round) {
	m[phase].args, m[phase].outcome, m[phase].known, m[phase].failed = rd.args, rd.outcome, rd.known, rd.failed
	m[phase].vague = rd.failed && rd.outcome.IsZero()
}

// accepts an older round, and learns from it what the newer ones of the phase have left open.
func (m *matcher) accepts(phase int, rd *round) bool {
	p := &m[phase]
	if p.args != rd.args {
		return false
	}
	if !rd.known || !p.known {
		if rd.known {
			m.set(phase, rd)
		}
		return true
	}
	if p.failed != rd.failed {
		return false
	}
	if rd.failed && rd.outcome.IsZero() || p.vague {
		if !rd.outcome.IsZero() {
			m.set(phase, rd)
		}
		return true
	}
	return p.outcome == rd.outcome
}

func (m *matcher) distinct(phase int, rd *round) bool {
	for i := range phase {
		if m[i].args == rd.args {
			return false
		}
	}
	return true
}

// comesBack tells whether the newest round's calls equal those a period before. Where each round is one call no round has to be put
// together for that: most calls are part of no cycle.
func (v *view) comesBack(period int) bool {
	calls, newest := v.run.calls, v.round(0)
	at := newest.lo - period
	if at < 0 {
		return false
	}
	for i := at; i < newest.lo; i++ {
		if calls[i].is(callJoined) {
			far := v.round(period)
			return far != nil && far.args == newest.args
		}
	}
	return calls[at].args == newest.args
}

// cycleOf measures the cycle of a period that ends with the newest round of v.
func (v *view) cycleOf(period int) cycle {
	c := cycle{period: period}
	if period > 1 && !v.comesBack(period) {
		return c
	}
	var m matcher
	known, failed := true, true
	for n := 0; ; n++ {
		rd := v.round(n)
		if rd == nil {
			c.extend(v)
			return c
		}
		phase := n % period
		if n > 0 && v.run.separated(v.start(n), v.start(n-1)) {
			return c
		}
		if n < period {
			if !m.distinct(phase, rd) {
				return cycle{period: period}
			}
			m.set(phase, rd)
		} else if !m.accepts(phase, rd) {
			return c
		}
		known, failed = known && rd.known, failed && rd.failed
		c.rounds++
		if known {
			c.known++
		}
		if failed {
			c.failed++
		}
		first := &v.run.calls[rd.lo]
		c.first, c.end = first.span, first.end()
	}
}

// extend follows the cycle into the past.
func (c *cycle) extend(v *view) {
	m := v.run.more
	if m == nil || m.past == nil || c.rounds < c.period {
		return
	}
	rounds, first := m.past.before(v, c.period)
	if rounds == 0 {
		return
	}
	if c.known == c.rounds {
		c.known += rounds
	}
	if c.failed == c.rounds {
		c.failed += rounds
	}
	c.rounds += rounds
	c.first, c.end = first.span, first.end
}
