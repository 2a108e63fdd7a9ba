// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// prompting is a span with a prompt of so many bytes.
func prompting(s spanSpec, bytes int) spanSpec {
	if s.attributes == nil {
		s.attributes = map[string]any{}
	}
	s.attributes["prompt"] = strings.Repeat("context ", bytes/8)
	return s
}

func TestNothingIsPackedAsItComesWhileThereIsMemoryToSpare(t *testing.T) {
	set := testSettings(compile(t, errorsOnly()...))
	set.MemoryLimit, set.SpareAbove = 100_000, 0.2
	r := newRig(t, set)
	pair := func(n uint64) ptrace.Traces { return batch(prompting(root(n), 5000), prompting(child(n, 2), 5000)) }
	r.consume(pair(1))
	r.consume(pair(2))
	assert.Zero(t, r.Stats().ColdSpans)
	r.consume(pair(3))
	assert.Equal(t, int64(2), r.Stats().ColdSpans, "a fifth of it is in use")
}

func TestLargeSpansArePackedAsTheyCome(t *testing.T) {
	for name, tc := range map[string]struct {
		spans []spanSpec
		cold  int64
	}{
		"large":                   {[]spanSpec{prompting(root(1), 5000), prompting(child(1, 2), 5000)}, 2},
		"small":                   {[]spanSpec{prompting(root(1), 1000), prompting(child(1, 2), 1000)}, 0},
		"too few for a block":     {[]spanSpec{prompting(root(1), 2000)}, 0},
		"kept":                    {[]spanSpec{failed(prompting(root(1), 5000)), prompting(child(1, 2), 5000)}, 0},
		"large of several traces": {[]spanSpec{prompting(root(1), 5000), prompting(root(2), 5000), failed(prompting(root(3), 5000))}, 2},
		"twins":                   {[]spanSpec{prompting(root(1), 5000), prompting(root(1), 5000)}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, testSettings(compile(t, errorsOnly()...)))
			r.consume(batch(tc.spans...))
			s := r.Stats()
			assert.Equal(t, tc.cold, s.ColdSpans)
			assert.Equal(t, s.Received, s.Accounted())
			assert.Zero(t, s.Packed, "is no relief")
		})
	}
}

// What does not wait for a decision, or is certain to be kept, is not packed.
func TestWhatDoesNotWaitIsNotPackedAsItComes(t *testing.T) {
	for name, tc := range map[string]struct {
		before func(*rig)
		spans  ptrace.Traces
	}{
		"certain by what came before": {
			func(r *rig) { r.consume(batch(failed(prompting(root(1), 5000)))) },
			batch(prompting(child(1, 2), 5000), prompting(child(1, 3), 5000)),
		},
		"late": {
			func(r *rig) {
				r.consume(batch(failed(prompting(root(1), 5000))))
				r.pass(7 * time.Second)
			},
			batch(prompting(child(1, 2), 5000), prompting(child(1, 3), 5000)),
		},
		"decided on arrival": {
			func(r *rig) { r.overloaded.Store(true) },
			batch(prompting(child(1, 2), 5000), prompting(child(1, 3), 5000)),
		},
		"of no trace": {func(*rig) {}, untraced(batch(prompting(child(1, 2), 5000), prompting(child(1, 3), 5000)))},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, testSettings(compile(t, errorsOnly()...)))
			tc.before(r)
			r.consume(tc.spans)
			s := r.Stats()
			assert.Zero(t, s.ColdSpans)
			bytes := s.HotBytes + s.QueuedBytes
			for _, d := range s.Decisions {
				bytes += d.Bytes
			}
			assert.Greater(t, bytes, int64(10_000), "as they came")
		})
	}
}

func untraced(td ptrace.Traces) ptrace.Traces {
	eachSpan(td, 0, nil, func(s ptrace.Span) { s.SetTraceID(pcommon.TraceID{}) })
	return td
}

// Where a policy may still drop a trace nothing is certain, but what came before counts all the same.
func TestWhatAnEarlierSpanKeepsIsNotPackedAsItComes(t *testing.T) {
	policies := append(errorsOnly(), Policy{Name: "health", Rule: SpanCount(1, 1), Drop: true})
	r := newRig(t, testSettings(compile(t, policies...)))
	r.consume(batch(failed(prompting(child(1, 2), 5000)), prompting(child(1, 3), 5000)))
	r.consume(batch(prompting(child(1, 4), 5000), prompting(child(1, 5), 5000)))
	assert.Equal(t, int64(4), r.Stats().HotSpans)
}

// A resource that traces share is held once, and no more than doubles what a block takes.
func TestALargeResourceIsNotPackedIntoEveryTrace(t *testing.T) {
	for name, tc := range map[string]struct {
		traces uint64
		cold   int64
	}{"of one trace": {1, 1}, "of many": {100, 0}} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, testSettings(compile(t, errorsOnly()...)))
			var specs []spanSpec
			for n := range tc.traces {
				specs = append(specs, prompting(child(n, 2), 5000))
			}
			td := batch(specs...)
			td.ResourceSpans().At(0).Resource().Attributes().PutStr("arguments", incompressible(rand.New(rand.NewPCG(1, 2)), 64<<10))
			var m ptrace.ProtoMarshaler
			wire := int64(m.TracesSize(td))
			r.consume(td)
			s := r.Stats()
			assert.Equal(t, tc.cold, s.ColdSpans)
			assert.Less(t, s.HotBytes+s.ColdBytes, 2*wire)
		})
	}
}

