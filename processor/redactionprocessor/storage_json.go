// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"strings"

	"github.com/llmcol/llmcol/internal/content"
	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/pii"
)

// deepestMessage is how deep objects and arrays are looked at one by one: each level reads what is in it anew.
const deepestMessage = 64

// storageVisitor applies the content settings to the objects at the top of a JSON text, and further visitors to what
// is in them.
type storageVisitor struct {
	*scrubber
	kinds genai.KindSet
	depth int
	// object is what the object holds whose id is objectID: a role is looked for once an object.
	object   genai.ObjectContent
	objectID int
}

// Visit implements content.Visitor.
func (v *storageVisitor) Visit(t *content.Token) content.Edit {
	switch t.Kind {
	case content.Name:
		value := t.Value[:content.ValueEnd(t.Value)]
		return content.Edit{ReplaceValue: true, Value: v.member(t, value)}
	case content.String:
		if out, changed := v.storeText(t.Text, v.kinds); changed {
			return content.Edit{Replace: true, Text: out}
		}
	}
	return content.Edit{}
}

// member returns the JSON that is stored of a member's value.
func (v *storageVisitor) member(t *content.Token, value string) string {
	if id := t.ObjectID(); id != v.objectID {
		role, _ := content.Member(t.Object(0), "role")
		typ, _ := content.Member(t.Object(0), "type")
		v.object, v.objectID = genai.ObjectOf(role, typ, v.kinds), id
	}
	kinds, form := v.object.Member(t.Text)
	container := value[0] == '{' || value[0] == '['
	switch {
	case form == genai.MemberWhole || container && v.depth == deepestMessage:
		return v.whole(value, kinds)
	case container:
		var rewriter content.Rewriter
		out, _ := rewriter.Rewrite(value, &storageVisitor{scrubber: v.scrubber, kinds: kinds, depth: v.depth + 1})
		return out
	case value[0] == '"' && form == genai.MemberNested:
		return v.whole(value, kinds)
	}
	return value
}

// whole returns what is stored of a JSON value that is content altogether: its hash, or an empty value of its type.
func (v *storageVisitor) whole(value string, kinds genai.KindSet) string {
	k := v.storage.strictest(kinds)
	if k.mode == StorageKeep || isHiddenJSON(value) {
		return value
	}
	text := value
	if value[0] == '"' {
		text = content.Unquote(value)
	}
	v.textTakenOut(k, text)
	switch {
	case v.report:
		return value
	case k.mode == StorageHash:
		return string(content.AppendQuoted(nil, v.hashOf(text)))
	}
	return emptyJSON(value[0])
}

// isHiddenJSON is isHidden for a JSON value.
func isHiddenJSON(value string) bool {
	switch value {
	case "null", `""`, "{}", "[]":
		return true
	}
	return value[0] == '"' && pii.IsLabel(strings.Trim(value, `"`))
}

func emptyJSON(first byte) string {
	switch first {
	case '"':
		return `""`
	case '{':
		return "{}"
	case '[':
		return "[]"
	}
	return "null"
}

// storeText returns what is stored of a string that is content.
func (s *scrubber) storeText(text string, kinds genai.KindSet) (string, bool) {
	k := s.storage.strictest(kinds)
	if k.mode == StorageKeep || text == "" || pii.IsLabel(text) {
		return text, false
	}
	s.textTakenOut(k, text)
	switch {
	case s.report:
		return text, false
	case k.mode == StorageHash:
		return s.hashOf(text), true
	}
	return "", true
}
