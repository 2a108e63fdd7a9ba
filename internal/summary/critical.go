// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package summary

import "time"

// Bottleneck is the span that holds up the trace longest: the one with the most time of its own on the critical path.
type Bottleneck struct {
	Span  SpanID
	Name  string
	Self  time.Duration
	Share float64 // of the head's duration
}

// step is a piece of the critical path still to be walked: span i, between two times.
type step struct {
	i        int
	from, to uint64
}

// bottleneck walks the critical path from the end of the head backwards. At each moment the path is in the child that ended last before
// it; what no child covers is the span's own. Children that run side by side are counted once, and one that outlives its parent only up
// to the parent's end.
func (t *tree) bottleneck() (Bottleneck, bool) {
	total := t.end - t.start
	if total == 0 {
		return Bottleneck{}, false
	}
	own := make([]uint64, len(t.spans)+1)
	steps := []step{{t.head, t.start, t.end}}
	for len(steps) > 0 {
		at := steps[len(steps)-1]
		steps = steps[:len(steps)-1]
		steps = t.walk(at, own, steps)
	}
	longest := -1
	for i := range t.spans {
		if longest < 0 || own[i] > own[longest] {
			longest = i
		}
	}
	if longest < 0 || own[longest] == 0 {
		return Bottleneck{}, false
	}
	s := &t.spans[longest]
	return Bottleneck{s.ID, s.Name, time.Duration(own[longest]), float64(own[longest]) / float64(total)}, true
}

// walk divides one span's time on the path between itself and its children, which it appends to steps.
func (t *tree) walk(at step, own []uint64, steps []step) []step {
	children := t.children[at.i]
	for now := at.to; now > at.from; {
		last, end := t.lastEndingBefore(children, at.from, now)
		if last < 0 {
			own[at.i] += now - at.from
			break
		}
		own[at.i] += now - end
		start := max(t.spans[last].Start, at.from)
		steps = append(steps, step{last, start, end})
		now = start
	}
	return steps
}

// lastEndingBefore is the child that runs latest within (from, now): ends are clipped to now, and of those that end alike the one that
// started first, since it is what was waited for.
func (t *tree) lastEndingBefore(children []int, from, now uint64) (child int, end uint64) {
	child = -1
	for _, c := range children {
		s := &t.spans[c]
		if s.Start >= now || s.End <= from || s.End <= s.Start {
			continue
		}
		if e := min(s.End, now); child < 0 || e > end {
			child, end = c, e
		}
	}
	return child, end
}
