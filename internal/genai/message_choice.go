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
	switch raw := o.take(memberMessage); {
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
