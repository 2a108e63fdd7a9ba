// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import "go.opentelemetry.io/collector/pdata/ptrace"

// Large spans are packed as they come once memory is worth the time, unless their trace looks like being kept: a prompt is a run of bytes
// that the collector need not follow, while what is held as it came takes the caches, and the heap, from what comes next. Small ones are
// not worth the encoding.
const (
	// largeOnAverage is the average size of spans from where on they are, bytes of OTLP.
	largeOnAverage = 1536
	// weighedOf is of how many spans one is weighed: a prime, so that it is not always the same of a trace.
	weighedOf = 61
	// averagedOver is how many of the weighed make the average.
	averagedOver = 32
	// leastPacked is how many bytes of OTLP make a block, if the resource that it must carry takes no more.
	leastPacked = 4 << 10
)

// scales weigh some of the spans that pass.
type scales struct {
	marshaler ptrace.ProtoMarshaler
	// next is how many spans pass before one is weighed.
	next    int
	weighed int64
	average int64
}

func (s *scales) pass(td ptrace.Traces) {
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			n := ss.Spans().Len()
			for ; s.next < n; s.next += weighedOf {
				s.weigh(ss.Spans().At(s.next))
			}
			s.next -= n
		}
	}
}

func (s *scales) weigh(span ptrace.Span) {
	s.weighed = min(s.weighed+1, averagedOver)
	s.average += (wireSize(&s.marshaler, span) - s.average) / s.weighed
}

// stow packs or trims what a batch of large spans brings of one trace.
func (in *intake) stow(a *arrival, s *shard, now int64) {
	if in.scales.average*int64(len(a.ids)) < max(leastPacked, a.shared) || in.hasTwins(a) || !s.waits(a, now) || !in.pack(a) {
		in.trimAll(a)
	}
}

// pack leaves the spans as they are if they cannot be encoded.
func (in *intake) pack(a *arrival) (ok bool) {
	lists := a.spans
	b, err := in.compressor.pack(&a.spans)
	if err != nil {
		return false
	}
	a.block, a.bytes = b, 0
	a.facts.Detach()
	clear(lists.whole)
	clear(lists.loose)
	a.spans = spans{whole: lists.whole[:0], loose: lists.loose[:0]}
	return true
}

func (in *intake) trimAll(a *arrival) {
	a.spans.each(func(_ ptrace.ResourceSpans, _ ptrace.ScopeSpans, span ptrace.Span) { a.bytes += in.trimmer.trim(span) })
}

// hasTwins tells whether two spans of an arrival have one id.
func (in *intake) hasTwins(a *arrival) bool {
	in.first.empty(len(a.ids))
	for _, id := range a.ids {
		if !in.first.add(id) {
			return true
		}
	}
	return false
}

// unpacked is what the spans of a block will take once they are unpacked, bytes: no less than as OTLP, with what a kept span carries.
func (a *arrival) unpacked() int64 { return a.block.size() + a.facts.Spans*spanBytes }

// open puts back what has been packed; of a block that cannot be read nothing is left.
func (a *arrival) open() {
	if a.block == nil {
		return
	}
	for _, rs := range a.block.unpack().ResourceSpans().All() { // the caller counts what is missing
		a.whole = append(a.whole, rs)
	}
	a.resources += a.shared // it has copies of its own
	a.block = nil
}

// waits tells that new spans will be held for their trace to be decided and, as far as can be seen, dropped then: what is kept
// would be packed for nothing.
func (s *shard) waits(a *arrival, now int64) bool {
	if a.id.IsEmpty() {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := a.evidence
	if h := s.open[a.id]; h != nil {
		if h.certain || h.ids.hasAny(a.ids) {
			return false
		}
		seen.merge(&h.evidence)
	} else if _, decided := s.decisions.lookup(a.id); decided || s.engine.overloaded.Load() {
		return false
	}
	p := s.engine.program
	q := p.ask(a.id, &seen, now)
	v := p.decide(&q, ByEarly)
	return !v.Keep
}