// What is packed as it came is the same trace as any other: known, added to, kept whole.
func TestWhatWasPackedAsItCameIsStillKnown(t *testing.T) {
	r := newRig(t, testSettings(compile(t, errorsOnly()...)))
	first := batch(prompting(child(1, 2), 5000), prompting(child(1, 3), 5000))
	again := ptrace.NewTraces()
	first.CopyTo(again)
	r.consume(first)
	r.consume(again)
	r.consume(batch(prompting(child(1, 3), 5000), prompting(child(1, 4), 5000)))
	assert.Equal(t, int64(3), r.Stats().Dropped[DropDuplicate])
	r.consume(batch(failed(root(1))))
	r.pass(7 * time.Second)
	kept := r.kept()[traceID(1)]
	require.Len(t, kept, 4)
	for _, span := range kept {
		assert.Equal(t, "errors", attribute(span, policyKey))
	}
	s := r.Stats()
	assert.Zero(t, s.HotBytes+s.ColdBytes)
	assert.Equal(t, s.Received, s.Accounted())
}

// Two callers may bring the same spans at the same time: both pack them before either adds them.
func TestSpansThatWerePackedTwiceCountOnce(t *testing.T) {
	r := newRig(t, testSettings(compile(t, errorsOnly()...)))
	arrive := func() (*intake, *arrival) {
		in := newIntake(&r.set)
		in.sparing = true
		in.read(batch(prompting(child(1, 2), 5000), prompting(child(1, 3), 5000)))
		a := &in.arrivals[0]
		in.stow(a, r.shardOf(a.id), r.now())
		require.NotNil(t, a.block)
		return in, a
	}
	r.count.received.Add(4)
	in1, a1 := arrive()
	in2, a2 := arrive()
	r.shardOf(a1.id).arrive(in1, a1, r.now())
	r.shardOf(a2.id).arrive(in2, a2, r.now())
	s := r.Stats()
	assert.Equal(t, int64(2), s.HotSpans+s.ColdSpans)
	assert.Equal(t, int64(2), s.Dropped[DropDuplicate])
	assert.Zero(t, s.Dropped[DropCorrupt])
}

// A resource is held for what is left of an arrival, however little that is.
func TestTheResourceOfWhatIsNotHeldTwiceCounts(t *testing.T) {
	for name, prompt := range map[string]int{"as it came": 0, "packed as it came": 90 << 10} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, testSettings(compile(t, errorsOnly()...)))
			arguments := incompressible(rand.New(rand.NewPCG(1, 2)), 64<<10)
			arrive := func(members ...uint64) {
				in := newIntake(&r.set)
				in.sparing = true
				var specs []spanSpec
				for _, m := range members {
					specs = append(specs, prompting(child(1, m), prompt))
				}
				td := batch(specs...)
				td.ResourceSpans().At(0).Resource().Attributes().PutStr("arguments", arguments)
				in.read(td)
				r.count.received.Add(int64(len(members)))
				a := &in.arrivals[0]
				if in.large {
					require.True(t, in.pack(a)) // as two callers do before either adds its spans
				}
				r.shardOf(a.id).arrive(in, a, r.now())
			}
			arrive(2, 3)
			before := r.Stats().HotBytes
			arrive(3, 4)
			assert.Equal(t, int64(1), r.Stats().Dropped[DropDuplicate])
			assert.Greater(t, r.Stats().HotBytes-before, int64(prompt+64<<10))
		})
	}
}

func TestWhatCannotBeUnpackedIsCounted(t *testing.T) {
	r := newRig(t, testSettings(compile(t, errorsOnly()...)))
	r.consume(batch(prompting(child(1, 2), 5000), prompting(child(1, 3), 5000)))
	in := newIntake(&r.set)
	in.sparing = true
	in.read(batch(prompting(child(1, 3), 5000), prompting(child(1, 4), 5000)))
	r.count.received.Add(2)
	a := &in.arrivals[0]
	require.True(t, in.pack(a))
	a.block = a.block[:len(a.block)/2]
	r.shardOf(a.id).arrive(in, a, r.now())
	s := r.Stats()
	assert.Equal(t, int64(1), s.Dropped[DropDuplicate])
	assert.Equal(t, int64(1), s.Dropped[DropCorrupt])
	assert.Equal(t, s.Received, s.Accounted())
}

// The average follows the traffic, and a trace's shape does not deceive it.
func TestScalesFollowTheTraffic(t *testing.T) {
	var s scales
	pass := func(batches, prompt int) {
		r := rand.New(rand.NewPCG(1, 2))
		for range batches {
			var specs []spanSpec
			for m := range uint64(12) {
				spec := child(r.Uint64(), m)
				if m%2 == 0 {
					spec = prompting(spec, prompt)
				}
				specs = append(specs, spec)
			}
			s.pass(batch(specs...))
		}
	}
	pass(500, 4000)
	assert.InEpsilon(t, 2000, s.average, 0.2)
	pass(500, 200)
	assert.Less(t, s.average, int64(300))
}
