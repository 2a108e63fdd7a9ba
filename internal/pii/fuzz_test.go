// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzScan holds what is true of every text: hits are sorted, disjoint and in
// range; they cut no character and no JSON escape in two; replacing them adds
// no more than their labels; and a second pass changes nothing.
func FuzzScan(f *testing.F) {
	for entity, values := range wrapped {
		for _, v := range values {
			f.Add(entity, v)
		}
	}
	for _, c := range formedCases {
		for _, marked := range c.hits {
			f.Add("", strings.NewReplacer("«", "", "»", "").Replace(marked))
		}
		for _, text := range c.misses {
			f.Add(strings.ToLower(c.entity), text)
		}
	}
	for _, c := range checkedCases {
		f.Add("id", c.before+strings.Join(c.valid, " "+c.before))
	}
	for _, w := range wrappers {
		f.Add("text", strings.Replace(w.around, "%s", "4111 1111 1111 1111 bob@example.com", 1))
	}
	f.Add("jwt", "@000127.AB") // all of it a secret, of which an address would be the end
	f.Add("", "pwd:0001: 0001")
	f.Add("", `\b@0.AA`)
	f.Add("0", "numBer 200 2000 010 200 200 0000")
	f.Add("0", "::0:0.0.0.0.1.0.10.0")
	f.Add("0", "::0:0.0.0.0/1.0.10.0")
	f.Add("0", "numéro 2::0000000")
	f.Add("0", "0@0.ѕ\xd1+@0.AA")
	f.Add("0", "-----BEGIN PRIVATE KEY-----E11101C278920007Y")
	f.Add("0", "0:0:0:::0@0.\xc90")
	s, _, err := New(Options{Regions: []string{"DE", "US"}, Enable: []string{"PERSON"}})
	require.NoError(f, err)
	var actions []*Actions
	for _, action := range []Action{Label, Pseudonym, Partial, Hash} {
		a, err := NewActions(s, ActionOptions{Key: make([]byte, MinKeyBytes), Default: &ActionRule{Action: action}})
		require.NoError(f, err)
		actions = append(actions, a)
	}
	f.Fuzz(func(t *testing.T, key, text string) {
		for _, p := range []Profile{Precise, Broad} {
			for _, a := range actions {
				checkScan(t, s, a, key, text, p)
			}
		}
	})
}

func checkScan(t *testing.T, s *Scanner, a *Actions, key, text string, p Profile) {
	matches := s.scanField(key, text, p)
	require.Equal(t, matches, s.Under(key).Scan(nil, text, p), "under %q, %q", key, text)
	end, labels := 0, 0
	for _, m := range matches {
		require.True(t, end <= m.Start && m.Start < m.End && m.End <= len(text), "%v in %q", m, text)
		if utf8.ValidString(text) {
			require.True(t, utf8.RuneStart(text[m.Start]) && (m.End == len(text) || utf8.RuneStart(text[m.End])), "%v cuts a character of %q", m, text)
		}
		end = m.End
		labels += maxLabel + pseudonymDigits
	}
	once := a.Rewrite(text, matches)
	require.LessOrEqual(t, len(once), len(text)+labels)
	if json.Valid([]byte(`"` + text + `"`)) {
		require.True(t, json.Valid([]byte(`"`+once+`"`)), "%q from %q", once, text)
	}
	twice := a.Rewrite(once, s.scanField(key, once, p))
	require.Equal(t, once, twice, "under %q from %q", key, text)
}
