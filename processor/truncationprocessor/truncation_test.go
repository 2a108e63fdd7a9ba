// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

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

	"github.com/llmcol/llmcol/internal/content"
	"github.com/llmcol/llmcol/processor/truncationprocessor/internal/metadatatest"
)

func TestWhatIsCutIsMarkedAndHashed(t *testing.T) {
	messages := toJSON([]any{say("system", "be kind"), say("user", lines("question", 30_000))})
	td, span := spanOf(t, object{
		"gen_ai.operation.name": "chat", "gen_ai.input.messages": messages, "gen_ai.usage.input_tokens": 7000, "note": lines("note", 20_000), "short": "x",
	})
	workerOf(t, "").traces(td)
	attributes := span.Attributes()
	for _, key := range []string{"gen_ai.input.messages", "note"} {
		assert.LessOrEqual(t, len(text(attributes, key)), defaultMaxAttributeBytes)
		assert.Contains(t, text(attributes, key), "…[cut ")
	}
	assert.True(t, json.Valid([]byte(text(attributes, "gen_ai.input.messages"))))
	left := len(text(attributes, "gen_ai.input.messages")) + len(text(attributes, "note"))
	before := len(messages) + len(lines("note", 20_000))
	raw := attributes.AsRaw()
	assert.ElementsMatch(t, []any{"gen_ai.input.messages", "note"}, raw["llmcol.truncation.keys"])
	assert.ElementsMatch(t, []any{content.DigestOf(messages).String(), content.DigestOf(lines("note", 20_000)).String()}, raw["llmcol.truncation.hashes"])
	assert.Equal(t, int64(before), raw["llmcol.truncation.original_bytes"])
	assert.Equal(t, int64(before-left), raw["llmcol.truncation.dropped_bytes"])
	assert.Equal(t, int64(7000), raw["gen_ai.usage.input_tokens"])
	assert.Equal(t, "x", raw["short"])
}

func TestEveryPlaceOfASpan(t *testing.T) {
	td, span := spanOf(t, object{"gen_ai.operation.name": "chat"})
	long := lines("x", 3000)
	rs := td.ResourceSpans().At(0)
	rs.Resource().Attributes().PutStr("process.command_line", long)
	rs.ScopeSpans().At(0).Scope().Attributes().PutStr("scope.note", long)
	span.SetName(long)
	span.Status().SetMessage(long)
	event := span.Events().AppendEmpty()
	event.SetName(long)
	event.Attributes().PutStr("exception.stacktrace", long)
	span.Links().AppendEmpty().Attributes().PutStr("why", long)
	span.Attributes().PutEmptyBytes("file").FromRaw([]byte(long))
	span.Attributes().PutEmptySlice("list").AppendEmpty().SetStr(long)
	span.Attributes().PutEmptyMap("map").PutStr("key", long)

	workerOf(t, "max_attribute_bytes: 1000").traces(td)
	for place, got := range map[string]string{
		"resource": text(rs.Resource().Attributes(), "process.command_line"), "scope": text(rs.ScopeSpans().At(0).Scope().Attributes(), "scope.note"),
		"name": span.Name(), "status": span.Status().Message(), "event name": event.Name(), "stack": text(event.Attributes(), "exception.stacktrace"),
		"link": text(span.Links().At(0).Attributes(), "why"), "bytes": string(span.Attributes().AsRaw()["file"].([]byte)),
		"list": text(span.Attributes(), "list"), "map": text(span.Attributes(), "map"),
	} {
		assert.LessOrEqual(t, len(got), 1000, place)
		assert.Contains(t, got, "…[cut ", place)
		if place != "bytes" {
			assert.Contains(t, got, "x line 0", place)
		}
	}
	assert.ElementsMatch(t, []any{
		"name", "status.message", "events.0.name", "events.0.exception.stacktrace", "links.0.why", "file", "list", "map",
	}, span.Attributes().AsRaw()["llmcol.truncation.keys"])
	assert.Equal(t, []any{"process.command_line"}, rs.Resource().Attributes().AsRaw()["llmcol.truncation.keys"])
	list, _ := span.Attributes().Get("list")
	assert.Equal(t, pcommon.ValueTypeSlice, list.Type())
}

