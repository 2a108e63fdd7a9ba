// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package summaryprocessor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/llmcol/llmcol/processor/summaryprocessor/internal/metadatatest"
)

// told is a trace in a few words: each span its id, its parent's, its name, from when to when in milliseconds, and its attributes.
type told struct {
	id, parent byte
	name       string
	from, to   int
	attrs      map[string]any
}

func traceOf(spans ...told) ptrace.Traces {
	td := ptrace.NewTraces()
	out := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	start := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	for _, s := range spans {
		span := out.AppendEmpty()
		span.SetTraceID(pcommon.TraceID{1})
		span.SetSpanID(pcommon.SpanID{s.id})
		if s.parent != 0 {
			span.SetParentSpanID(pcommon.SpanID{s.parent})
		}
		span.SetName(s.name)
		span.SetStartTimestamp(pcommon.NewTimestampFromTime(start.Add(time.Duration(s.from) * time.Millisecond)))
		span.SetEndTimestamp(pcommon.NewTimestampFromTime(start.Add(time.Duration(s.to) * time.Millisecond)))
		if err := span.Attributes().FromRaw(s.attrs); err != nil {
			panic(err)
		}
	}
	return td
}

// summarized runs one batch through the processor and returns the first span's llmcol.trace attributes, without the prefix.
func summarized(t *testing.T, td ptrace.Traces) map[string]any {
	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(t.Context())) }()
	return summarizedWith(t, td, tel)
}

func summarizedWith(t *testing.T, td ptrace.Traces, tel *componenttest.Telemetry) map[string]any {
	sink := new(consumertest.TracesSink)
	p, err := NewFactory().CreateTraces(t.Context(), metadatatest.NewSettings(tel), createDefaultConfig(), sink)
	require.NoError(t, err)
	require.NoError(t, p.ConsumeTraces(t.Context(), td))
	got := map[string]any{}
	for k, v := range sink.AllTraces()[0].ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).Attributes().All() {
		if len(k) > len(prefix) && k[:len(prefix)] == prefix {
			got[k[len(prefix):]] = v.AsRaw()
		}
	}
	require.NoError(t, p.Shutdown(t.Context()))
	return got
}

// The four questions of the design, each asked of hand-made spans and of OpenInference ones: the same answer.
func TestWhyIsThisSoSlow(t *testing.T) {
	for name, td := range map[string]ptrace.Traces{
		"plain": traceOf(
			told{1, 0, "answer_question", 0, 5300, nil},
			told{2, 1, "vector_search", 0, 300, map[string]any{"query": "refund", "similarity_scores": []any{0.91, 0.88}, "top_k": 2}},
			told{3, 1, "rerank", 300, 4500, map[string]any{"model": "bge-reranker", "scores": []any{0.93, 0.9}}},
			told{4, 1, "llm_call", 4500, 5200, map[string]any{"model": "gpt-4o", "prompt_tokens": 300, "completion_tokens": 40}},
		),
		"openinference": traceOf(
			told{1, 0, "answer_question", 0, 5300, map[string]any{"openinference.span.kind": "CHAIN"}},
			told{2, 1, "vector_search", 0, 300, map[string]any{"openinference.span.kind": "RETRIEVER", "retrieval.documents.0.document.score": 0.91}},
			told{3, 1, "rerank", 300, 4500, map[string]any{"openinference.span.kind": "RERANKER", "reranker.model_name": "bge-reranker", "reranker.output_documents.0.document.score": 0.93}},
			told{4, 1, "ChatCompletion", 4500, 5200, map[string]any{"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o", "llm.token_count.prompt": 300, "llm.token_count.completion": 40}},
		),
	} {
		t.Run(name, func(t *testing.T) {
			got := summarized(t, td)
			assert.Equal(t, []any{"bottleneck: rerank took 4.20 s of 5.30 s (79 %)"}, got["findings"])
			assert.Equal(t, "0300000000000000", got["bottleneck.span_id"])
			assert.Equal(t, 4200.0, got["bottleneck.self_ms"])
			assert.InDelta(t, 0.792, got["bottleneck.share"], 0.001)
			assert.Equal(t, 5300.0, got["duration_ms"])
			assert.Equal(t, int64(300), got["input_tokens"])
			assert.Equal(t, true, got["complete"])
		})
	}
}

