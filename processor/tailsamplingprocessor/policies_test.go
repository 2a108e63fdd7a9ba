// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/trace"
)

// llmSpan is a span of a GenAI operation that lasts two seconds.
func llmSpan(operation string, attributes settings) func(ptrace.Span) {
	return func(s ptrace.Span) {
		start := time.Unix(1_700_000_000, 0)
		s.SetStartTimestamp(pcommon.NewTimestampFromTime(start))
		s.SetEndTimestamp(pcommon.NewTimestampFromTime(start.Add(2 * time.Second)))
		s.SetName(operation)
		if err := s.Attributes().FromRaw(attributes); err != nil {
			panic(err)
		}
		s.Attributes().PutStr("gen_ai.operation.name", operation)
	}
}

func chat(attributes settings) func(ptrace.Span) { return llmSpan("chat", attributes) }

func spans(fill ...func(ptrace.Span)) []func(ptrace.Span) { return fill }

func later(d time.Duration, fill func(ptrace.Span)) func(ptrace.Span) {
	return func(s ptrace.Span) {
		fill(s)
		s.SetStartTimestamp(pcommon.NewTimestampFromTime(s.StartTimestamp().AsTime().Add(d)))
		s.SetEndTimestamp(pcommon.NewTimestampFromTime(s.EndTimestamp().AsTime().Add(d)))
	}
}

// tool is a tool call.
func tool(attributes settings) func(ptrace.Span) { return llmSpan("execute_tool", attributes) }

// orphan takes a span's root away.
func orphan(fill func(ptrace.Span)) func(ptrace.Span) {
	return func(s ptrace.Span) {
		fill(s)
		s.SetParentSpanID(pcommon.SpanID{9})
	}
}

func times(n int, fill func(ptrace.Span)) (out []func(ptrace.Span)) {
	for range n {
		out = append(out, fill)
	}
	return out
}

// traceOf is one trace of the given spans: the first is the root, unless it says otherwise.
func traceOf(fill []func(ptrace.Span)) []ptrace.Traces {
	return plainTraces(1, len(fill), func(i int, s ptrace.Span) {
		if i > 0 {
			s.SetParentSpanID(pcommon.SpanID{1})
		}
		fill[i](s)
	})
}

// A cost counts whatever llm_cost says of how it came about, unless another span carries it.
func TestCostsCountWhateverTheirStatus(t *testing.T) {
	d := newDescriber(needOutcome, nil)
	for status, want := range map[string]int64{
		"": 0.3 * nanoUSD, "priced": 0.3 * nanoUSD, "kept": 0.3 * nanoUSD, "estimated": 0.3 * nanoUSD,
		"tier_unpriced": 0.3 * nanoUSD, "inconsistent_usage": 0.3 * nanoUSD, "counted_elsewhere": 0,
	} {
		attributes := settings{"gen_ai.usage.cost": 0.3}
		if status != "" {
			attributes[genai.CostStatusKey] = status
		}
		span, facts := ptrace.NewSpan(), trace.Span{}
		chat(attributes)(span)
		d.Describe(span, &facts)
		assert.Equal(t, want, facts.Cost, status)
	}
}

func TestAPoisonedSpanIsJudgedByWhatItTold(t *testing.T) {
	failures := 0
	d := newDescriber(needOutcome, func() { failures++ }).(*describer)
	d.reader = nil // whatever reads trips over that
	span, facts := ptrace.NewSpan(), trace.Span{}
	span.SetStartTimestamp(5)
	d.Describe(span, &facts)
	assert.Equal(t, 1, failures)
	assert.EqualValues(t, 5, facts.Start)
}

