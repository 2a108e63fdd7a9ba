// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"

	"github.com/tidwall/gjson"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// maxDecodeDepth bounds how deep messages are looked for: objects in arrays in JSON strings in objects.
const maxDecodeDepth = 16

const (
	// maxElements bounds how many messages and parts are read: text that holds more is kept as text.
	maxElements = 1 << 15
	// maxUnknown is after how many elements of no known shape an array is given up.
	maxUnknown = 16
)

// DecodeMessages appends the messages that text holds, in whatever form: JSON of any of the known shapes, JSON in a JSON string, or plain
// text. It reports whether everything that text says is in the messages, so that the original may go. JSON of no known shape becomes
// one text part; nothing is ever lost from the messages but what the report says.
func DecodeMessages(dst []Message, text string, r Role) ([]Message, bool) {
	d := newDecoder(dst, r)
	raw, ok := jsonText(text)
	if !ok {
		raw, ok = pythonText(text)
	}
	if !ok {
		d.text(text)
		return d.msgs, !looksCut(text)
	}
	return d.decode(raw, text)
}

// DecodeValue is DecodeMessages of an attribute's value: a string, or an array or map as complex attributes have it.
func DecodeValue(dst []Message, v pcommon.Value, r Role) ([]Message, bool) {
	switch v.Type() {
	case pcommon.ValueTypeEmpty:
		return dst, true
	case pcommon.ValueTypeStr:
		return DecodeMessages(dst, v.Str(), r)
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		raw, whole := valueJSON(v)
		d := newDecoder(dst, r)
		msgs, lossless := d.decode(raw, raw)
		return msgs, lossless && whole
	default:
		d := newDecoder(dst, r)
		d.text(v.AsString())
		return d.msgs, true
	}
}

// decoder gathers messages. Its methods report whether they knew what they saw; what they did not know they have not added.
type decoder struct {
	msgs    []Message
	role    string // of content that names none
	out     bool   // what a model answered
	strict  bool   // only what can be nothing but messages: a model may answer with any JSON
	calls   bool   // objects with a name and arguments are tool calls
	open    bool   // the last message was made of parts that stood alone; the next such part joins it
	encoded bool   // a content string may be the JSON of parts
	lossy   bool
	depth   int
	spent   int
}

// spend counts an element of an array, and reports false when there are more of them than any conversation has.
func (d *decoder) spend() bool {
	d.spent++
	return d.spent <= maxElements
}

func newDecoder(dst []Message, r Role) *decoder {
	d := &decoder{msgs: dst, role: roleUser}
	switch r {
	case RoleSystem:
		d.role = roleSystem
	case RoleOutputMessages, RoleRawOutput:
		d.role, d.out = roleAssistant, true
	case RoleCompletionText:
		d.role, d.out, d.strict = roleAssistant, true, true
	case RoleCompletionToolCalls:
		d.role, d.out, d.calls = roleAssistant, true, true
		d.open = len(dst) > 0 && dst[len(dst)-1].Role == roleAssistant && !hasPart(dst[len(dst)-1].Parts, PartToolCall)
	case RolePromptText, RoleQuery, RoleText:
		d.strict = true
	}
	return d
}

// decode reads well-formed JSON, and keeps original as text where it is of no known shape.
func (d *decoder) decode(raw, original string) ([]Message, bool) {
	before := d.mark()
	if !d.value(raw) || d.spent > maxElements {
		d.rewind(before)
		d.text(original)
	}
	return d.msgs, !d.lossy
}

// mark is how far a decoder had come.
type mark struct {
	msgs, parts int
	lossy, open bool
}

func (d *decoder) mark() mark {
	m := mark{msgs: len(d.msgs), lossy: d.lossy, open: d.open}
	if m.msgs > 0 {
		m.parts = len(d.msgs[m.msgs-1].Parts)
	}
	return m
}

// rewind takes back what was added since the mark.
func (d *decoder) rewind(m mark) {
	d.msgs, d.lossy, d.open = d.msgs[:m.msgs], m.lossy, m.open
	if m.msgs > 0 {
		last := &d.msgs[m.msgs-1]
		last.Parts = last.Parts[:m.parts]
	}
}

