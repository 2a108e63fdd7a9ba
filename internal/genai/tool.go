// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"

	"github.com/tidwall/gjson"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// ToolName is the name of the tool that an execute_tool span ran; empty if unknown or for any other operation.
func (v *View) ToolName() string {
	if v.operation != OpExecuteTool {
		return ""
	}
	if n := v.text(fieldToolName); n != "" {
		return n
	}
	if n := v.text(fieldEntityName); n != "" {
		return n
	}
	if n := firstMember(v.request(), "tool_name", "name").String(); n != "" && v.claims&wrappers != 0 {
		return n
	}
	if n := v.nameWithout(toolNameAffixes...); n != "" {
		return n
	}
	return v.name
}

// toolNameAffixes are what clients put around a tool's name in the span's name.
var toolNameAffixes = []string{
	"execute_tool ", "running tool: ", "tool_call ", "tools/call ", "anthropic.custom_tool_use ", "tool: ", "Tool: ", ".tool", ".__call__", ".run", ".acall",
	".call",
}

// wrappers are conventions whose attribute holds the call's frame around the tool's name.
var wrappers = ConventionGeminiCLI.bit() | ConventionOpenLLMetry.bit()

// ToolCallID is the id that the model gave the call; empty if unknown.
func (v *View) ToolCallID() string {
	if v.operation != OpExecuteTool && v.isSpan {
		return ""
	}
	if id := v.text(fieldToolCallID); id != "" {
		return id
	}
	return firstMember(v.request(), "callId").String()
}

// Text is a piece of content as text. JSON says that it is a JSON value other than a quoted string.
type Text struct {
	Text string
	JSON bool
}

// ToolArguments are the arguments of an execute_tool span without a client's frame around them. Known tells that they were reported: `{}`
// is a call without arguments, nothing at all is a call whose arguments are unknown.
func (v *View) ToolArguments() (args Text, known bool) {
	if v.operation != OpExecuteTool {
		return Text{}, false
	}
	c := v.argumentsContent()
	if c == nil {
		return v.flattenedArguments()
	}
	return unwrapArguments(c.Value), true
}

// argumentsContent prefers the explicit name, unless that holds the tool's schema as in OpenInference's dual mode.
func (v *View) argumentsContent() *Content {
	raw := v.content(RoleRawInput)
	explicit := v.content(RoleToolArguments)
	switch {
	case explicit != nil && raw != nil && isSchema(explicit.Value):
		return raw
	case explicit != nil:
		return explicit
	case raw != nil:
		return raw
	case v.claims&ConventionGeminiCLI.bit() != 0:
		return v.content(RoleInputMessages)
	}
	if c := v.content(RoleToolDefinitions); c != nil && !isSchema(c.Value) && c.Layout == LayoutText {
		return c
	}
	if v.claims == 0 {
		return v.content(RoleQuery)
	}
	return nil
}

// content is the best ranked place for a role that is a single attribute.
func (v *View) content(r Role) *Content {
	var best *Content
	for i := range v.contents {
		c := &v.contents[i]
		if c.Role == r && c.Layout == LayoutText && (best == nil || c.Convention < best.Convention) {
			best = c
		}
	}
	return best
}

// ToolResult is what an execute_tool span gave back, without a client's frame around it.
func (v *View) ToolResult() (result Text, known bool) {
	if v.operation != OpExecuteTool {
		return Text{}, false
	}
	c := v.content(RoleToolResult)
	if c == nil {
		c = v.content(RoleRawOutput)
	}
	if c == nil && v.claims&ConventionGeminiCLI.bit() != 0 {
		c = v.content(RoleOutputMessages)
	}
	if c == nil {
		return v.resultFromEvents()
	}
	return unwrapResult(c.Value), true
}

// isSchema tells a JSON schema from arguments: it describes an object's properties.
func isSchema(val pcommon.Value) bool {
	obj := parseObject(val)
	return obj.IsObject() && obj.Get("properties").IsObject() && (obj.Get("type").String() == "object" || obj.Get("title").Exists())
}

func asText(r gjson.Result) Text {
	switch r.Type {
	case gjson.JSON:
		return Text{r.Raw, true}
	case gjson.Null:
		return Text{}
	default:
		return Text{r.String(), false}
	}
}

func valueText(val pcommon.Value) Text {
	if val.Type() == pcommon.ValueTypeStr {
		s := strings.TrimSpace(val.Str())
		if len(s) > 0 && (s[0] == '{' || s[0] == '[') {
			return Text{val.Str(), true}
		}
		return Text{val.Str(), false}
	}
	return Text{val.AsString(), val.Type() == pcommon.ValueTypeMap || val.Type() == pcommon.ValueTypeSlice}
}

// unwrapArguments takes the frames off that clients put around a call's arguments:
//
//	{"args":[],"kwargs":{…}}            OpenLLMetry, LlamaIndex, smolagents
//	{"args":["{…}"]}                    OpenLLMetry around LangChain JS
//	{"input_str":…,"inputs":{…},…}      OpenLLMetry around LangChain Python
//	{"tool_name":…,"arguments":{…}}     OpenLLMetry MCP; gemini-cli says callId, name, args
//	"\"{…}\""                           eino: a JSON string of a JSON string
func unwrapArguments(val pcommon.Value) Text {
	obj := parseObject(val)
	if !obj.IsObject() {
		if obj.IsArray() {
			return Text{obj.Raw, true}
		}
		return valueText(val)
	}
	switch {
	case obj.Get("input_str").Exists() && obj.Get("inputs").Exists():
		return asText(obj.Get("inputs"))
	case obj.Get("kwargs").IsObject():
		return unwrapCall(obj)
	case obj.Get("args").IsArray() && memberCount(obj) == 1:
		return asText(onlyElement(obj.Get("args")))
	case obj.Get("tool_name").Exists() && obj.Get("arguments").Exists():
		return asText(obj.Get("arguments"))
	case obj.Get("callId").Exists() && obj.Get("args").Exists():
		return asText(obj.Get("args"))
	}
	return Text{obj.Raw, true}
}

// unwrapCall reads a Python call: the keyword arguments, or the single positional one, else both.
func unwrapCall(obj gjson.Result) Text {
	kwargs, args := obj.Get("kwargs"), obj.Get("args")
	switch {
	case len(args.Array()) == 0:
		return asText(kwargs)
	case memberCount(kwargs) == 0:
		return asText(onlyElement(args))
	}
	return Text{obj.Raw, true}
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

// resultPaths are where frames keep a tool's result: LangChain's message (its id differs from call to call), OpenLLMetry's copy of it,
// MCP's and LangSmith's answers.
var resultPaths = [...]struct{ mark, path string }{
	{"data.content", "data.content"},
	{"output.kwargs.content", "output.kwargs.content"},
	{"kwargs.content", "kwargs.content"},
	{"update.messages.0.kwargs.content", "update.messages.0.kwargs.content"},
	{"is_error", "result"},
	{"tool_output.content", "tool_output.content"},
	{"tool_output.raw_output", "tool_output.raw_output"},
}

func unwrapResult(val pcommon.Value) Text {
	obj := parseObject(val)
	if !obj.IsObject() {
		if val.Type() == pcommon.ValueTypeStr && strings.HasPrefix(val.Str(), `"`) && gjson.Valid(val.Str()) {
			return Text{gjson.Parse(val.Str()).String(), false}
		}
		return valueText(val)
	}
	for _, p := range resultPaths {
		if obj.Get(p.mark).Exists() {
			if r := obj.Get(p.path); r.Exists() {
				return asText(r)
			}
		}
	}
	return Text{obj.Raw, true}
}
