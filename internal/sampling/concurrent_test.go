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
	var delivered atomic.Int64
	set := testSettings(compile(t,
		Policy{Name: "errors", Rule: Failed()},
		Policy{Name: "slow", Rule: SlowAmong(TraceDuration, 5, Percentile{P: 0.9, MinCount: 10, HalfLife: time.Minute})},
		Policy{Name: "rate", Rule: RateLimit(1000, 0)},
		Policy{Name: "adaptive", Rule: AdaptiveTraces(10, []Field{ByService})},
		Policy{Name: "kinds", Rule: Diverse(time.Minute)},
		Policy{Name: "rest", Rule: Conversation(30, time.Minute)},
	))
	set.Settle, set.MemoryLimit, set.MaxTraceSpans = 30*time.Millisecond, 3<<20, 200
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
					s := child(i/4*10+j, g<<32|i<<8|j)
					s.failed = i%7 == 0
					s.attributes = map[string]any{"conversation": string(rune('a' + j)), "tool": "search"}
					if g == 0 && i%4 == 3 {
						s.parent = 0
					}
					specs = append(specs, s)
				}
				if err := e.Consume(batch(specs...)); err != nil {
					refused.Add(10)
				}
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
	assert.Zero(t, s.OpenTraces)
	assert.Zero(t, s.HotBytes+s.ColdBytes+s.QueuedBytes)
	require.Positive(t, s.Kept)
}
