// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/llmcol/llmcol/internal/genai"
)

// FuzzShrink holds the shrinker to its promises for any text and any budget: what comes out is never longer than the
// budget, nor than what went in; valid JSON stays valid JSON of the same type; UTF-8 stays UTF-8; what is within the budget
// is not changed, and a second pass changes nothing.
func FuzzShrink(f *testing.F) {
	for _, seed := range []string{
		"", "plain text", lines(3000), toJSON([]any{say("system", lines(900)), say("user", "hi"), say("assistant", lines(900))}),
		toJSON(object{"messages": []any{say("user", lines(400)), say("assistant", lines(400)), say("user", "?")}, "model": "m"}),
		`[{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{\"a\":\"` + strings.Repeat("b", 500) + `\"}"}}]}]`,
		`["` + strings.Repeat(`\ud83d\ude00[EMAIL]\\`, 40) + `"]`, "data:image/png;base64," + strings.Repeat("iVBORw0KGgoAAAANSUhEUgAA", 30),
		strings.Repeat("[", 300) + strings.Repeat("]", 300), `[` + strings.Repeat(`1,`, 400) + `1]`, `{"a":` + strings.Repeat(`[{"b":`, 20) + `"` + strings.Repeat("x", 600) + `"` + strings.Repeat(`}]`, 20) + `}`,
		"\"" + strings.Repeat("\xff\\n", 300) + "\"", ` { "a" : [ "` + strings.Repeat("w ", 400) + `" ] } `, strings.Repeat(" ", 900) + "[1]" + strings.Repeat("\n", 900),
	} {
		f.Add(seed, uint16(300), uint16(150), uint8(0))
		f.Add(seed, uint16(200), uint16(0), uint8(1))
		f.Add(seed, uint16(500), uint16(100), uint8(2))
	}
	f.Fuzz(func(t *testing.T, text string, value, piece uint16, mode uint8) {
		budget := SmallestValueBudget() + int(value)
		limits := limitsOf(genai.ContentPrompt, Limit{Mode: Mode(mode % 3)})
		if piece > 0 {
			limits.Kinds[genai.ContentPrompt].MaxBytes = SmallestBudget(Mode(mode%3)) + int(piece)
			limits.Message = SmallestValueBudget() + int(piece)
		}
		s := NewShrinker(clients{}, limits)
		out, changed := s.Text(text, budget, prompt, Nested)
		valid := json.Valid([]byte(text))
		switch {
		case len(out) > budget:
			t.Fatalf("%d bytes, budget %d: %q", len(out), budget, out)
		case len(out) > len(text):
			t.Fatalf("%d bytes became %d: %q", len(text), len(out), out)
		case changed != (out != text):
			t.Fatalf("changed %t: %q", changed, out)
		case piece == 0 && len(text) <= budget && changed:
			t.Fatalf("within its budget and changed: %q", out)
		case valid && LooksLikeJSON(text) && !json.Valid([]byte(out)):
			t.Fatalf("no JSON: %q", out)
		case valid && LooksLikeJSON(text) && strings.TrimSpace(text)[0] != strings.TrimSpace(out)[0]:
			t.Fatalf("another type: %q", out)
		case utf8.ValidString(text) && !utf8.ValidString(out):
			t.Fatalf("no UTF-8: %q", out)
		}
		if again, changed := s.Text(out, budget, prompt, Nested); changed {
			t.Fatalf("second pass: %q became %q", out, again)
		}
	})
}

// FuzzStructure holds a value that is no text but maps and lists to the same promises.
func FuzzStructure(f *testing.F) {
	for _, seed := range []string{
		toJSON([]any{say("system", lines(900)), say("user", "hi"), say("assistant", lines(900))}),
		toJSON(object{"messages": []any{say("user", lines(400)), say("assistant", lines(400)), say("user", "?")}, "model": "m"}),
		`[{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{\"a\":\"` + strings.Repeat("b", 500) + `\"}"}}]}]`,
		`[` + strings.Repeat(`1,`, 400) + `1]`, `{"a":{"b":["` + strings.Repeat(`é\n\"`, 200) + `",null,true,1.5]}}`, `{"role":"user","content":{"` + strings.Repeat("k", 300) + `":1}}`,
	} {
		f.Add(seed, uint16(100), uint16(0))
		f.Add(seed, uint16(300), uint16(60))
	}
	f.Fuzz(func(t *testing.T, text string, value, message uint16) {
		var v any
		if !LooksLikeJSON(text) || json.Unmarshal([]byte(text), &v) != nil {
			return
		}
		limits := &Limits{}
		if message > 0 {
			limits.Message = SmallestValueBudget() + int(message)
		}
		budget := SmallestValueBudget() + int(value)
		s := NewShrinker(clients{}, limits)
		b := s.Structure()
		build(b, "", v)
		before := s.tree.nodes[0].size
		changed := b.Shrink(budget, prompt, Nested)
		if changed && before <= budget && message == 0 {
			t.Fatal("within its budget and changed")
		}
		out := rebuild(b, v)
		b = s.Structure()
		build(b, "", out)
		if size := s.tree.nodes[0].size; size > budget {
			t.Fatalf("%d bytes, budget %d: %s", size, budget, toJSON(out))
		}
		if b.Shrink(budget, prompt, Nested) {
			t.Fatalf("a second pass changes %s", toJSON(out))
		}
	})
}
