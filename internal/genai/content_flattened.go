// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "strings"

// flattenedContent is where the text of a flattened message stands, by the family's prefix.
var flattenedContent = map[string]string{
	"llm.input_messages.": ".message.content", "llm.output_messages.": ".message.content",
	"gen_ai.prompt.": ".content", "gen_ai.completion.": ".content",
}

// FlattenedMessage splits the key of an attribute that belongs to a message kept in many attributes: the family's prefix, the
// message's own prefix with its index, and the rest. ok is false for any other attribute.
func FlattenedMessage(key string) (family, message, rest string, ok bool) {
	f := findFamily(key)
	if f == nil || flattenedContent[f.prefix] == "" {
		return "", "", "", false
	}
	index, rest, found := strings.Cut(key[len(f.prefix):], ".")
	if !found || index == "" {
		return "", "", "", false
	}
	return f.prefix, key[:len(f.prefix)+len(index)], rest, true
}

// FlattenedText is the key under which a flattened message of the family has its text.
func FlattenedText(family, message string) string { return message + flattenedContent[family] }

// IsFlattenedRole tells by the rest of a flattened message's key that the attribute says whose message it is.
func IsFlattenedRole(rest string) bool { return rest == "message.role" || rest == "role" }
