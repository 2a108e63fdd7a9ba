// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "strings"

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
