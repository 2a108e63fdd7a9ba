// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"encoding/binary"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/trace"
)

// Describer tells the facts of spans. One goroutine uses it at a time.
type Describer interface {
	// Enter is called before the spans of a scope are described.
	Enter(resource pcommon.Resource, scope pcommon.InstrumentationScope)
	// Describe fills facts, which are zero but for slices that may be reused.
	Describe(span ptrace.Span, facts *trace.Span)
}

// arrival is what a batch brings of one trace.
type arrival struct {
	id pcommon.TraceID
	evidence
	spans
	// block is the spans, if they have been packed as they came.
	block block
	ids   []uint64
	// bytes is what they take unless they have been packed, resources that of it which resources do; shared is the part of
	// resources that other traces pay for, and that a block has to have a copy of.
	bytes, resources, shared int64
	// round is the last ResourceSpans that brought something.
	round int
}

// intake turns batches into arrivals. It is used by one goroutine at a time, and its memory is reused.
type intake struct {
	program    *Program
	isRoot     func(*Span) bool
	describer  Describer
	marshaler  ptrace.ProtoMarshaler
	trimmer    trimmer
	compressor compressor

	// sparing tells that memory is worth more than time.
	sparing bool
	scales  scales
	// large tells that the spans of the batch are, and are to be packed if they will wait.
	large    bool
	groups   map[pcommon.TraceID]int
	arrivals []arrival
	span     Span
	touched  []int
	round    int
	first    idSet
}

func newIntake(set *Settings) *intake {
	return &intake{
		program: set.Program, isRoot: set.IsRoot, describer: set.NewDescriber(), groups: map[pcommon.TraceID]int{},
	}
}

// read takes the spans out of the batch.
func (in *intake) read(td ptrace.Traces) {
	in.scales.pass(td)
	in.trimmer.thorough = in.sparing
	in.large = in.sparing && in.scales.average >= largeOnAverage
	batch := ptrace.NewResourceSpansSlice()
	td.ResourceSpans().MoveAndAppendTo(batch)
	for i := range batch.Len() {
		rs := batch.At(i)
		in.round++
		in.touched = in.touched[:0]
		if id, ok := onlyTrace(rs); ok {
			in.readWhole(rs, id)
		} else {
			in.readMixed(rs)
		}
		in.chargeResource(rs)
	}
}

// onlyTrace returns the trace that all spans belong to, if there is one.
func onlyTrace(rs ptrace.ResourceSpans) (id pcommon.TraceID, ok bool) {
	for i := range rs.ScopeSpans().Len() {
		spans := rs.ScopeSpans().At(i).Spans()
		for j := range spans.Len() {
			switch next := spans.At(j).TraceID(); {
			case !ok:
				id, ok = next, true
			case next != id:
				return id, false
			}
		}
	}
	return id, ok
}

func (in *intake) readWhole(rs ptrace.ResourceSpans, id pcommon.TraceID) {
	a := in.arrivalOf(id)
	a.whole = append(a.whole, rs)
	for i := range rs.ScopeSpans().Len() {
		ss := rs.ScopeSpans().At(i)
		if !in.large {
			trimSpans(ss.Spans())
		}
		in.enter(rs, ss)
		for j := range ss.Spans().Len() {
			in.observe(a, ss.Spans().At(j))
		}
	}
}

func (in *intake) readMixed(rs ptrace.ResourceSpans) {
	for i := range rs.ScopeSpans().Len() {
		ss := rs.ScopeSpans().At(i)
		spans := ptrace.NewSpanSlice()
		ss.Spans().MoveAndAppendTo(spans)
		from := &origin{rs, ss}
		in.enter(rs, ss)
		var a *arrival
		for j := range spans.Len() {
			span := spans.At(j)
			if id := span.TraceID(); a == nil || a.id != id {
				a = in.arrivalOf(id)
			}
			a.loose = append(a.loose, looseSpan{span, from})
			in.observe(a, span)
		}
	}
}

func (in *intake) arrivalOf(id pcommon.TraceID) *arrival {
	i, ok := in.groups[id]
	if !ok {
		i = len(in.arrivals)
		in.groups[id] = i
		if i < cap(in.arrivals) {
			in.arrivals = in.arrivals[:i+1]
		} else {
			in.arrivals = append(in.arrivals, arrival{})
		}
		in.arrivals[i].id = id
	}
	a := &in.arrivals[i]
	if a.round != in.round {
		a.round = in.round
		in.touched = append(in.touched, i)
	}
	return a
}