// value reads the messages of any JSON value.
func (d *decoder) value(raw string) bool {
	if d.depth >= maxDecodeDepth {
		return false
	}
	d.depth++
	defer func() { d.depth-- }()
	switch {
	case isObject(raw):
		o := readObject(raw)
		return d.object(&o)
	case isArray(raw):
		return d.array(raw)
	case isString(raw):
		return d.quoted(unquote(raw))
	case raw == "null":
		return true
	default:
		return false
	}
}

// quoted reads a string that may be JSON itself: several clients encode twice.
func (d *decoder) quoted(s string) bool {
	if raw, ok := jsonText(s); ok && d.value(raw) {
		return true
	}
	d.text(s)
	return true
}

// array reads messages, parts that stand alone, strings, or arrays of those. It is known if any element is.
func (d *decoder) array(raw string) bool {
	before := d.mark()
	known, unknown := 0, 0
	for value := range elements(raw) {
		if !d.spend() || known == 0 && unknown > maxUnknown {
			known, unknown = 0, 1
			break
		}
		if d.value(value) {
			known++
			continue
		}
		unknown++
		if isObject(value) {
			d.part(d.role, Part{Type: PartGeneric, Raw: genericRaw(value)})
		} else {
			d.part(d.role, Part{Type: PartText, Text: value})
		}
	}
	if known == 0 && unknown > 0 {
		d.rewind(before)
		return false
	}
	return true
}

func (d *decoder) object(o *object) bool {
	switch {
	case d.isMessage(o):
		return d.message(o)
	case !d.strict && isBox(o):
		return d.value(o.value[memberValue])
	case d.isTypedPart(o):
		return d.alone(o)
	case isGeneration(o):
		return d.choice(o, roleAssistant)
	case d.isEnvelope(o):
		return d.envelope(o)
	case d.alone(o):
		return true
	case d.strict:
		return false
	default:
		return d.wrapper(o)
	}
}

// isBox tells LangWatch's frame around everything: {"type":"chat_messages","value":[…]}.
func isBox(o *object) bool {
	if o.value[memberValue] == "" || !o.only(1<<memberType|1<<memberValue) {
		return false
	}
	switch o.peek(memberType) {
	case "chat_messages", "json", "text", "list", "raw":
		return true
	}
	return false
}

// text adds a message of plain text, or for system instructions one more part of them.
func (d *decoder) text(s string) {
	if s == "" {
		return
	}
	p := Part{Type: PartText, Text: s}
	if d.role == roleSystem || d.calls {
		d.part(d.role, p)
		return
	}
	d.add(Message{Role: d.role, Parts: []Part{p}})
}

// add adds a message. One that says nothing is left out: OpenInference sends roles alone, and keeps what was said elsewhere.
func (d *decoder) add(m Message) {
	d.open = false
	if len(m.Parts) == 0 {
		d.lossy = true
		if m.FinishReason == "" {
			return
		}
	}
	d.msgs = append(d.msgs, m)
}

// part adds a part that stands alone: to the message of the parts before it if that has the same role.
func (d *decoder) part(role string, p Part) {
	if last := len(d.msgs) - 1; d.open && last >= 0 && d.msgs[last].Role == role {
		d.msgs[last].Parts = append(d.msgs[last].Parts, p)
		return
	}
	d.msgs = append(d.msgs, Message{Role: role, Parts: []Part{p}})
	d.open = true
}

// finish gives a reason to the answers from index from on that have none.
func (d *decoder) finish(from int, reason string) {
	if reason == "" {
		return
	}
	reason = NormalizeFinishReason(reason)
	for i := from; i < len(d.msgs); i++ {
		if m := &d.msgs[i]; m.Role == roleAssistant && m.FinishReason == "" {
			m.FinishReason = reason
		}
	}
}

func hasPart(parts []Part, t PartType) bool {
	for i := range parts {
		if parts[i].Type == t {
			return true
		}
	}
	return false
}

// genericRaw is a client's own part as the schema allows it: with a type, which is the name of its first member if it has none.
func genericRaw(raw string) string {
	if gjson.Get(raw, "type").Type == gjson.String {
		return raw
	}
	o := readObject(raw)
	out := append(make([]byte, 0, len(raw)+len(o.first)+16), `{"type":`...)
	if o.first == "" {
		return string(append(out, `"generic"}`...))
	}
	out = appendString(out, o.first)
	out = append(out, ',')
	return string(append(out, strings.TrimSpace(raw[1:])...))
}
