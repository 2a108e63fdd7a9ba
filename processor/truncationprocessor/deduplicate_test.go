// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/content"
)

func chat(t *testing.T, id byte, messages ...any) ptrace.Traces {
	td, span := spanOf(t, object{"gen_ai.operation.name": "chat", "gen_ai.input.messages": toJSON(messages)})
	span.SetSpanID(pcommon.SpanID{id})
	return td
}

func inputOf(td ptrace.Traces) string {
	return text(firstSpan(td).Attributes(), "gen_ai.input.messages")
}

func TestReferences(t *testing.T) {
	system, question, answer := say("system", lines("system", 900)), say("user", lines("question", 300)), say("assistant", "short")
	w := workerOf(t, "deduplicate: true")
	first, second := chat(t, 1, system, question), chat(t, 2, system, question, answer, say("user", "more"))
	whole := inputOf(first)
	w.traces(first)
	assert.Equal(t, whole, inputOf(first), "the first one holds them")
	assert.NotContains(t, firstSpan(first).Attributes().AsRaw(), keysAttribute)

	sent := inputOf(second)
	w.traces(second)
	assert.JSONEq(t, toJSON([]any{
		object{"role": "system", "parts": []any{object{"type": "llmcol.ref", "sha256": sha(toJSON(system))[:16], "bytes": len(toJSON(system))}}},
		object{"role": "user", "parts": []any{object{"type": "llmcol.ref", "sha256": sha(toJSON(question))[:16], "bytes": len(toJSON(question))}}},
		answer, say("user", "more"),
	}), inputOf(second))
	raw := firstSpan(second).Attributes().AsRaw()
	assert.Equal(t, []any{"gen_ai.input.messages"}, raw[keysAttribute])
	assert.Equal(t, []any{sha(sent)}, raw[hashesAttribute])

	t.Run("sent again", func(t *testing.T) {
		again := chat(t, 1, system, question)
		w.traces(again)
		assert.Equal(t, whole, inputOf(again), "no duplicate of itself")
		once := inputOf(second)
		w.traces(second)
		assert.Equal(t, once, inputOf(second))
	})
	t.Run("another trace", func(t *testing.T) {
		other := chat(t, 3, system, question)
		firstSpan(other).SetTraceID(pcommon.TraceID{9})
		w.traces(other)
		assert.Equal(t, whole, inputOf(other))
	})
	t.Run("no trace", func(t *testing.T) {
		other := chat(t, 3, system, question)
		firstSpan(other).SetTraceID(pcommon.TraceID{})
		w.traces(other)
		assert.Equal(t, whole, inputOf(other))
	})
}

// TestWhatWasCutIsNoReference: a message that its first span does not hold whole is stored again.
func TestWhatWasCutIsNoReference(t *testing.T) {
	long := say("user", lines("question", 4000))
	w := workerOf(t, "deduplicate: true\nmax_attribute_bytes: 1000")
	first, second := chat(t, 1, long), chat(t, 2, long)
	w.traces(first)
	w.traces(second)
	assert.Contains(t, inputOf(second), "question line 0")
	assert.Equal(t, inputOf(first), inputOf(second))

	squeezed := workerOf(t, "deduplicate: true\nmax_span_bytes: 4096")
	first, second = chat(t, 1, long, say("user", lines("other", 3000))), chat(t, 2, long)
	squeezed.traces(first)
	squeezed.traces(second)
	assert.NotContains(t, inputOf(second), content.ReferenceName)
}

func TestStructuredReferences(t *testing.T) {
	message := say("user", lines("question", 500))
	w := workerOf(t, "deduplicate: true")
	for id := range byte(2) {
		td, span := spanOf(t, object{"gen_ai.operation.name": "chat", "gen_ai.input.messages": []any{message, object{"role": "user", "parts": []any{object{"type": "x", "n": int(id)}}}}})
		span.SetSpanID(pcommon.SpanID{id + 1})
		w.traces(td)
		v, _ := span.Attributes().Get("gen_ai.input.messages")
		require.Equal(t, pcommon.ValueTypeSlice, v.Type())
		parts := v.Slice().AsRaw()[0].(object)["parts"].([]any)
		if id == 0 {
			assert.Equal(t, message["parts"], parts)
		} else {
			assert.Equal(t, "llmcol.ref", parts[0].(object)["type"])
		}
	}
}

