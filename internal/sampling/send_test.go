// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"context"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/trace"
)

// What spans are marked with counts, too.
func TestBatchesOfPackedSpansAreNoLargerThanTheyMayBe(t *testing.T) {
	const traces, spans = 60, 100
	for name, limit := range map[string]int64{"traces together": 1 << 20, "traces in parts": 100 << 10} {
		t.Run(name, func(t *testing.T) {
			set := testSettings(compile(t, Policy{Name: "errors of any kind", Rule: Failed()}))
			set.MaxBatchBytes = limit
			r := newRig(t, set)
			random := rand.New(rand.NewPCG(1, 2))
			for n := range uint64(traces) {
				var specs []spanSpec
				for m := range uint64(spans - 1) {
					s := child(n, m+2)
					s.attributes = map[string]any{"prompt": incompressible(random, 1600)}
					specs = append(specs, s)
				}
				r.consume(batch(specs...))
			}
			require.Equal(t, int64(traces*(spans-1)), r.Stats().ColdSpans)
			for n := range uint64(traces) {
				r.consume(batch(failed(root(n))))
			}
			r.pass(7 * time.Second)
			require.Equal(t, int64(traces*spans), r.Stats().Kept)
			var m ptrace.ProtoMarshaler
			for _, td := range r.delivered {
				assert.LessOrEqual(t, int64(m.TracesSize(td)), limit)
			}
		})
	}
}

// A trace whose turns repeat each other is many times as large as it was held, which the memory must not see.
func TestAGiantIsUnpackedBlockByBlock(t *testing.T) {
	const batches, spans, prompt = 100, 10, 100 << 10 // 100 MB
	set := testSettings(compile(t, errorsOnly()...))
	set.Senders = 1
	var most int64
	set.Deliver = func(context.Context, ptrace.Traces) int {
		most = max(most, liveBytes())
		return 0
	}
	e := New(set)
	e.Start(false)
	for b := range uint64(batches) {
		var specs []spanSpec
		for m := range uint64(spans) {
			specs = append(specs, prompting(child(1, 2+b*spans+m), prompt))
		}
		require.NoError(t, e.Consume(batch(specs...)))
	}
	require.NoError(t, e.Consume(batch(failed(root(1)))))
	require.Equal(t, int64(batches*spans), e.Stats().ColdSpans)
	before := liveBytes()
	e.Shutdown(context.Background())
	assert.Equal(t, int64(batches*spans+1), e.Stats().Kept)
	assert.Less(t, most-before, 4*set.MaxBatchBytes)
}

func liveBytes() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Each part of a trace that is handed on in parts has the class of the whole.
func TestTheClassOfATraceInParts(t *testing.T) {
	set := testSettings(compile(t, Policy{Name: "long", Rule: SpanCount(7, 0)}))
	set.MaxBatchBytes = 10 << 10
	set.NewClassifier = set.NewDescriber
	set.NewDescriber = func() Describer { return &factless{} }
	r := newRig(t, set)
	random := rand.New(rand.NewPCG(1, 2))
	for m := range uint64(6) {
		s := child(1, m+2)
		s.start, s.end = time.Duration(m)*time.Second, time.Duration(m+1)*time.Second // slow is what lasts for five
		s.attributes = map[string]any{"prompt": incompressible(random, 8<<10)}
		r.consume(batch(s))
	}
	require.Equal(t, int64(6), r.Stats().ColdSpans)
	r.consume(batch(child(1, 9)))
	r.pass(70 * time.Second)
	assert.Greater(t, len(r.delivered), 3)
	kept := r.kept()[traceID(1)]
	require.Len(t, kept, 7)
	for _, span := range kept {
		assert.Equal(t, "slow", attribute(span, classKey))
	}
}

// factless describes nothing.
type factless struct{ plainDescriber }

func (*factless) Describe(ptrace.Span, *trace.Span) {}
