// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

type event struct {
	name  string
	attrs map[string]any
}

func spanEvents(t *testing.T, events []event) ptrace.SpanEventSlice {
	t.Helper()
	s := ptrace.NewSpanEventSlice()
	for _, e := range events {
		added := s.AppendEmpty()
		added.SetName(e.name)
		require.NoError(t, added.Attributes().FromRaw(e.attrs))
	}
	return s
}

func TestSpanEvents(t *testing.T) {
	for _, tt := range []struct {
		name     string
		events   []event
		in, out  string
		lossless bool
	}{
		{"Strands", []event{
			{"gen_ai.system.message", map[string]any{"content": "S"}},
			{"gen_ai.user.message", map[string]any{"content": `[{"text": "Hi"}]`}},
			{"gen_ai.assistant.message", map[string]any{"content": `[{"toolUse": {"toolUseId": "t1", "name": "f", "input": {"a": 1}}}]`}},
			{"gen_ai.tool.message", map[string]any{"content": `[{"toolResult": {"toolUseId": "t1", "status": "success", "content": [{"text": "7"}]}}]`}},
			{"gen_ai.choice", map[string]any{"finish_reason": "toolUse", "message": `[{"text": "Hello"}, {"toolUse": {"toolUseId": "t2", "name": "f", "input": {}}}]`}},
			{"exception", map[string]any{"exception.message": "x"}},
		},
			`[{"role":"system","parts":[{"type":"text","content":"S"}]},{"role":"user","parts":[{"type":"text","content":"Hi"}]},{"role":"assistant","parts":[{"type":"tool_call","id":"t1","name":"f","arguments":{"a": 1}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"t1","response":"7"}]}]`,
			`[{"role":"assistant","parts":[{"type":"text","content":"Hello"},{"type":"tool_call","id":"t2","name":"f","arguments":{}}],"finish_reason":"tool_call"}]`,
			true},
		{"Strands, the end of a cycle", []event{
			{"gen_ai.choice", map[string]any{"finish_reason": "toolUse", "message": `[{"text": "Hello"}]`, "tool.result": `[{"toolResult": {"toolUseId": "t1", "status": "error", "content": [{"text": "no"}]}}]`}},
		},
			`[]`,
			`[{"role":"assistant","parts":[{"type":"text","content":"Hello"}],"finish_reason":"tool_call"},{"role":"tool","parts":[{"type":"tool_call_response","id":"t1","response":"no","is_error":true}]}]`,
			true},
		{"Azure and Semantic Kernel", []event{
			{"gen_ai.user.message", map[string]any{"gen_ai.system": "openai", "gen_ai.event.content": `{"role": "user", "content": "Hi"}`}},
			{"gen_ai.tool.message", map[string]any{"gen_ai.event.content": `{"role": "tool", "content": "7", "id": "c1"}`}},
			{"gen_ai.choice", map[string]any{"gen_ai.event.content": `{"message": {"role": "assistant", "tool_calls": [{"id": "c2", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}, "index": 0, "finish_reason": "FinishReason.TOOL_CALLS"}`}},
		},
			`[{"role":"user","parts":[{"type":"text","content":"Hi"}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"7"}]}]`,
			`[{"role":"assistant","parts":[{"type":"tool_call","id":"c2","name":"f","arguments":{}}],"finish_reason":"tool_call"}]`,
			true},
		{"oldest", []event{
			{"gen_ai.content.prompt", map[string]any{"gen_ai.prompt": `[{"role": "user", "content": "Hi"}]`}},
			{"gen_ai.content.completion", map[string]any{"gen_ai.completion": `[{"role": "assistant", "content": "Hello"}]`}},
		},
			`[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]`,
			`[{"role":"assistant","parts":[{"type":"text","content":"Hello"}]}]`,
			true},
		{"details", []event{
			{"gen_ai.client.inference.operation.details", map[string]any{
				"gen_ai.system_instructions": `[{"type":"text","content":"S"}]`,
				"gen_ai.input.messages":      `[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]`,
				"gen_ai.output.messages":     []any{map[string]any{"role": "assistant", "parts": []any{map[string]any{"type": "text", "content": "Hello"}}}},
			}},
		},
			`[{"role":"system","parts":[{"type":"text","content":"S"}]},{"role":"user","parts":[{"type":"text","content":"Hi"}]}]`,
			`[{"role":"assistant","parts":[{"type":"text","content":"Hello"}]}]`,
			true},
		{"content not recorded", []event{
			{"gen_ai.user.message", map[string]any{"gen_ai.system": "openai"}},
			{"gen_ai.choice", map[string]any{}},
		}, `[]`, `[]`, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			events := spanEvents(t, tt.events)
			in, losslessIn := DecodeEvents(nil, events, false)
			out, losslessOut := DecodeEvents(nil, events, true)
			assert.Equal(t, tt.in, string(AppendMessages(nil, in)))
			assert.Equal(t, tt.out, string(AppendMessages(nil, out)))
			assert.Equal(t, tt.lossless, losslessIn && losslessOut, "lossless")
			checkSettled(t, in)
			checkSettled(t, out)
		})
	}
}

