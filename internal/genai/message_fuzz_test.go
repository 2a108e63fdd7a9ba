// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

var everyMessageRole = []Role{
	RoleInputMessages, RoleOutputMessages, RoleSystem, RolePromptText, RoleCompletionText, RoleCompletionToolCalls, RoleRawInput, RoleRawOutput,
}

// checkWritable fails if messages cannot be written as JSON, or do not stay as they are once they have been.
func checkWritable(t *testing.T, msgs []Message) {
	t.Helper()
	written := AppendMessages(nil, msgs)
	if !json.Valid(written) || !utf8.Valid(written) {
		t.Fatalf("not JSON in UTF-8: %q", written)
	}
	second, _ := DecodeMessages(nil, string(written), RoleInputMessages)
	again := AppendMessages(nil, second)
	if third, _ := DecodeMessages(nil, string(again), RoleInputMessages); string(AppendMessages(nil, third)) != string(again) {
		t.Fatalf("not settled:\n%s\n%s", again, AppendMessages(nil, third))
	}
}

func FuzzDecodeMessages(f *testing.F) {
	for _, seed := range fuzzSeeds {
		for i := range everyMessageRole {
			f.Add(seed, byte(i))
		}
	}
	f.Fuzz(func(t *testing.T, text string, r byte) {
		role := everyMessageRole[int(r)%len(everyMessageRole)]
		msgs, _ := DecodeMessages(nil, text, role)
		checkWritable(t, msgs)
		if len(msgs) == 0 && strings.Trim(text, " \t\r\n\"'{}[]nul\\,:") != "" && !json.Valid([]byte(text)) {
			t.Fatalf("text is lost: %q", text)
		}
		EachToolCall(text, func(_, _, _ string) bool { return true })
		EachToolResult(text, func(_, _ string, _ bool) bool { return true })
		LooksCurrent(text)
	})
}

func FuzzDecodeFlattened(f *testing.F) {
	f.Add("0.message.role", "user", "0.message.contents.0.message_content.text", "Hi")
	f.Add("0.tool_calls.1.name", "f", "0.tool_calls.0.arguments", "{}")
	f.Add("12.content", `[{"type":"text","text":"a"}]`, "3", "x")
	f.Add("0.content", "a", "0.content.text", "b")
	f.Fuzz(func(t *testing.T, pathA, valueA, pathB, valueB string) {
		m := pcommon.NewMap()
		m.PutStr("p."+pathA, valueA)
		m.PutStr("p."+pathB, valueB)
		msgs, _ := DecodeFlattened(nil, m, "p.", RoleInputMessages)
		checkWritable(t, msgs)
	})
}

var fuzzSeeds = []string{
	`[{'role': 'user', 'content': "it's \x41 \u20ac", 'n': None}]`,
	"Hi", "\"quoted\"", "[]", "{}", "null", "42", "[[[]]]", "{\"role\":\"user\",\"content\":\"cut",
	`[{"role":"system","content":"S"},{"role":"assistant","content":null,"tool_calls":[{"id":"c","function":{"name":"f","arguments":"{\"a\":1}"}}]},{"role":"tool","tool_call_id":"c","content":"7"}]`,
	`[{"role":"user","parts":[{"type":"text","content":"Hi"},{"type":"blob","modality":"image","mime_type":"image/png","content":"AAAA"},{"type":"x"}],"finish_reason":"stop"}]`,
	`{"contents":[{"role":"user","parts":[{"text":"Hi"},{"functionCall":{"name":"f","args":{}}},{"inlineData":{"mimeType":"a/b","data":"A"}}]}],"config":{"system_instruction":"S"}}`,
	`{"system":[{"type":"text","text":"A"}],"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"b"}]}]}],"stop_reason":"end_turn"}`,
	`{"messages":[[{"lc":1,"id":["a","HumanMessage"],"kwargs":{"content":"Hi"}}]],"generations":[[{"text":"x","generation_info":{"finish_reason":"stop"},"message":{"type":"ai","data":{"content":[]}}}]]}`,
	`{"output":[{"type":"reasoning","summary":[{"text":"t"}]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"H"}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}]}`,
	`[{"kind":"request","parts":[{"part_kind":"system-prompt","content":"S"},{"part_kind":"tool-return","tool_name":"f","content":{"a":1},"tool_call_id":"c"}]}]`,
	`{"replies":[{"role":"tool","content":[{"tool_call_result":{"result":"7","origin":{"id":"c","tool_name":"f"},"error":false}}],"meta":{"finish_reason":"stop"}}]}`,
	`"\"{\\\"role\\\":\\\"user\\\",\\\"content\\\":\\\"Hi\\\"}\""`,
	`[{"event.name":"gen_ai.choice","message":"x","index":0},{"toolCallId":"c","toolName":"f","input":{}},{"type":"file","file":{"file_id":"f"}}]`,
	strings.Repeat("[", 600), strings.Repeat(`{"function":`, 300) + "1" + strings.Repeat("}", 300),
	"[{\"role\":\"user\",\"content\":\"\xff\u2028\\ud800\"}]",
}
