// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"testing"

	"github.com/stretchr/testify/require"
)

// final is the engine's state as far as it can be told: the worst loop of each run.
func final(e *Engine) []string {
	var all []string
	for k, r := range e.runs {
		if f := e.worstLoop(r); f.severity != None {
			waste := r.wasted(&loopRecord{}, f.firstEnd, f.until)
			all = append(all, fmt.Sprintf("%x %s %s period %d count %d %s first %x tools %v wasted %d %.10f",
				uint64(k), f.severity, f.rule, f.period, f.count, f.id, f.first, e.toolsOf(r, &f), waste.tokens, waste.usd()))
		}
	}
	sort.Strings(all)
	return all
}

// randomTrace makes an agent's run: steps that are not agents between the calls and the agent, several sub-agents, parallel calls, parts,
// model calls, users' turns, log records and messages of the same calls.
func randomTrace(rng *rand.Rand, number int) []Observation {
	s := newScript(number)
	pick := func(n int) int { return rng.IntN(n) }
	agents := 1 + pick(2)
	for a := range agents {
		agent := number*1000 + 900 + a
		s.spans = append(s.spans, Observation{Role: Agent, Trace: s.trace, Span: span(agent), Parent: span(s.agent), Start: s.at, End: s.at + 100*second})
		vocabulary := 1 + pick(3)
		for range 3 + pick(14) {
			parent := agent
			if pick(2) == 0 {
				step := s.add(Observation{Parent: span(agent)})
				parent = s.next - 1
				_ = step
			}
			if pick(2) == 0 {
				m := s.model(int64(pick(100)), float64(pick(1000))/1e6)
				m.Parent = span(parent)
				if pick(3) == 0 {
					m.Exchange = Hash{1, uint64(pick(2)) + 1}
				}
				if pick(12) == 0 {
					m.UserTurn = Hash{1, uint64(pick(3)) + 1}
				}
			}
			arg := pick(vocabulary)
			result := []string{"x", "x", "x", "!boom", "?"}[pick(5)]
			c := s.call([]string{"get", "find"}[pick(2)], fmt.Sprint(arg), result)
			c.Parent = span(parent)
			if pick(6) == 0 {
				s.at -= second * 9 / 10 // the next call overlaps
			}
			if pick(5) == 0 {
				tool := s.spans[len(s.spans)-1].Span
				o := s.add(Observation{Role: Part, Call: Call{Outcome: s.outcome("!inner")}})
				o.Parent = tool
			}
		}
	}
	s.spans = append(s.spans, Observation{Trace: s.trace, Span: span(s.agent), Start: epoch, End: s.at})
	return s.spans
}

// shuffled gives the spans in another order, some of them twice or three times.
func shuffled(rng *rand.Rand, spans []Observation) []Observation {
	out := append([]Observation(nil), spans...)
	for range rng.IntN(len(spans)) {
		out = append(out, spans[rng.IntN(len(spans))])
	}
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func TestFinalVerdictDoesNotDependOnArrival(t *testing.T) {
	found := 0
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 1))
		spans := randomTrace(rng, int(seed)+1)
		inOrder := newEngine(t, nil)
		observeAll(inOrder, spans)
		want := final(inOrder)
		found += len(want)
		for range 4 {
			e := newEngine(t, nil)
			observeAll(e, shuffled(rng, spans))
			require.Equal(t, want, final(e), "seed %d", seed)
		}
	}
	require.Greater(t, found, 100, "the random runs are to contain loops")
}
