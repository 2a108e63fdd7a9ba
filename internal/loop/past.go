// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

// past is what a run remembers of the calls that have left its rings.
type past struct {
	rounds  [maxPeriod]pastRound // the newest first
	matched [maxPeriod + 1]int   // by period: how many of the newest rounds equal the one a period before them
	first   [maxPeriod + 1]beginning
	calls   int
	models  int
	late    int // spans that came when their place in the rings was long gone
	usage   usageSum
	counted [countedBits / 64]uint64 // which spans have been counted
}

// beginning is the call with which a cycle began.
type beginning struct {
	span SpanID
	end  int64
}

// pastRound is a round that has left the ring.
type pastRound struct {
	args, outcome Hash
	start, end    int64
	span          SpanID
	known, failed bool
}

const countedBits = 4096

func (r *run) pastOf() *past {
	m := r.extra()
	if m.past == nil {
		m.past = &past{}
	}
	return m.past
}

// evict takes the run's first n calls, which are one round, into the past.
func (p *past) evict(r *run, n int) {
	var rd round
	r.buildRound(n-1, &rd)
	newest := pastRound{
		args: rd.args, outcome: rd.outcome, known: rd.known, failed: rd.failed,
		start: r.calls[0].start, end: r.calls[0].end(), span: r.calls[0].span,
	}
	for period := 1; period <= maxPeriod; period++ {
		before := p.rounds[period-1]
		if before.start == 0 || !before.equals(&newest) || r.separated(p.rounds[0].start, newest.start) {
			p.matched[period] = 0
			continue
		}
		if p.matched[period] == 0 {
			p.first[period] = beginning{before.span, before.end}
		}
		p.matched[period]++
	}
	copy(p.rounds[1:], p.rounds[:maxPeriod-1])
	p.rounds[0] = newest
	for i := range n {
		p.calls++
		p.mark(shortID(r.calls[i].span))
	}
}

// evictModel takes the run's first model call into the past.
func (p *past) evictModel(r *run) {
	m := &r.models[0]
	p.models++
	p.mark(m.id)
	p.usage.add(m.usage)
	for i := range r.more.loops {
		if l := &r.more.loops[i]; m.start >= l.firstEnd {
			l.evicted.add(m.usage)
		}
	}
}

func (a *pastRound) equals(b *pastRound) bool {
	if a.args != b.args || a.failed != b.failed {
		return false
	}
	return !a.known || !b.known || a.outcome == b.outcome
}

// before is how many rounds of the past carry on, backwards, the cycle of this period whose last rounds are those of v, oldest at v.n-1;
// and the first of them.
func (p *past) before(v *view, period int) (rounds int, first beginning) {
	oldest := v.count() - 1
	if v.run.separated(p.rounds[0].start, v.run.calls[0].start) {
		return 0, first
	}
	for j := range period {
		rd, old := v.round(oldest-(period-1-j)), &p.rounds[j]
		if old.start == 0 || !old.equals(&pastRound{args: rd.args, outcome: rd.outcome, known: rd.known, failed: rd.failed}) {
			return rounds, first
		}
		rounds, first = rounds+1, beginning{old.span, old.end}
	}
	if p.matched[period] > 0 {
		return rounds + p.matched[period], p.first[period]
	}
	return rounds, first
}

// steps is how many calls and model calls have been counted that are no longer in the rings.
func (p *past) steps() int { return p.calls + p.models + p.late }

// countLate counts a span that is older than what the rings keep, unless it has been counted: it reports whether it had not. The memory is
// a filter of 4,096 bits, two a span, so of a thousand spans that come this late about one in seven is taken for known.
func (p *past) countLate(id uint32) bool {
	if p.marked(id) {
		return false
	}
	p.mark(id)
	p.late++
	return true
}

func (p *past) mark(id uint32) {
	for _, bit := range markBits(id) {
		p.counted[bit>>6] |= 1 << (bit & 63)
	}
}

func (p *past) marked(id uint32) bool {
	for _, bit := range markBits(id) {
		if p.counted[bit>>6]&(1<<(bit&63)) == 0 {
			return false
		}
	}
	return true
}

func markBits(id uint32) [2]uint32 { return [2]uint32{id % countedBits, (id >> 16) % countedBits} }
