// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"slices"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// flattenedArguments reads code.function.parameters.<name>.value, one attribute an argument (google-genai 0.7), and Strands' event.
func (v *View) flattenedArguments() (Text, bool) {
	var parts []string
	for k, val := range v.attributes.All() {
		if name := flattenedArgument(k); name != "" {
			parts = append(parts, strconv.Quote(name)+":"+strconv.Quote(val.AsString()))
		}
	}
	if parts == nil {
		return v.argumentsFromEvents()
	}
	slices.Sort(parts)
	return Text{"{" + strings.Join(parts, ",") + "}", true}, true
}

// flattenedArgument is the name of the argument that an attribute holds; empty if it holds none.
func flattenedArgument(key string) string {
	f := findFamily(key)
	if f == nil || f.role != RoleToolArguments {
		return ""
	}
	name, _ := strings.CutSuffix(key[len(f.prefix):], ".value") // google-genai has the argument's type beside it
	if strings.Contains(name, ".") {
		return ""
	}
	return name
}

// flattenedText reads eino's tools: the arguments where a prompt's first message stands, the result where an answer's does.
func (v *View) flattenedText(role Role, frames []frame) (Text, bool) {
	for i := range v.contents {
		c := &v.contents[i]
		if c.Role != role || c.Layout != LayoutFlattened {
			continue
		}
		if val, found := v.attributes.Get(c.Key + "0.content"); found {
			return unframe(val, c.Convention.bit(), frames), true
		}
	}
	return Text{}, false
}

// argumentsFromEvents reads the span events in which Strands and the old conventions put a tool's input.
func (v *View) argumentsFromEvents() (Text, bool) {
	if !v.hasEvents() {
		return v.flattenedText(RoleInputMessages, argumentFrames)
	}
	if val, found := v.eventAttribute(argumentEvents); found {
		return unframe(val, ConventionSemConvOld.bit(), argumentFrames), true
	}
	if part, found := v.eventPart(PartToolCall, false); found {
		return Text{part.Arguments, part.ArgumentsAreJSON}, true
	}
	return v.flattenedText(RoleInputMessages, argumentFrames)
}

func (v *View) resultFromEvents() (Text, bool) {
	if !v.hasEvents() {
		return v.flattenedText(RoleOutputMessages, resultFrames)
	}
	if val, found := v.eventAttribute(resultEvents); found {
		return unframe(val, ConventionSemConvOld.bit(), resultFrames), true
	}
	if part, found := v.eventPart(PartToolCallResponse, true); found {
		return Text{part.Response, part.ResponseIsJSON}, true
	}
	return v.flattenedText(RoleOutputMessages, resultFrames)
}

func (v *View) hasEvents() bool { return v.isSpan && v.span.Events().Len() > 0 }

// eventPart is the first part of a type in the messages that a span's events hold.
func (v *View) eventPart(t PartType, out bool) (part Part, found bool) {
	msgs, _ := DecodeEvents(nil, v.span.Events(), out)
	for i := range msgs {
		for _, p := range msgs[i].Parts {
			if p.Type == t {
				return p, true
			}
		}
	}
	return Part{}, false
}

// eventAttribute is an attribute of a span event.
type eventAttribute struct{ event, attribute string }

// The events of a tool's span that hold its input and its result: Strands', and those of Ax.
var (
	argumentEvents = []eventAttribute{{"gen_ai.tool.message", "content"}, {"gen_ai.tool.message", "args"}, {"function.error", "args"}}
	resultEvents   = []eventAttribute{{choiceEvent, "message"}, {"gen_ai.tool.message", "result"}, {"function.error", "message"}}
)

// eventAttribute is the first of the attributes that one of the span's events has.
func (v *View) eventAttribute(of []eventAttribute) (val pcommon.Value, found bool) {
	for _, e := range v.span.Events().All() {
		for i := range of {
			if e.Name() != of[i].event {
				continue
			}
			if val, found = e.Attributes().Get(of[i].attribute); found {
				return val, true
			}
		}
	}
	return val, false
}
