// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package calls

import (
	"encoding/binary"
	"slices"
	"sync"
	"time"
)

// Ledger remembers reports of calls. It is safe for concurrent use.
type Ledger struct {
	mu       sync.Mutex
	window   int64 // nanoseconds
	hashes   hashes
	memory   memory
	sessions sessions
	places   []uint64      // scratch: where the reports of a request are remembered
	asked    [atOnce]entry // scratch: the reports at hand
}

// atOnce is how many reports are made ready together: their buckets are far apart in memory, and are fetched at the same time.
const atOnce = 16

// NewLedger remembers reports for a window, and at most this many.
func NewLedger(window time.Duration, most int) *Ledger {
	return &Ledger{window: int64(window), hashes: newHashes(), memory: newMemory(most)}
}

// Settle decides about the reports of one request: verdicts[i] is about reports[i]. A report that was seen before gets the verdict
// that it got then. Of two reports of one call in one request the inner one counts, otherwise the one that came first; what reports the
// sum of the calls within it counts for none. It returns how many reports had to be forgotten before their time, for lack of memory.
func (l *Ledger) Settle(now time.Time, reports []Report, verdicts []Verdict, ancestry Ancestry) (forgotten int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	request := request{now: now.UnixNano(), first: l.memory.next, ancestry: ancestry}
	l.memory.expire(request.now - l.window)
	l.places = l.places[:0]
	for ready := range slices.Chunk(reports, atOnce) {
		for i := range ready {
			l.fill(&l.asked[i], &ready[i], &request)
		}
		l.memory.fetch(l.asked[:len(ready)])
		for i := range ready {
			place, evicted := l.settle(&l.asked[i], &request)
			forgotten += evicted
			verdicts[len(l.places)] = l.verdictAt(place)
			l.places = append(l.places, place)
		}
	}
	for _, place := range l.places {
		l.settleSum(place, &request)
	}
	for i, place := range l.places { // a later report of the request may have been preferred
		if l.memory.at(place) != nil {
			verdicts[i] = l.verdictAt(place)
		}
	}
	return forgotten
}

func (l *Ledger) verdictAt(place uint64) Verdict {
	if e := l.memory.at(place); e != nil {
		return e.verdict
	}
	return Counts
}

// Len is the number of reports that are remembered.
func (l *Ledger) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int(l.memory.next - l.memory.oldest)
}

// request is what is the same for all reports of a request.
type request struct {
	now      int64
	first    uint64 // the place of the first report of this request
	ancestry Ancestry
}

// nowhere is the place of a report that is not remembered.
const nowhere = 0

// settle decides about one report and remembers it.
func (l *Ledger) settle(e *entry, req *request) (place uint64, forgotten int) {
	if e.kind == Span && e.session != 0 {
		l.sessions.add(e.session)
	}
	if e.input == 0 && e.output == 0 {
		return nowhere, 0
	}
	if known := l.seen(e); known != nowhere {
		return known, 0
	}
	other := l.match(e, req)
	place, forgotten = l.memory.add(e)
	added := l.memory.at(place)
	added.countedAt = place
	switch counted := l.countedBy(other); {
	case other == nowhere:
		if e.kind == SessionRecord && l.sessions.has(e.session) && !e.settled {
			added.verdict = Elsewhere
		}
	case e.settled:
		if counted != nil && counted.place >= req.first && !counted.settled {
			counted.verdict, counted.countedAt = Elsewhere, place
		}
	case counted != nil && counted.place >= req.first && !counted.settled && preferred(added, counted, req):
		counted.verdict, counted.countedAt = Elsewhere, place
	default:
		added.verdict, added.countedAt = Elsewhere, other
	}
	return place, forgotten
}

// countedBy follows a report to the one that counts in its stead.
func (l *Ledger) countedBy(place uint64) *entry {
	e := l.memory.at(place)
	for e != nil && e.verdict == Elsewhere && e.countedAt != e.place {
		e = l.memory.at(e.countedAt)
	}
	return e
}

// preferred tells which of two reports of one call in one request counts: the one with a price of its own, then the inner one.
func preferred(a, b *entry, req *request) bool {
	if a.owned != b.owned {
		return a.owned
	}
	if a.ref.Trace == b.ref.Trace {
		if isAncestor(b.ref.Span, a, req.ancestry) {
			return true
		}
		if isAncestor(a.ref.Span, b, req.ancestry) {
			return false
		}
	}
	return a.start >= b.start && a.end <= b.end && (a.start != b.start || a.end != b.end)
}

func (l *Ledger) fill(e *entry, r *Report, req *request) {
	h := &l.hashes
	*e = entry{
		kind: r.Kind, ref: r.Ref, parent: r.Parent, start: r.Start, end: r.End, input: r.Input, output: r.Output, cached: r.Cached,
		scope: h.repeated(scopeField, r.Scope), model: h.repeated(modelField, r.Model), session: h.repeated(sessionField, r.Session),
		id: h.text(r.ResponseID), arrived: req.now, owned: r.Owned, settled: r.Settled,
	}
	trace, span := h.trace(r.Ref.Trace), binary.LittleEndian.Uint64(r.Ref.Span[:])
	if r.Kind == Span {
		if span != 0 { // without an id a span cannot be recognised
			e.keys[byIdentity] = h.mix(trace, span)
			e.keys[byUsage] = h.mix(trace, l.usageOf(e))
			e.keys[byTrace] = trace
		}
	} else {
		e.keys[byIdentity] = h.mix(h.mix(trace^span, uint64(r.Start)), h.mix(e.session^e.id, l.usageOf(e)))
	}
	if e.id != 0 {
		e.keys[byID] = e.id
	}
	switch {
	case r.Kind == SessionRecord && e.session != 0:
		e.keys[bySession] = l.sessionKey(e)
	case r.Kind == Span && (e.id == 0 || e.parent == [8]byte{}) && r.Service != "" && e.model != 0 && e.input > 0 && e.output > 0:
		e.keys[bySession] = h.mix(h.mix(h.repeated(serviceField, r.Service), e.model), l.usageOf(e))
	}
}

func (l *Ledger) sessionKey(e *entry) uint64 { return l.hashes.mix(e.session, l.usageOf(e)) }

func (l *Ledger) usageOf(e *entry) uint64 { return l.hashes.mix(uint64(e.input), uint64(e.output)) }
