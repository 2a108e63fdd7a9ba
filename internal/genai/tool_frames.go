// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"

	"github.com/tidwall/gjson"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// frame is what a client puts around the arguments or the result of a tool call. A tool may have arguments of the same names: a frame is
// only taken off where the client is known to put it on, or where it can be nothing else.
type frame struct {
	of     uint64 // the conventions whose attributes have it; 0: any
	is     func(gjson.Result) bool
	inside func(gjson.Result) gjson.Result
}

const anyConvention = 0

// langChainRuns are the conventions in which LangChain's runs arrive as LangChain writes them.
const langChainRuns = 1<<ConventionOpenInference | 1<<ConventionOpenLLMetry | 1<<ConventionLangSmith | 1<<ConventionLangfuse | 1<<ConventionMLflow

// pythonCalls are the conventions that report how a decorated function was called.
const pythonCalls = 1<<ConventionOpenInference | 1<<ConventionOpenLLMetry | 1<<ConventionLangSmith | 1<<ConventionLangfuse | 1<<ConventionLlamaIndex |
	1<<ConventionAgentOps

// argumentFrames are looked for in order, and inside each other.
var argumentFrames = []frame{
	// OpenLLMetry around LangChain, Python: {"input_str":…,"tags":…,"metadata":…,"inputs":{…},"kwargs":…}
	{anyConvention, hasAll("input_str", "tags", "metadata", "inputs"), at("inputs")},
	// OpenLLMetry's, Langfuse's and OpenInference's decorators, LlamaIndex, smolagents: {"args":[],"kwargs":{…}}
	{pythonCalls, isPythonCall, insidePythonCall},
	// OpenLLMetry around LangChain, JavaScript: {"args":["{…}"]}
	{pythonCalls, hasOnly("args", gjson.Result.IsArray), func(o gjson.Result) gjson.Result { return onlyElement(o.Get("args")) }},
	// wrappers of the AI SDK's tools: [{…},{"toolCallId":…,"messages":[…]}]
	{anyConvention, isVercelExecute, at("0")},
	// OpenInference around BeeAI: {"input":{…},"options":null}
	{1 << ConventionOpenInference, isInputWithOptions, at("input")},
	// OpenLLMetry, MCP
	{1 << ConventionOpenLLMetry, hasAll("tool_name", "arguments"), at("arguments")},
	{1 << ConventionGoose, hasAll("tool", "arguments"), at("arguments")},
	// gemini-cli
	{1 << ConventionGeminiCLI, hasAll("callId", "args"), at("args")},
	// LangWatch: {"type":"json","value":{…}}
	{1 << ConventionLangWatch, hasAll("type", "value"), at("value")},
	// TanStack AI, as a message: [{"role":"tool","content":"{…}"}]
	{anyConvention, isToolMessage, at("0.content")},
	// LangSmith around LangChain: {"input":"{…}"}
	{1 << ConventionLangSmith, hasOnly("input", isText), at("input")},
}

var resultFrames = []frame{
	// LangChain's message, serialized as an object, its id apart from the content: alone or as an answer's `output`
	{anyConvention, hasAll("lc", "kwargs.content"), at("kwargs.content")},
	{anyConvention, hasAll("output.lc", "output.kwargs.content"), at("output.kwargs.content")},
	{anyConvention, hasAll("update.messages.0.lc", "update.messages.0.kwargs.content"), at("update.messages.0.kwargs.content")},
	// OpenInference around LangChain: {"type":"tool","data":{"content":…,"tool_call_id":…}}
	{langChainRuns, hasAll("type", "data.content"), at("data.content")},
	{langChainRuns, hasAll("content", "tool_call_id"), at("content")},
	{1<<ConventionLangSmith | 1<<ConventionOpenLLMetry, hasOnly("output", gjson.Result.Exists), at("output")},
	{anyConvention, isToolMessage, at("0.content")},
	// gemini-cli, whose frame holds the call's id
	{1 << ConventionGeminiCLI, hasAll("callId", "responseParts.0.functionResponse.response"), at("responseParts.0.functionResponse.response")},
	{1 << ConventionGeminiCLI, hasAll("request.callId", geminiResponse), at(geminiResponse)}, // 0.61
	{1 << ConventionLangWatch, hasAll("type", "value"), at("value")},
	// OpenLLMetry: MCP; LlamaIndex
	{1 << ConventionOpenLLMetry, hasAll("is_error", "result"), at("result")},
	{1 << ConventionOpenLLMetry, hasAll("tool_output.content"), at("tool_output.content")},
	{1 << ConventionOpenLLMetry, hasAll("tool_output.raw_output"), at("tool_output.raw_output")},
}

const geminiResponse = "response.responseParts.0.functionResponse.response"

func at(path string) func(gjson.Result) gjson.Result {
	return func(o gjson.Result) gjson.Result { return o.Get(path) }
}

func hasAll(paths ...string) func(gjson.Result) bool {
	rarest := paths[0][strings.LastIndexByte(paths[0], '.')+1:]
	return func(o gjson.Result) bool {
		if !mayName(o.Raw, rarest) {
			return false
		}
		for _, p := range paths {
			if !o.Get(p).Exists() {
				return false
			}
		}
		return true
	}
}

