// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Many callers bring spans of the same traces while these are packed, decided for want of memory, and the engine is
// shut down among them: every span is accounted for, and what was kept came out once.
func TestManyCallersAtOnce(t *testing.T) {
	learning := []Policy{
		{Name: "errors", Rule: Failed()},
		{Name: "slow", Rule: SlowAmong(TraceDuration, 5, Percentile{P: 0.9, MinCount: 10, HalfLife: time.Minute})},
		{Name: "rate", Rule: RateLimit(1000, 0)},
		{Name: "adaptive", Rule: AdaptiveTraces(10, []Field{ByService})},
		{Name: "kinds", Rule: Diverse(time.Minute)},
		{Name: "rest", Rule: Conversation(30, time.Minute)},
	}
	dropping := []Policy{ // what it does not keep is packed as it comes
		{Name: "errors", Rule: Failed()},
		{Name: "slow", Rule: SlowAmong(TraceDuration, 5, Percentile{P: 0.9, MinCount: 10, HalfLife: time.Minute})},
		{Name: "rest", Rule: Probabilistic(30)},
	}
	for name, tc := range map[string]struct {
		policies []Policy
		prompt   int
		change   func(*Settings)
	}{
		"small":                 {learning, 0, func(*Settings) {}},
		"large":                 {dropping, 5000, func(*Settings) {}},
		"large, memory enough":  {dropping, 5000, func(s *Settings) { s.MemoryLimit = 1 << 30 }},
		"large, decided early":  {dropping, 5000, func(s *Settings) { s.FlushEarly, s.MemoryLimit = true, 1<<30 }},
		"large, in small parts": {dropping, 5000, func(s *Settings) { s.MaxBatchBytes, s.MemoryLimit = 10<<10, 1<<30 }},
	} {
		t.Run(name, func(t *testing.T) {
			set := testSettings(compile(t, tc.policies...))
			set.Settle, set.MemoryLimit, set.MaxTraceSpans = 30*time.Millisecond, 3<<20, 200
			tc.change(&set)
			manyCallers(t, set, tc.prompt)
		})
	}
}

func manyCallers(t *testing.T, set Settings, prompt int) {
	var delivered, packed atomic.Int64
	set.Deliver = func(_ context.Context, td ptrace.Traces) int {
		delivered.Add(int64(td.SpanCount()))
		return 0
	}
	e := New(set)
	e.Start(true)
	var callers sync.WaitGroup
	var refused atomic.Int64
	const goroutines, batches = 8, 400
	for g := range uint64(goroutines) {
		callers.Add(1)
		go func() {
			defer callers.Done()
			for i := range uint64(batches) {
				var specs []spanSpec
				for j := range uint64(10) {
					s := child(i/4*10+j, g/2<<32|i<<8|j) // two bring the same
					s.failed = i%7 == 0
					s.attributes = map[string]any{"conversation": string(rune('a' + j)), "tool": "search"}
					if g == 0 && i%4 == 3 {
						s.parent = 0
					}
					specs = append(specs, prompting(s, prompt))
				}
				if err := e.Consume(batch(specs...)); err != nil {
					refused.Add(10)
				}
				packed.Add(e.Stats().ColdSpans)
			}
		}()
	}
	callers.Wait()
	e.Shutdown(context.Background())
	s := e.Stats()
	assert.Equal(t, int64(goroutines*batches*10), s.Received)
	assert.Equal(t, refused.Load(), s.Refused)
	assert.Equal(t, s.Received, s.Accounted(), "%+v", s)
	assert.Equal(t, delivered.Load(), s.Kept)
	assert.Zero(t, s.OpenTraces+s.HotSpans+s.ColdSpans+s.QueuedSpans)
	assert.Zero(t, s.HotBytes+s.ColdBytes+s.QueuedBytes)
	assert.Zero(t, s.Dropped[DropCorrupt])
	require.Positive(t, s.Kept)
	if prompt > 0 {
		require.Positive(t, packed.Load())
	}
}
