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
				uint64(k), f.severity, f.rule, f.period, f.count, f.id, f.first, e.toolNames(r.toolsOf(&f)), waste.tokens, waste.usd()))
		}
	}
	sort.Strings(all)
	return all
}

// randomTrace makes agents' runs: steps that are no agents between the calls and their agent, calls at once, parts of calls, model calls,
// users' turns, and the same calls told by log records and messages.
func randomTrace(rng *rand.Rand, number int) []Observation {
	s := newScript(number)
	one := func(in int) bool { return rng.IntN(in) == 0 }
	for a := range 1 + rng.IntN(2) {
		agent := number*1000 + 900 + a
		s.spans = append(s.spans, Observation{Role: Agent, Trace: s.trace, Span: span(agent), Parent: span(s.agent), Start: s.at, End: s.at + 100*second})
		vocabulary := 1 + rng.IntN(3)
		for i := range 3 + rng.IntN(14) {
			parent := span(agent)
			if one(2) {
				step := s.add(Observation{Parent: parent})
				parent = step.Span
			}
			tool, args := []string{"get", "find"}[rng.IntN(2)], fmt.Sprint(rng.IntN(vocabulary))
			id := fmt.Sprintf("call_%d_%d", a, i)
			if one(2) {
				s.randomModel(rng, parent, Call{Tool: tool, ID: id, Args: s.fingerprints.Call(tool, args)})
			}
			c := s.call(tool, args, []string{"x", "x", "x", "!boom", "?"}[rng.IntN(5)])
			c.Parent, c.Call.ID, c.Session = parent, id, "s1"
			called, tells := *c, c.Span
			if one(3) {
				called.Record, called.Span, called.Parent = uint64(number*1000+i*10+a+1), SpanID{}, SpanID{}
				called.Call.Outcome = s.outcome("!told by the log")
				s.spans = append(s.spans, called)
			}
			if one(6) {
				s.at -= second * 9 / 10 // the next call overlaps
			}
			if one(5) {
				s.add(Observation{Role: Part, Parent: tells, Call: Call{Outcome: s.outcome("!inner")}})
			}
		}
	}
	s.spans = append(s.spans, Observation{Trace: s.trace, Span: span(s.agent), Start: epoch, End: s.at})
	return s.spans
}

// randomModel is a model call that may tell which call it asks for.
func (s *script) randomModel(rng *rand.Rand, parent SpanID, asked Call) {
	m := s.model(int64(rng.IntN(100)), float64(rng.IntN(1000))/1e6)
	m.Parent = parent
	if rng.IntN(3) == 0 {
		m.Exchange = Hash{1, uint64(rng.IntN(2)) + 1}
	}
	if rng.IntN(12) == 0 {
		m.UserTurn = Hash{1, uint64(rng.IntN(3)) + 1}
	}
	if rng.IntN(3) == 0 {
		m.Calls = []Call{asked}
	}
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
	for seed := range uint64(250) {
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

func TestNewsIsNoLoop(t *testing.T) {
	news := 0
	for seed := range uint64(250) {
		e := newEngine(t, nil)
		observeAll(e, randomTrace(rand.New(rand.NewPCG(seed, 2)), int(seed)+1))
		for _, r := range e.runs {
			for hi := range r.calls {
				if !r.isNews(hi) || hi+1 < len(r.calls) && r.calls[hi+1].is(callJoined) {
					continue
				}
				news++
				require.Equal(t, None, e.judge.among(r, hi).severity, "seed %d, call %d", seed, hi)
			}
		}
	}
	require.Greater(t, news, 500, "the random runs are to contain calls that are news")
}
