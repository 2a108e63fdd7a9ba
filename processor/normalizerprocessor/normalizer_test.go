// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package normalizerprocessor

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/llmcol/llmcol/processor/normalizerprocessor/internal/metadata"
	"github.com/llmcol/llmcol/processor/normalizerprocessor/internal/metadatatest"
	"github.com/llmcol/llmcol/test/harness"
)

func startTraces(t *testing.T, cfg *Config, tel *componenttest.Telemetry) (processor.Traces, *consumertest.TracesSink) {
	sink := new(consumertest.TracesSink)
	p, err := NewFactory().CreateTraces(t.Context(), metadatatest.NewSettings(tel), cfg, sink)
	require.NoError(t, err)
	require.NoError(t, p.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { assert.NoError(t, p.Shutdown(t.Context())) })
	return p, sink
}

func defaults() *Config { return createDefaultConfig().(*Config) }

func oneSpan(name string, attrs map[string]any) ptrace.Traces {
	td := ptrace.NewTraces()
	s := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	s.SetName(name)
	if err := s.Attributes().FromRaw(attrs); err != nil {
		panic(err)
	}
	return td
}

func firstSpan(td ptrace.Traces) ptrace.Span {
	return td.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
}

func TestTracesAreNormalisedAndCounted(t *testing.T) {
	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(t.Context())) }()
	p, sink := startTraces(t, defaults(), tel)

	require.NoError(t, p.ConsumeTraces(t.Context(), oneSpan("ChatCompletion", map[string]any{
		"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o", "llm.token_count.prompt": 12, "gen_ai.usage.output_tokens": "7",
	})))
	require.NoError(t, p.ConsumeTraces(t.Context(), oneSpan("GET /", map[string]any{"http.route": "/"})))

	assert.Equal(t, map[string]any{
		"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o", "llm.token_count.prompt": int64(12),
		"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": int64(12),
		"gen_ai.usage.output_tokens": int64(7), "llmcol.original.gen_ai.usage.output_tokens": "7",
		"llmcol.normalizer.replaced": []any{"gen_ai.usage.output_tokens"},
	}, firstSpan(sink.AllTraces()[0]).Attributes().AsRaw())
	assert.Equal(t, map[string]any{"http.route": "/"}, firstSpan(sink.AllTraces()[1]).Attributes().AsRaw())

	traces := attribute.String("signal", "traces")
	metadatatest.AssertEqualProcessorLlmNormalizerItems(t, tel, []metricdata.DataPoint[int64]{
		{Value: 1, Attributes: attribute.NewSet(traces, attribute.String("operation", "chat"))},
	}, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualProcessorLlmNormalizerAttributes(t, tel, []metricdata.DataPoint[int64]{
		{Value: 3, Attributes: attribute.NewSet(traces, attribute.String("change", "added"))},
		{Value: 1, Attributes: attribute.NewSet(traces, attribute.String("change", "replaced"))},
	}, metricdatatest.IgnoreTimestamp())
}

func TestLogsAreNormalised(t *testing.T) {
	sink := new(consumertest.LogsSink)
	p, err := NewFactory().CreateLogs(t.Context(), processortest.NewNopSettings(metadata.Type), defaults(), sink)
	require.NoError(t, err)
	require.NoError(t, p.Start(t.Context(), componenttest.NewNopHost()))
	ld := plog.NewLogs()
	rec := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	require.NoError(t, rec.Attributes().FromRaw(map[string]any{
		"event.name": "codex.sse_event", "event.kind": "response.completed", "model": "gpt-5", "input_token_count": "120", "output_token_count": "30",
		"cached_token_count": 64, "conversation.id": "c-1",
	}))
	require.NoError(t, p.ConsumeLogs(t.Context(), ld))
	got := sink.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().AsRaw()
	for name, want := range map[string]any{
		"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5", "gen_ai.usage.input_tokens": int64(120),
		"gen_ai.usage.output_tokens": int64(30), "gen_ai.usage.cache_read.input_tokens": int64(64), "gen_ai.conversation.id": "c-1",
	} {
		assert.Equal(t, want, got[name], name)
	}
	require.NoError(t, p.Shutdown(t.Context()))
}

// TestMappings: a user's own names count like a convention's, and `remove` takes them away once they are carried over.
func TestMappings(t *testing.T) {
	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(t.Context())) }()
	cfg := defaults()
	cfg.Originals = RemoveOriginals
	cfg.Mappings = map[string]string{"acme.model": "gen_ai.request.model", "acme.in": "gen_ai.usage.input_tokens"}
	p, sink := startTraces(t, cfg, tel)
	require.NoError(t, p.ConsumeTraces(t.Context(), oneSpan("chat acme", map[string]any{"acme.model": "m-1", "acme.in": 5, "acme.tenant": "x"})))
	assert.Equal(t, map[string]any{
		"gen_ai.operation.name": "chat", "gen_ai.request.model": "m-1", "gen_ai.usage.input_tokens": int64(5), "acme.tenant": "x",
	}, firstSpan(sink.AllTraces()[0]).Attributes().AsRaw())
}

