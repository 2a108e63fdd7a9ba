// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package calls

import "sync"

const (
	maxLoops = 1024 // of each of two generations
	maxSteps = 32   // of a loop: the latest ones
)

// Totals takes running totals apart: some frameworks report with each call of a loop the usage of the whole loop so far. A step that
// comes after its successor is part of what that was billed for. It is safe for concurrent use.
type Totals struct {
	mu         sync.Mutex
	young, old map[loop][]step
}

// loop is where the calls of one loop stand: side by side under one parent.
type loop struct {
	trace  [16]byte
	parent [8]byte
}

// step is one call of a loop.
type step struct {
	span       [8]byte
	start, end int64
	total, own Usage
	within     bool // a later step was billed for this one, too
	goesOn     bool
}

// Usage is what is added up.
type Usage struct{ Input, Output, CacheRead, CacheWrite, Reasoning int64 }

func (u Usage) minus(v Usage) (rest Usage, ok bool) {
	rest = Usage{u.Input - v.Input, u.Output - v.Output, u.CacheRead - v.CacheRead, u.CacheWrite - v.CacheWrite, u.Reasoning - v.Reasoning}
	return rest, min(rest.Input, rest.Output, rest.CacheRead, rest.CacheWrite, rest.Reasoning) >= 0
}

// Own is the usage of one call out of the total that it reports; goesOn says that the loop has another call after it. If the total of a
// later call was taken for its own, this one is within that and must not count. A call that is seen again gets the same answer.
func (t *Totals) Own(r *Report, total Usage, goesOn bool) (own Usage, within bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	in := loop{r.Ref.Trace, r.Parent}
	steps := t.of(in)
	s := step{span: r.Ref.Span, start: r.Start, end: r.End, total: total, own: total, goesOn: goesOn}
	var before *step
	for i := range steps {
		switch known := &steps[i]; {
		case known.span == s.span:
			return known.own, known.within
		case known.end <= s.start && (before == nil || known.end >= before.end):
			before = known
		case known.start >= s.end && goesOn:
			_, more := known.total.minus(total)
			s.within = s.within || more
		}
	}
	if before != nil && before.goesOn {
		if rest, ok := total.minus(before.total); ok {
			s.own = rest
		}
	}
	if len(steps) >= maxSteps {
		steps = steps[1:]
	}
	t.young[in] = append(steps, s)
	return s.own, s.within
}

// of are the known steps of a loop; what is asked for stays.
func (t *Totals) of(in loop) []step {
	steps, young := t.young[in]
	if !young {
		steps = t.old[in]
		if t.young == nil || len(t.young) >= maxLoops {
			t.old, t.young = t.young, make(map[loop][]step)
		}
		t.young[in] = steps
	}
	return steps
}
