// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "github.com/tidwall/gjson"

// saying are the members of which a message has at least one.
const saying = memberSet(1<<memberContent | 1<<memberParts | 1<<memberText | 1<<memberToolCalls | 1<<memberCall | 1<<memberRefusal |
	1<<memberReasoning | 1<<memberAudio | 1<<memberResult | 1<<memberMessage)

// isMessage tells whether an object is one message: by its role, by the class that LangChain or AutoGen gives, or by an event's name.
func (d *decoder) isMessage(o *object) bool {
	switch {
	case isString(o.value[memberRole]):
		return o.hasAny(saying) || !d.strict && o.only(1<<memberRole) // Azure's, of which the content is not recorded
	case isString(o.value[memberEventName]):
		_, ok := messageEvents[o.peek(memberEventName)]
		return ok
	case o.has(memberKwargs) && classOf(o) != "":
		_, ok := lookup(roles, classOf(o))
		return ok
	case isString(o.value[memberType]) && (o.hasAny(1<<memberContent) || isObject(o.value[memberData])):
		kind := o.peek(memberType)
		if _, ok := lookup(partTypes, kind); ok && !isObject(o.value[memberData]) {
			return false
		}
		_, ok := lookup(roles, kind)
		return ok || kind == "message"
	case isArray(o.value[memberParts]):
		return !d.strict
	case isArray(o.value[memberToolCalls]):
		return !o.hasAny(1<<memberMessages | 1<<memberMessage | 1<<memberChoices)
	default:
		return false
	}
}

// classOf is the class of a serialized LangChain object: the last of its id.
func classOf(o *object) string {
	class := ""
	if raw := o.value[memberID]; isArray(raw) {
		for value := range elements(raw) {
			class = unquote(value)
		}
	}
	return class
}

// message reads one message.
func (d *decoder) message(o *object) bool {
	role := d.roleOf(o)
	if o.peek(memberEventName) == choiceEvent || isObject(o.value[memberMessage]) && role == roleAssistant {
		return d.choice(o, role)
	}
	if kind := o.peek(memberKind); (kind == "request" || kind == "response") && !o.has(memberRole) {
		return d.pydanticMessage(o, kind)
	}
	m := Message{Role: role}
	isItem := o.peek(memberType) == "message"
	d.fill(&m, o)
	if d.isToolDefinition(&m) {
		d.lossy = true
		return true
	}
	if m.Role == roleUser && onlyResults(m.Parts) && !gjson.Get(o.value[memberParts], "0.type").Exists() {
		m.Role = roleTool // as the conventions have it; their own messages are left as they are
	}
	d.addItem(m, isItem)
	return true
}

// addItem adds a message; the items of one answer of OpenAI's Responses API (reasoning, message, function calls) are one message.
func (d *decoder) addItem(m Message, isItem bool) {
	if last := len(d.msgs) - 1; isItem && d.out && d.open && last >= 0 && d.msgs[last].Role == m.Role {
		d.msgs[last].Parts = append(d.msgs[last].Parts, m.Parts...)
		return
	}
	d.add(m)
	d.open = isItem && d.out
}

// roleOf is the role a message names, or that of its class, its event, its direction.
func (d *decoder) roleOf(o *object) string {
	if isString(o.value[memberRole]) {
		return normalizeRole(o.takeString(memberRole))
	}
	if role, ok := messageEvents[o.peek(memberEventName)]; ok {
		return role
	}
	if class := classOf(o); class != "" && o.has(memberKwargs) {
		return normalizeRole(class)
	}
	if role, ok := lookup(roles, o.peek(memberType)); ok {
		return role
	}
	return d.role
}

// fill reads what a message says.
func (d *decoder) fill(m *Message, o *object) {
	for _, of := range [...]member{memberKwargs, memberData} {
		if raw := o.value[of]; isObject(raw) && d.depth < maxDecodeDepth {
			d.fillWrapped(m, o.take(of))
		}
	}
	m.Name = either(m.Name, o.takeString(memberName))
	switch {
	case m.Role != roleTool:
		d.fillParts(m, o)
	case len(m.Parts) == 0:
		d.fillToolMessage(m, o)
	}
	if reason := o.takeString(memberFinish); reason != "" {
		m.FinishReason = NormalizeFinishReason(reason)
	}
	d.fillMeta(m, o)
	d.lossy = d.lossy || o.lossy()
}

// fillWrapped reads the inside of a serialized LangChain message.
func (d *decoder) fillWrapped(m *Message, raw string) {
	inner := readObject(raw)
	if isString(inner.value[memberRole]) {
		m.Role = normalizeRole(inner.takeString(memberRole))
	}
	d.depth++
	d.fill(m, &inner)
	d.depth--
}

func (d *decoder) fillParts(m *Message, o *object) {
	if raw := o.value[memberReasoning]; raw != "" {
		if text := plainText(raw); text != "" {
			o.take(memberReasoning)
			m.Parts = append(m.Parts, Part{Type: PartReasoning, Text: text})
		}
	}
	for _, of := range [...]member{memberContent, memberContents, memberParts, memberText, memberMessage} {
		m.Parts = d.content(m.Parts, o.take(of))
	}
	if text := o.takeString(memberRefusal); text != "" {
		m.Parts = append(m.Parts, Part{Type: PartText, Text: text})
	}
	if isObject(o.value[memberAudio]) {
		m.Parts = d.partOf(m.Parts, `{"audio":`+o.take(memberAudio)+`}`)
	}
	d.fillCalls(m, o)
	if isObject(o.value[memberExtra]) {
		d.fillExtra(m, o.take(memberExtra))
	}
}

