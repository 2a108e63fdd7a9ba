// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
)

// planted has one value of each kind that people and apps put into prompts.
var planted = map[string]string{
	"EMAIL": mail, "CREDIT_CARD": "5555 5555 5555 4444", "IBAN": "DE89370400440532013000", "US_SSN": "078-05-1120", "IP_ADDRESS": "203.0.113.42",
	"IPv6": "2001:db8::8a2e:370:7334", "PHONE": "+49 30 901820", "MAC_ADDRESS": "00:1b:44:11:3a:b7", "AWS": key,
	"OpenAI": "sk-proj-" + strings.Repeat("aB3dE5", 7) + "T3BlbkFJ" + strings.Repeat("xY7zQ2", 4),
	"GitHub": "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
	"JWT":    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
}

// jsonWrappers are the ways in which JSON may hold a value. What they make of it is JSON, except where the name says so.
var jsonWrappers = map[string]func(string) string{
	"JSON":                    func(v string) string { return quoteJSON(map[string]any{"text": "see " + v}) },
	"JSON in JSON":            func(v string) string { return quoteJSON(map[string]any{"a": quoteJSON(map[string]any{"text": v})}) },
	"JSON, 4 deep":            func(v string) string { return nestedJSON(v, 5) },
	"after a newline":         func(v string) string { return quoteJSON([]any{"line\n" + v + "\nline"}) },
	"after a tab and a quote": func(v string) string { return quoteJSON([]any{"\t\"" + v + "\""}) },
	"newline in JSON in JSON": func(v string) string { return quoteJSON([]any{quoteJSON([]any{"line\n" + v + "\nline"})}) },
	"every letter escaped": func(v string) string {
		var b strings.Builder
		for _, unit := range utf16.Encode([]rune(v)) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
		return `{"text":"` + b.String() + `"}`
	},
	"a name":        func(v string) string { return quoteJSON(map[string]any{v: 1}) },
	"a JSON string": func(v string) string { return quoteJSON(v) },
	"JSON lines": func(v string) string {
		return quoteJSON(map[string]any{"a": v}) + "\n" + quoteJSON(map[string]any{"b": v}) + "\n"
	},
	"no JSON: repr":      func(v string) string { return `{'text': 'line\n` + v + `\n'}` },
	"no JSON: cut off":   func(v string) string { return `{"messages":[{"content":"line\n` + v + ` and` },
	"no JSON: Markdown":  func(v string) string { return "[see](" + v + ")" },
	"no JSON: with head": func(v string) string { return "Prompt:\n" + quoteJSON([]any{v}) },
}

func quoteJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func nestedJSON(v string, depth int) string {
	for range depth {
		v = quoteJSON([]any{v})
	}
	return v
}

func TestJSONWrapperSweep(t *testing.T) {
	s := newTestScrubber(t, "")
	for kind, value := range planted {
		for wrapper, wrap := range jsonWrappers {
			t.Run(kind+"/"+wrapper, func(t *testing.T) {
				in := wrap(value)
				out, isText := attributeAfter(t, s, "input.value", in).(string)
				assert.True(t, isText)
				assert.NotContains(t, out, value)
				for _, half := range []string{value[:len(value)/2], value[len(value)/2:]} {
					assert.NotContains(t, out, half, "found whole")
				}
				assert.Contains(t, out, "[", "a label")
				assert.Equal(t, json.Valid([]byte(in)), json.Valid([]byte(out)), out)
				if wrapper == "no JSON: repr" || wrapper == "no JSON: cut off" {
					assert.Contains(t, out, `line\n[`, "the escape before it is whole")
				}
				assert.Equal(t, out, attributeAfter(t, s, "input.value", out), "second pass")
			})
		}
	}
}