func TestPoliciesKeepAndDrop(t *testing.T) {
	wantsTool := chat(settings{"gen_ai.response.finish_reasons": []any{"tool_calls"}})
	for _, tc := range []struct {
		name       string
		policy     settings
		kept, lost []func(ptrace.Span)
	}{
		{
			"error: status", settings{"type": "error"},
			spans(func(s ptrace.Span) { s.Status().SetCode(ptrace.StatusCodeError) }),
			spans(chat(settings{"gen_ai.response.finish_reasons": []any{"length"}})),
		},
		{
			"error: a tool's result", settings{"type": "error"},
			spans(tool(settings{"gen_ai.tool.call.result": `{"isError": true}`})),
			spans(tool(settings{"gen_ai.tool.call.result": `{"isError": false}`})),
		},
		{
			"error: error.type", settings{"type": "error"},
			spans(chat(settings{"error.type": "timeout"})), spans(chat(nil)),
		},
		{
			"error: length included", settings{"type": "error", "error": settings{"include": []any{"length"}}},
			spans(chat(settings{"gen_ai.response.finish_reasons": []any{"max_tokens"}})),
			spans(chat(settings{"gen_ai.response.finish_reasons": []any{"content_filter"}})),
		},
		{
			"error: unfinished included", settings{"type": "error", "error": settings{"include": []any{"unfinished"}}},
			spans(wantsTool), spans(wantsTool, later(time.Second, tool(nil))),
		},
		{
			"slow", settings{"type": "slow", "slow": settings{"threshold": "3s"}},
			spans(chat(nil), later(1500*time.Millisecond, chat(nil))), spans(chat(nil)),
		},
		{
			"slow: 5s unless told", settings{"type": "slow"},
			spans(chat(nil), later(3500*time.Millisecond, chat(nil))), spans(chat(nil), later(2500*time.Millisecond, chat(nil))),
		},
		{
			"slow: time to first token", settings{"type": "slow", "slow": settings{"signal": "time_to_first_token", "threshold": "1s"}},
			spans(chat(settings{"gen_ai.response.time_to_first_chunk": 1.5})),
			spans(chat(settings{"gen_ai.response.time_to_first_chunk": 0.5})),
		},
		{
			"slow: pace", settings{"type": "slow", "slow": settings{"signal": "s_per_output_token", "threshold": "100ms"}},
			spans(chat(settings{"gen_ai.usage.output_tokens": 10})), spans(chat(settings{"gen_ai.usage.output_tokens": 100})),
		},
		{
			"cost_over", settings{"type": "cost_over", "cost_over": settings{"threshold": 0.5}},
			spans(chat(settings{"gen_ai.usage.cost": 0.3}), chat(settings{"gen_ai.usage.cost": 0.3, genai.CostStatusKey: "priced"})),
			spans(chat(settings{"gen_ai.usage.cost": 0.3}), chat(settings{"gen_ai.usage.cost": 0.3, genai.CostStatusKey: "counted_elsewhere"})),
		},
		{
			"tokens_over", settings{"type": "tokens_over", "tokens_over": settings{"threshold": 100}},
			spans(chat(settings{"gen_ai.usage.input_tokens": 80, "gen_ai.usage.output_tokens": 30})),
			spans(chat(settings{"gen_ai.usage.input_tokens": 80})),
		},
		{
			"tool_calls_over", settings{"type": "tool_calls_over", "tool_calls_over": settings{"threshold": 2}},
			times(3, tool(nil)), times(2, tool(nil)),
		},
		{
			"loop", settings{"type": "loop", "loop": settings{"severity": "detected"}},
			spans(tool(settings{genai.LoopSeverityKey: "critical"})), spans(tool(settings{genai.LoopSeverityKey: "suspected"})),
		},
		{
			"finish_reason", settings{"type": "finish_reason", "finish_reason": settings{"reasons": []any{"content_filter"}}},
			spans(chat(settings{"gen_ai.response.finish_reasons": []any{"stop", "SAFETY"}})),
			spans(chat(settings{"gen_ai.response.finish_reasons": []any{"stop"}})),
		},
		{
			"retrieval_score_below", settings{"type": "retrieval_score_below", "retrieval_score_below": settings{"threshold": 0.5}},
			spans(llmSpan("retrieval", settings{"gen_ai.retrieval.documents": `[{"id":"a","score":0.42},{"id":"b","score":0.1}]`})),
			spans(llmSpan("retrieval", settings{"gen_ai.retrieval.documents": `[{"id":"a","score":0.62},{"id":"b","score":0.1}]`})),
		},
		{
			"evaluation", settings{"type": "evaluation", "evaluation": settings{"name": "relevance", "max_score": 0.3}},
			spans(chat(settings{"gen_ai.evaluation.name": "relevance", "gen_ai.evaluation.score.value": 0.2})),
			spans(chat(settings{"gen_ai.evaluation.name": "relevance", "gen_ai.evaluation.score.value": 0.8})),
		},
		{
			"redacted", settings{"type": "redacted", "redacted": settings{"entities": []any{"CREDIT_CARD"}}},
			spans(chat(settings{genai.RedactedKey: []any{"EMAIL", "CREDIT_CARD"}})), spans(chat(settings{genai.RedactedKey: []any{"EMAIL"}})),
		},
		{
			"redacted: any", settings{"type": "redacted"},
			spans(chat(settings{genai.RedactedKey: []any{"EMAIL"}})), spans(chat(nil)),
		},
		{"orphan: no root", settings{"type": "orphan"}, spans(orphan(chat(nil))), spans(chat(nil))},
		{"orphan: unfinished", settings{"type": "orphan"}, spans(wantsTool), spans(wantsTool, later(time.Second, chat(nil)))},
		{
			"conversation", settings{"type": "conversation", "conversation": settings{"sampling_percentage": 100}},
			spans(chat(settings{"gen_ai.conversation.id": "c"})), nil,
		},
		{
			"conversation: none", settings{"type": "conversation", "conversation": settings{"sampling_percentage": 0}},
			nil, spans(chat(settings{"gen_ai.conversation.id": "c"})),
		},
		{"diverse", settings{"type": "diverse"}, spans(chat(nil)), nil},
		{"adaptive", settings{"type": "adaptive", "adaptive": settings{"traces_per_second": 1}}, spans(chat(nil)), nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.policy["name"] = "p"
			if tc.kept != nil {
				assert.Len(t, keptByUs(t, []any{tc.policy}, traceOf(tc.kept)), 1)
			}
			if tc.lost != nil {
				assert.Empty(t, keptByUs(t, []any{tc.policy}, traceOf(tc.lost)))
			}
		})
	}
}

func TestOTTLConditionThatFailsIsNotMet(t *testing.T) {
	policies := []any{settings{"name": "p", "type": "ottl_condition", "ottl_condition": settings{
		"error_mode": "propagate", "span": []any{`ParseJSON(attributes["x"])["a"] == 1`, `name == "chat"`},
	}}}
	assert.Len(t, keptByUs(t, policies, traceOf(spans(chat(settings{"x": "{broken"})))), 1, "the other condition is asked all the same")
	assert.Empty(t, keptByUs(t, policies, traceOf(spans(tool(settings{"x": "{broken"})))))
}
