// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/test/harness"
)

var truncation = harness.Pipeline{Traces: []string{"llm_truncation"}, Logs: []string{"llm_truncation"}}

// numberedLines is text of about size bytes whose lines say a word and their number.
func numberedLines(word string, size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "%s %d\n", word, i)
	}
	return b.String()
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

func textMessage(role, text string) map[string]any {
	return map[string]any{"role": role, "parts": []any{map[string]any{"type": "text", "content": text}}}
}

func truncatedSpan(t *testing.T, c *harness.Collector, attributes map[string]any) harness.Span {
	t.Helper()
	out := c.Outbox()
	require.NoError(t, c.Send(harness.GRPC, eventSpans(1, attributes)))
	spans := out.Spans(t, "traces", 1)
	require.Len(t, spans, 1)
	return spans[0]
}

// TestTruncationKindsAndModes: each mode, and the budget of each kind of content.
func TestTruncationKindsAndModes(t *testing.T) {
	attributes := map[string]any{
		"gen_ai.operation.name": "chat",
		"gen_ai.input.messages": asJSON(t, []any{
			textMessage("user", numberedLines("prompt", 2000)),
			map[string]any{"role": "tool", "parts": []any{map[string]any{"type": "tool_call_response", "id": "c1", "response": numberedLines("result", 2000)}}},
		}),
		"gen_ai.output.messages": asJSON(t, []any{map[string]any{"role": "assistant", "parts": []any{
			map[string]any{"type": "text", "content": numberedLines("completion", 2000)},
			map[string]any{"type": "tool_call", "id": "c2", "name": "look_up", "arguments": map[string]any{"q": numberedLines("argument", 2000)}},
		}}}),
		"retrieval.documents.0.document.content": numberedLines("document", 2000),
		"note":                                   numberedLines("other", 2000),
	}
	words := map[string]string{
		"prompts": "prompt", "completions": "completion", "tool_arguments": "argument", "tool_results": "result", "documents": "document", "other": "other",
	}
	for setting, word := range words {
		for _, mode := range []string{"truncate", "hash", "drop"} {
			t.Run(setting+"/"+mode, func(t *testing.T) {
				budget := "max_bytes: 400"
				if mode == "truncate" {
					budget = "max_tokens: 100"
				}
				c := harness.Start(t, truncation.YAML(), fmt.Sprintf("processors: {llm_truncation: {%s: {mode: %s, %s}}}", setting, mode, budget))
				span := truncatedSpan(t, c, attributes)
				all := asJSON(t, span.Attributes().AsRaw())
				assert.Equal(t, mode == "truncate", strings.Contains(all, word+" 0"), "the head stays")
				assert.NotContains(t, all, word+" 60")
				assert.Equal(t, mode == "hash", strings.Contains(all, "B, sha256:"))
				for _, other := range words {
					if other != word {
						assert.Contains(t, all, other+" 60", "%s has no budget", other)
					}
				}
				assert.Contains(t, all, `\"name\":\"look_up\"`)
				jsonStaysJSON(t, span.Attributes())
				assert.Len(t, span.Attr("llmcol.truncation.keys"), 1)
				assert.Len(t, span.Attr("llmcol.truncation.hashes"), 1)
				require.NoError(t, c.Stop())
			})
		}
	}
}

func TestTruncationBudgets(t *testing.T) {
	messages := []any{textMessage("system", numberedLines("system", 9000)), textMessage("user", numberedLines("old", 9000)), textMessage("user", "now?")}
	for _, tt := range []struct {
		settings string
		largest  int
	}{{"", 16384}, {"max_attribute_bytes: 3000", 3000}, {"max_message_bytes: 1000", 2200}} {
		t.Run(tt.settings, func(t *testing.T) {
			c := harness.Start(t, truncation.YAML(), "processors: {llm_truncation: {"+tt.settings+"}}")
			span := truncatedSpan(t, c, map[string]any{"gen_ai.operation.name": "chat", "gen_ai.input.messages": asJSON(t, messages)})
			got := span.Attr("gen_ai.input.messages").(string)
			assert.LessOrEqual(t, len(got), tt.largest)
			jsonStaysJSON(t, span.Attributes())
			assert.Contains(t, got, "now?")
			assert.Contains(t, got, "system 0")
			assert.Positive(t, c.Metric(t, "otelcol_processor_llm_truncation_dropped_bytes"))
			require.NoError(t, c.Stop())
		})
	}
}

// TestTruncationOfALargeSpan: 128 attributes of 1 MB.
func TestTruncationOfALargeSpan(t *testing.T) {
	const budget = 100_000
	c := harness.Start(t, truncation.YAML(), fmt.Sprintf(`
receivers: {otlp: {protocols: {grpc: {max_recv_msg_size_mib: 256}}}}
processors: {llm_truncation: {max_span_bytes: %d}}`, budget))
	attributes := map[string]any{}
	for i := range 128 {
		attributes[fmt.Sprintf("attribute.%d", i)] = strings.Repeat(fmt.Sprintf("attribute %d ", i), 1_000_000/12)
	}
	span := truncatedSpan(t, c, attributes)
	assert.LessOrEqual(t, (&ptrace.ProtoMarshaler{}).SpanSize(span.Span), budget)
	assert.Len(t, span.Attr("llmcol.truncation.keys"), 128)
	for key := range attributes {
		assert.Contains(t, span.Attr(key), "…[cut ")
	}
	require.NoError(t, c.Stop())
}

