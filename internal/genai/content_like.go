// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"github.com/tidwall/gjson"
)

// Speaker is who says the message that a JSON object with that role and type is: system, user, assistant or tool; empty if
// the object is no message.
func Speaker(role, typ string) string {
	if speaker := normalizeRole(role); roleKinds[speaker] != 0 {
		return speaker
	}
	if _, isPart := lookup(partKinds, typ); role != "" || isPart {
		return ""
	}
	if speaker := normalizeRole(typ); roleKinds[speaker] != 0 {
		return speaker
	}
	return ""
}

// IsInstruction reports whether a member of that name, beside the messages of a request, holds the system's instructions.
func IsInstruction(name string) bool { return memberOf(name) == memberSystem }

// longestRole is the longest word for a role, in bytes, that is taken over into a message made up.
const longestRole = 32

// MessageLike returns a message of the role and in the form of sample, the JSON of a message in whatever form a client
// uses. All it says is text, or, where the form has parts and part is not empty, the JSON object part. Neither is escaped.
func MessageLike(sample, text, part string) string {
	message := gjson.Parse(sample)
	wrapper := ""
	if Speaker(message.Get("role").Str, message.Get("type").Str) == "" {
		message.ForEach(func(name, inner gjson.Result) bool {
			if inner.IsObject() && Speaker(inner.Get("role").Str, inner.Get("type").Str) != "" && len(name.Raw) <= longestRole {
				wrapper, message = name.Raw, inner
				return false
			}
			return true
		})
	}
	body := speakerMember(message) + `,` + contentMember(message, text, part)
	if wrapper != "" {
		return `{` + wrapper + `:{` + body + `}}`
	}
	return `{` + body + `}`
}

func speakerMember(message gjson.Result) string {
	for _, name := range [...]string{"role", "type"} {
		if word := message.Get(name); word.Type == gjson.String && len(word.Raw) <= longestRole && Speaker(word.Str, "") != "" {
			return `"` + name + `":` + word.Raw
		}
	}
	return `"role":"` + roleUser + `"`
}

func contentMember(message gjson.Result, text, part string) string {
	parts, content := message.Get("parts"), message.Get("content")
	switch {
	case !parts.IsArray() && !content.IsArray():
		return `"content":"` + text + `"`
	case part != "":
	case parts.IsArray() && parts.Get("0.type").Exists():
		part = `{"type":"text","content":"` + text + `"}`
	case parts.IsArray():
		part = `{"text":"` + text + `"}`
	default:
		part = `{"type":"text","text":"` + text + `"}`
	}
	if parts.IsArray() {
		return `"parts":[` + part + `]`
	}
	return `"content":[` + part + `]`
}
