// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

// finding is a loop that ends with a certain round or model call of a run.
type finding struct {
	rule     Rule
	severity Severity
	period   int
	count    int
	id       Hash // what is repeated: tells the loops of a run apart
	lo, hi   int  // of its calls, or of its model calls, in the ring
	first    SpanID
	firstEnd int64    // end of the loop's first call; what models use from then on is wasted
	until    int64    // start of the loop's last call
	tools    []uint16 // of a loop that has left the ring, for which hi is -1
}

// worse orders findings: the more severe, then the longer, then the later one.
func (f *finding) worse(than *finding) bool {
	if f.severity != than.severity {
		return f.severity > than.severity
	}
	return f.severity > None && (f.count > than.count || f.count == than.count && f.until > than.until)
}

// judgement looks for the worst loop that ends with the newest round of a view.
type judgement struct {
	tools *toolTable
	view  view
	worst finding
}

// of judges the rounds of r up to call hi.
func (j *judgement) of(r *run, hi int) finding {
	if r.isNews(hi) {
		return finding{}
	}
	return j.among(r, hi)
}

// isNews tells calls of which neither the arguments nor the outcome came before: no rule finds a loop that ends with one.
func (r *run) isNews(hi int) bool {
	c := &r.calls[hi]
	for i := range r.calls[:hi] {
		if k := &r.calls[i]; k.args == c.args || k.outcome == c.outcome && c.is(callKnown) {
			return false
		}
	}
	return !r.hasForgottenCalls()
}

// among judges a call among those before it.
func (j *judgement) among(r *run, hi int) finding {
	j.view.begin(r, hi)
	j.worst = finding{}
	newest := j.view.round(0)
	traits := j.tools.of(newest.tool)
	j.repeats(newest, traits)
	for period := 2; period <= maxPeriod; period++ {
		j.cycles(period)
	}
	if newest.lo == newest.hi {
		j.sameResult(newest, traits)
		j.scattered(newest, traits)
	}
	return j.worst
}

// found takes over a finding if it is worse than what has been found. Rules come in the order in which they are to be named.
func (j *judgement) found(rule Rule, t Threshold, count int, id Hash, c *cycle, rounds int) {
	severity := t.severity(count)
	if severity <= j.worst.severity {
		return
	}
	r := j.view.run
	oldest := min(rounds, j.view.n) - 1
	j.worst = finding{
		rule: rule, severity: severity, period: c.period, count: count, id: id,
		lo: j.view.rounds[oldest].lo, hi: j.view.rounds[0].hi,
		first: r.calls[j.view.rounds[oldest].lo].span, firstEnd: r.calls[j.view.rounds[oldest].lo].end(), until: j.view.start(0),
	}
	if rounds >= c.rounds {
		j.worst.first, j.worst.firstEnd = c.first, c.end
	}
}

// repeats applies the rules for one call, or one set of calls, that is made again and again.
func (j *judgement) repeats(newest *round, traits *toolTraits) {
	c := j.view.cycleOf(1)
	if newest.noArgs {
		if newest.known && !newest.outcome.IsZero() {
			j.found(UnknownArgs, traits.thresholds[UnknownArgs], c.known, newest.args, &c, c.known)
		}
		return
	}
	switch {
	case traits.poll:
		j.found(Poll, traits.thresholds[Poll], c.rounds, newest.args, &c, c.rounds)
		return
	case newest.source == FromMessage:
		j.found(MessagesOnly, traits.thresholds[MessagesOnly], c.known, newest.args, &c, c.known)
	case newest.failed:
		j.found(RepeatError, traits.thresholds[RepeatError], c.failed, newest.args, &c, c.failed)
	default:
		j.found(Repeat, traits.thresholds[Repeat], c.known, newest.args, &c, c.known)
	}
	if c.known < c.rounds {
		j.found(NoResult, traits.thresholds[NoResult], c.rounds, newest.args, &c, c.rounds)
	}
}

// cycles applies the rule for several different calls that are made in turn.
func (j *judgement) cycles(period int) {
	c := j.view.cycleOf(period)
	if c.rounds < 2*period {
		return
	}
	var id Hash
	poll := false
	for n := range period {
		rd := j.view.round(n)
		if rd.noArgs {
			return
		}
		id = id.plus(rd.args)
		poll = poll || j.tools.of(rd.tool).poll
	}
	thresholds := j.tools.of(j.view.rounds[0].tool).thresholds
	if poll {
		j.found(Poll, thresholds[Poll], c.rounds/period, id, &c, c.rounds)
		return
	}
	j.found(Cycle, thresholds[Cycle], c.known/period, id, &c, c.known)
	if c.known < c.rounds {
		noResult := Threshold{Detected: thresholds[NoResult].Detected, Critical: thresholds[NoResult].Critical}
		j.found(Cycle, noResult, c.rounds/period, id, &c, c.rounds)
	}
}