func (in *intake) enter(rs ptrace.ResourceSpans, ss ptrace.ScopeSpans) {
	in.trimmer.shareScope(ss.Scope())
	in.span.ResourceSpans, in.span.ScopeSpans = rs, ss
	in.describer.Enter(rs.Resource(), ss.Scope())
}

func (in *intake) observe(a *arrival, span ptrace.Span) {
	id := in.describe(span)
	in.program.observe(&in.span, &a.evidence)
	a.ids = append(a.ids, id)
	if !in.large {
		a.bytes += in.trimmer.trim(span)
	}
	if in.program.needsWireBytes {
		a.wireBytes += wireSize(&in.marshaler, span)
	}
}

func (in *intake) describe(span ptrace.Span) uint64 {
	facts := &in.span.Facts
	*facts = trace.Span{
		FinishReasons: facts.FinishReasons[:0], Redacted: facts.Redacted[:0], Evaluations: facts.Evaluations[:0],
	}
	facts.ID = idOf(span)
	in.span.Span = span
	in.describer.Describe(span, facts)
	if in.isRoot != nil {
		facts.Root = in.isRoot(&in.span)
	}
	return facts.ID
}

// chargeResource shares out what the resource costs and means among the traces whose spans came under it.
func (in *intake) chargeResource(rs ptrace.ResourceSpans) {
	if len(in.touched) == 0 {
		return
	}
	met := in.program.observeResource(rs.Resource())
	whole := retainedResource(rs)
	share := whole / int64(len(in.touched))
	var wire int64
	if in.program.needsWireBytes {
		wire = resourceWireSize(&in.marshaler, rs)
	}
	for _, i := range in.touched {
		a := &in.arrivals[i]
		a.met.merge(met)
		a.bytes += share
		a.resources += share
		a.shared += whole - share
		a.wireBytes += wire
	}
}

// wireSize is the size of a span with its tag and length.
func wireSize(m *ptrace.ProtoMarshaler, s ptrace.Span) int64 {
	const tagAndLength = 3
	return int64(m.SpanSize(s)) + tagAndLength
}

// resourceWireSize is the size of a ResourceSpans without its spans.
func resourceWireSize(m *ptrace.ProtoMarshaler, rs ptrace.ResourceSpans) int64 {
	bare := ptrace.NewResourceSpans()
	rs.Resource().CopyTo(bare.Resource())
	for i := range rs.ScopeSpans().Len() {
		rs.ScopeSpans().At(i).Scope().CopyTo(bare.ScopeSpans().AppendEmpty().Scope())
	}
	return int64(m.ResourceSpansSize(bare))
}

// idOf is a span's id; 0 stands for none.
func idOf(span ptrace.Span) uint64 {
	id := span.SpanID()
	return binary.LittleEndian.Uint64(id[:])
}

// withoutTwins is withoutKnown for the first spans of a trace, whose ids need not be kept.
func (in *intake) withoutTwins(a *arrival) (duplicates int64) {
	in.first.empty(len(a.ids))
	return in.withoutKnown(a, &in.first)
}

// withoutKnown takes out of an arrival the spans whose ids are known, and returns how many they were. Those that are new are known
// afterwards.
func (in *intake) withoutKnown(a *arrival, known *idSet) (duplicates int64) {
	var again map[uint64]int
	for _, id := range a.ids {
		if !known.add(id) {
			if again == nil {
				again = map[uint64]int{}
			}
			again[id]++
			duplicates++
		}
	}
	if duplicates == 0 {
		return 0
	}
	a.open()
	a.spans.remove(func(s ptrace.Span) bool {
		id := idOf(s)
		if again[id] == 0 {
			return false
		}
		again[id]--
		return true
	})
	in.observeAgain(a)
	if in.large {
		in.trimAll(a)
	}
	return duplicates
}

// observeAgain makes the evidence anew from the spans that are left. What resources have met still holds: at least
// one span of each trace that they touch has been held before.
func (in *intake) observeAgain(a *arrival) {
	a.evidence = evidence{met: a.met}
	a.bytes = a.resources
	var last Span
	a.spans.each(func(rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, span ptrace.Span) {
		if rs != last.ResourceSpans || ss != last.ScopeSpans {
			in.enter(rs, ss)
			last = in.span
		}
		in.observe(a, span)
	})
}

// reset forgets everything but the memory.
func (in *intake) reset() {
	clear(in.groups)
	for i := range in.arrivals {
		a := &in.arrivals[i]
		clear(a.whole)
		clear(a.loose)
		*a = arrival{spans: spans{whole: a.whole[:0], loose: a.loose[:0]}, ids: a.ids[:0]}
	}
	in.arrivals = in.arrivals[:0]
	in.span = Span{Facts: in.span.Facts}
}
