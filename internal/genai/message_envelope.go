// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

// envelopes are the members of requests and responses that hold messages, in the order in which messages are spoken: system
// instructions first, wherever a client has put them.
var envelopes = [...]struct {
	m    member
	role string // of what stands there without a role; empty: the direction's
	sure bool   // such a member makes an object a request or a response
}{
	{memberSystem, roleSystem, true},
	{memberConfig, roleSystem, false},
	{memberHistory, "", true},
	{memberMessages, "", true},
	{memberContents, "", true},
	{memberPrompt, "", true},
	{memberInput, "", false},
	{memberArgs, "", false},
	{memberKwargs, "", false},
	{memberText, "", false},
	{memberChoices, roleAssistant, true},
	{memberMessage, "", true},
	{memberContent, "", false},
	{memberOutput, roleAssistant, false},
	{memberResponse, roleAssistant, false},
	{memberData, "", false},
}

const envelopeMembers = memberSet(1<<memberSystem | 1<<memberConfig | 1<<memberHistory | 1<<memberMessages | 1<<memberContents | 1<<memberPrompt |
	1<<memberInput | 1<<memberArgs | 1<<memberKwargs | 1<<memberText | 1<<memberChoices | 1<<memberMessage | 1<<memberContent | 1<<memberOutput |
	1<<memberResponse | 1<<memberData | 1<<memberFinish)

// isEnvelope tells a request or a response, whole or in part.
func (d *decoder) isEnvelope(o *object) bool {
	for _, e := range envelopes {
		raw := o.value[e.m]
		if !e.sure || raw == "" {
			continue
		}
		if e.m == memberSystem && (d.strict || !o.hasAny(1<<memberPrompt|1<<memberInput|1<<memberMessages|1<<memberContents)) {
			continue
		}
		if isArray(raw) || isObject(raw) || !d.strict && e.m != memberMessage {
			return true
		}
	}
	if d.strict {
		return d.out && o.has(memberModel) && d.startsWithMessage(o.value[memberOutput])
	}
	content := o.value[memberContent]
	return o.has(memberModel) && o.hasAny(1<<memberInput|1<<memberOutput|1<<memberResponse) || isObject(content) && isContent(content)
}

// startsWithMessage tells the output of OpenAI's Responses API from what a model answers in JSON.
func (d *decoder) startsWithMessage(raw string) bool {
	if !isArray(raw) {
		return false
	}
	for first := range elements(raw) {
		if !isObject(first) {
			return false
		}
		o := readObject(first)
		return d.isMessage(&o) || d.isTypedPart(&o)
	}
	return false
}

// isGeneration tells an answer of a completion model: a text and why it ended.
func isGeneration(o *object) bool {
	return isString(o.value[memberText]) && o.hasAny(1<<memberFinish|1<<memberMeta) && o.only(1<<memberText|1<<memberFinish|1<<memberMeta)
}

// isContent tells Gemini's content object.
func isContent(raw string) bool {
	o := readObject(raw)
	return isArray(o.value[memberParts])
}

// envelope reads every message in a request or a response. What else it holds (parameters, usage) is no message: there is a loss.
func (d *decoder) envelope(o *object) bool {
	if isObject(o.value[memberMessage]) && !o.hasAny(1<<memberMessages|1<<memberSystem|1<<memberHistory) {
		return d.choice(o, roleAssistant)
	}
	return d.spoken(o, envelopeMembers)
}

// wrapper reads an object that holds nothing but one of the members ({"input": …}), or that holds messages in one of them.
func (d *decoder) wrapper(o *object) bool {
	const wrapping = envelopeMembers &^ (1<<memberSystem | 1<<memberConfig | 1<<memberFinish)
	if !o.hasAny(wrapping) {
		return false
	}
	if !o.only(wrapping | 1<<memberFinish) {
		d.strict = true
		defer func() { d.strict = false }()
	}
	return d.spoken(o, wrapping)
}

// spoken reads the members of an object that hold messages, as far as they are in which.
func (d *decoder) spoken(o *object, which memberSet) bool {
	from, known, outer := len(d.msgs), false, d.role
	for _, e := range envelopes {
		raw := o.value[e.m]
		if raw == "" || which&e.m.bit() == 0 || d.strict && isString(raw) {
			continue
		}
		if e.role == roleSystem && d.out {
			continue // a response that repeats what it was asked
		}
		if e.m == memberConfig {
			raw = systemOf(raw)
		}
		d.role, d.open = outer, false
		if e.role != "" {
			d.role = e.role
		}
		before := len(d.msgs)
		if d.spokenValue(raw, e.sure) {
			o.take(e.m)
			known = known || e.sure || len(d.msgs) > before
		}
	}
	d.role, d.open = outer, false
	d.finish(from, o.takeString(memberFinish))
	d.lossy = d.lossy || o.lossy()
	return known
}

// spokenValue reads a member's value; one that is surely something said is kept as text where its shape is unknown.
func (d *decoder) spokenValue(raw string, sure bool) bool {
	if raw == "" || d.value(raw) {
		return raw != ""
	}
	if sure && d.role == roleSystem {
		d.text(raw)
		return true
	}
	return false
}

// systemOf is the system instruction in a configuration (Google ADK, Gemini).
func systemOf(raw string) string {
	if !isObject(raw) {
		return ""
	}
	o := readObject(raw)
	return o.value[memberSystem]
}