// fillExtra reads what LangChain keeps of a provider's own answer beside its own words for it; mostly it is the same again.
func (d *decoder) fillExtra(m *Message, raw string) {
	extra := readObject(raw)
	if text := plainText(extra.value[memberReasoning]); text != "" {
		extra.take(memberReasoning)
		if !hasPart(m.Parts, PartReasoning) {
			m.Parts = append(m.Parts, Part{Type: PartReasoning, Text: text})
		}
	}
	if isObject(extra.value[memberCall]) && hasPart(m.Parts, PartToolCall) {
		extra.take(memberCall)
		extra.value[memberCall] = ""
	}
	d.fillCalls(m, &extra)
	d.lossy = d.lossy || extra.lossy()
}

// fillCalls adds a message's tool calls, but those that its content has already.
func (d *decoder) fillCalls(m *Message, o *object) {
	inContent := m.Parts[:min(len(m.Parts), maxCallsCompared)]
	if calls := d.decoded(o.value[memberToolCalls]); isArray(calls) {
		o.take(memberToolCalls)
		for value := range elements(calls) {
			if !isObject(value) || !d.spend() {
				d.lossy = true
				break
			}
			d.fillListedCall(m, value, inContent)
		}
	}
	if raw := o.value[memberCall]; isObject(raw) {
		call := readObject(o.take(memberCall))
		if p, ok := d.callPart(&call); ok {
			m.Parts = append(m.Parts, p)
		}
		d.lossy = d.lossy || call.lossy()
	}
	if name := o.takeString(memberCallName); name != "" {
		p := Part{Type: PartToolCall, Name: name}
		p.Arguments, p.ArgumentsAreJSON = argumentsOf(o.take(memberCallArguments))
		m.Parts = append(m.Parts, p)
	}
}

func (d *decoder) fillListedCall(m *Message, raw string, inContent []Part) {
	call := readObject(raw)
	p, ok := d.callPart(&call)
	d.lossy = d.lossy || !ok || call.lossy()
	if ok && !hasCall(inContent, p.ID) {
		m.Parts = append(m.Parts, p)
	}
}

// maxCallsCompared bounds how many parts are looked through for the same call again.
const maxCallsCompared = 64

func hasCall(parts []Part, id string) bool {
	if id == "" {
		return false
	}
	for i := range parts {
		if parts[i].Type == PartToolCall && parts[i].ID == id {
			return true
		}
	}
	return false
}

// fillToolMessage reads what a tool answered: parts that are results already, or content that is the result itself.
func (d *decoder) fillToolMessage(m *Message, o *object) {
	for _, of := range [...]member{memberContent, memberParts} {
		raw := o.value[of]
		if !isArray(raw) && !isObject(raw) && !(d.encoded && isString(raw)) {
			continue
		}
		lossy := d.lossy
		if parts := d.parts(nil, raw); hasPart(parts, PartToolCallResponse) {
			o.take(of)
			m.Parts = append(m.Parts, parts...)
			return
		}
		d.lossy = lossy
	}
	if o.has(memberParts) && !o.has(memberContent) {
		m.Parts = d.parts(m.Parts, o.take(memberParts))
		return
	}
	if p, ok := d.resultPart(o); ok {
		p.Name = either(p.Name, m.Name)
		m.Name = ""
		m.Parts = append(m.Parts, p)
	}
	d.fillCalls(m, o)
}

// fillMeta reads the finish reason that LangChain and Haystack keep apart. The rest of it is usage, which is no part of a message.
func (d *decoder) fillMeta(m *Message, o *object) {
	raw := o.value[memberMeta]
	if !isObject(raw) || saysNothing(raw) {
		return
	}
	if meta := readObject(raw); d.out && m.FinishReason == "" {
		m.FinishReason = NormalizeFinishReason(meta.peek(memberFinish))
	}
}

// isToolDefinition tells the tools that Langfuse appends to a request's messages as if a tool had said them.
func (d *decoder) isToolDefinition(m *Message) bool {
	if m.Role != roleTool || len(m.Parts) != 1 || !m.Parts[0].ResponseIsJSON || !isObject(m.Parts[0].Response) {
		return false
	}
	o := readObject(m.Parts[0].Response)
	return m.Parts[0].ID == "" && o.peek(memberType) == "function" && isObject(o.value[memberFunction])
}

// onlyResults tells parts that are all results of tools.
func onlyResults(parts []Part) bool {
	for i := range parts {
		if parts[i].Type != PartToolCallResponse {
			return false
		}
	}
	return len(parts) > 0
}

// pydanticMessage reads Pydantic AI's own form, where a request's parts each say whose they are.
func (d *decoder) pydanticMessage(o *object, kind string) bool {
	outer := d.role
	d.role = roleUser
	if kind == "response" {
		d.role = roleAssistant
	}
	d.open = false
	known := d.array(o.take(memberParts))
	d.role, d.open = outer, false
	d.lossy = d.lossy || o.lossy()
	return known
}
