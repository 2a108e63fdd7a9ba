// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package calls

// parts are calls that are added up.
type parts struct {
	number        int
	input, output int64
	latest        uint64 // the place of one of them
}

func (p *parts) add(e *entry) {
	if p.number == 0 {
		p.latest = e.place
	}
	p.number++
	p.input, p.output = p.input+e.input, p.output+e.output
}

// make tells whether the parts add up to what a report says.
func (p *parts) make(e *entry) bool {
	return p.number > 1 && p.input == e.input && p.output == e.output
}

// settleSum looks at a new report for the calls that ran within it: an app that makes its spans by hand puts the usage of a whole run on the
// run's span, in the names that its calls have, too. The sum counts with its parts. What has a response id is a call of its own.
func (l *Ledger) settleSum(place uint64, req *request) {
	e := l.memory.at(place)
	if e == nil || e.place < req.first || e.verdict == Elsewhere || e.settled || e.kind != Span || e.id != 0 {
		return
	}
	var below, during parts
	l.memory.find(byTrace, e.keys[byTrace], func(other *entry) bool {
		switch {
		case other == e || other.ref.Trace != e.ref.Trace || other.verdict == Elsewhere || other.end > e.end:
		case other.end <= e.start:
			return false // what had come before this one was over even earlier
		case other.start >= e.start:
			during.add(other)
			if isAncestor(e.ref.Span, other, req.ancestry) {
				below.add(other)
			}
		}
		return true
	})
	switch {
	case below.make(e):
		e.verdict, e.countedAt = Elsewhere, below.latest
	case e.output > 0 && during.make(e): // texts to embed are cut into equal pieces, and so add up by chance
		e.verdict, e.countedAt = Elsewhere, during.latest
	}
}
