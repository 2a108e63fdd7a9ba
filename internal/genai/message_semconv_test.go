// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSemconvMessages(t *testing.T) {
	checkShapes(t, []shape{
		{"text, call, response", RoleInputMessages,
			`[{"role":"user","parts":[{"content":"Hi","type":"text"}],"name":null},{"role":"assistant","parts":[{"arguments":{"a":1},"name":"f","id":"c1","type":"tool_call"}],"finish_reason":"tool_calls"},{"role":"user","parts":[{"type":"tool_call_response","id":"c1","result":"7"}]}]`,
			`[{"role":"user","parts":[{"type":"text","content":"Hi"}]},{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}}],"finish_reason":"tool_call"},{"role":"user","parts":[{"type":"tool_call_response","id":"c1","response":"7"}]}]`,
			true},
		{"media", RoleInputMessages,
			`[{"role":"user","parts":[{"type":"blob","modality":"image","mime_type":"image/png","content":"AAAA"},{"type":"file","modality":"document","file_id":"f1"},{"type":"uri","modality":"video","uri":"gs://b/v"},{"type":"server_tool_call","id":"s1","name":"search","server_tool_call":{"type":"web_search"}}]}]`,
			`[{"role":"user","parts":[{"type":"blob","modality":"image","mime_type":"image/png","content":"AAAA"},{"type":"file","modality":"document","file_id":"f1"},{"type":"uri","modality":"video","uri":"gs://b/v"},{"type":"server_tool_call","id":"s1","name":"search","server_tool_call":{"type":"web_search"}}]}]`,
			true},
		{"system instructions", RoleSystem, `[{"type":"text","content":"A"},{"type":"text","content":"B"}]`,
			`[{"role":"system","parts":[{"type":"text","content":"A"},{"type":"text","content":"B"}]}]`, true},
		{"system text", RoleSystem, "You are kind.", `[{"role":"system","parts":[{"type":"text","content":"You are kind."}]}]`, true},
		{"reasoning", RoleOutputMessages, `[{"role":"assistant","parts":[{"type":"reasoning","content":"hm"}],"finish_reason":"stop"}]`,
			`[{"role":"assistant","parts":[{"type":"reasoning","content":"hm"}],"finish_reason":"stop"}]`, true},
		{"string of arguments", RoleOutputMessages, `[{"role":"assistant","parts":[{"type":"tool_call","id":"c","name":"f","arguments":"{\"a\":1}"}]}]`,
			`[{"role":"assistant","parts":[{"type":"tool_call","id":"c","name":"f","arguments":{"a":1}}]}]`, true},
		{"array of JSON strings", RoleInputMessages, `["{\"role\":\"user\",\"content\":\"Hi\"}","plain"]`,
			`[{"role":"user","parts":[{"type":"text","content":"Hi"}]},{"role":"user","parts":[{"type":"text","content":"plain"}]}]`, true},
		{"JSON string of a JSON string", RoleInputMessages, `"\"{\\\"role\\\":\\\"user\\\",\\\"content\\\":\\\"Hi\\\"}\""`,
			`[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]`, true},
		{"cut", RoleInputMessages, `[{"role":"user","content":"Hi, my na`,
			`[{"role":"user","parts":[{"type":"text","content":"[{\"role\":\"user\",\"content\":\"Hi, my na"}]}]`, false},
		{"none", RoleInputMessages, `[]`, `[]`, true},
		{"nothing", RoleInputMessages, ``, `[]`, true},
		{"text with brackets", RolePromptText, `[note] be brief`, `[{"role":"user","parts":[{"type":"text","content":"[note] be brief"}]}]`, true},
		{"number", RoleRawOutput, `42`, `[{"role":"assistant","parts":[{"type":"text","content":"42"}]}]`, true},
	})
}

