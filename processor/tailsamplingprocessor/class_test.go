// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/genai"
)

// classes are the distinct classes that spans carry.
func classes(batches []ptrace.Traces) map[string]int {
	out := map[string]int{}
	for _, td := range batches {
		for _, rs := range td.ResourceSpans().All() {
			for _, ss := range rs.ScopeSpans().All() {
				for _, span := range ss.Spans().All() {
					class, _ := span.Attributes().Get("llmcol.sampling.class")
					out[class.Str()]++
				}
			}
		}
	}
	return out
}

// The class is a fact of the trace, whatever the policies look at.
func TestClassIsThereWhateverThePolicies(t *testing.T) {
	for policies, configured := range map[string][]PolicyConfig{
		"only contrib's": {{Name: "all", Type: "always_sample"}},
		"ours, too":      {{Name: "errors", Type: "error"}, {Name: "all", Type: "always_sample"}},
		"other limits": {
			{Name: "all", Type: "always_sample"}, {Name: "slow", Type: "slow", Slow: SlowConfig{Threshold: time.Second}},
			{Name: "slower", Type: "slow", Slow: SlowConfig{Threshold: time.Minute}},
			{Name: "costly", Type: "cost_over", CostOver: ThresholdConfig{Threshold: 0.1}},
		},
	} {
		limited := policies == "other limits"
		for _, tc := range []struct {
			class, underLimits string
			spans              []func(ptrace.Span)
		}{
			{"normal", "slow", spans(chat(nil), chat(nil))},
			{"error", "error", spans(chat(nil), chat(settings{"error.type": "timeout", genai.LoopSeverityKey: "critical"}))},
			{"loop", "loop", spans(chat(nil), tool(settings{genai.LoopSeverityKey: "detected"}))},
			{"normal", "slow", spans(chat(nil), tool(settings{genai.LoopSeverityKey: "suspected"}))},
			{"slow", "slow", spans(chat(nil), later(4*time.Second, chat(nil)))},
			{"costly", "slow", spans(chat(settings{"gen_ai.usage.cost": 0.6}), chat(settings{"gen_ai.usage.cost": 0.6}))},
		} {
			t.Run(policies+"/"+tc.class, func(t *testing.T) {
				s, next := startSampler(t, func(c *Config) {
					c.Settle, c.Policies = 10*time.Millisecond, configured
				})
				want := tc.class
				if limited {
					want = tc.underLimits
				}
				require.NoError(t, s.ConsumeTraces(t.Context(), traceOf(tc.spans)[0]))
				require.Eventually(t, func() bool { return next.SpanCount() == 2 }, 10*time.Second, time.Millisecond)
				late := traceOf(spans(chat(nil)))[0]
				late.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).SetSpanID(pcommon.SpanID{77})
				require.NoError(t, s.ConsumeTraces(t.Context(), late))
				require.Eventually(t, func() bool { return next.SpanCount() == 3 }, 10*time.Second, time.Millisecond)
				assert.Equal(t, map[string]int{want: 3}, classes(next.AllTraces()), "the late span, too")
			})
		}
	}
}
