// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/llmcol/llmcol/internal/content"
)

// FuzzText holds the processor to its promises for any text under any name: no panic, valid JSON and valid UTF-8 stay
// so, and a second pass changes nothing, whatever the action.
func FuzzText(f *testing.F) {
	for _, value := range planted {
		for _, wrap := range jsonWrappers {
			f.Add("input.value", wrap(value))
		}
	}
	f.Add("user.id", mail)
	f.Add("0", `04:1b:40:11:11:3a::3a:b7`)
	f.Add("0", "{\"a\":\x012001:d2e::")
	f.Add("0", "0.01"+strings.Repeat("0", 72)+"@0.AC")
	f.Add("input", "+2000000010 0000000")
	f.Add("0", "+700000 00 10000000")
	f.Add("0", "0.010000000")
	f.Add("0", "370440532013000")
	f.Add("note", `{"password":"x","user_id":"`+mail+`","n":4111111111111111}`)
	f.Fuzz(func(t *testing.T, name, text string) {
		for _, settings := range []string{"", "action: pseudonym", "action: partial", "action: hash"} {
			s := newTestScrubber(t, settings)
			facts := s.keys.of(name)
			s.profile = facts.profile
			out, _ := s.text(text, facts)
			isJSON := content.LooksLikeJSON(text) && json.Valid([]byte(text)) // a bare number is text: a card becomes its label
			if isJSON && !json.Valid([]byte(out)) {
				t.Fatalf("%q: no JSON any more: %q", settings, out)
			}
			if utf8.ValidString(text) && !utf8.ValidString(out) {
				t.Fatalf("%q: no UTF-8 any more: %q", settings, out)
			}
			again, _ := s.text(out, facts)
			if again != out {
				t.Fatalf("%q: second pass: %q became %q", settings, out, again)
			}
			if s.tally.stubs[reasonPanic] > 0 {
				t.Fatal("panic")
			}
		}
	})
}
