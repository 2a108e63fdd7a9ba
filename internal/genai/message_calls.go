// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "strings"

// EachToolCall calls yield with every tool call in text, which is JSON of any of the known shapes, until yield returns false. Arguments
// are JSON as the client wrote it, or plain text. Text that can hold no call costs one search for a few literals.
func EachToolCall(text string, yield func(id, name, arguments string) bool) {
	if !mentions(text, callLiterals) {
		return
	}
	for _, m := range toolMessages(text) {
		for i := range m.Parts {
			if p := &m.Parts[i]; p.Type == PartToolCall && !yield(p.ID, p.Name, p.Arguments) {
				return
			}
		}
	}
}

// EachToolResult calls yield with every answer of a tool in text until yield returns false. The result is plain text or JSON.
func EachToolResult(text string, yield func(id, result string, isError bool) bool) {
	if !mentions(text, resultLiterals) {
		return
	}
	for _, m := range toolMessages(text) {
		for i := range m.Parts {
			if p := &m.Parts[i]; p.Type == PartToolCallResponse && !yield(p.ID, p.Response, p.Failed) {
				return
			}
		}
	}
}

func toolMessages(text string) []Message {
	raw, ok := jsonText(text)
	if !ok {
		return nil
	}
	d := decoder{role: roleAssistant, out: true, calls: true, encoded: true}
	d.value(raw)
	return d.msgs
}

// literal is what stands in every text with a call or a result: a stem, seldom in prose, and one of the ways in which it goes on.
type literal struct {
	stem string
	ends []string
}

var callLiterals = []literal{
	{"tool", []string{"_call", "Call", "-call", "_use", "Use", "-use", "Request", "_request", "Name", "_name"}},
	{"unction", []string{"_call", "Call", `"`, `\"`}},
	{"arguments", []string{`"`, `\"`}},
}

var resultLiterals = []literal{
	{"tool", []string{"_result", "Result", "-result", "_call", "Call", "_use", "Response", "_response", "-response", "-return", "-error", `"`, `\"`, "Message"}},
	{"unction", []string{"_response", "Response", "_call_output", `"`, `\"`}},
	{"call_id", []string{""}},
}

// mentions tells whether one of the literals is in text.
func mentions(text string, literals []literal) bool {
	for i := range literals {
		stem := literals[i].stem
		for rest := text; ; {
			at := strings.Index(rest, stem)
			if at < 0 {
				break
			}
			rest = rest[at+len(stem):]
			for _, end := range literals[i].ends {
				if strings.HasPrefix(rest, end) {
					return true
				}
			}
		}
	}
	return false
}
