// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	contrib "github.com/open-telemetry/opentelemetry-collector-contrib/processor/tailsamplingprocessor"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/featuregate"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"
)

// consistentSampling switches contrib to the randomness of the OpenTelemetry sampling specification for a test.
func consistentSampling(t testing.TB) {
	const gate = "processor.tailsamplingprocessor.usetracestate"
	require.NoError(t, featuregate.GlobalRegistry().Set(gate, true))
	t.Cleanup(func() { require.NoError(t, featuregate.GlobalRegistry().Set(gate, false)) })
}

type settings = map[string]any

// keptBy runs traces through a processor with the given policies, decides them by shutting it down, and returns how
// many spans of each trace came out.
func keptBy(t testing.TB, factory processor.Factory, policies []any, traces []ptrace.Traces) map[pcommon.TraceID]int {
	cfg := factory.CreateDefaultConfig()
	require.NoError(t, confmap.NewFromStringMap(settings{"policies": policies}).Unmarshal(cfg))
	require.NoError(t, confmap.Validate(cfg))
	next := new(consumertest.TracesSink)
	p, err := factory.CreateTraces(t.Context(), processortest.NewNopSettings(factory.Type()), cfg, next)
	require.NoError(t, err)
	require.NoError(t, p.Start(t.Context(), host{}))
	for _, td := range traces {
		own := ptrace.NewTraces()
		td.CopyTo(own)
		require.NoError(t, p.ConsumeTraces(t.Context(), own))
	}
	require.NoError(t, p.Shutdown(context.Background()))
	kept := map[pcommon.TraceID]int{}
	for _, td := range next.AllTraces() {
		for _, rs := range td.ResourceSpans().All() {
			for _, ss := range rs.ScopeSpans().All() {
				for _, span := range ss.Spans().All() {
					kept[span.TraceID()]++
				}
			}
		}
	}
	return kept
}

func keptByContrib(t testing.TB, policies []any, traces []ptrace.Traces) map[pcommon.TraceID]int {
	return keptBy(t, contrib.NewFactory(), policies, traces)
}

func keptByUs(t testing.TB, policies []any, traces []ptrace.Traces) map[pcommon.TraceID]int {
	return keptBy(t, NewFactory(), policies, traces)
}

var words = []string{"checkout", "search", "chat", "", "chatter"}

// leaf is a random policy whose decision depends on nothing but the trace.
func leaf(r *rand.Rand) settings {
	key := fmt.Sprint("k", r.IntN(3))
	choices := []settings{
		{"type": "always_sample"},
		{"type": "latency", "latency": settings{"threshold_ms": r.IntN(3000)}},
		{"type": "numeric_attribute", "numeric_attribute": settings{
			"key": "n" + key, "min_value": r.IntN(50), "max_value": 1 + r.IntN(100), "invert_match": r.IntN(3) == 0}},
		{"type": "probabilistic", "probabilistic": settings{"sampling_percentage": r.Float64() * 100}},
		{"type": "status_code", "status_code": settings{"status_codes": []any{[]string{"OK", "ERROR", "UNSET"}[r.IntN(3)]}}},
		{"type": "string_attribute", "string_attribute": settings{
			"key": "s" + key, "values": []any{words[r.IntN(len(words))], words[r.IntN(len(words))]}, "invert_match": r.IntN(3) == 0}},
		{"type": "string_attribute", "string_attribute": settings{
			"key": "s" + key, "values": []any{"^ch", "a.c"}, "enabled_regex_matching": true, "cache_max_size": 3, "invert_match": r.IntN(3) == 0}},
		{"type": "boolean_attribute", "boolean_attribute": settings{
			"key": "b" + key, "value": r.IntN(2) == 0, "invert_match": r.IntN(3) == 0}},
		{"type": "trace_state", "trace_state": settings{"key": "vendor", "values": []any{"a", "b"}[:1+r.IntN(2)]}},
		{"type": "trace_flags"},
		{"type": "span_count", "span_count": settings{"min_spans": r.IntN(5), "max_spans": r.IntN(9)}},
		{"type": "ottl_condition", "ottl_condition": settings{"error_mode": "ignore",
			"span": []any{fmt.Sprintf(`attributes["nk0"] == %d`, r.IntN(20)), `span.name == "chat"`}, "spanevent": []any{`name == "exception"`}}},
	}
	c := choices[r.IntN(len(choices))]
	c["name"] = fmt.Sprint("leaf", r.Uint32())
	return c
}