func TestStructuredMessages(t *testing.T) {
	td, span := spanOf(t, object{"gen_ai.operation.name": "chat", "gen_ai.input.messages": []any{
		say("system", lines("system", 2000)), say("user", lines("old", 9000)), say("assistant", lines("old answer", 9000)), say("user", "and now?"),
		object{"role": "assistant", "parts": []any{object{"type": "tool_call", "id": "c1", "name": "f", "arguments": object{"n": 5, "f": 1.5, "q": lines("q", 9000)}}}},
	}})
	workerOf(t, "max_attribute_bytes: 4000").traces(td)
	v, _ := span.Attributes().Get("gen_ai.input.messages")
	require.Equal(t, pcommon.ValueTypeSlice, v.Type())
	assert.LessOrEqual(t, len(v.AsString()), 4000)
	messages := v.Slice().AsRaw()
	assert.Equal(t, "system", messages[0].(object)["role"])
	last := messages[len(messages)-1].(object)["parts"].([]any)[0].(object)
	assert.Equal(t, "c1", last["id"])
	assert.Equal(t, "f", last["name"])
	arguments := last["arguments"].(object)
	assert.Equal(t, int64(5), arguments["n"], "numbers keep their type")
	assert.Equal(t, 1.5, arguments["f"])
	assert.Contains(t, v.AsString(), "and now?")
	assert.Contains(t, v.AsString(), lines("system", 2000)[:1000][:9])
}

// TestMessageBudget: a message may be an element of JSON, many attributes, or the body of an event.
func TestMessageBudget(t *testing.T) {
	td, span := spanOf(t, object{
		"gen_ai.operation.name": "chat", "gen_ai.input.messages": toJSON([]any{say("user", lines("a", 900)), say("user", lines("b", 900))}),
		"llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": lines("c", 900), "note": lines("d", 900),
	})
	event := span.Events().AppendEmpty()
	event.SetName("gen_ai.user.message")
	event.Attributes().PutStr("content", lines("f", 900))
	w := workerOf(t, "max_message_bytes: 300")
	w.traces(td)
	assert.LessOrEqual(t, len(text(event.Attributes(), "content")), 300)
	assert.LessOrEqual(t, len(text(span.Attributes(), "gen_ai.input.messages")), 2*300+3)
	assert.LessOrEqual(t, len(text(span.Attributes(), "llm.input_messages.0.message.content")), 300)
	assert.Equal(t, lines("d", 900), text(span.Attributes(), "note"))
	ld, record := recordOf()
	record.SetEventName("gen_ai.user.message")
	record.Body().SetEmptyMap().PutStr("content", lines("e", 900))
	w.logs(ld)
	assert.LessOrEqual(t, len(record.Body().AsString()), 300)
}

func TestMarksOfAStrangerAreBounded(t *testing.T) {
	var keys []any
	for i := range 5000 {
		keys = append(keys, fmt.Sprintf("a key that nobody has %d", i))
	}
	td, span := spanOf(t, object{keysAttribute: keys, hashesAttribute: keys, "note": lines("note", 20_000)})
	w := workerOf(t, "")
	w.traces(td)
	once := span.Attributes().AsRaw()
	assert.Equal(t, []any{joinedKey, "note"}, once[keysAttribute])
	w.traces(td)
	assert.Equal(t, once, span.Attributes().AsRaw())
}

func TestLogs(t *testing.T) {
	ld, record := recordOf()
	record.SetEventName("gen_ai.user.message")
	record.Body().SetEmptyMap().PutStr("content", lines("question", 9000))
	plain := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().AppendEmpty()
	plain.Body().SetStr(lines("log", 9000))
	plain.Attributes().PutStr("exception.stacktrace", lines("at", 9000))
	w := workerOf(t, "max_attribute_bytes: 2000\nprompts: {max_bytes: 500}")
	record = ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	w.logs(ld)
	assert.LessOrEqual(t, len(record.Body().AsString()), 520)
	assert.Equal(t, []any{"body"}, record.Attributes().AsRaw()["llmcol.truncation.keys"])
	assert.LessOrEqual(t, len(plain.Body().Str()), 2000)
	assert.Greater(t, len(plain.Body().Str()), 1800, "no prompt")
	assert.ElementsMatch(t, []any{"body", "exception.stacktrace"}, plain.Attributes().AsRaw()["llmcol.truncation.keys"])
}