func TestTruncationOfLogs(t *testing.T) {
	c := harness.Start(t, truncation.YAML(), "processors: {llm_truncation: {max_attribute_bytes: 1000}}")
	ld := plog.NewLogs()
	record := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.Body().SetStr(numberedLines("body", 9000))
	record.Attributes().PutStr("exception.stacktrace", numberedLines("at", 9000))
	out := c.Outbox()
	require.NoError(t, c.Send(harness.GRPC, harness.LogsRequest(ld)))
	got := out.Records(t, "logs", 1)[0]
	assert.LessOrEqual(t, len(got.Body().Str()), 1000)
	assert.LessOrEqual(t, len(got.Attr("exception.stacktrace").(string)), 1000)
	assert.ElementsMatch(t, []any{"body", "exception.stacktrace"}, got.Attr("llmcol.truncation.keys"))
	require.NoError(t, c.Stop())
}

// TestTruncationDeduplicates: the second call of a trace refers to the first, which keeps its content when it is sent again.
func TestTruncationDeduplicates(t *testing.T) {
	c := harness.Start(t, truncation.YAML(), "processors: {llm_truncation: {deduplicate: true}}")
	system := textMessage("system", numberedLines("system", 3000))
	call := func(messages ...any) map[string]any {
		return map[string]any{"gen_ai.operation.name": "chat", "gen_ai.input.messages": asJSON(t, messages)}
	}
	request := eventSpans(1, call(system), call(system, textMessage("user", "and now?")))
	for range 2 {
		out := c.Outbox()
		require.NoError(t, c.Send(harness.GRPC, request))
		spans := out.Spans(t, "traces", 2)
		assert.Contains(t, spans[0].Attr("gen_ai.input.messages"), "system 60")
		assert.NotContains(t, spans[1].Attr("gen_ai.input.messages"), "system 60")
		assert.Contains(t, spans[1].Attr("gen_ai.input.messages"), "llmcol.ref")
	}
	require.NoError(t, c.Stop())
}

// TestTruncationReplaysEveryClient: whatever is cut, JSON stays JSON and every span and record comes out.
func TestTruncationReplaysEveryClient(t *testing.T) {
	c := harness.Start(t, truncation.YAML(), "processors: {llm_truncation: {max_attribute_bytes: 500, max_span_bytes: 20000}}")
	for _, f := range harness.Fixtures(t) {
		for _, way := range harness.Ways {
			t.Run(f.Name()+"/"+way.Name, func(t *testing.T) {
				requests := way.Arrange(f.Requests)
				out := harness.Replay(t, c, f, way)
				for _, span := range out.Spans(t, "traces", harness.SpanCount(requests)) {
					jsonStaysJSON(t, span.Attributes())
					for key, v := range span.Attributes().All() {
						if v.Type() == pcommon.ValueTypeStr {
							assert.LessOrEqual(t, len(v.Str()), 500, key)
						}
					}
				}
				out.Records(t, "logs", harness.LogRecordCount(requests))
			})
		}
	}
	require.NoError(t, c.Stop())
}

// TestTruncationIsReported: llm_events, in the same pipeline, tells of what is large, and only of that.
func TestTruncationIsReported(t *testing.T) {
	c := harness.Start(t, eventsPipeline("{truncated_over: 50000}", "file/events", "llm_truncation")...)
	out := c.Outbox()
	require.NoError(t, c.Send(harness.GRPC, eventSpans(7,
		map[string]any{"note": numberedLines("small", 40_000)}, map[string]any{"note": numberedLines("large", 90_000)},
	)))
	spans := out.Spans(t, "traces", 2)
	require.NoError(t, c.Stop())
	events := out.Records(t, "events", 1)
	require.Len(t, events, 1)
	assert.Equal(t, "llmcol.truncated", events[0].EventName())
	assert.Equal(t, spans[1].SpanID(), events[0].SpanID())
	assert.Equal(t, spans[1].Attr("llmcol.truncation.hashes"), events[0].Attr("llmcol.truncation.hashes"))
	assert.NotContains(t, events[0].Body().AsString(), "large")
}

func TestTruncationConfigurationErrorsNameTheSetting(t *testing.T) {
	for settings, want := range map[string]string{
		"{max_attribute_bytes: 10}":                   "max_attribute_bytes: 10 is too small",
		"{max_message_bytes: 10}":                     "max_message_bytes: 10 is too small",
		"{max_span_bytes: 10}":                        "max_span_bytes: 10 is too small",
		"{prompts: {max_bytes: 10}}":                  "prompts::max_bytes: 10 is too small",
		"{documents: {max_tokens: 2}}":                "documents::max_tokens: 2 is too small",
		"{other: {mode: shred}}":                      `other::mode: "shred"`,
		"{other: {max_bytes: 900, max_tokens: 900}}":  "other: max_bytes and max_tokens are both set",
		"{tool_results: {mode: hash, max_bytes: 50}}": "tool_results::max_bytes: 50 is too small",
		"{max_attribute_byte: 1000}":                  "max_attribute_byte",
	} {
		t.Run(settings, func(t *testing.T) {
			err := harness.Validate([]string{truncation.YAML(), "processors: {llm_truncation: " + settings + "}"})
			assert.ErrorContains(t, err, want)
		})
	}
}
