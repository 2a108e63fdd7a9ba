// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

func attributes(t *testing.T, raw map[string]any) pcommon.Map {
	t.Helper()
	m := pcommon.NewMap()
	require.NoError(t, m.FromRaw(raw))
	return m
}

func TestFlattenedMessages(t *testing.T) {
	for _, tt := range []struct {
		name, prefix string
		role         Role
		in           map[string]any
		want         string
		lossless     bool
	}{
		{"OpenInference input", "llm.input_messages.", RoleInputMessages,
			map[string]any{
				"llm.model_name":                                                          "m",
				"llm.input_messages.0.message.role":                                       "system",
				"llm.input_messages.0.message.content":                                    "S",
				"llm.input_messages.1.message.role":                                       "user",
				"llm.input_messages.1.message.contents.0.message_content.type":            "text",
				"llm.input_messages.1.message.contents.0.message_content.text":            "Hi",
				"llm.input_messages.1.message.contents.1.message_content.type":            "image",
				"llm.input_messages.1.message.contents.1.message_content.image.image.url": "data:image/png;base64,AAAA",
				"llm.input_messages.2.message.role":                                       "assistant",
				"llm.input_messages.2.message.tool_calls.0.tool_call.id":                  "c1",
				"llm.input_messages.2.message.tool_calls.0.tool_call.function.name":       "f",
				"llm.input_messages.2.message.tool_calls.0.tool_call.function.arguments":  `{"a":1}`,
				"llm.input_messages.2.message.tool_calls.1.tool_call.id":                  "c2",
				"llm.input_messages.2.message.tool_calls.1.tool_call.function.name":       "g",
				"llm.input_messages.3.message.role":                                       "tool",
				"llm.input_messages.3.message.tool_call_id":                               "c1",
				"llm.input_messages.3.message.content":                                    `{"job": 1}`,
			},
			`[{"role":"system","parts":[{"type":"text","content":"S"}]},{"role":"user","parts":[{"type":"text","content":"Hi"},{"type":"blob","modality":"image","mime_type":"image/png","content":"AAAA"}]},{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}},{"type":"tool_call","id":"c2","name":"g"}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"{\"job\": 1}"}]}]`,
			true},
		{"OpenInference function call", "llm.output_messages.", RoleOutputMessages,
			map[string]any{
				"llm.output_messages.0.message.role":                         "assistant",
				"llm.output_messages.0.message.function_call_name":           "f",
				"llm.output_messages.0.message.function_call_arguments_json": `{"a":1}`,
			},
			`[{"role":"assistant","parts":[{"type":"tool_call","name":"f","arguments":{"a":1}}]}]`, true},
		{"OpenInference completions", "llm.prompts.", RolePromptText,
			map[string]any{"llm.prompts.0.prompt.text": "once", "llm.prompts.1.prompt.text": "twice"},
			`[{"role":"user","parts":[{"type":"text","content":"once"}]},{"role":"user","parts":[{"type":"text","content":"twice"}]}]`, true},
		{"OpenInference choices", "llm.choices.", RoleCompletionText,
			map[string]any{"llm.choices.0.completion.text": "upon a time"},
			`[{"role":"assistant","parts":[{"type":"text","content":"upon a time"}]}]`, true},
		{"OpenLLMetry completion", "gen_ai.completion.", RoleOutputMessages,
			map[string]any{
				"gen_ai.completion.0.role":                   "assistant",
				"gen_ai.completion.0.finish_reason":          "tool_calls",
				"gen_ai.completion.0.tool_calls.0.id":        "c1",
				"gen_ai.completion.0.tool_calls.0.name":      "f",
				"gen_ai.completion.0.tool_calls.0.arguments": `{"a":1}`,
			},
			`[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}}],"finish_reason":"tool_call"}]`, true},
		{"OpenLLMetry content parts", "gen_ai.prompt.", RoleInputMessages,
			map[string]any{
				"gen_ai.prompt.0.role":    "user",
				"gen_ai.prompt.0.content": `[{"type":"text","text":"Hi"},{"type":"image_url","image_url":{"url":"https://x.example/a.png"}}]`,
			},
			`[{"role":"user","parts":[{"type":"text","content":"Hi"},{"type":"uri","modality":"image","uri":"https://x.example/a.png"}]}]`, true},
		{"OpenLLMetry, early", "gen_ai.prompt.", RoleInputMessages,
			map[string]any{"gen_ai.prompt.0.system": "S", "gen_ai.prompt.1.user": "Hi"},
			`[{"role":"system","parts":[{"type":"text","content":"S"}]},{"role":"user","parts":[{"type":"text","content":"Hi"}]}]`, true},
		{"LiteLLM function call", "gen_ai.completion.", RoleOutputMessages,
			map[string]any{
				"gen_ai.completion.0.role":                    "assistant",
				"gen_ai.completion.0.finish_reason":           "tool_calls",
				"gen_ai.completion.0.function_call.name":      "f",
				"gen_ai.completion.0.function_call.arguments": `{"a":1}`,
			},
			`[{"role":"assistant","parts":[{"type":"tool_call","name":"f","arguments":{"a":1}}],"finish_reason":"tool_call"}]`, true},
		{"eino, a gap and a JSON string", "gen_ai.prompt.", RoleInputMessages,
			map[string]any{"gen_ai.prompt.0.content": "\"Hi\"", "gen_ai.prompt.7.role": "user", "gen_ai.prompt.7.content": "there"},
			`[{"role":"user","parts":[{"type":"text","content":"Hi"}]},{"role":"user","parts":[{"type":"text","content":"there"}]}]`, true},
		{"JSON the user wrote", "gen_ai.prompt.", RoleInputMessages,
			map[string]any{"gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": `{"order":1}`},
			`[{"role":"user","parts":[{"type":"text","content":"{\"order\":1}"}]}]`, true},
		{"structured content", "gen_ai.prompt.", RoleInputMessages,
			map[string]any{"gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": []any{map[string]any{"type": "text", "text": "Hi"}}},
			`[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]`, true},
		{"unknown fact", "gen_ai.prompt.", RoleInputMessages,
			map[string]any{"gen_ai.prompt.0.content": "Hi", "gen_ai.prompt.0.mood": "bad"},
			`[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]`, false},
		{"nothing but a role", "gen_ai.prompt.", RoleInputMessages,
			map[string]any{"gen_ai.prompt.0.role": "user"}, `[]`, false},
		{"no index", "gen_ai.prompt.", RoleInputMessages, map[string]any{"gen_ai.prompt.x": "y", "gen_ai.prompt.99999999999999999999.content": "z"}, `[]`, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			msgs, lossless := DecodeFlattened(nil, attributes(t, tt.in), tt.prefix, tt.role)
			assert.Equal(t, tt.want, string(AppendMessages(nil, msgs)))
			assert.Equal(t, tt.lossless, lossless, "lossless")
			checkSettled(t, msgs)
		})
	}
}