// TestKindsAndModes: each kind has its own budget, wherever a client puts it.
func TestKindsAndModes(t *testing.T) {
	attributes := func() object {
		return object{
			"gen_ai.operation.name": "chat",
			"gen_ai.input.messages": toJSON([]any{
				say("user", lines("prompt", 2000)),
				object{"role": "tool", "parts": []any{object{"type": "tool_call_response", "id": "c1", "response": lines("result", 2000)}}},
			}),
			"gen_ai.output.messages": toJSON([]any{object{"role": "assistant", "finish_reason": "stop", "parts": []any{
				object{"type": "text", "content": lines("completion", 2000)},
				object{"type": "tool_call", "id": "c2", "name": "f", "arguments": object{"a": lines("argument", 2000)}},
			}}}),
			"retrieval.documents.0.document.content": lines("document", 2000),
			"exception.note":                         lines("other", 2000),
		}
	}
	words := map[string]string{
		"prompts": "prompt", "completions": "completion", "tool_arguments": "argument", "tool_results": "result", "documents": "document", "other": "other",
	}
	for setting, word := range words {
		for mode, want := range map[string]string{"truncate": " B]…", "hash": ", sha256:", "drop": " B]…"} {
			t.Run(setting+"/"+mode, func(t *testing.T) {
				td, span := spanOf(t, attributes())
				workerOf(t, fmt.Sprintf("%s: {mode: %s, max_bytes: 400}", setting, mode)).traces(td)
				all := toJSON(span.Attributes().AsRaw())
				assert.Equal(t, mode == "truncate", strings.Contains(all, word+" line 0"), "its head")
				assert.Equal(t, mode == "truncate", strings.Contains(all, lastLine(word, 2000)), "its tail")
				assert.NotContains(t, all, word+" line 60")
				assert.Contains(t, all, want)
				for _, other := range words {
					if other != word {
						assert.Contains(t, all, other+" line 60", "%s is as it was", other)
					}
				}
				assert.Contains(t, all, `\"id\":\"c2\"`)
				assert.Contains(t, all, `\"name\":\"f\"`)
				for _, key := range []string{"gen_ai.input.messages", "gen_ai.output.messages"} {
					assert.True(t, json.Valid([]byte(text(span.Attributes(), key))), key)
				}
			})
		}
	}
}

// TestIdsAndOwnAttributesHaveNoKind: the budget of other text is not for ids, nor for what llmcol has said.
func TestIdsAndOwnAttributesHaveNoKind(t *testing.T) {
	kept := object{
		"gen_ai.conversation.id": strings.Repeat("0123456789abcdef", 10), "llmcol.loop.fingerprint": strings.Repeat("0123456789abcdef", 10),
		"llmcol.redaction.entities": []any{strings.Repeat("EMAIL", 30)},
	}
	td, span := spanOf(t, kept)
	span.Attributes().PutStr("llmcol.original.note", lines("note", 300))
	workerOf(t, "other: {mode: drop, max_bytes: 60}").traces(td)
	raw := span.Attributes().AsRaw()
	for key, want := range kept {
		assert.Equal(t, want, raw[key])
	}
	assert.Contains(t, raw["llmcol.original.note"], "…[cut ")
	td, span = spanOf(t, object{"gen_ai.conversation.id": lines("id", 40_000)})
	workerOf(t, "").traces(td)
	assert.LessOrEqual(t, len(text(span.Attributes(), "gen_ai.conversation.id")), defaultMaxAttributeBytes, "nothing is huge")
}

func lastLine(of string, size int) string {
	all := strings.Split(strings.TrimSpace(lines(of, size)), "\n")
	return all[len(all)-1]
}

func TestASecondCollectorAddsToTheMarks(t *testing.T) {
	td, span := spanOf(t, object{"note": lines("note", 30_000), "later": lines("later", 9000)})
	workerOf(t, "").traces(td)
	workerOf(t, "max_attribute_bytes: 4000").traces(td)
	raw := span.Attributes().AsRaw()
	assert.Equal(t, []any{"note", "later"}, raw["llmcol.truncation.keys"])
	assert.Equal(t, []any{content.DigestOf(lines("note", 30_000)).String(), content.DigestOf(lines("later", 9000)).String()}, raw["llmcol.truncation.hashes"])
	original := len(lines("note", 30_000)) + len(lines("later", 9000))
	assert.Equal(t, int64(original), raw["llmcol.truncation.original_bytes"])
	assert.Equal(t, int64(original-len(raw["note"].(string))-len(raw["later"].(string))), raw["llmcol.truncation.dropped_bytes"])
}

