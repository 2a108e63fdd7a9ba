// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/llmcol/llmcol/internal/trace"
)

func TestIDSetIsASet(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	for range 200 {
		var s idSet
		s.expect(r.IntN(300))
		known := map[uint64]bool{}
		for range r.IntN(400) {
			id := r.Uint64N(300)
			require.Equal(t, id == 0 || !known[id], s.add(id))
			known[id] = true
		}
	}
}

func TestCuckooForgetsNothingAndInventsNothing(t *testing.T) {
	c := newCuckoo(1 << 12)
	r := rand.New(rand.NewPCG(2, 5))
	var keys []uint64
	for !c.full() {
		keys = append(keys, r.Uint64())
		c.add(keys[len(keys)-1])
	}
	assert.Greater(t, len(keys), 4<<12*9/10, "filled to nine tenths and more")
	for _, k := range keys {
		require.True(t, c.has(k))
	}
	for range 1_000_000 {
		require.False(t, c.has(r.Uint64()), "one in 2^29 at the most is taken for another")
	}
}

func TestDecisionsAreRemembered(t *testing.T) {
	now := int64(1)
	d := newDecisions(int64(time.Hour), 64<<20)
	keep := Verdict{
		Keep: true, Partial: true, Policy: 3, Trigger: ByMaxAge, Class: trace.Looping,
		rewritten: true, independent: true, threshold: maxRandomness / 3, randomness: maxRandomness / 2,
	}
	const n = 50_000
	for i := range uint64(n) {
		switch i % 3 {
		case 0:
			d.add(traceID(i), keep, now)
		case 1:
			d.add(traceID(i), Verdict{Policy: -1}, now)
		case 2:
			d.add(traceID(i), Verdict{Final: true}, now)
		}
	}
	check := func() {
		for i := range uint64(n) {
			v, ok := d.lookup(traceID(i))
			require.True(t, ok)
			switch i % 3 {
			case 0:
				require.Equal(t, keep, v)
			default:
				require.Equal(t, Verdict{Policy: -1, Final: i%3 == 2}, v)
			}
		}
		_, ok := d.lookup(traceID(n + 1))
		require.False(t, ok)
	}
	check()
	assert.Less(t, d.bytes(), int64(n/3*110+n*2/3*40))
	for range 5 {
		now += int64(time.Hour)
		d.turn(now)
		check() // what is asked for is remembered on
	}
	for range 2 {
		now += int64(time.Hour)
		d.turn(now)
	}
	_, ok := d.lookup(traceID(1))
	assert.False(t, ok, "forgotten two periods after it was last asked for")
	assert.Zero(t, d.shortened)
}

func TestDecisionsStayWithinTheirMemory(t *testing.T) {
	d := newDecisions(int64(time.Hour), 1<<20)
	for i := range uint64(500_000) {
		d.add(traceID(i), Verdict{Keep: i%2 == 0, Policy: -1}, 1)
		if i%1000 == 0 {
			require.Less(t, d.bytes(), int64(5<<19), "a generation may outgrow its half by one doubling")
		}
	}
	assert.Positive(t, d.shortened)
	_, ok := d.lookup(traceID(499_999))
	assert.True(t, ok)
}

func TestSketchQuantiles(t *testing.T) {
	var s sketch
	for i := 1; i <= 10_000; i++ {
		s.add(float64(i) / 1000)
	}
	for _, p := range []float64{0.5, 0.9, 0.99} {
		assert.InEpsilon(t, 10*p, s.quantile(p), 0.05)
	}
	s.decay(0.5)
	assert.InEpsilon(t, 9.9, s.quantile(0.99), 0.05, "decay moves no quantile")
	assert.InEpsilon(t, 5000, s.total, 0.001)
	s.decay(1e-9)
	assert.Empty(t, s.index)
	assert.Zero(t, s.quantile(0.5))
	s.add(-1)
	s.add(1e30)
	assert.Len(t, s.index, 2)
}

func TestRecentForgetsInTime(t *testing.T) {
	r := newRecent(100, 3)
	r.add(1, 7, 1000)
	for _, tc := range []struct {
		now  int64
		want bool
	}{{1099, true}, {1100, true}, {1199, true}, {1300, false}} {
		trace, ok := r.get(1, tc.now)
		assert.Equal(t, tc.want, ok, "at %d", tc.now)
		if ok {
			assert.Equal(t, uint64(7), trace)
		}
	}
	for key := range uint64(100) {
		r.add(key, 0, 2000)
	}
	assert.LessOrEqual(t, len(r.young)+len(r.old), 6)
	assert.Equal(t, int64(100-len(r.young)-len(r.old)), r.forgotten())
}

func TestWheelWakesInTimeAndAfterAStall(t *testing.T) {
	w := wheel{turned: 1000}
	at := func(slot int64) int64 { return slot * slotWidth }
	woken := map[*held]int64{}
	var now int64
	look := func(h *held) { woken[h] = now }
	soon, later, far, gone := &held{}, &held{}, &held{}, &held{}
	w.arm(soon, at(1005))
	w.arm(later, at(1010))
	w.arm(far, at(9000))
	w.arm(gone, at(1010))
	w.arm(later, at(1007)) // earlier: moves
	w.arm(soon, at(1009))  // later: stays
	w.disarm(gone)
	w.disarm(gone)
	for slot := int64(1001); slot <= 1020; slot++ {
		now = slot
		w.turn(at(slot), look)
	}
	assert.Equal(t, map[*held]int64{soon: 1005, later: 1007}, woken)
	now = 99_999
	w.turn(at(now), look)
	assert.Equal(t, now, woken[far], "a stall of any length loses nobody")
}
