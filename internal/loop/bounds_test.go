// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"encoding/binary"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSizes(t *testing.T) {
	assert.Equal(t, uintptr(64), unsafe.Sizeof(call{}))
	assert.Equal(t, uintptr(24), unsafe.Sizeof(modelCall{}))
	assert.LessOrEqual(t, unsafe.Sizeof(run{}), uintptr(112))
}

// liveBytes is what a function leaves on the heap. What other tests have left in pools is gone after the second collection.
func liveBytes(f func() any) int64 {
	var before, after runtime.MemStats
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&before)
	kept := f()
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(kept)
	return int64(after.HeapAlloc) - int64(before.HeapAlloc)
}

// fill gives an engine runs of so many tool calls, each after a model call, of agents that are still at work.
func fill(e *Engine, runs, calls int) {
	var o Observation
	for i := range runs {
		tr := traceOf(i + 1)
		for j := range calls {
			at := epoch + int64(j)*second
			o = Observation{Role: Model, Trace: tr, Span: span(i<<16 + 2*j + 2), Parent: span(i << 16), Start: at, End: at + 1000, Usage: Usage{Tokens: 100, Cost: 0.01}}
			e.Observe(&o, epoch)
			at += second / 2
			o = Observation{Role: Tool, Trace: tr, Span: span(i<<16 + 2*j + 3), Parent: span(i << 16), Start: at, End: at + 1000}
			o.Call = Call{Tool: "get", Args: Hash{uint64(j), 1}, Outcome: Outcome{Hash: Hash{uint64(j), 2}, Known: true}}
			e.Observe(&o, epoch)
		}
	}
}

// TestMemory is done-when 6 of issue 6, and the budget of design.md section 6: a run of ten tool calls and ten model calls takes a kilobyte.
func TestMemory(t *testing.T) {
	const runs = 50_000
	whole := liveBytes(func() any {
		e := newEngine(t, func(c *Config) { c.MaxRuns = runs })
		fill(e, runs, 10)
		require.Equal(t, runs, e.Stats().Runs)
		return e
	})
	nodes := int64(len(newNodeTable(runs).sets)) * int64(unsafe.Sizeof([nodesPerSet]node{}))
	t.Logf("%d runs of ten calls: %.1f MB, %d bytes a run and %.1f MB for ancestors", runs, float64(whole)/(1<<20), (whole-nodes)/runs, float64(nodes)/(1<<20))
	assert.Less(t, whole, int64(64<<20))
	assert.LessOrEqual(t, (whole-nodes)/runs, int64(1024))
}

func TestMemoryOfAFullRing(t *testing.T) {
	const runs = 3000
	whole := liveBytes(func() any {
		e := newEngine(t, func(c *Config) { c.MaxRuns = runs })
		fill(e, runs, 100)
		return e
	})
	nodes := int64(len(newNodeTable(runs).sets)) * int64(unsafe.Sizeof([nodesPerSet]node{}))
	t.Logf("%d bytes a full ring", (whole-nodes)/runs)
	assert.LessOrEqual(t, (whole-nodes)/runs, int64(6<<10))
}

func TestTheRunSeenLeastRecentlyMakesRoom(t *testing.T) {
	e := newEngine(t, func(c *Config) { c.MaxRuns = 3 })
	looping := newScript(1).calls(times(3, "get(1)=x")...)
	observeAll(e, looping.spans)
	for i := 2; i <= 3; i++ {
		observeAll(e, newScript(i).calls("get(1)=x").spans)
	}
	looping.calls("get(1)=x")
	require.Equal(t, Detected, e.Observe(&looping.spans[3], epoch).Severity)
	observeAll(e, newScript(4).calls("get(1)=x").spans)
	assert.Equal(t, Stats{Runs: 3, EvictedLimit: 1}, e.Stats())
	assert.Len(t, e.Loops(), 1, "the one that was seen just now stays")
}

// TestARunThatTakesAnothersPlaceHasNothingOfIt compares with an engine that makes each run anew.
func TestARunThatTakesAnothersPlaceHasNothingOfIt(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for runs := 1; runs <= 4; runs++ {
		few := func(c *Config) { c.MaxRuns = runs; c.Limits.Steps = 20 }
		again, anew := newEngine(t, few), newEngine(t, few)
		taken := 0
		for now := epoch; now < epoch+20_000*second; now += second {
			var random [8]byte
			binary.LittleEndian.PutUint64(random[:], rng.Uint64())
			o := fuzzed(random[:], rng)
			o.Trace = traceOf(int(random[1] % 16))
			had, twin := again.gone != nil, o
			anew.spare, anew.gone = nil, nil
			require.Equal(t, anew.Observe(&twin, now), again.Observe(&o, now))
			if had && again.spare == nil {
				taken++
			}
		}
		require.Equal(t, anew.Stats(), again.Stats())
		require.Equal(t, anew.Loops(), again.Loops())
		require.Positive(t, taken)
	}
}