func TestTelemetry(t *testing.T) {
	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(t.Context())) }()
	p, err := NewFactory().CreateTraces(t.Context(), metadatatest.NewSettings(tel), configOf(t, "max_attribute_bytes: 1000\nother: {mode: drop}"), consumertest.NewNop())
	require.NoError(t, err)
	td, _ := spanOf(t, object{"gen_ai.operation.name": "chat", "gen_ai.prompt": lines("prompt", 1500), "note": lines("note", 1500)})
	require.NoError(t, p.ConsumeTraces(t.Context(), td))
	signal := attribute.String("signal", "traces")
	change := func(name string) metricdata.DataPoint[int64] {
		return metricdata.DataPoint[int64]{Value: 1, Attributes: attribute.NewSet(signal, attribute.String("change", name))}
	}
	metadatatest.AssertEqualProcessorLlmTruncationChanges(t, tel,
		[]metricdata.DataPoint[int64]{change("truncated"), change("dropped")}, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualProcessorLlmTruncationItems(t, tel,
		[]metricdata.DataPoint[int64]{{Value: 1, Attributes: attribute.NewSet(signal)}}, metricdatatest.IgnoreTimestamp())
	got, err := tel.GetMetric("otelcol_processor_llm_truncation_dropped_bytes")
	require.NoError(t, err)
	dropped := got.Data.(metricdata.Sum[int64]).DataPoints[0].Value
	assert.InDelta(t, 500+1500, dropped, 120)
}

func TestCleanSpansCostNoAllocation(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	messages := []any{say("system", lines("system", 900)), say("user", lines("question", 900))}
	td, _ := spanOf(t, object{
		"gen_ai.operation.name": "chat", "gen_ai.input.messages": toJSON(messages), "structured": messages, "n": 5,
		"gen_ai.output.messages": []any{object{"role": "assistant", "parts": []any{object{"type": "tool_call", "id": "c", "name": "f", "arguments": object{"a": 123456, "b": 0.5}}}}},
	})
	for _, settings := range []string{"", "prompts: {max_bytes: 1500}\nmax_message_bytes: 1500\nmax_span_bytes: 100000", "completions: {max_bytes: 99}"} {
		w := workerOf(t, settings)
		w.traces(td)
		assert.Zero(t, testing.AllocsPerRun(100, func() { w.traces(td) }), settings)
		assert.Zero(t, w.tally.items)
	}
}

// TestHostileInput: nothing that a client can send stops a batch.
func TestHostileInput(t *testing.T) {
	deep := pcommon.NewValueEmpty()
	inner := deep
	for range 5000 {
		inner = inner.SetEmptySlice().AppendEmpty()
	}
	inner.SetStr(lines("x", 5000))
	td, span := spanOf(t, object{
		"gen_ai.operation.name": "chat", "gen_ai.output.messages": strings.Repeat("[", 50_000), "a": "\xff" + strings.Repeat("\x80", 50_000),
		"llmcol.truncation.keys": "x", "llmcol.truncation.hashes": []any{1}, "b": strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000),
	})
	deep.CopyTo(span.Attributes().PutEmpty("gen_ai.input.messages"))
	w := workerOf(t, "max_attribute_bytes: 1000\nmax_span_bytes: 5000\ndeduplicate: true")
	w.traces(td)
	assert.Zero(t, w.tally.failures)
	assert.LessOrEqual(t, spanSizer.SpanSize(span), 5000)
}

func TestConcurrentBatches(t *testing.T) {
	sink := new(consumertest.TracesSink)
	p, err := NewFactory().CreateTraces(t.Context(), processortest.NewNopSettings(NewFactory().Type()), configOf(t, "max_attribute_bytes: 1000\ndeduplicate: true"), sink)
	require.NoError(t, err)
	var senders sync.WaitGroup
	for range 8 {
		senders.Go(func() {
			for range 50 {
				td, _ := spanOf(t, object{"gen_ai.operation.name": "chat", "gen_ai.input.messages": toJSON([]any{say("user", lines("q", 2000)), say("user", lines("r", 300))})})
				assert.NoError(t, p.ConsumeTraces(t.Context(), td))
			}
		})
	}
	senders.Wait()
	first := sink.AllTraces()[0]
	for _, td := range sink.AllTraces() {
		require.Equal(t, firstSpan(first).Attributes().AsRaw(), firstSpan(td).Attributes().AsRaw())
	}
	assert.Equal(t, 400, sink.SpanCount())
}

func firstSpan(td ptrace.Traces) ptrace.Span {
	return td.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
}

func TestShutdownLosesNothing(t *testing.T) {
	processortest.VerifyShutdown(t, NewFactory(), createDefaultConfig())
}