// tree is a random policy of leaves, nested as far as contrib lets them be.
func tree(r *rand.Rand) settings {
	name := fmt.Sprint("policy", r.Uint32())
	not := func() settings {
		return settings{"name": name + "n", "type": "not", "not": settings{"not_sub_policy": leaf(r)}}
	}
	parts := func() (out []any) {
		for range 1 + r.IntN(3) {
			if r.IntN(3) == 0 {
				out = append(out, not())
			} else {
				out = append(out, leaf(r))
			}
		}
		return out
	}
	switch r.IntN(6) {
	case 0:
		return settings{"name": name, "type": "and", "and": settings{"and_sub_policy": parts()}}
	case 1:
		return not()
	case 2:
		return settings{"name": name, "type": "drop", "drop": settings{"drop_sub_policy": parts()}}
	}
	return leaf(r)
}

func randomSpan(r *rand.Rand, span ptrace.Span) {
	start := time.Unix(1_700_000_000, 0).Add(time.Duration(r.IntN(2000)) * time.Millisecond)
	span.SetStartTimestamp(pcommon.NewTimestampFromTime(start))
	span.SetEndTimestamp(pcommon.NewTimestampFromTime(start.Add(time.Duration(r.IntN(2000)) * time.Millisecond)))
	span.SetName(words[r.IntN(len(words))])
	span.Status().SetCode(ptrace.StatusCode(r.IntN(3)))
	span.SetFlags(r.Uint32N(2))
	if r.IntN(4) == 0 {
		span.Events().AppendEmpty().SetName("exception")
	}
	randomAttributes(r, span.Attributes())
}

func randomAttributes(r *rand.Rand, m pcommon.Map) {
	for _, key := range []string{"k0", "k1", "k2"} {
		if r.IntN(4) == 0 {
			m.PutStr("s"+key, words[r.IntN(len(words))])
		}
		if r.IntN(4) == 0 {
			m.PutInt("n"+key, r.Int64N(120)-10)
		}
		if r.IntN(4) == 0 {
			m.PutBool("b"+key, r.IntN(2) == 0)
		}
	}
}

// randomTraces are traces whose spans lie scattered over batches, resources and scopes. Each has its randomness in
// its trace state, which is what makes contrib go by it.
func randomTraces(r *rand.Rand, traces int) []ptrace.Traces {
	batches := make([]ptrace.Traces, 1+r.IntN(3))
	var scopes []ptrace.ScopeSpans
	for i := range batches {
		batches[i] = ptrace.NewTraces()
		for range 1 + r.IntN(3) {
			rs := batches[i].ResourceSpans().AppendEmpty()
			if r.IntN(2) == 0 {
				randomAttributes(r, rs.Resource().Attributes())
			}
			scopes = append(scopes, rs.ScopeSpans().AppendEmpty(), rs.ScopeSpans().AppendEmpty())
		}
	}
	for range traces {
		var id pcommon.TraceID
		binary.BigEndian.PutUint64(id[:], r.Uint64())
		binary.BigEndian.PutUint64(id[8:], r.Uint64())
		state := fmt.Sprintf("ot=rv:%014x", r.Uint64()>>8)
		if r.IntN(2) == 0 {
			state = "vendor=" + []string{"a", "b", "c"}[r.IntN(3)] + "," + state
		}
		for i := range 1 + r.IntN(8) {
			span := scopes[r.IntN(len(scopes))].Spans().AppendEmpty()
			span.SetTraceID(id)
			span.SetSpanID(pcommon.SpanID{byte(i + 1)})
			if i > 0 {
				span.SetParentSpanID(pcommon.SpanID{1})
			}
			span.TraceState().FromRaw(state)
			randomSpan(r, span)
		}
	}
	return batches
}

