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
		msgs, lossless := DecodeMessages(nil, text, role)
		checkWritable(t, msgs)
		if lossless && utf8.ValidString(text) {
			checkNothingLost(t, text, msgs)
		}
		LooksCurrent(text)
	})
}

// checkNothingLost fails if a sentence in text is not in the messages.
func checkNothingLost(t *testing.T, text string, msgs []Message) {
	t.Helper()
	var said strings.Builder
	for _, sentence := range sentences(nil, string(AppendMessages(nil, msgs)), "", 0) {
		said.WriteString(sentence + "\n")
	}
	if raw, ok := pythonText(text); ok && !strings.Contains(said.String(), text) {
		text = raw
	}
	for _, sentence := range sentences(nil, text, "", 0) {
		if !strings.Contains(said.String(), sentence) {
			t.Fatalf("%q is lost:\n%q\n%q", sentence, text, AppendMessages(nil, msgs))
		}
	}
}

// sentences appends the strings in text, which may be JSON, that have a space in them; but not those that say what something is.
func sentences(dst []string, text, under string, depth int) []string {
	raw, ok := jsonText(text)
	if !ok || depth > 8 {
		if strings.Contains(strings.TrimSpace(text), " ") && !bookkeeping.has(memberOf(under)) {
			dst = append(dst, text)
		}
		return dst
	}
	var value func(raw, under string)
	value = func(raw, under string) {
		switch {
		case isString(raw):
			dst = sentences(dst, unquote(raw), under, depth+1)
		case isObject(raw):
			eachMember(raw, func(name, v string) { value(v, name) })
		case isArray(raw):
			for v := range elements(raw) {
				value(v, under)
			}
		}
	}
	value(raw, under)
	return dst
}

func (s memberSet) has(m member) bool {
	return s&m.bit() != 0 || m == memberIgnored || m == memberRole || m == memberFinish || m == memberModality || m == memberMIME
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
	`[{"role":"user","content":[{"type":"text","text":"what is this"},{"type":"image_url","image_url":{"url":"https://x.example/a b.png","detail":"a b"}}],"name":"A B"}]`,
	`{"inputs":{"messages":[{"role":"user","content":"Hi there"}]},"kwargs":{"name":"a b"},"tags":["c d"]}`,
	"[{\"role\":\"user\",\"content\":\"\xff\u2028\\ud800\"}]",
}
