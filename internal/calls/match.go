// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package calls

import "time"

// recordSlack is how far the time of a session's log record may lie outside its call.
const recordSlack = int64(10 * time.Second)

// maxDepth is how many parents are followed from one span to another.
const maxDepth = 16

// seen is where the same report is remembered from an earlier delivery.
func (l *Ledger) seen(e *entry) (place uint64) {
	l.memory.find(byIdentity, e.keys[byIdentity], func(known *entry) bool {
		if known.kind == e.kind && known.ref == e.ref && (e.kind == Span || known.start == e.start && known.session == e.session && known.id == e.id) {
			place = known.place
		}
		return place == nowhere
	})
	return place
}

// match finds another report of the same call: by response id and usage, else by its place in the trace and usage, else a session's
// log record by usage and time.
func (l *Ledger) match(e *entry, req *request) (place uint64) {
	l.memory.find(byID, e.keys[byID], func(other *entry) bool {
		if other.id == e.id && (sameUsage(e, other) && l.sameTime(e, other) || miscounted(e, other)) {
			place = other.place
		}
		return place == nowhere
	})
	if place == nowhere && e.kind == Span {
		place = l.matchInTrace(e, req)
	}
	if place == nowhere && e.kind == Span {
		place = l.matchAcrossTraces(e, req)
	}
	if place == nowhere && e.kind == Span {
		place = l.matchRecord(e)
	}
	return place
}

// sameUsage compares the usage of two reports with one response id: one of them may have left out the cache.
func sameUsage(a, b *entry) bool { return a.output == b.output && sameInput(a, b) }

func sameInput(a, b *entry) bool {
	return a.input == b.input || a.input-a.cached == b.input-b.cached ||
		a.cached == 0 && a.input == b.input-b.cached || b.cached == 0 && b.input == a.input-a.cached
}

// miscounted tells two reports with one response id of which one has a count wrong: OpenLLMetry adds up what the parts of Anthropic's
// stream say, and is one token above the bill. Two instrumentations must have run at the same time for one model, in one trace or one
// within the other, and agree about the other count.
func miscounted(a, b *entry) bool {
	const most = 4 // tokens
	return a.kind == Span && b.kind == Span && a.scope != b.scope && a.model == b.model &&
		a.start != 0 && b.start != 0 && a.start <= b.end && b.start <= a.end &&
		(a.ref.Trace == b.ref.Trace || spans(a, b) || spans(b, a)) &&
		(a.output == b.output && near(a.input, b.input, most) || sameInput(a, b) && near(a.output, b.output, most))
}

func near(a, b, most int64) bool { return a-b <= most && b-a <= most }

// sameTime tells whether two reports with one response id can be of one call by their own times: no further apart than a call is
// remembered, and at once if one instrumentation reports both. Some gateways give one id to many calls.
func (l *Ledger) sameTime(a, b *entry) bool {
	if a.start == 0 || b.start == 0 {
		return true
	}
	apart := max(a.start-b.end, b.start-a.end)
	if a.scope == b.scope && a.scope != 0 && a.kind == Span && b.kind == Span {
		return apart <= 0
	}
	return apart <= l.window
}

// matchInTrace finds a report that stands around, in or beside this one with equal usage, at the same time, whose response id does not
// say otherwise.
func (l *Ledger) matchInTrace(e *entry, req *request) (place uint64) {
	l.memory.find(byUsage, e.keys[byUsage], func(other *entry) bool {
		if l.canBeOne(e, other) && related(e, other, req.ancestry) && !l.contradicted(e, other, req) {
			place = other.place
		}
		return place == nowhere
	})
	return place
}

// matchAcrossTraces finds a report of another trace: a framework that does not make its span the current one leaves the SDK's without a
// parent. It must be of the same service, model and usage by two instrumentations, one of the two know the response id, and the one without
// a parent run within the other.
func (l *Ledger) matchAcrossTraces(e *entry, req *request) (place uint64) {
	l.memory.find(bySession, e.keys[bySession], func(other *entry) bool {
		if other.kind == Span && other.ref.Trace != e.ref.Trace && other.scope != e.scope && other.model == e.model &&
			other.input == e.input && other.output == e.output && (e.id == 0 || other.id == 0) &&
			(isLostIn(e, other) || isLostIn(other, e)) && !l.isPaired(other, e) {
			place = other.place
		}
		return place == nowhere
	})
	return place
}