// sameResult applies the rule for one tool that is asked for different things and says the same.
func (j *judgement) sameResult(newest *round, traits *toolTraits) {
	if !newest.known || newest.empty || newest.noArgs || newest.outcome.IsZero() || traits.poll {
		return
	}
	v := &j.view
	count, differ := 1, false
	for {
		rd := v.round(count)
		if rd == nil || rd.lo != rd.hi || rd.tool != newest.tool || !rd.known || rd.failed != newest.failed || rd.outcome != newest.outcome ||
			v.run.separated(v.start(count), v.start(count-1)) {
			break
		}
		differ = differ || rd.args != newest.args
		count++
	}
	if differ {
		j.found(SameResult, traits.thresholds[SameResult], count, newest.outcome, &cycle{period: 1, rounds: count + 1}, count)
	}
}

// The windows of scattered, in calls.
const (
	scatteredNear = 20
	scatteredFar  = 50
)

// scattered applies the rule for one call with one outcome that comes back among others. It counts calls of different rounds.
func (j *judgement) scattered(newest *round, traits *toolTraits) {
	if !newest.known || newest.noArgs || traits.poll {
		return
	}
	r, last := j.view.run, newest.hi
	near, far, first, counted := 0, 0, last, -1
	newer := r.calls[last].start
	for i := last; i >= 0 && last-i < scatteredFar; i-- {
		c := &r.calls[i]
		if c.args.Lo != newest.args.Lo || c.args != newest.args || c.outcome != newest.outcome || !c.is(callKnown) {
			continue
		}
		if counted >= 0 && r.sameRound(i, counted) {
			continue
		}
		if r.separated(c.start, newer) {
			break
		}
		newer, counted, first = c.start, i, i
		far++
		if last-i < scatteredNear {
			near++
		}
	}
	t := traits.thresholds[Scattered]
	severity := Threshold{0, t.Detected, t.Critical}.severity(far)
	count := far
	if severity == None {
		severity, count = Threshold{Suspected: t.Suspected}.severity(near), near
	}
	if severity > j.worst.severity {
		j.worst = finding{
			rule: Scattered, severity: severity, period: 1, count: count, id: newest.args, lo: first, hi: last,
			first: r.calls[first].span, firstEnd: r.calls[first].end(), until: r.calls[last].start,
		}
	}
}

// sameRound tells whether two calls are in one round, older before newer.
func (r *run) sameRound(older, newer int) bool {
	for i := newer; i > older; i-- {
		if !r.calls[i].is(callJoined) {
			return false
		}
	}
	return true
}

// repeatedOutput judges the model calls up to hi: the same prompt answered by the same output. Calls that overlap count once.
func (j *judgement) repeatedOutput(r *run, hi int) finding {
	newest := &r.models[hi]
	if newest.exchange == 0 || r.session {
		return finding{}
	}
	count, lo := 1, hi
	for i := hi - 1; i >= 0 && r.models[i].exchange == newest.exchange; i-- {
		if r.models[i].end()-r.models[i+1].start <= overlapNanos {
			count++
		}
		lo = i
	}
	return finding{
		rule: RepeatOutput, severity: j.tools.defaults[RepeatOutput].severity(count), period: 1, count: count,
		id: Hash{uint64(newest.exchange), uint64(RepeatOutput)}, lo: lo, hi: hi, firstEnd: r.models[lo].end(), until: newest.start,
	}
}

// runaway judges the run as a whole.
func runaway(r *run, limits Limits) finding {
	if r.session {
		return finding{}
	}
	steps := len(r.calls) + len(r.models)
	if limits.Tokens == 0 && limits.Cost == 0 && steps <= limits.Steps && !r.hasPast() {
		return finding{} // as nearly every run: what is said of a runaway costs more than to see that it is none
	}
	var used usageSum
	if r.hasPast() {
		steps += r.more.past.steps()
		used = r.more.past.usage
	}
	f := finding{rule: Runaway, period: 1, count: steps, id: Hash{0, uint64(Runaway)}}
	f.exceed(float64(steps), float64(limits.Steps))
	if limits.Tokens == 0 && limits.Cost == 0 {
		return f.from(r)
	}
	for i := range r.models {
		used.add(r.models[i].usage)
	}
	f.exceed(float64(used.tokens), float64(limits.Tokens))
	f.exceed(used.usd(), limits.Cost)
	return f.from(r)
}

func (f *finding) exceed(value, limit float64) {
	switch {
	case limit <= 0 || value <= limit:
	case value > 2*limit:
		f.severity = Critical
	default:
		f.severity = max(f.severity, Detected)
	}
}

// from says where a runaway began: with the first call that the run still knows.
func (f finding) from(r *run) finding {
	if f.severity == None {
		return finding{}
	}
	f.hi = max(len(r.calls), len(r.models)) - 1
	if len(r.calls) > 0 {
		f.first, f.firstEnd = r.calls[0].span, r.calls[0].end()
		f.until = r.calls[len(r.calls)-1].start
	}
	if n := len(r.models); n > 0 {
		f.until = max(f.until, r.models[n-1].start+1)
		if len(r.calls) == 0 {
			f.firstEnd = r.models[0].end()
		}
	}
	return f
}
