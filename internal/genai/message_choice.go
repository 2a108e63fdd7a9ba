// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

// choice reads one answer of several: its message, and beside it the text, the tool calls and the reason why it ended.
func (d *decoder) choice(o *object, role string) bool {
	if d.depth >= maxDecodeDepth {
		return false
	}
	d.depth++
	defer func() { d.depth-- }()
	from := len(d.msgs)
	m := Message{Role: role}
	results := ""
	if isString(o.value[memberResult]) {
		results = o.take(memberResult)
	}
	switch raw := d.decodedMessage(o.take(memberMessage)); {
	case isObject(raw):
		inner := readObject(raw)
		outer := d.role
		d.role = role
		if known := d.isMessage(&inner) && d.message(&inner); !known {
			d.fill(&m, &inner)
		}
		d.role = outer
		o.take(memberText)
	case raw != "":
		m.Parts = d.parts(m.Parts, raw)
	}
	o.value[memberMessage] = ""
	if len(d.msgs) == from {
		d.fill(&m, o)
		if len(m.Parts) > 0 || m.FinishReason != "" {
			d.add(m)
		}
	} else {
		d.fillCalls(&d.msgs[len(d.msgs)-1], o)
		d.lossy = d.lossy || o.untaken&^(bookkeeping|1<<memberFinish|1<<memberMeta) != 0 || o.unknown
	}
	d.finish(from, o.takeString(memberFinish))
	if meta := o.value[memberMeta]; isObject(meta) {
		inner := readObject(meta)
		d.finish(from, inner.peek(memberFinish))
	}
	if parts := d.parts(nil, results); len(parts) > 0 { // Strands tells what the tools answered beside what the model said
		d.add(Message{Role: roleTool, Parts: parts})
	}
	d.open = false
	return true
}

// decodedMessage is a message that an event has as a string of JSON; text that a model answered with may be any other JSON.
func (d *decoder) decodedMessage(raw string) string {
	if inner := d.decoded(raw); isObject(inner) {
		if o := readObject(inner); o.hasAny(1<<memberContent | 1<<memberToolCalls) {
			return inner
		}
	}
	return raw
}

// decoded is the JSON in an event's string of JSON, and raw itself where it is none.
func (d *decoder) decoded(raw string) string {
	if d.encoded && isString(raw) {
		if inner, ok := jsonText(unquote(raw)); ok {
			return inner
		}
	}
	return raw
}
