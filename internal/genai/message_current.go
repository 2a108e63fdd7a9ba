// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "strings"

// LooksCurrent tells text that is in the form of the conventions' message schema already: an array of messages whose parts have a type,
// or an empty array. It looks at the first part that there is and at nothing behind it, so that a current span costs next to nothing;
// whether the text is well formed to its end it does not check.
func LooksCurrent(text string) bool {
	text = strings.TrimSpace(text)
	if !isArray(text) {
		return false
	}
	for i := skip(text, 1); i < len(text); i = skip(text, valueEnd(text, i)) {
		parts := memberAt(text[i:], `"parts"`)
		if !isArray(parts) {
			return false
		}
		if first := skip(parts, 1); first < len(parts) {
			return isString(memberAt(parts[first:], `"type"`))
		}
	}
	return text[len(text)-1] == ']'
}

// memberAt is the text from the value of a member on, of the object that text begins with; empty if there is none.
func memberAt(text, quotedName string) string {
	if !isObject(text) {
		return ""
	}
	for i := skip(text, 1); i < len(text); {
		end := valueEnd(text, i)
		value := skip(text, end)
		if value >= len(text) {
			return ""
		}
		if text[i:end] == quotedName {
			return text[value:]
		}
		i = skip(text, valueEnd(text, value))
	}
	return ""
}