// hasOnly tells an object whose single member is of that name and kind.
func hasOnly(name string, kind func(gjson.Result) bool) func(gjson.Result) bool {
	return func(o gjson.Result) bool {
		if !mayName(o.Raw, name) {
			return false
		}
		member := o.Get(name)
		return member.Exists() && kind(member) && memberCount(o) == 1
	}
}

// isInputWithOptions tells an object of nothing but the arguments and the options of the run.
func isInputWithOptions(o gjson.Result) bool {
	return mayName(o.Raw, "options") && o.Get("input").IsObject() && o.Get("options").Exists() && memberCount(o) == 2
}

// isToolMessage tells an array that is nothing but one message with a tool's role.
func isToolMessage(o gjson.Result) bool {
	return o.IsArray() && mayName(o.Raw, "role") && o.Get("#").Int() == 1 && o.Get("0.role").Str == roleTool && isText(o.Get("0.content")) &&
		memberCount(o.Get("0")) == 2
}

// isVercelExecute tells what the AI SDK calls a tool with: the model's arguments, and the options of the call.
func isVercelExecute(o gjson.Result) bool {
	return o.IsArray() && mayName(o.Raw, "toolCallId") && o.Get("#").Int() == 2 && isText(o.Get("1.toolCallId")) && o.Get("1.messages").IsArray()
}

func isText(r gjson.Result) bool { return r.Type == gjson.String }

func isPythonCall(o gjson.Result) bool {
	if !mayName(o.Raw, "kwargs") {
		return false
	}
	args := o.Get("args")
	return o.Get("kwargs").IsObject() && (!args.Exists() || args.IsArray())
}

// insidePythonCall is the keyword arguments, or the single positional one; a call that has both stays whole.
func insidePythonCall(o gjson.Result) gjson.Result {
	kwargs, args := o.Get("kwargs"), o.Get("args")
	switch {
	case len(args.Array()) == 0:
		return kwargs
	case memberCount(kwargs) == 0:
		return onlyElement(args)
	}
	return o
}

func onlyElement(array gjson.Result) gjson.Result {
	elements := array.Array()
	if len(elements) != 1 {
		return array
	}
	if inner := unwrapString(elements[0].String()); elements[0].Type == gjson.String && inner.Exists() {
		return inner
	}
	return elements[0]
}

func memberCount(obj gjson.Result) (n int) {
	obj.ForEach(func(_, _ gjson.Result) bool {
		n++
		return true
	})
	return n
}

// maxFrames bounds how often a frame may stand in a frame; what has more of them is left as it is.
const maxFrames = 8

// unframed is a content's value without its client's frames. Where the client has put a current name, only what can be nothing but a
// frame is taken off, and what llmcol itself has written there never again.
func (v *View) unframed(c *Content, frames []frame) Text {
	if c.Convention == ConventionSemConv && v.isListed(c.Key) {
		return valueText(c.Value)
	}
	return unframe(c.Value, v.ownerOf(c), frames)
}

// unframe takes frames off that the conventions of owner put on.
func unframe(val pcommon.Value, owner uint64, frames []frame) Text {
	obj := parseObject(val)
	inner := withoutFrames(obj, owner, frames)
	current := owner == ConventionSemConv.bit()
	switch {
	case inner.Raw != obj.Raw:
		return asText(inner)
	case current || !obj.Exists() || !validJSON(obj.Raw): // a Python dict looks like JSON and is none
		return unquoted(val, !current)
	}
	return Text{obj.Raw, true}
}

func withoutFrames(obj gjson.Result, owner uint64, frames []frame) gjson.Result {
	inner := obj
	for range maxFrames {
		f := frameOf(inner, frames, owner)
		if f == nil {
			return inner
		}
		next := f.inside(inner)
		if text := unwrapString(next.String()); next.Type == gjson.String && text.Exists() {
			next = text
		}
		if next.Raw == inner.Raw {
			return inner
		}
		inner = next
	}
	return obj
}

// ownerOf is the convention of a content: a client's own where it puts a tool's data under the names of prompts or messages.
func (v *View) ownerOf(c *Content) uint64 {
	switch c.Role {
	case RoleInputMessages, RoleOutputMessages:
		return ConventionGeminiCLI.bit()
	case RoleRawInput, RoleRawOutput:
		return c.Convention.bit() | v.claims&(ConventionLangSmith.bit()|ConventionGoose.bit())
	}
	return c.Convention.bit()
}

func frameOf(obj gjson.Result, frames []frame, owner uint64) *frame {
	if !obj.IsObject() && !obj.IsArray() {
		return nil
	}
	for i := range frames {
		if f := &frames[i]; (f.of == anyConvention || f.of&owner != 0) && f.is(obj) {
			return f
		}
	}
	return nil
}

// unquoted is a value as text; text that is one JSON string is what that says, if asked for.
func unquoted(val pcommon.Value, unquote bool) Text {
	if unquote && val.Type() == pcommon.ValueTypeStr && strings.HasPrefix(val.Str(), `"`) && validJSON(val.Str()) {
		return Text{gjson.Parse(val.Str()).String(), false}
	}
	return valueText(val)
}