func TestWhyDidItHallucinate(t *testing.T) {
	texts := []string{"Opening hours of the Oslo shop.", "How to clean a leather sofa.", "Our history since 1921."}
	for name, td := range map[string]ptrace.Traces{
		"plain": traceOf(
			told{1, 0, "answer_question", 0, 900, nil},
			told{2, 1, "vector_search", 0, 300, map[string]any{"query": "refund", "similarity_scores": []any{0.42, 0.37, 0.31}, "documents": []any{texts[0], texts[1], texts[2]}}},
			told{4, 1, "llm_call", 300, 800, map[string]any{"model": "gpt-4o", "prompt_tokens": 300, "completion_tokens": 40}},
		),
		"openinference": traceOf(
			told{1, 0, "answer_question", 0, 900, map[string]any{"openinference.span.kind": "CHAIN"}},
			told{2, 1, "retrieve", 0, 300, map[string]any{
				"openinference.span.kind":              "RETRIEVER",
				"retrieval.documents.0.document.score": 0.42, "retrieval.documents.0.document.content": texts[0],
				"retrieval.documents.1.document.score": 0.37, "retrieval.documents.1.document.content": texts[1],
				"retrieval.documents.2.document.score": 0.31, "retrieval.documents.2.document.content": texts[2],
			}},
			told{4, 1, "ChatCompletion", 300, 800, map[string]any{"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o", "llm.token_count.prompt": 300}},
		),
	} {
		t.Run(name, func(t *testing.T) {
			got := summarized(t, td)
			assert.Equal(t, []any{"retrieval: best score 0.42 is below 0.50 (worst 0.31); the context held 3 documents, 82 B of weakly related text"}, got["findings"])
			assert.Equal(t, 0.42, got["retrieval.best_score"])
			assert.Equal(t, 0.31, got["retrieval.worst_score"])
		})
	}
}

func TestWhyDidCostsSpike(t *testing.T) {
	prompts := []int{3000, 12800, 3000}
	plain := []told{{1, 0, "agent", 0, 900, nil}}
	inference := []told{{1, 0, "agent", 0, 900, map[string]any{"openinference.span.kind": "AGENT", "llm.token_count.prompt": 18800}}}
	for i, n := range prompts {
		from := i * 200
		plain = append(plain, told{byte(i + 2), 1, "llm_call", from, from + 200, map[string]any{
			"model": "gpt-4o", "prompt_tokens": n, "completion_tokens": 10, "gen_ai.usage.cost": 0.01, "llmcol.cost.status": "priced",
		}})
		inference = append(inference, told{byte(i + 2), 1, "ChatCompletion", from, from + 200, map[string]any{
			"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o", "llm.token_count.prompt": n, "llm.token_count.completion": 10,
			"gen_ai.usage.cost": 0.01, "llmcol.cost.status": "priced",
		}})
	}
	inference = append(inference, told{9, 2, "outer", 0, 200, map[string]any{
		"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o", "llm.token_count.prompt": 3000, "llmcol.cost.status": "counted_elsewhere",
	}})
	for name, td := range map[string]ptrace.Traces{"plain": traceOf(plain...), "openinference": traceOf(inference...)} {
		t.Run(name, func(t *testing.T) {
			got := summarized(t, td)
			assert.Equal(t, []any{"prompt: one call took 12,800 of 18,800 input tokens (68 %), the next largest 3,000"}, got["findings"])
			assert.Equal(t, int64(18800), got["input_tokens"])
			assert.Equal(t, int64(12800), got["context_tokens_max"])
			assert.Equal(t, int64(3), got["llm_calls"])
			assert.Equal(t, 0.03, got["cost"])
			assert.Equal(t, []any{"gpt-4o"}, got["models"])
		})
	}
}

