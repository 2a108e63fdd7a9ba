// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"encoding/json"
	"strings"

	"github.com/tidwall/gjson"
)

// stepSummary is where LlamaIndex prints the event that a step was given, cut at 200 characters.
const stepSummary = "llamaindex.step.input_summary"

// summarizedCall is a tool call as LlamaIndex prints it: ToolCall(tool_name='f', tool_kwargs={'a': 1}, tool_id='call_1').
type summarizedCall struct{ name, arguments, id string }

// summarizedCall reads the call that a step was given. A call that was cut has no arguments: two that differ may begin alike.
func (v *View) summarizedCall() (call summarizedCall) {
	if v.claims&ConventionLlamaIndex.bit() == 0 {
		return call
	}
	summary, found := v.attributes.Get(stepSummary)
	if !found || !strings.HasPrefix(summary.Str(), "ToolCall(") {
		return call
	}
	text := summary.Str()
	call.name = between(text, "tool_name='", "'")
	if end := strings.LastIndex(text, ", tool_id='"); end >= 0 {
		call.id = between(text[end:], ", tool_id='", "'")
		_, kwargs, _ := strings.Cut(text[:end], "tool_kwargs=")
		call.arguments = kwargs
		if asJSON, ok := pythonText(kwargs); ok {
			call.arguments = asJSON
		}
	}
	return call
}

func between(s, before, after string) string {
	_, s, _ = strings.Cut(s, before)
	inside, _, closed := strings.Cut(s, after)
	if !closed {
		return ""
	}
	return inside
}

// providerOfClass is the provider in the name of the class that LlamaIndex calls: openai_llm, Anthropic_LLM, OpenAIEmbedding.
func (v *View) providerOfClass() string {
	if v.claims&ConventionLlamaIndex.bit() == 0 {
		return ""
	}
	class := strings.ToLower(v.eventText("model_dict.class_name"))
	return providerNames[strings.TrimSuffix(strings.TrimSuffix(class, "_llm"), "embedding")]
}

// eventUsage reads the usage of the response that LlamaIndex puts into an event: an object, or flattened into an attribute each.
func (v *View) eventUsage() (gjson.Result, bool) {
	const usage = "response.raw.usage"
	counts := map[string]any{}
	for _, e := range v.span.Events().All() {
		for k, val := range e.Attributes().All() {
			path, found := strings.CutPrefix(k, usage)
			switch {
			case !found:
			case path == "":
				if obj := parseObject(val); obj.IsObject() {
					return obj, true
				}
			default:
				if n, ok := count(val); ok {
					setCount(counts, strings.TrimPrefix(path, "."), n)
				}
			}
		}
	}
	if len(counts) == 0 {
		return gjson.Result{}, false
	}
	text, err := json.Marshal(counts)
	return gjson.ParseBytes(text), err == nil
}

// setCount sets a count at a path of one or two names: details stand in an object of their own, and one of none says nothing.
func setCount(counts map[string]any, path string, n int64) {
	outer, inner, nested := strings.Cut(path, ".")
	switch {
	case !nested:
		counts[outer] = n
		return
	case n == 0:
		return
	}
	details, ok := counts[outer].(map[string]any)
	if !ok {
		details = map[string]any{}
		counts[outer] = details
	}
	details[inner] = n
}

// eventChoicesFinish reads why the model stopped from the choices of the response in an event.
func (v *View) eventChoicesFinish(dst []string) []string {
	if v.claims&ConventionLlamaIndex.bit() == 0 {
		return dst
	}
	if val, found := v.eventValue("response.raw.choices"); found {
		return appendFinishReasons(dst, parseObject(val).Get("#.finish_reason"))
	}
	return dst
}
