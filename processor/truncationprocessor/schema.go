// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"github.com/llmcol/llmcol/internal/content"
	"github.com/llmcol/llmcol/internal/genai"
)

// schema tells the engine what clients put where.
type schema struct{}

var speakers = map[string]content.Speaker{
	"system": content.System, "user": content.User, "assistant": content.Assistant, "tool": content.ToolSpeaker,
}

var forms = map[genai.MemberForm]content.Form{
	genai.MemberNested: content.Nested, genai.MemberWhole: content.Whole, genai.MemberLabel: content.Label,
}

// Object implements content.Schema.
func (schema) Object(role, typ string, outer content.Kinds) (content.Kinds, content.Speaker) {
	return content.Kinds(genai.ObjectOf(role, typ, genai.KindSet(outer)).Kinds), speakers[genai.Speaker(role, typ)]
}

// Member implements content.Schema. A name or a state stays in whatever object it is.
func (schema) Member(name string, object content.Kinds) (content.Kinds, content.Form) {
	kinds, form := genai.ObjectContent{Kinds: genai.KindSet(object), Message: true}.Member(name)
	return content.Kinds(kinds), forms[form]
}

// Instructs implements content.Schema.
func (schema) Instructs(name string) bool { return genai.IsInstruction(name) }

// Message implements content.Schema.
func (schema) Message(sample, text, part string) string { return genai.MessageLike(sample, text, part) }