func TestWhyDidTheAgentLoop(t *testing.T) {
	plain := []told{{1, 0, "agent", 0, 4700, nil}}
	inference := []told{{1, 0, "agent", 0, 4700, map[string]any{"openinference.span.kind": "AGENT"}}}
	for i := range 47 {
		loop := map[string]any{}
		if i >= 3 {
			loop = map[string]any{
				"llmcol.loop.severity": "critical", "llmcol.loop.count": i + 1, "llmcol.loop.tools": []any{"Calculator"}, "llmcol.loop.rule": "repeat_error",
				"llmcol.loop.wasted_tokens": 100 * i, "llmcol.loop.wasted_cost": 0.001 * float64(i),
			}
		}
		of := func(attrs map[string]any) map[string]any {
			for k, v := range loop {
				attrs[k] = v
			}
			return attrs
		}
		plain = append(plain, told{byte(i + 2), 1, "tool_call", i * 100, i*100 + 90, of(map[string]any{"tool": "Calculator", "tool.args": "1/0", "status": "error", "error": "division by zero"})})
		inference = append(inference, told{byte(i + 2), 1, "Calculator", i * 100, i*100 + 90, of(map[string]any{"openinference.span.kind": "TOOL", "tool.name": "Calculator", "input.value": "1/0", "error.type": "ZeroDivisionError"})})
	}
	for name, td := range map[string]ptrace.Traces{"plain": traceOf(plain...), "openinference": traceOf(inference...)} {
		t.Run(name, func(t *testing.T) {
			got := summarized(t, td)
			findings := got["findings"].([]any)
			assert.Equal(t, "loop: Calculator 47 times without progress (critical), 4,600 tokens and 0.05 USD wasted", findings[0])
			assert.Contains(t, findings[1], "error: Calculator failed first, after 0.09 s")
			assert.Contains(t, findings[1], "(47 of 47 tool calls failed); the run did not recover")
			assert.Equal(t, "critical", got["loop.severity"])
			assert.Equal(t, int64(47), got["loop.count"])
			assert.Equal(t, int64(47), got["tool_errors"])
		})
	}
}

func TestTracesOfABatchAreKeptApart(t *testing.T) {
	td := traceOf(told{1, 0, "a", 0, 100, nil}, told{2, 1, "b", 0, 50, nil})
	other := traceOf(told{1, 0, "c", 0, 100, nil}).ResourceSpans().At(0)
	other.ScopeSpans().At(0).Spans().At(0).SetTraceID(pcommon.TraceID{2})
	other.CopyTo(td.ResourceSpans().AppendEmpty())
	got := summarized(t, td)
	assert.Equal(t, int64(2), got["spans"])
	second, _ := td.ResourceSpans().At(1).ScopeSpans().At(0).Spans().At(0).Attributes().Get(prefix + "spans")
	assert.Equal(t, int64(1), second.Int())
}

func TestWithoutARootTheEarliestSpanHasTheSummary(t *testing.T) {
	got := summarized(t, traceOf(told{2, 1, "early", 0, 50, nil}, told{3, 1, "late", 60, 90, nil}))
	assert.Equal(t, false, got["complete"])
	assert.Equal(t, []any{"incomplete: spans of this trace are missing"}, got["findings"])
}

// TestASecondPassChangesNothing: a trace that an earlier llmcol has summarised is passed on.
func TestASecondPassChangesNothing(t *testing.T) {
	td := traceOf(told{1, 0, "root", 0, 5300, nil}, told{2, 1, "slow", 0, 5000, nil})
	first := summarized(t, td)
	once := ptrace.NewTraces()
	td.CopyTo(once)
	assert.Equal(t, first, summarized(t, td))
	assert.Equal(t, once, td)
}

func TestTelemetry(t *testing.T) {
	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(t.Context())) }()
	summarizedWith(t, traceOf(told{2, 1, "slow", 0, 5000, nil}, told{3, 2, "inner", 0, 4000, nil}), tel)
	metadatatest.AssertEqualProcessorLlmSummaryTraces(t, tel, []metricdata.DataPoint[int64]{{Value: 1}}, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualProcessorLlmSummaryIncomplete(t, tel, []metricdata.DataPoint[int64]{{Value: 1}}, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualProcessorLlmSummaryFindings(t, tel, []metricdata.DataPoint[int64]{
		{Value: 1, Attributes: attribute.NewSet(attribute.String("finding", "bottleneck"))},
		{Value: 1, Attributes: attribute.NewSet(attribute.String("finding", "incomplete"))},
	}, metricdatatest.IgnoreTimestamp())
}

func TestShutdownLosesNothing(t *testing.T) {
	processortest.VerifyShutdown(t, NewFactory(), createDefaultConfig())
}

func BenchmarkSummary(b *testing.B) {
	spans := []told{{1, 0, "agent", 0, 9000, map[string]any{"gen_ai.operation.name": "invoke_agent"}}}
	for i := range 11 {
		spans = append(spans, told{byte(i + 2), 1, "chat", i * 800, i*800 + 700, map[string]any{
			"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": 100,
		}})
	}
	td := traceOf(spans...)
	g := newGatherer()
	b.ReportAllocs()
	for b.Loop() {
		g.gather(td)
		if len(g.traces[0].facts) != 12 {
			b.Fatal("lost spans")
		}
		g.reset()
	}
}