func TestLogBodies(t *testing.T) {
	call := map[string]any{"id": "c1", "type": "function", "function": map[string]any{"name": "f", "arguments": `{"a":1}`}}
	for _, tt := range []struct {
		name, event string
		body        any
		want        string
		lossless    bool
	}{
		{"system", "gen_ai.system.message", map[string]any{"content": "S"}, `[{"role":"system","parts":[{"type":"text","content":"S"}]}]`, true},
		{"assistant", "gen_ai.assistant.message", map[string]any{"tool_calls": []any{call}},
			`[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}}]}]`, true},
		{"tool", "gen_ai.tool.message", map[string]any{"id": "c1", "content": "ERROR"},
			`[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"ERROR"}]}]`, true},
		{"tool answers with an object", "gen_ai.tool.message", map[string]any{"id": "c1", "content": map[string]any{"job": int64(1)}},
			`[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":{"job":1}}]}]`, true},
		{"choice", "gen_ai.choice", map[string]any{"finish_reason": "tool_calls", "index": int64(0), "message": map[string]any{"tool_calls": []any{call}}},
			`[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}}],"finish_reason":"tool_call"}]`, true},
		{"choice with calls beside the message", "gen_ai.choice",
			map[string]any{"finish_reason": "tool_calls", "index": int64(0), "message": map[string]any{"content": ""},
				"tool_calls": []any{map[string]any{"id": "c1", "function": map[string]any{"name": "f", "arguments": map[string]any{"a": int64(1)}}}}},
			`[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}}],"finish_reason":"tool_call"}]`, true},
		{"botocore", "gen_ai.assistant.message",
			map[string]any{"content": []any{map[string]any{"text": "ok"}, map[string]any{"toolUse": map[string]any{"toolUseId": "c1", "name": "f", "input": map[string]any{"a": int64(1)}}}}, "tool_calls": []any{call}},
			`[{"role":"assistant","parts":[{"type":"text","content":"ok"},{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}}]}]`, true},
		{"botocore tool", "gen_ai.tool.message", map[string]any{"id": "c1", "content": []any{map[string]any{"text": "7"}}},
			`[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"7"}]}]`, true},
		{"string of JSON", "gen_ai.user.message", `{"role": "user", "content": "Hi"}`, `[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]`, true},
		{"string", "gen_ai.user.message", "Hi", `[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]`, true},
		{"empty", "gen_ai.user.message", nil, `[]`, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := pcommon.NewValueEmpty()
			require.NoError(t, body.FromRaw(tt.body))
			msgs, lossless := DecodeLogBody(nil, tt.event, body)
			assert.Equal(t, tt.want, string(AppendMessages(nil, msgs)))
			assert.Equal(t, tt.lossless, lossless, "lossless")
			checkSettled(t, msgs)
		})
	}
}

func TestComplexValues(t *testing.T) {
	part := map[string]any{"type": "text", "content": "Hi", "nothing": nil}
	v := pcommon.NewValueEmpty()
	require.NoError(t, v.FromRaw([]any{
		map[string]any{"role": "user", "name": nil, "parts": []any{part}},
		`{"role":"user","content":"there"}`,
		int64(7), 1.5, true, []byte("ab"),
	}))
	msgs, lossless := DecodeValue(nil, v, RoleInputMessages)
	assert.True(t, lossless)
	assert.JSONEq(t, `[{"role":"user","parts":[{"type":"text","content":"Hi"}]},{"role":"user","parts":[{"type":"text","content":"there"}]},
		{"role":"user","parts":[{"type":"text","content":"7"},{"type":"text","content":"1.5"},{"type":"text","content":"true"}]},
		{"role":"user","parts":[{"type":"text","content":"YWI="}]}]`, string(AppendMessages(nil, msgs)))

	msgs, lossless = DecodeValue(nil, pcommon.NewValueEmpty(), RoleInputMessages)
	assert.Empty(t, msgs)
	assert.True(t, lossless)

	msgs, _ = DecodeValue(nil, pcommon.NewValueInt(42), RoleOutputMessages)
	assert.JSONEq(t, `[{"role":"assistant","parts":[{"type":"text","content":"42"}]}]`, string(AppendMessages(nil, msgs)))
}

func TestValuesNestedTooDeeply(t *testing.T) {
	root := pcommon.NewValueSlice()
	inner := root.Slice()
	for range 2000 {
		inner = inner.AppendEmpty().SetEmptySlice()
	}
	_, lossless := DecodeValue(nil, root, RoleInputMessages)
	assert.False(t, lossless)
}
