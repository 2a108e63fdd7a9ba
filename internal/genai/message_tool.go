// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "github.com/tidwall/gjson"

// callPart reads a tool call: of its own, or wrapped (functionCall, toolUse, toolRequest, tool_call, function).
func (d *decoder) callPart(o *object) (Part, bool) {
	p := Part{Type: PartToolCall}
	d.fillCall(&p, o)
	return p, p.Name != "" || p.Arguments != ""
}

func (d *decoder) fillCall(p *Part, o *object) {
	if d.depth >= maxDecodeDepth {
		return
	}
	d.depth++
	defer func() { d.depth-- }()
	for _, m := range [...]member{memberCall, memberFunction} {
		if isObject(o.value[m]) {
			d.fillWrappedCall(p, o.take(m))
		}
	}
	if id := o.takeID(); id != "" {
		p.ID = id
	}
	if name := o.takeString(memberName); name != "" {
		p.Name = name
	} else if isString(o.value[memberFunction]) {
		p.Name = o.takeString(memberFunction)
	}
	if raw := o.takeFirst(memberArguments, memberArgs, memberInput); raw != "" {
		p.Arguments, p.ArgumentsAreJSON = argumentsOf(raw)
	}
}

func (d *decoder) fillWrappedCall(p *Part, raw string) {
	inner := readObject(raw)
	d.fillCall(p, &inner)
	d.lossy = d.lossy || inner.lossy()
}

// argumentsOf is what a call was given: providers send JSON, or a string of JSON.
func argumentsOf(raw string) (text string, isJSON bool) {
	if !isString(raw) {
		return raw, raw != ""
	}
	return argumentsText(unquote(raw))
}

func argumentsText(s string) (text string, isJSON bool) {
	if inner, ok := jsonText(s); ok && !isString(inner) {
		return inner, true
	}
	return s, false
}

// resultPart reads what a tool answered: of its own, or wrapped (functionResponse, toolResult, toolResponse, tool_call_result).
func (d *decoder) resultPart(o *object) (Part, bool) {
	p := Part{Type: PartToolCallResponse}
	d.fillResult(&p, o)
	return p, p.ID != "" || p.Name != "" || p.Response != ""
}

func (d *decoder) fillResult(p *Part, o *object) {
	if d.depth >= maxDecodeDepth {
		return
	}
	d.depth++
	defer func() { d.depth-- }()
	if isObject(o.value[memberResult]) {
		d.fillWrappedResult(p, o.take(memberResult))
	}
	if isObject(o.value[memberOrigin]) {
		call := Part{}
		d.fillWrappedCall(&call, o.take(memberOrigin))
		p.ID, p.Name = call.ID, call.Name
	}
	if id := o.takeID(); id != "" {
		p.ID = id
	}
	if name := o.takeString(memberName); name != "" {
		p.Name = name
	}
	p.Failed = p.Failed || saysFailure(o)
	for _, m := range [...]member{memberResponse, memberOutput, memberContent, memberValue, memberResult, memberText, memberError} {
		if raw := o.value[m]; raw != "" && (m != memberResult || !isObject(raw)) {
			o.take(m)
			failed := false
			p.Response, p.ResponseIsJSON, failed = responseOf(raw)
			p.Failed = p.Failed || failed
			return
		}
	}
}

func (d *decoder) fillWrappedResult(p *Part, raw string) {
	inner := readObject(raw)
	d.fillResult(p, &inner)
	d.lossy = d.lossy || inner.lossy()
}

// saysFailure takes the members by which clients say that a tool failed.
func saysFailure(o *object) bool {
	failed := o.take(memberIsError) == "true" || o.peek(memberStatus) == "error" || o.peek(memberStatus) == "failed"
	o.take(memberStatus)
	if e := o.value[memberError]; e == "true" || isString(e) && e != `""` || isObject(e) {
		failed = true
		if e == "true" {
			o.take(memberError)
		}
	}
	return failed
}

// responseOf is a tool's answer: a lone text block (Anthropic, Bedrock, MCP) is its text, Vercel's tagged value is the value.
func responseOf(raw string) (text string, isJSON, failed bool) {
	switch {
	case isString(raw):
		return unquote(raw), false, false
	case isArray(raw):
		if only := loneElement(raw); isObject(only) {
			if inner := gjson.Get(only, "text"); inner.Type == gjson.String && isTextBlock(only) {
				return inner.Str, false, false
			}
			o := readObject(only)
			if o.first == "json" && len(o.value[memberText]) == 0 {
				return gjson.Get(only, "json").Raw, true, false
			}
		}
	case isObject(raw):
		if o := readObject(raw); o.has(memberValue) && isString(o.value[memberType]) && o.only(memberValue.bit()) {
			if failing, ok := taggedValues[o.peek(memberType)]; ok {
				text, isJSON, _ = responseOf(o.value[memberValue])
				return text, isJSON, failing
			}
		} else if o.value[memberIsError] == "true" {
			return raw, true, true
		}
	}
	return raw, true, false
}

// taggedValues are the types of Vercel's tool outputs, and whether they are failures.
var taggedValues = map[string]bool{"text": false, "json": false, "content": false, "error-text": true, "error-json": true, "execution-denied": true}

// isTextBlock tells an object that is nothing but a text.
func isTextBlock(raw string) bool {
	o := readObject(raw)
	return o.only(memberText.bit()) && (!o.has(memberType) || o.peek(memberType) == "text")
}

// loneElement is the only element of an array, or empty.
func loneElement(raw string) string {
	n, only := 0, ""
	for value := range elements(raw) {
		if n++; n > 1 {
			return ""
		}
		only = value
	}
	return only
}
