// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An agent that works for an hour, with gaps of minutes while a human thinks, is decided as one trace.
func TestATraceOfAnHourWithGaps(t *testing.T) {
	set := testSettings(compile(t, errorsOnly()...))
	set.Idle, set.MaxAge = 10*time.Minute, 4*time.Hour
	r := newRig(t, set)
	m := uint64(1)
	for range 12 {
		for range 5 {
			m++
			r.consume(batch(child(1, m)))
			r.pass(5 * time.Second)
		}
		r.pass(5 * time.Minute)
		assert.Equal(t, int64(m-1), r.Stats().ColdSpans, "what is quiet is packed")
	}
	r.consume(batch(failed(child(1, m+1)), root(1)))
	assert.Empty(t, r.kept())
	r.pass(7 * time.Second)
	spans := r.kept()[traceID(1)]
	require.Len(t, spans, int(m)+1)
	assert.Equal(t, "root", attribute(spans[0], triggerKey))
}

func TestSpansOfAMegabyte(t *testing.T) {
	set := testSettings(compile(t, errorsOnly()...))
	r := newRig(t, set)
	text := incompressible(rand.New(rand.NewPCG(1, 2)), 1<<20)
	const spans = 10
	for m := range uint64(spans) {
		s := child(1, m+2)
		s.attributes = map[string]any{"prompt": text}
		r.consume(batch(s))
	}
	held := r.Stats()
	assert.InEpsilon(t, spans<<20, held.HotBytes+held.ColdBytes, 0.1)
	r.consume(batch(failed(root(1))))
	r.pass(7 * time.Second)
	require.Len(t, r.kept()[traceID(1)], spans+1)
	assert.GreaterOrEqual(t, len(r.delivered), spans/3, "in batches within max_batch_bytes")
	for _, td := range r.delivered {
		assert.LessOrEqual(t, td.SpanCount(), 3)
	}
}

// Clients that start a trace for every call are kept by their session.
func TestATraceForEveryCall(t *testing.T) {
	r := newTally(t, testSettings(compile(t, shippedPolicies(20)...)))
	const sessions, calls = 400, 8
	for call := range calls {
		for session := range sessions {
			s := root(uint64(call*sessions + session))
			s.attributes = map[string]any{"conversation": fmt.Sprint("session ", session)}
			r.consume(batch(s))
		}
		r.pass(time.Second)
		r.collect()
	}
	r.pass(10 * time.Second)
	r.collect()
	whole := 0
	for session := range sessions {
		kept := 0
		for call := range calls {
			kept += r.spans[traceID(uint64(call*sessions+session))]
		}
		require.Contains(t, []int{0, calls}, kept)
		whole += kept / calls
	}
	assert.InDelta(t, 0.2*sessions, whole, 24, "20 %% of sessions, within 3 sigma")
}

func TestOverloadDecidesNewTracesOnArrival(t *testing.T) {
	set := testSettings(compile(t, append(errorsOnly(), Policy{Name: "share", Rule: Probabilistic(50)})...))
	r := newRig(t, set)
	r.overloaded.Store(true)
	for n := range uint64(100) {
		r.consume(batch(failed(child(n, 2))))
		r.consume(batch(child(n, 3)))
		r.consume(batch(child(1000+n, 2)))
		r.consume(batch(child(1000+n, 3)))
	}
	assert.Zero(t, r.Stats().OpenTraces)
	r.pass(TickInterval)
	kept := 0
	for n := range uint64(100) {
		require.Len(t, r.kept()[traceID(n)], 2)
		assert.Equal(t, "memory", attribute(r.kept()[traceID(n)][0], triggerKey))
		spans := r.kept()[traceID(1000+n)]
		require.Contains(t, []int{0, 2}, len(spans), "the second batch follows the first")
		if kept += len(spans) / 2; len(spans) > 0 {
			assert.Equal(t, "ot=th:8", spans[0].TraceState().AsRaw())
		}
	}
	assert.InDelta(t, 50, kept, 15)
	assert.Equal(t, int64(200), r.Stats().DecidedAtArrival)
	assert.False(t, r.overloaded.Load(), "over when there is room again")
}

// incompressible is text that packing does not make smaller by much.
func incompressible(r *rand.Rand, bytes int) string {
	b := make([]byte, bytes)
	for i := range b {
		b[i] = byte(' ' + r.IntN(95))
	}
	return string(b)
}

func TestMemoryDecidesTheLargestAndOldestFirst(t *testing.T) {
	set := testSettings(compile(t, errorsOnly()...))
	set.MemoryLimit = 4 << 20
	r := newRig(t, set)
	random := rand.New(rand.NewPCG(1, 2))
	giant := failed(child(1, 2)) // what is kept is not packed as it comes
	giant.attributes = map[string]any{"prompt": incompressible(random, 1<<20)}
	r.consume(batch(giant))
	n := uint64(2)
	for ; r.Stats().DecidedByMemory == 0; n++ {
		s := failed(child(n, 2))
		s.attributes = map[string]any{"prompt": incompressible(random, 20<<10)}
		r.consume(batch(s))
		r.clock.advance(10 * time.Millisecond)
		r.Tick()
		held := r.Stats()
		require.Less(t, held.HotBytes+held.ColdBytes, int64(4<<20))
	}
	s := r.Stats()
	assert.Positive(t, s.Packed, "packing comes first")
	assert.Equal(t, int64(1), s.DecidedByMemory, "the giant alone makes room enough")
	assert.Nil(t, r.shardOf(traceID(1)).open[traceID(1)])
	assert.Equal(t, int64(n-2), s.OpenTraces)
}

func TestMaxAgeBelowTheOthersEndsThem(t *testing.T) {
	set := testSettings(compile(t, errorsOnly()...))
	set.MaxAge = 2 * time.Second
	r := newRig(t, set)
	r.consume(batch(failed(child(1, 2)), failed(root(2))))
	r.pass(2200 * time.Millisecond)
	for n := range uint64(2) {
		require.Len(t, r.kept()[traceID(n+1)], 1)
		assert.Equal(t, "max_age", attribute(r.kept()[traceID(n+1)][0], triggerKey))
	}
}
