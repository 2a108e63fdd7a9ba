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
	if call := v.summarizedCall(); call.name != "" {
		return call.name
	}
	if n := firstMember(v.request(), "tool_name", "name", "tool").String(); n != "" && v.claims&wrappers != 0 {
		return n
	}
	if n := v.nameWithout(toolNameAffixes...); n != "" {
		return strings.Trim(n, "'")
	}
	return v.name
}

// toolNameAffixes are what clients put around a tool's name in the span's name.
var toolNameAffixes = []string{
	"execute_tool ", "running tool: ", "tool_call ", "tools/call ", "MCP send tools/call ", "anthropic.custom_tool_use ", "anthropic.tool_use ", "tool: ", "Tool: ",
	quarkusTool, ".tool", ".__call__", ".run", ".acall",
	".call",
}

// wrappers are conventions whose attribute holds the call's frame around the tool's name.
var wrappers = ConventionGeminiCLI.bit() | ConventionOpenLLMetry.bit() | ConventionGoose.bit()

// ToolCallID is the id that the model gave the call; empty if unknown.
func (v *View) ToolCallID() string {
	if v.operation != OpExecuteTool && v.isSpan {
		return ""
	}
	if id := v.text(fieldToolCallID); id != "" {
		return id
	}
	if call := v.summarizedCall(); call.id != "" {
		return call.id
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
	if c != nil {
		args = v.unframed(c, argumentFrames)
		if printed, ok := pythonText(args.Text); ok && !args.JSON && c.Convention != ConventionSemConv {
			return Text{printed, true}, true
		}
		return args, true
	}
	if call := v.summarizedCall(); call.arguments != "" {
		return Text{call.arguments, validJSON(call.arguments)}, true
	}
	return v.flattenedArguments()
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
	if c := v.content(RoleInputMessages); c != nil && isToolMessage(parseObject(c.Value)) {
		return c
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
		if c.Role == r && c.Layout == LayoutText && (best == nil || c.rank < best.rank) {
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
	c := v.resultContent()
	if c == nil {
		return v.resultFromEvents()
	}
	return v.unframed(c, resultFrames), true
}

func (v *View) resultContent() *Content {
	if c := v.content(RoleToolResult); c != nil {
		return c
	}
	if c := v.content(RoleRawOutput); c != nil {
		return c
	}
	if c := v.content(RoleOutputMessages); c != nil && (v.claims&ConventionGeminiCLI.bit() != 0 || isToolMessage(parseObject(c.Value))) {
		return c
	}
	return nil
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
		return Text{val.Str(), len(s) > 0 && (s[0] == '{' || s[0] == '[') && validJSON(s)}
	}
	return Text{val.AsString(), val.Type() == pcommon.ValueTypeMap || val.Type() == pcommon.ValueTypeSlice}
}
