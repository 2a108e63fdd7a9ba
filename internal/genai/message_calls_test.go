// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func callsIn(text string) (calls []string) {
	EachToolCall(text, func(id, name, arguments string) bool {
		calls = append(calls, fmt.Sprintf("%s %s %s", id, name, arguments))
		return true
	})
	return calls
}

func resultsIn(text string) (results []string) {
	EachToolResult(text, func(id, result string, isError bool) bool {
		results = append(results, fmt.Sprintf("%s %s %t", id, result, isError))
		return true
	})
	return results
}

func TestEachToolCall(t *testing.T) {
	for name, text := range map[string]string{
		"semconv":   `[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}}]}]`,
		"OpenAI":    `{"choices":[{"message":{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}}]}`,
		"Responses": `{"output":[{"type":"function_call","call_id":"c1","name":"f","arguments":"{\"a\":1}"}]}`,
		"Anthropic": `{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{"a":1}}]}`,
		"Gemini":    `{"candidates":[{"content":{"parts":[{"functionCall":{"id":"c1","name":"f","args":{"a":1}}}]}}]}`,
		"Bedrock":   `{"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"c1","name":"f","input":{"a":1}}}]}}}`,
		"Vercel":    `[{"toolCallId":"c1","toolName":"f","input":"{\"a\":1}"}]`,
		"Genkit":    `{"message":{"role":"model","content":[{"toolRequest":{"ref":"c1","name":"f","input":{"a":1}}}]}}`,
		"Haystack":  `{"replies":[{"role":"assistant","content":[{"tool_call":{"tool_name":"f","arguments":{"a":1},"id":"c1"}}]}]}`,
		"LangChain": `{"type":"ai","data":{"content":"","tool_calls":[{"name":"f","args":{"a":1},"id":"c1","type":"tool_call"}]}}`,
		"Pydantic":  `[{"kind":"response","parts":[{"part_kind":"tool-call","tool_name":"f","args":{"a":1},"tool_call_id":"c1"}]}]`,
		"encoded":   `"[{\"id\":\"c1\",\"name\":\"f\",\"arguments\":{\"a\":1}}]"`,
		"bare":      `[{"id":"c1","name":"f","arguments":{"a":1}}]`,
	} {
		assert.Equal(t, []string{`c1 f {"a":1}`}, callsIn(text), name)
	}
	for _, text := range []string{"", "a tool for everything", "call the function", `[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]`, `{"tool_call":`} {
		assert.Empty(t, callsIn(text), text)
	}
}

func TestEachToolResult(t *testing.T) {
	for name, text := range map[string]string{
		"semconv":   `[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"no","is_error":true}]}]`,
		"Anthropic": `[{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"no","is_error":true}]}]`,
		"Bedrock":   `[{"role":"user","content":[{"toolResult":{"toolUseId":"c1","content":[{"text":"no"}],"status":"error"}}]}]`,
		"Vercel":    `[{"role":"tool","content":[{"type":"tool-result","toolCallId":"c1","output":{"type":"error-text","value":"no"}}]}]`,
		"LangChain": `{"type":"tool","data":{"content":"no","tool_call_id":"c1","status":"error"}}`,
		"Haystack":  `[{"role":"tool","content":[{"tool_call_result":{"result":"no","origin":{"id":"c1"},"error":true}}]}]`,
	} {
		assert.Equal(t, []string{"c1 no true"}, resultsIn(text), name)
	}
	assert.Equal(t, []string{"c1 7 false"}, resultsIn(`[{"role":"tool","tool_call_id":"c1","content":"7"}]`))
	assert.Empty(t, resultsIn("nothing here"))
}

func TestEachToolCallStopsWhenTold(t *testing.T) {
	seen := 0
	EachToolCall(`[{"id":"1","name":"f","arguments":{}},{"id":"2","name":"f","arguments":{}}]`, func(_, _, _ string) bool {
		seen++
		return false
	})
	assert.Equal(t, 1, seen)
	EachToolResult(`[{"call_id":"1","output":"a"},{"call_id":"2","output":"b"}]`, func(_, _ string, _ bool) bool {
		seen++
		return false
	})
	assert.Equal(t, 2, seen)
}

// prose is a prompt without calls, in which the words occur that calls are made of.
var prose = strings.Repeat("The function of a tool is to help; use tools where an argument does not. Orders are refunded within 14 days, to the card. ", 40)

func BenchmarkEachToolCallWithoutCalls(b *testing.B) {
	text := `[{"role":"user","parts":[{"type":"text","content":"` + prose + `"}]}]`
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		EachToolCall(text, func(_, _, _ string) bool { b.Fatal("no call there"); return false })
	}
}
