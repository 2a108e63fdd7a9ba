// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/trace"
)

// randomRule is a random tree of the rules that decide by the trace alone.
func randomRule(r *rand.Rand, depth int) Rule {
	parts := func() (out []Rule) {
		for range 1 + r.IntN(3) {
			out = append(out, randomRule(r, depth-1))
		}
		return out
	}
	if depth > 0 {
		switch r.IntN(6) {
		case 0:
			return And(parts()...)
		case 1:
			return Or(parts()...)
		case 2:
			return Not(randomRule(r, depth-1))
		}
	}
	status, _ := StatusCode([]string{"ERROR"})
	return []Rule{
		Failed(), status, SpanCount(int64(r.IntN(8)), int64(r.IntN(12))),
		Latency(time.Duration(r.IntN(4000))*time.Millisecond, time.Duration(r.IntN(6000))*time.Millisecond),
		Probabilistic(r.Float64() * 100), Conversation(r.Float64()*100, time.Hour),
		CostOver(r.Int64N(5e9)), TokensOver(r.Int64N(500)), ToolCallsOver(r.Int64N(5)),
		Looping(trace.Severity(1 + r.IntN(3))), Orphaned(), Unfinished(), FinishReason([]string{"length"}),
		RetrievalScoreBelow(r.Float64()), Redacted([]string{"EMAIL"}), SlowOver(TimeToFirstToken, r.Float64()*3),
		NumericAttribute("tokens", float64(r.IntN(100)), float64(r.IntN(200)), r.IntN(2) == 0),
		StringAttribute("tool", regexp.MustCompile("^a").MatchString, r.IntN(2) == 0), TraceState("vendor", []string{"x"}),
	}[r.IntN(19)]
}

func randomTrace(r *rand.Rand, n uint64) []spanSpec {
	specs := make([]spanSpec, 1+r.IntN(14))
	large := r.IntN(2) == 0
	for i := range specs {
		s := spanSpec{n: n, m: uint64(i + 1), parent: 1, start: time.Duration(r.IntN(3000)) * time.Millisecond}
		s.end = s.start + time.Duration(r.IntN(3000))*time.Millisecond
		s.failed = r.IntN(10) == 0
		s.state = []string{"", "", "", "vendor=x", fmt.Sprintf("ot=rv:%014x", r.Uint64N(maxRandomness)), "ot=th:4"}[r.IntN(6)]
		s.attributes = map[string]any{}
		for key, value := range map[string]any{
			"tokens": r.Int64N(150), "cost": r.Int64N(1e9), "tool": string(rune('a' + r.IntN(3))), "loop": r.Int64N(4),
			"conversation": fmt.Sprint(n, r.IntN(2)), "finish": []string{"stop", "length"}[r.IntN(2)],
			"retrieval": r.Float64(), "redacted": []string{"EMAIL", "PHONE"}[r.IntN(2)], "wants_tools": r.IntN(2) == 0,
			"ttft": r.Int64N(4e9),
		} {
			if r.IntN(3) == 0 {
				s.attributes[key] = value
			}
		}
		if large {
			s = prompting(s, 5000)
		}
		specs[i] = s
	}
	if r.IntN(4) > 0 {
		specs[r.IntN(len(specs))].parent = 0
	}
	return specs
}

// outcome is what a decision comes to, span by span.
func outcome(spans []ptrace.Span) map[pcommon.SpanID]string {
	out := map[pcommon.SpanID]string{}
	for _, s := range spans {
		out[s.SpanID()] = attribute(s, policyKey) + " " + attribute(s, classKey) + " " + s.TraceState().AsRaw()
	}
	return out
}

// Any interleaving, duplication and reordering of the spans of traces, within the timers, gives the decisions that
// the traces get when each comes at once.
func TestDecisionsDoNotDependOnHowSpansArrive(t *testing.T) {
	packed := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 7))
		var traces [][]spanSpec
		for n := range uint64(1 + r.IntN(6)) {
			traces = append(traces, randomTrace(r, seed*100+n))
		}
		// Each rule set is built twice from the same random numbers, since rules have state.
		policies := func() (out []Policy) {
			q := rand.New(rand.NewPCG(seed, 8))
			for i := range 1 + q.IntN(4) {
				out = append(out, Policy{Name: fmt.Sprint("p", i), Rule: randomRule(q, 2), Drop: q.IntN(6) == 0})
			}
			return out
		}
		set := testSettings(compile(t, policies()...))
		whole := newRig(t, set)
		for _, specs := range traces {
			whole.consume(batch(specs...))
			whole.pass(time.Second)
		}
		whole.pass(70 * time.Second)

		set = testSettings(compile(t, policies()...))
		shuffled := newRig(t, set)
		var all []spanSpec
		for _, specs := range traces {
			all = append(all, specs...)
			for range r.IntN(5) {
				all = append(all, specs[r.IntN(len(specs))])
			}
		}
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for at := 0; at < len(all); {
			n := min(1+r.IntN(5), len(all)-at)
			shuffled.consume(batch(all[at : at+n]...))
			at += n
			if shuffled.Stats().ColdSpans > 0 {
				packed++
			}
			shuffled.pass(time.Duration(r.IntN(3)) * 50 * time.Millisecond)
		}
		shuffled.pass(90 * time.Second)

		want, got := whole.kept(), shuffled.kept()
		for _, specs := range traces {
			id := traceID(specs[0].n)
			require.Equal(t, outcome(want[id]), outcome(got[id]), "seed %d", seed)
			require.Len(t, got[id], len(want[id]), "every span once")
		}
		whole.balanced()
		shuffled.balanced()
	}
	require.Greater(t, packed, 100, "some are packed as they come")
}
