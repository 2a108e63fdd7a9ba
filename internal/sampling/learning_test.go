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

// lasting is a trace of one span that lasts so many seconds.
func lasting(n uint64, operation string, seconds float64) spanSpec {
	s := root(n)
	s.name = operation
	s.end = time.Duration(seconds * float64(time.Second))
	return s
}

func TestPercentileFollowsTheDistribution(t *testing.T) {
	p := compile(t, Policy{Name: "slow", Rule: SlowAmong(TraceDuration, 5, Percentile{P: 0.99, MinCount: 200, HalfLife: time.Minute})})
	r := newTally(t, testSettings(p))
	random := rand.New(rand.NewPCG(1, 9))
	n := uint64(0)
	// phase runs traces of two operations for a while and returns the share that is kept of each in its last minute.
	phase := func(minutes int, chat, search float64) (keptChat, keptSearch float64) {
		var chats, searches []uint64
		for second := range minutes * 60 {
			for range 20 {
				var specs []spanSpec
				for _, op := range []struct {
					name string
					mean float64
					ids  *[]uint64
				}{{"chat", chat, &chats}, {"search", search, &searches}} {
					n++
					specs = append(specs, lasting(n, op.name, op.mean*(0.5+random.Float64())))
					if second >= (minutes-1)*60 {
						*op.ids = append(*op.ids, n)
					}
				}
				r.consume(batch(specs...))
			}
			r.pass(time.Second)
			r.collect()
		}
		r.pass(10 * time.Second)
		r.collect()
		share := func(ids []uint64) float64 {
			kept := 0
			for _, id := range ids {
				kept += r.spans[traceID(id)]
			}
			return float64(kept) / float64(len(ids))
		}
		return share(chats), share(searches)
	}
	chat, search := phase(5, 2, 0.1)
	assert.InDelta(t, 0.01, chat, 0.01)
	assert.InDelta(t, 0.01, search, 0.01)
	chat, search = phase(10, 20, 0.1)
	assert.InDelta(t, 0.01, chat, 0.01, "what was slow before is ordinary now")
	assert.InDelta(t, 0.01, search, 0.01)
	seen := map[Kind]float64{}
	r.Thresholds(func(k Kind, seconds float64) { seen[k] = seconds })
	require.Len(t, seen, 2)
	assert.InEpsilon(t, 30, seen[Kind{"shop", "", "chat"}], 0.02)
	assert.InEpsilon(t, 0.15, seen[Kind{"shop", "", "search"}], 0.02)
}

func TestStaticThresholdHoldsUntilEnoughIsKnown(t *testing.T) {
	p := compile(t, Policy{Name: "slow", Rule: SlowAmong(TraceDuration, 5, Percentile{P: 0.5, MinCount: 200, HalfLife: time.Hour})})
	r := newTally(t, testSettings(p))
	for n := range uint64(100) {
		r.consume(batch(lasting(n, "chat", 4.9), lasting(1000+n, "chat", 5.1)))
	}
	r.pass(8 * time.Second)
	r.collect()
	assert.Zero(t, r.spans[traceID(1)])
	assert.Equal(t, 1, r.spans[traceID(1001)])
	assert.Len(t, r.spans, 100)
}

func TestFloorAndCeilingBoundWhatIsLearnt(t *testing.T) {
	for _, tc := range []struct {
		name           string
		floor, ceiling float64
		want           float64
	}{{"floor", 3, 0, 3}, {"ceiling", 0, 0.5, 0.5}, {"neither", 0, 0, 1}} {
		t.Run(tc.name, func(t *testing.T) {
			table := newThresholds(Percentile{P: 0.9, MinCount: 10, Floor: tc.floor, Ceiling: tc.ceiling, HalfLife: time.Hour})
			for range 100 {
				table.add(Kind{}, 1, 1)
			}
			table.tick(int64(time.Second))
			got, known := table.of(Kind{})
			require.True(t, known)
			assert.InEpsilon(t, tc.want, got, 0.03)
		})
	}
}

func TestKindsAreBounded(t *testing.T) {
	table := newThresholds(Percentile{P: 0.9, MinCount: 1, HalfLife: time.Hour})
	for i := range 3 * maxKinds {
		table.add(Kind{Service: fmt.Sprint(i)}, 1, int64(i))
	}
	assert.Len(t, table.kinds, maxKinds)
	assert.Equal(t, int64(2*maxKinds), table.forgotten())
	assert.Contains(t, table.kinds, Kind{Service: fmt.Sprint(3*maxKinds - 1)})
}

func TestAdaptiveHitsItsTargetAMinuteAfterAStep(t *testing.T) {
	for _, bytes := range []bool{false, true} {
		t.Run(fmt.Sprint("bytes ", bytes), func(t *testing.T) {
			rule, target := AdaptiveTraces(50, []Field{ByOperation}), 50.0
			if bytes {
				one := batch(lasting(1, "busy", 1))
				in := newIntake(&Settings{Program: compile(t, Policy{Rule: BytesLimit(1, 1)}), NewDescriber: func() Describer { return &plainDescriber{} }})
				in.read(one)
				size := float64(in.arrivals[0].wireBytes)
				rule, target = AdaptiveBytes(50*size, []Field{ByOperation}), 50
			}
			r := newTally(t, testSettings(compile(t, Policy{Name: "a", Rule: rule})))
			n := uint64(0)
			load := func(seconds, busy int) {
				for range seconds {
					specs := []spanSpec{}
					for range busy {
						n++
						specs = append(specs, lasting(n, "busy", 1))
					}
					for range 5 {
						n++
						specs = append(specs, lasting(n, "rare", 1))
					}
					r.consume(batch(specs...))
					r.pass(time.Second)
					r.collect()
				}
			}
			load(60, 100)
			for _, busy := range []int{1000, 200} {
				load(60, busy)
				before := len(r.spans)
				load(60, busy)
				assert.InEpsilon(t, target, float64(len(r.spans)-before)/60, 0.1, "at %d traces a second", busy)
			}
		})
	}
}

func TestAdaptiveLeavesRareKeysAlone(t *testing.T) {
	flows := []*flow{{rate: 1000}, {rate: 2}, {rate: 30}}
	shareOut(50, flows)
	byRate := map[float64]uint64{}
	for _, f := range flows {
		byRate[f.rate] = f.threshold
	}
	assert.Zero(t, byRate[2])
	assert.Equal(t, ThresholdOf(100*24./30), byRate[30])
	assert.Equal(t, ThresholdOf(100*24./1000), byRate[1000])
}

func TestDiverseKeepsOneOfEachKindInAWhile(t *testing.T) {
	r := newTally(t, testSettings(compile(t, Policy{Name: "d", Rule: Diverse(10 * time.Minute)})))
	kinds := []map[string]any{{"tool": "a"}, {"tool": "b"}, {"agent": "a"}, {"agent": "a", "tool": "b"}}
	n := uint64(0)
	round := func() {
		for _, k := range kinds {
			for range 3 {
				n++
				s := root(n)
				s.attributes = k
				r.consume(batch(s))
			}
		}
		r.pass(8 * time.Second)
		r.collect()
	}
	round()
	assert.Len(t, r.spans, len(kinds))
	round()
	assert.Len(t, r.spans, len(kinds), "not again so soon")
	r.pass(10 * time.Minute)
	round()
	assert.Len(t, r.spans, 2*len(kinds))
}
