// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/llmcol/llmcol/internal/genai"
)

// clients is the schema of real clients.
type clients struct{}

func (clients) Object(role, typ string, outer Kinds) (Kinds, Speaker) {
	return Kinds(genai.ObjectOf(role, typ, genai.KindSet(outer)).Kinds),
		map[string]Speaker{"system": System, "user": User, "assistant": Assistant, "tool": ToolSpeaker}[genai.Speaker(role, typ)]
}

func (clients) Member(name string, object Kinds) (Kinds, Form) {
	kinds, form := genai.ObjectContent{Kinds: genai.KindSet(object), Message: true}.Member(name)
	return Kinds(kinds), Form(form)
}

func (clients) Instructs(name string) bool { return genai.IsInstruction(name) }

func (clients) Message(sample, text, part string) string {
	return genai.MessageLike(sample, text, part)
}

var (
	prompt = Kinds(genai.ContentPrompt.Set())
	result = Kinds(genai.ContentToolResult.Set())
)

// limitsOf has a budget for content of one kind.
func limitsOf(kind genai.ContentKind, l Limit) *Limits {
	limits := &Limits{}
	limits.Kinds[kind] = l
	return limits
}

func toJSON(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

type object = map[string]any

func say(role, text string) object {
	return object{"role": role, "parts": []any{object{"type": "text", "content": text}}}
}

// lines is text of about size bytes, in lines, each of which tells its number.
func lines(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		b.WriteString("line " + grouped(i) + " says \"something\"\n")
	}
	return b.String()
}

// shrunk returns what a fresh shrinker makes of text.
func shrunk(text string, budget int, kinds Kinds, form Form, limits *Limits) (string, Tally) {
	s := NewShrinker(clients{}, limits)
	out, _ := s.Text(text, budget, kinds, form)
	return out, s.Tally
}

func sortedKeys(m map[string]any) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