// A map has no order of its own, and indexes of two digits sort wrongly as text.
func TestFlattenedMessagesComeInOrder(t *testing.T) {
	in := map[string]any{}
	for i := range 25 {
		key := "gen_ai.prompt." + strconv.Itoa(i)
		in[key+".role"] = "user"
		in[key+".content"] = fmt.Sprintf("message %d", i)
		in[key+".tool_calls."+strconv.Itoa(24-i)+".name"] = "f" + strconv.Itoa(i)
	}
	msgs, lossless := DecodeFlattened(nil, attributes(t, in), "gen_ai.prompt.", RoleInputMessages)
	require.Len(t, msgs, 25)
	assert.True(t, lossless)
	for i, m := range msgs {
		assert.Equal(t, fmt.Sprintf("message %d", i), m.Parts[0].Text)
	}

	calls := map[string]any{}
	for i := range 12 {
		calls[fmt.Sprintf("gen_ai.completion.0.tool_calls.%d.name", i)] = fmt.Sprint("f", i)
	}
	msgs, _ = DecodeFlattened(nil, attributes(t, calls), "gen_ai.completion.", RoleOutputMessages)
	require.Len(t, msgs, 1)
	require.Len(t, msgs[0].Parts, 12)
	for i, p := range msgs[0].Parts {
		assert.Equal(t, fmt.Sprint("f", i), p.Name)
	}
}

// An attribute per fact has no bound but the client's: paths may be as deep and as many as they like.
func TestFlattenedMessagesAreBounded(t *testing.T) {
	in := map[string]any{}
	deep := "gen_ai.prompt.0"
	for range 500 {
		deep += ".a"
	}
	in[deep] = "x"
	for i := range 10_000 {
		in[fmt.Sprintf("gen_ai.prompt.0.tool_calls.%d.name", i)] = "f"
	}
	msgs, lossless := DecodeFlattened(nil, attributes(t, in), "gen_ai.prompt.", RoleInputMessages)
	require.Len(t, msgs, 1)
	assert.False(t, lossless)
	assert.Len(t, msgs[0].Parts, 10_000)
}
