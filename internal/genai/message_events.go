// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// The span events and log events that hold messages, beside messageEvents.
const (
	detailsEvent           = "gen_ai.client.inference.operation.details"
	promptEvent            = "gen_ai.content.prompt"
	completionEvent        = "gen_ai.content.completion"
	eventContentAttribute  = "gen_ai.event.content"
	inputMessagesAttribute = "gen_ai.input.messages"
)

// eventAttributes are the attributes of an event that hold messages whole.
var eventAttributes = []struct {
	event, attribute string
	role             Role
}{
	{detailsEvent, "gen_ai.system_instructions", RoleSystem},
	{detailsEvent, inputMessagesAttribute, RoleInputMessages},
	{detailsEvent, "gen_ai.output.messages", RoleOutputMessages},
	{promptEvent, "gen_ai.prompt", RoleRawInput},
	{completionEvent, "gen_ai.completion", RoleRawOutput},
	{"LLMChatStartEvent", "messages", RoleInputMessages}, // LlamaIndex
	{"LLMChatEndEvent", "response.message.blocks", RoleOutputMessages},
	{"LLMCompletionStartEvent", "prompt", RolePromptText},
	{"LLMCompletionEndEvent", "response.text", RoleOutputMessages},
	{"EmbeddingEndEvent", "chunks", RolePromptText},
}

// encodesParts tells the event in which Langtrace puts the JSON of tool calls where a message has its text.
func encodesParts(event string) bool { return event == promptEvent || event == completionEvent }

// DecodeEvents appends the messages in the events of a span: those that a model was given, or with out those that it answered. Known
// are the message events of the conventions up to 1.36 with their content in attributes (Strands) or in gen_ai.event.content (Azure,
// Semantic Kernel), gen_ai.content.prompt and .completion, and the details event.
func DecodeEvents(dst []Message, events ptrace.SpanEventSlice, out bool) ([]Message, bool) {
	lossless := true
	for i := range events.Len() {
		var whole bool
		dst, whole = decodeEvent(dst, events.At(i).Name(), events.At(i).Attributes(), out)
		lossless = lossless && whole
	}
	return dst, lossless
}

func decodeEvent(dst []Message, name string, attrs pcommon.Map, out bool) ([]Message, bool) {
	if role, ok := messageEvents[name]; ok {
		if out != (name == choiceEvent) {
			return dst, true
		}
		d := eventDecoder(dst, role, out)
		if v, ok := attrs.Get(eventContentAttribute); ok {
			return d.event(name, v)
		}
		w := valueWriter{whole: true}
		raw := string(w.appendMap(nil, attrs, 0, isOwnAttribute))
		d.lossy = !w.whole
		return d.eventObject(name, raw)
	}
	lossless := true
	for _, e := range eventAttributes {
		if e.event != name || out != (e.role == RoleOutputMessages || e.role == RoleRawOutput) {
			continue
		}
		if v, ok := attrs.Get(e.attribute); ok {
			var whole bool
			if raw, isJSON := jsonText(v.AsString()); isJSON && encodesParts(name) {
				d := newDecoder(dst, e.role)
				d.encoded = true
				dst, whole = d.decode(raw, v.AsString())
			} else {
				dst, whole = DecodeValue(dst, v, e.role)
			}
			lossless = lossless && whole
		}
	}
	return dst, lossless
}

// isOwnAttribute tells an event's own attributes from those that repeat the span's.
func isOwnAttribute(key string) bool {
	return !strings.HasPrefix(key, "gen_ai.") && !strings.HasPrefix(key, "event.") && !strings.HasPrefix(key, "server.")
}

// DecodeLogBody appends the message in the body of a GenAI log event (conventions up to 1.36): a map, or a string of JSON (Semantic
// Kernel). eventName is one of gen_ai.{system,user,assistant,tool}.message and gen_ai.choice.
func DecodeLogBody(dst []Message, eventName string, body pcommon.Value) ([]Message, bool) {
	role, ok := messageEvents[eventName]
	if !ok {
		return DecodeValue(dst, body, RoleRawInput)
	}
	return eventDecoder(dst, role, eventName == choiceEvent).event(eventName, body)
}

func eventDecoder(dst []Message, role string, out bool) *decoder {
	return &decoder{msgs: dst, role: role, out: out, encoded: true}
}

// event reads an event's content: an object, or the JSON of one, or plain text.
func (d *decoder) event(name string, v pcommon.Value) ([]Message, bool) {
	switch v.Type() {
	case pcommon.ValueTypeEmpty:
		return d.msgs, true
	case pcommon.ValueTypeStr:
		if raw, ok := jsonText(v.Str()); ok && isObject(raw) {
			return d.eventObject(name, raw)
		}
		d.add(Message{Role: d.role, Parts: d.parts(nil, string(appendString(nil, v.Str())))})
		return d.msgs, !d.lossy
	default:
		raw, whole := valueJSON(v)
		d.lossy = !whole
		if isObject(raw) {
			return d.eventObject(name, raw)
		}
		d.add(Message{Role: d.role, Parts: d.parts(nil, raw)})
		return d.msgs, !d.lossy
	}
}

func (d *decoder) eventObject(name, raw string) ([]Message, bool) {
	o := readObject(raw)
	if o.untaken == 0 && !o.unknown {
		return d.msgs, true // content is not recorded
	}
	if name == choiceEvent {
		d.choice(&o, d.role)
		return d.msgs, !d.lossy
	}
	m := Message{Role: d.role}
	if isString(o.value[memberRole]) {
		m.Role = normalizeRole(o.takeString(memberRole))
	}
	d.fill(&m, &o)
	if len(m.Parts) > 0 {
		d.addItem(m, false)
	} else {
		d.lossy = true
	}
	return d.msgs, !d.lossy
}
