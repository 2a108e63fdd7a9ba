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
	for _, p := range toolParts(text, callLiterals, PartToolCall) {
		calls = append(calls, fmt.Sprintf("%s %s %s", p.ID, p.Name, p.Arguments))
	}
	return calls
}

func resultsIn(text string) (results []string) {
	for _, p := range toolParts(text, resultLiterals, PartToolCallResponse) {
		results = append(results, fmt.Sprintf("%s %s %t", p.ID, p.Response, p.Failed))
	}
	return results
}

// toolParts are the parts of one type in text, if one of the literals says that there may be one.
func toolParts(text string, literals []literal, of PartType) (parts []Part) {
	if !mentions(text, literals) {
		return nil
	}
	messages, _ := DecodeMessages(nil, text, RoleCompletionToolCalls)
	for i := range messages {
		for _, p := range messages[i].Parts {
			if p.Type == of {
				parts = append(parts, p)
			}
		}
	}
	return parts
}

func TestToolCallsOfEveryShape(t *testing.T) {
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

func TestToolResultsOfEveryShape(t *testing.T) {
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

// prose is a prompt without calls, in which the words occur that calls are made of.
var prose = strings.Repeat("The function of a tool is to help; use tools where an argument does not. Orders are refunded within 14 days, to the card. ", 40)