// TestFixturesAreIdempotentInEveryOrder: a span comes out the same however it is batched, and a second pass changes nothing.
func TestFixturesAreIdempotentInEveryOrder(t *testing.T) {
	for _, originals := range []Originals{KeepOriginals, RemoveOriginals} {
		for _, f := range harness.Fixtures(t) {
			t.Run(string(originals)+"/"+f.Name(), func(t *testing.T) {
				cfg := defaults()
				cfg.Originals = originals
				want := normaliseAll(t, cfg, f.Requests)
				require.NotEmpty(t, want)
				for _, way := range harness.Ways {
					assertSameSpans(t, want, normaliseAll(t, cfg, way.Arrange(f.Requests)), way.Name)
				}
				once := normalised(t, cfg, f.Requests)
				assertSameSpans(t, want, normaliseAll(t, cfg, once), "a second pass")
			})
		}
	}
}

// assertSameSpans names what differs, not the whole of both.
func assertSameSpans(t *testing.T, want, got map[string]map[string]any, how string) {
	require.Len(t, got, len(want), how)
	for id, attrs := range want {
		for name := range attrs {
			require.Equal(t, attrs[name], got[id][name], "%s: span %s: %s", how, id, name)
		}
		for name := range got[id] {
			require.Contains(t, attrs, name, "%s: span %s", how, id)
		}
	}
}

// normaliseAll gives each span's attributes by its id.
func normaliseAll(t *testing.T, cfg *Config, requests []harness.Request) map[string]map[string]any {
	spans := map[string]map[string]any{}
	for _, r := range normalised(t, cfg, requests) {
		for _, rs := range r.Traces.ResourceSpans().All() {
			for _, ss := range rs.ScopeSpans().All() {
				for _, s := range ss.Spans().All() {
					spans[s.SpanID().String()] = s.Attributes().AsRaw()
				}
			}
		}
	}
	return spans
}

func normalised(t *testing.T, cfg *Config, requests []harness.Request) []harness.Request {
	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(t.Context())) }()
	p, sink := startTraces(t, cfg, tel)
	for _, r := range requests {
		if r.Signal == harness.Traces {
			own := ptrace.NewTraces()
			r.Traces.CopyTo(own)
			require.NoError(t, p.ConsumeTraces(t.Context(), own))
		}
	}
	var out []harness.Request
	for _, td := range sink.AllTraces() {
		out = append(out, harness.TracesRequest(td))
	}
	return out
}

// TestHostileInput: nothing that a client can send stops a batch.
func TestHostileInput(t *testing.T) {
	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(t.Context())) }()
	p, sink := startTraces(t, defaults(), tel)
	deep := pcommon.NewValueEmpty()
	inner := deep
	for range 1000 {
		inner = inner.SetEmptySlice().AppendEmpty()
	}
	inner.SetStr("x")
	td := oneSpan("chat m", map[string]any{"gen_ai.operation.name": "chat"})
	for _, k := range []string{
		"gen_ai.input.messages", "gen_ai.output.messages", "llm.invocation_parameters", "gen_ai.response.finish_reasons", "langsmith.usage_metadata",
		"gen_ai.usage.input_tokens", "llmcol.normalizer.replaced", "llm.input_messages.99999999999999999999.message.role",
	} {
		deep.CopyTo(firstSpan(td).Attributes().PutEmpty(k))
	}
	require.NoError(t, p.ConsumeTraces(t.Context(), td))
	assert.Equal(t, 1, sink.SpanCount())
}

func TestConcurrentBatches(t *testing.T) {
	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(t.Context())) }()
	p, sink := startTraces(t, defaults(), tel)
	var senders sync.WaitGroup
	for range 8 {
		senders.Go(func() {
			for range 50 {
				assert.NoError(t, p.ConsumeTraces(t.Context(), oneSpan("llm_call", map[string]any{"model": "gpt-4o", "prompt_tokens": 3})))
			}
		})
	}
	senders.Wait()
	for _, td := range sink.AllTraces() {
		model, _ := firstSpan(td).Attributes().Get("gen_ai.request.model")
		require.Equal(t, "gpt-4o", model.Str())
	}
	assert.Equal(t, 400, sink.SpanCount())
}

func TestShutdownLosesNothing(t *testing.T) {
	processortest.VerifyShutdown(t, NewFactory(), defaults())
}