func TestCopiesAndInstructions(t *testing.T) {
	w := workerOf(t, "deduplicate: true")
	question := lines("question", 500)
	attributes := func() object {
		return object{
			"gen_ai.operation.name": "chat", "gen_ai.input.messages": toJSON([]any{say("user", question)}),
			"input.value":                  toJSON(object{"messages": []any{object{"role": "user", "content": question}}}),
			"gen_ai.system_instructions":   toJSON([]any{object{"type": "text", "content": lines("instruction", 500)}}),
			"gen_ai.tool.definitions":      toJSON([]any{object{"type": "function", "name": "f", "description": lines("f", 500)}}),
			"llm.tools.0.tool.json_schema": toJSON(object{"type": "function", "function": object{"name": "f", "description": lines("g", 500)}}),
		}
	}
	for id := range byte(2) {
		sent := attributes()
		td, span := spanOf(t, sent)
		span.SetSpanID(pcommon.SpanID{id + 1})
		w.traces(td)
		raw := span.Attributes().AsRaw()
		assert.NotContains(t, raw, "input.value", "a copy")
		if id == 0 {
			assert.Equal(t, []any{"input.value"}, raw[keysAttribute])
			assert.Equal(t, []any{sha(sent["input.value"].(string))}, raw[hashesAttribute])
			continue
		}
		for _, key := range []string{"gen_ai.system_instructions", "gen_ai.tool.definitions"} {
			assert.Equal(t, referenceTo(sent[key].(string), content.DigestOf(sent[key].(string))), raw[key])
		}
		assert.Equal(t, byte('{'), raw["llm.tools.0.tool.json_schema"].(string)[0])
	}
}

func TestFlattenedReferences(t *testing.T) {
	w := workerOf(t, "deduplicate: true")
	attributes := object{
		"openinference.span.kind": "LLM", "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": lines("question", 300),
		"llm.input_messages.1.message.role":                                      "assistant",
		"llm.input_messages.1.message.tool_calls.0.tool_call.id":                 "c1",
		"llm.input_messages.1.message.tool_calls.0.tool_call.function.arguments": toJSON(object{"a": lines("a", 200)}),
		"llm.input_messages.2.message.role":                                      "user",
		"llm.input_messages.2.message.content":                                   "short",
	}
	for id := range byte(2) {
		td, span := spanOf(t, attributes)
		span.SetSpanID(pcommon.SpanID{id + 1})
		w.traces(td)
		raw := span.Attributes().AsRaw()
		if id == 0 {
			assert.Equal(t, len(attributes), len(raw))
			continue
		}
		assert.Contains(t, raw["llm.input_messages.0.message.content"], "…[seen ")
		assert.Equal(t, "assistant", raw["llm.input_messages.1.message.role"])
		assert.Contains(t, raw["llm.input_messages.1.message.content"], "…[seen ")
		assert.NotContains(t, raw, "llm.input_messages.1.message.tool_calls.0.tool_call.id")
		assert.Equal(t, "short", raw["llm.input_messages.2.message.content"])
		assert.Equal(t, []any{"llm.input_messages"}, raw[keysAttribute])
		w.traces(td)
		assert.Equal(t, raw, span.Attributes().AsRaw(), "second pass")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	m := newMemory(2 * memoryShards)
	s := m.of(pcommon.TraceID{})
	for i := range 10 {
		self := s.arrive(pcommon.TraceID{}, holder(i))
		s.hold(told{digest: content.Digest{byte(i)}}, self)
	}
	late := s.arrive(pcommon.TraceID{}, 99)
	assert.False(t, s.heldBefore(told{digest: content.Digest{0}}, late), "forgotten")
	assert.True(t, s.heldBefore(told{digest: content.Digest{9}}, late))
	assert.Equal(t, int64(8), m.evicted.Load())
}
