// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "strings"

// longestMask is more than any placeholder takes; Logfire's names the pattern that it has found.
const longestMask = 64

// IsMasked tells the placeholders that clients and gateways write where content is not to be recorded: OpenInference's __REDACTED__, Claude
// Code's <REDACTED>, Logfire's [Scrubbed due to 'x'], ***. Two of them are no sign that what they stand for is the same.
func IsMasked(text string) bool {
	if isAddress(text) {
		return true
	}
	if text == "" || len(text) > longestMask {
		return false
	}
	word := strings.Trim(text, "_<>[](){}*#\" .")
	if word == "" {
		return strings.Trim(text, "*#\" ") == "" && strings.ContainsAny(text, "*#")
	}
	switch strings.ToLower(word) {
	case "redacted", "masked", "hidden", "filtered", "scrubbed", "truncated":
		return len(word) < len(text) || word == "REDACTED"
	}
	return strings.HasPrefix(text, "[Scrubbed due to ")
}

// longestAddress is more than Python takes to print an object by its address.
const longestAddress = 200

// isAddress tells an object that Python has printed by its address: <openai.Stream object at 0x7f2ca8d12510>, whose content was not yet there.
func isAddress(text string) bool {
	return strings.HasPrefix(text, "<") && strings.HasSuffix(text, ">") && len(text) < longestAddress && strings.Contains(text, " at 0x") &&
		!strings.ContainsAny(text[1:len(text)-1], "<>\n\"")
}

// holdsMask tells messages of which the texts are placeholders.
func holdsMask(messages string) bool { return strings.Contains(messages, "__REDACTED__") }

// isNothing tells answers that were not recorded.
func isNothing(text string) bool { return isEmpty(text) || IsMasked(text) }

// isEmpty tells JSON without anything in it, as clients send that are not to record content.
func isEmpty(text string) bool {
	switch text {
	case "", "[]", "{}", `""`, "null":
		return true
	}
	return false
}