// isPaired tells whether a report was found to be one with another by the scope of e, or with one of another response id: of two calls at
// the same time each has its own pair.
func (l *Ledger) isPaired(other, e *entry) (yes bool) {
	counted := l.countedBy(other.place)
	if counted != nil && counted != other && (counted.scope == e.scope || differentIDs(counted, e)) {
		return true
	}
	l.memory.find(bySession, e.keys[bySession], func(third *entry) bool {
		yes = third != other && third.scope == e.scope && third.ref != e.ref && l.countedBy(third.place) == counted
		return !yes
	})
	return yes
}

func differentIDs(a, b *entry) bool { return a.id != 0 && b.id != 0 && a.id != b.id }

func (l *Ledger) canBeOne(e, other *entry) bool {
	return other.kind == Span && other.ref.Trace == e.ref.Trace && other.input == e.input && other.output == e.output &&
		(e.id == 0 || other.id == 0) && e.start <= other.end && other.start <= e.end
}

// contradicted tells whether the reports that other was found to be one with speak against e: one with another response id, or one by
// the same instrumentation, which does not report a call twice side by side.
func (l *Ledger) contradicted(e, other *entry, req *request) (yes bool) {
	counted := l.countedBy(other.place)
	if counted != nil && counted != other && differentIDs(counted, e) {
		return true
	}
	l.memory.find(byUsage, e.keys[byUsage], func(third *entry) bool {
		if third == other || third.ref.Trace != e.ref.Trace || l.countedBy(third.place) != counted {
			return true
		}
		yes = differentIDs(third, e) || third.scope == e.scope && !nested(e, third, req.ancestry)
		return !yes
	})
	return yes
}

// related tells whether the places of two spans in their trace are those of one call: one in the other, or of one model by two
// instrumentations beside each other. Callbacks of a framework and patches of an SDK may not even share a parent; then one of them must run within the
// other.
func related(a, b *entry, ancestry Ancestry) bool {
	if nested(a, b, ancestry) {
		return true
	}
	if a.scope == b.scope || a.model != b.model && a.model != 0 && b.model != 0 {
		return false
	}
	return a.parent != [8]byte{} && a.parent == b.parent || a.output > 0 && (during(a, b) || during(b, a))
}

// during reports whether a runs strictly within b.
func during(a, b *entry) bool {
	return a.start >= b.start && a.end <= b.end && a.end-a.start < b.end-b.start
}

// clockSlack is how far the ends of two spans of one process may be out of order: JavaScript's clock of a span's start counts in
// milliseconds, that of its duration does not.
const clockSlack = int64(2 * time.Millisecond)

// isLostIn tells whether a can be an SDK's span that lost its place within b.
func isLostIn(a, b *entry) bool {
	return a.parent == [8]byte{} && (a.id != 0 || b.id != 0) && spans(b, a)
}

// spans tells whether a runs as long as b does, and around it.
func spans(a, b *entry) bool { return b.start >= a.start-clockSlack && b.end <= a.end+clockSlack }

func nested(a, b *entry, ancestry Ancestry) bool {
	return isAncestor(b.ref.Span, a, ancestry) || isAncestor(a.ref.Span, b, ancestry)
}

// isAncestor follows the parents of e as far as the request knows them.
func isAncestor(span [8]byte, e *entry, ancestry Ancestry) bool {
	parent := e.parent
	for range maxDepth {
		if parent == [8]byte{} {
			return false
		}
		if parent == span {
			return true
		}
		if ancestry == nil {
			return false
		}
		grandparent, known := ancestry.Parent(SpanRef{e.ref.Trace, parent})
		if !known {
			return false
		}
		parent = grandparent
	}
	return false
}

// matchRecord finds the log record of the same session that came before the span of its call.
func (l *Ledger) matchRecord(e *entry) (place uint64) {
	if e.session == 0 || l.memory.records == 0 {
		return nowhere
	}
	l.memory.find(bySession, l.sessionKey(e), func(other *entry) bool {
		if other.kind == SessionRecord && other.session == e.session && other.verdict == Counts && !other.taken &&
			other.input == e.input && other.output == e.output &&
			(other.start == 0 || other.start >= e.start-recordSlack && other.start <= e.end+recordSlack) {
			other.taken = true
			place = other.place
		}
		return place == nowhere
	})
	return place
}
