// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/processor"
)

// heldBytes is the heap a round of traces takes while it is held, per span.
func heldBytes(t testing.TB, p processor.Traces, raw [][]byte, spans int, settled func()) float64 {
	heap := liveHeap()
	for i := range raw {
		require.NoError(t, p.ConsumeTraces(t.Context(), unmarshal(t, raw[i])))
	}
	settled()
	held := float64(liveHeap()-heap) / float64(spans)
	require.NoError(t, p.Shutdown(context.Background()))
	runtime.KeepAlive(raw)
	return held
}

// liveHeap collects garbage until nothing more becomes garbage.
func liveHeap() int64 {
	var m runtime.MemStats
	for last := uint64(0); ; last = m.HeapAlloc {
		for range 3 {
			runtime.GC()
		}
		runtime.ReadMemStats(&m)
		if last != 0 && m.HeapAlloc > last-last/200 {
			return int64(m.HeapAlloc)
		}
	}
}

// What spans take while they are held, as they came and packed, beside contrib; and that what is accounted is what
// they take.
func TestHeldBytes(t *testing.T) {
	for _, tc := range []struct {
		shape   shape
		batches int
		// hot and cold are the most that spans may take of what contrib's do. Spans are moved as they were unmarshalled,
		// with room to spare in their lists of attributes, which contrib's copies have not: where nothing else counts, that shows.
		hot, cold float64
	}{{shapes[0], 12, 1, 1. / 2}, {shapes[1], 400, 1.06, 1. / 2}, {shapes[2], 100, 1.01, 1. / 5}} {
		t.Run(tc.shape.name, func(t *testing.T) {
			s := tc.shape
			s.batches = tc.batches
			raw, spans := s.wire(t)

			contestant := contestants[2]
			ours := contestant.start(t, consumertest.NewNop()).(*sampler)
			var accounted float64
			hot := heldBytes(t, ours, raw, spans, func() {
				accounted = float64(ours.engine.Stats().HotBytes) / float64(spans)
			})

			cooling, _ := startSampler(t, func(c *Config) {
				c.Settle, c.Root, c.MemoryLimit = 50*time.Millisecond, "false", 8<<30
				c.Policies = []PolicyConfig{{Name: "none", Type: "probabilistic"}}
			})
			var coldAccounted float64
			cold := heldBytes(t, cooling, raw, spans, func() {
				require.Eventually(t, func() bool { return cooling.engine.Stats().HotSpans == 0 }, time.Minute, 10*time.Millisecond)
				stats := cooling.engine.Stats()
				coldAccounted = float64(stats.HotBytes+stats.ColdBytes) / float64(spans)
			})

			// contrib takes spans in on a goroutine of its own, and tells nobody when it has.
			theirs := heldBytes(t, contestants[0].start(t, consumertest.NewNop()), raw, spans, func() { time.Sleep(2 * time.Second) })

			t.Logf("bytes a span: contrib %.0f, hot %.0f (accounted %.0f), cold %.0f (accounted %.0f)",
				theirs, hot, accounted, cold, coldAccounted)
			assert.InEpsilon(t, hot, accounted, 0.1)
			assert.InEpsilon(t, cold, coldAccounted, 0.1)
			assert.LessOrEqual(t, hot, tc.hot*theirs)
			assert.LessOrEqual(t, cold, tc.cold*theirs)
		})
	}
}