func TestDecidesAsContribDoes(t *testing.T) {
	consistentSampling(t)
	runs := uint64(3000)
	if testing.Short() {
		runs = 300
	}
	kept, all := 0, 0
	for seed := range runs {
		r := rand.New(rand.NewPCG(seed, 3))
		var policies []any
		for range 1 + r.IntN(4) {
			policies = append(policies, tree(r))
		}
		traces := randomTraces(r, 25)
		want := keptByContrib(t, policies, traces)
		require.Equal(t, named(want), named(keptByUs(t, policies, traces)), "seed %d: %v", seed, policies)
		kept += len(want)
		all += 25
	}
	assert.Greater(t, kept, all/10, "the comparison is of something")
	assert.Less(t, kept, all*9/10)
}

// plainTraces are n traces of the given spans each, in one batch, with their randomness in their trace state.
func plainTraces(n, spans int, each func(i int, span ptrace.Span)) []ptrace.Traces {
	r := rand.New(rand.NewPCG(5, 6))
	td := ptrace.NewTraces()
	ss := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty()
	for range n {
		var id pcommon.TraceID
		binary.BigEndian.PutUint64(id[:], r.Uint64())
		binary.BigEndian.PutUint64(id[8:], r.Uint64())
		state := fmt.Sprintf("ot=rv:%014x", r.Uint64()>>8)
		for i := range spans {
			span := ss.Spans().AppendEmpty()
			span.SetTraceID(id)
			span.SetSpanID(pcommon.SpanID{byte(i + 1)})
			span.TraceState().FromRaw(state)
			if each != nil {
				each(i, span)
			}
		}
	}
	return []ptrace.Traces{td}
}

func spansOf(kept map[pcommon.TraceID]int) (n int) {
	for _, spans := range kept {
		n += spans
	}
	return n
}

func TestAdmitsAsMuchAsContribDoes(t *testing.T) {
	for name, policy := range map[string]settings{
		"rate_limiting":        {"rate_limiting": settings{"spans_per_second": 1500}},
		"rate_limiting, burst": {"type": "rate_limiting", "rate_limiting": settings{"spans_per_second": 500, "burst_capacity": 2500}},
		"bytes_limiting":       {"bytes_limiting": settings{"bytes_per_second": 100_000}},
		"composite": {"composite": settings{
			"max_total_spans_per_second": 2000,
			"policy_order":               []any{"errors", "rest"},
			"composite_sub_policy": []any{
				settings{"name": "errors", "type": "status_code", "status_code": settings{"status_codes": []any{"ERROR"}}},
				settings{"name": "rest", "type": "always_sample"},
			},
			"rate_allocation": []any{settings{"policy": "errors", "percent": 40}, settings{"policy": "rest", "percent": 60}},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			consistentSampling(t)
			policy["name"] = "p"
			if policy["type"] == nil {
				policy["type"] = name
			}
			traces := plainTraces(2000, 5, func(i int, span ptrace.Span) {
				if i == 0 && span.TraceID()[0]%2 == 0 {
					span.Status().SetCode(ptrace.StatusCodeError)
				}
				span.Attributes().PutStr("text", "some text of ordinary length")
			})
			want := spansOf(keptByContrib(t, []any{policy}, traces))
			got := spansOf(keptByUs(t, []any{policy}, traces))
			require.Positive(t, want)
			assert.InEpsilon(t, want, got, 0.05)
		})
	}
}

// named makes a difference readable.
func named(kept map[pcommon.TraceID]int) map[string]int {
	out := map[string]int{}
	for id, n := range kept {
		out[id.String()] = n
	}
	return out
}