// What no conversation looks like is kept as text: nothing is lost, and nothing grows with it.
func TestWhatIsNoConversationIsKeptAsText(t *testing.T) {
	message := `{"role":"user","content":"x"},`
	for name, text := range map[string]string{
		"too many messages":   "[" + strings.Repeat(message, maxElements) + message[:len(message)-1] + "]",
		"too many parts":      `[{"role":"user","content":[` + strings.Repeat(`{"text":"x"},`, maxElements) + `{"text":"x"}]}]`,
		"too many calls":      `[{"role":"assistant","tool_calls":[` + strings.Repeat(`{"id":"1","name":"f"},`, maxElements) + `{"name":"f"}]}]`,
		"objects of no shape": "[" + strings.Repeat(`{"a":1},`, 50_000) + message[:len(message)-1] + "]",
		"nested too deeply":   strings.Repeat("[", maxNesting+1) + message[:len(message)-1] + strings.Repeat("]", maxNesting+1),
		"wrapped too often":   strings.Repeat(`{"input":`, 100) + message[:len(message)-1] + strings.Repeat("}", 100),
	} {
		t.Run(name, func(t *testing.T) {
			msgs, lossless := DecodeMessages(nil, text, RoleInputMessages)
			require.Len(t, msgs, 1)
			assert.True(t, lossless || looksCut(text))
			require.Len(t, msgs[0].Parts, 1)
			assert.True(t, msgs[0].Parts[0].Text == text)
		})
	}
}

func TestNormalizeFinishReason(t *testing.T) {
	for word, want := range map[string]string{
		"tool_calls": "tool_call", "tool-calls": "tool_call", "tool_use": "tool_call", "toolUse": "tool_call", "tool_call": "tool_call",
		"FinishReason.TOOL_CALLS": "tool_call", "STOP": "stop", "end_turn": "stop", "FINISH_REASON_STOP": "stop", "COMPLETE": "stop",
		"MAX_TOKENS": "length", "max_tokens": "length", "length": "length", "SAFETY": "content_filter", "content-filter": "content_filter",
		"error": "error", "": "", "pause_turn": "pause_turn", "weird": "weird",
	} {
		assert.Equal(t, want, NormalizeFinishReason(word), word)
	}
}

func TestSplitSystem(t *testing.T) {
	text := func(s string) []Part { return []Part{{Type: PartText, Text: s}} }
	msgs := []Message{{Role: "user", Parts: text("a")}, {Role: "system", Parts: text("b")}, {Role: "assistant", Parts: text("c")}, {Role: "system", Parts: text("d")}}
	system, rest := SplitSystem(msgs)
	assert.Equal(t, append(text("b"), text("d")...), system)
	assert.Equal(t, []Message{msgs[0], msgs[2]}, rest)

	system, rest = SplitSystem(msgs[:1])
	assert.Nil(t, system)
	assert.Equal(t, msgs[:1], rest)
}

// What Vercel sends apart is one answer: ai.response.text and ai.response.toolCalls.
func TestToolCallsJoinTheText(t *testing.T) {
	msgs, _ := DecodeMessages(nil, "Let me see.", RoleCompletionText)
	msgs, lossless := DecodeMessages(msgs, `[{"toolCallId":"c1","toolName":"f","input":{}}]`, RoleCompletionToolCalls)
	assert.True(t, lossless)
	assert.JSONEq(t, `[{"role":"assistant","parts":[{"type":"text","content":"Let me see."},{"type":"tool_call","id":"c1","name":"f","arguments":{}}]}]`,
		string(AppendMessages(nil, msgs)))
}

func TestLooksCurrent(t *testing.T) {
	for text, want := range map[string]bool{
		`[]`: true,
		`[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]`:                                      true,
		` [ { "parts" : [ { "content" : "a \" b", "type" : "text" } ], "role" : "user" } ] `:              true,
		`[{"role":"assistant","parts":[{"arguments":{"a":1},"name":"f","type":"tool_call"}]}]`:            true,
		`[{"role":"assistant","parts":[],"finish_reason":"stop"},{"role":"user","parts":[{"type":"t"}]}]`: true,
		`[{"role":"assistant","parts":[]}]`:                                                               true,
		`[{"role":"user","parts":[{"text":"Hi"}]}]`:                                                       false, // Gemini
		`[{"role":"user","content":"Hi"}]`:                                                                false,
		`[{"role":"user","content":"\"parts\":[{\"type\":\"text\"}]"}]`:                                   false,
		`{"role":"user","parts":[{"type":"text"}]}`:                                                       false,
		`Hi`:           false,
		``:             false,
		`[{`:           false,
		`[{"`:          false,
		`["`:           false,
		`[{"parts":[{`: false,
		`[{"parts"`:    false,
	} {
		assert.Equal(t, want, LooksCurrent(text), text)
	}
}