func TestIdleRunsAndSessionsAreForgotten(t *testing.T) {
	e := newEngine(t, nil)
	observeAll(e, newScript(1).calls("get(1)=x").spans)
	record := Observation{Record: 1, Role: Tool, Service: "shop", Session: "s", Call: Call{Tool: "get"}, Start: epoch, End: epoch}
	e.Observe(&record, epoch)
	require.Equal(t, 2, e.Stats().Runs)
	e.Expire(epoch + int64(16*time.Minute))
	assert.Equal(t, 1, e.Stats().Runs, "a session is remembered for an hour")
	e.Expire(epoch + int64(61*time.Minute))
	assert.Equal(t, Stats{EvictedIdle: 2}, e.Stats())
}

func TestCallsWithoutArgumentsAreCounted(t *testing.T) {
	e := newEngine(t, nil)
	s := newScript(1).calls("get(?)=x", "get(1)=x")
	observeAll(e, s.spans)
	observeAll(e, s.spans)
	assert.Equal(t, int64(1), e.Stats().CallsNoArgs)
}

func TestToolNamesAreBounded(t *testing.T) {
	tools, err := newToolTable(DefaultThresholds(), nil)
	require.NoError(t, err)
	for i := range maxTools + 100 {
		var name [4]byte
		binary.BigEndian.PutUint32(name[:], uint32(i))
		tools.number("t" + string(name[:]))
	}
	assert.LessOrEqual(t, len(tools.traits), maxTools+1)
	assert.Equal(t, otherTools, tools.of(tools.number("one more")).name)
}

func TestTracesAndLogsAtOnce(t *testing.T) {
	e := newEngine(t, nil)
	var wg sync.WaitGroup
	for i := range 8 {
		s := newScript(i + 1).calls(times(20, "get(1)=!refused")...)
		wg.Go(func() {
			for j := range s.spans {
				o := s.spans[j]
				e.Observe(&o, epoch)
				o.Record, o.Session = uint64(i*1000+j+1), "s"
				e.Observe(&o, epoch)
			}
		})
	}
	wg.Wait()
	assert.Len(t, e.Loops(), 9)
}

// FuzzObserve: no panic, and bounded state, whatever arrives.
func FuzzObserve(f *testing.F) {
	f.Add([]byte{2, 1, 0, 3, 4, 5, 6, 7, 2, 2, 0, 3, 4, 5, 6, 7}, uint64(1))
	f.Add([]byte("a longer seed of which every eight bytes are an observation, in turn"), uint64(7))
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 2))
		e := newEngine(t, func(c *Config) { c.MaxRuns = 4; c.Limits.Steps = 20 })
		e.KeepState()
		for len(data) >= 8 {
			o := fuzzed(data[:8], rng)
			e.Observe(&o, epoch+int64(data[7])*second*60)
			data = data[8:]
		}
		require.LessOrEqual(t, e.Stats().Runs, 4)
		e.Loops()
		for _, r := range e.runs {
			require.LessOrEqual(t, len(r.calls), maxCalls)
			require.LessOrEqual(t, len(r.models), maxModels)
			for i := 1; i < len(r.calls); i++ {
				require.LessOrEqual(t, compareCalls(&r.calls[i-1], &r.calls[i]), 0)
			}
		}
		for _, shard := range e.ChangedShards() {
			require.NoError(t, newEngine(t, nil).Restore(e.Shard(shard), epoch))
		}
	})
}

// fuzzed makes an observation of eight bytes: few ids, so that they meet.
func fuzzed(b []byte, rng *rand.Rand) Observation {
	o := Observation{
		Role: Role(b[0] % 6), Trace: traceOf(int(b[1] % 2)), Span: span(int(b[1]%32) + 1), Start: epoch + int64(b[2])*second/8, Service: "s", Scope: "c",
	}
	o.End = o.Start + int64(b[3])*second/64
	if b[3]%4 != 0 {
		o.Parent = span(int(b[3]%32) + 1)
	}
	if b[4]%8 == 0 {
		o.Record = uint64(b[4]) + 1
	}
	if b[4]%3 == 0 {
		o.Session = "s"
	}
	if b[4]%16 == 1 {
		o.RunKey = "r"
	}
	outcome := Outcome{Hash: Hash{1, uint64(b[5] % 2)}, Known: b[5]%4 != 0, Failed: b[5]%8 == 1}
	ids := []string{"", "a", "b"}
	o.Call = Call{Tool: []string{"", "get", "wait", "find"}[b[6]%4], ID: ids[b[6]%3], Args: Hash{uint64(b[6] % 2), 3}, NoArgs: b[6]%16 == 0, Outcome: outcome}
	o.Usage = Usage{Tokens: int64(b[5]), Cost: rng.Float64()}
	if b[7]%4 == 0 {
		o.Calls = []Call{o.Call, {Tool: "x", ID: ids[b[7]%3]}}
		o.Results = []Result{{ID: ids[b[6]%3], Outcome: outcome}}
		o.UserTurn, o.Exchange = Hash{1, uint64(b[5] % 3)}, Hash{1, uint64(b[5] % 2)}
	}
	return o
}
