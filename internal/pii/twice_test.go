// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Texts directly before and behind a value from which a second pass could make
// something new together with what was left of it.
var (
	befores = []string{"", "1", "a", "12 ", "555 0132 ", "12-", "12.", "12/", "1:", "+", "+49 ", "(", "**", "x=", "call ", "key: ",
		"078-05-1120-", "078-05-1120/", "078-05-1120.", "203.0.113.42.", "203.0.113.42-", "415-555-0132-", "415-555-0132/", "415-555-0132:"}
	behinds = []string{"", "1", " 1", " 00 10000000", " 10000000", " 9472 7916", " 219099999", " (415) 555-0132", "-1", "-5550132", ".5", ".com", "/2024", ":1", "::1", ":4111111111111111",
		"a", "Next", " is 4155550132", "@example.com", ".x@example.com", "=hunter22", ": hunter22", " x12", "_", "**", "[1]",
		".203.0.113.42", "-203.0.113.42", "-078-05-1120", "/078-05-1120", " " + strings.Repeat("x ", 28) + "9472 7916"}
)

// examples lists values of every kind, each behind the words that announce it.
func examples(t *testing.T) (list [][2]string) {
	for _, c := range formedCases {
		for _, marked := range c.hits {
			text, start, end := unmark(t, marked)
			list = append(list, [2]string{text[:start], text[start:end]})
		}
	}
	for _, c := range checkedCases {
		for _, value := range c.valid {
			list = append(list, [2]string{c.before, value})
		}
	}
	for _, values := range wrapped {
		for _, value := range values {
			list = append(list, [2]string{"", value})
		}
	}
	for _, shown := range []string{"tel", "call", "ssn", "xpass", "ip"} {
		list = append(list, [2]string{"", "jane@example." + shown}, [2]string{"my password is ", "hunter22" + strings.ToUpper(shown[:1]) + shown[1:]})
	}
	for _, keys := range documentedKeys {
		for _, key := range keys {
			list = append(list, [2]string{"", key})
		}
	}
	return list
}

// TestTwiceIsOnce redacts every kind of value with every action twice, beside
// what may stand there.
func TestTwiceIsOnce(t *testing.T) {
	s := newScanner(t, Options{Regions: []string{"GB", "FR"}})
	var texts []string
	for _, example := range examples(t) {
		announced, value := example[0], example[1]
		for _, before := range befores {
			texts = append(texts, announced+before+value)
		}
		for _, behind := range behinds {
			texts = append(texts, announced+value+behind, announced+value+behind+" "+announced)
		}
	}
	for _, rule := range []ActionRule{{Action: Label}, {Action: Pseudonym}, {Action: Partial}, {Action: Hash}, {Action: Fixed, Text: "[REMOVED]"}} {
		a, err := NewActions(s, ActionOptions{Key: testKey, Default: &rule})
		require.NoError(t, err)
		for _, text := range texts {
			for _, key := range []string{"", "phone"} {
				for _, p := range []Profile{Precise, Broad} {
					once := a.Rewrite(text, s.scanField(key, text, p))
					if twice := a.Rewrite(once, s.scanField(key, once, p)); twice != once {
						t.Errorf("%v under %q: %q became %q and then %q", rule, key, text, once, twice)
					}
				}
			}
		}
	}
}

// TestCustomTwiceIsOnce holds that a user's pattern, which may match anything,
// finds nothing in what stands for a value, and goes on to find what is more.
func TestCustomTwiceIsOnce(t *testing.T) {
	s, _, err := New(Options{Custom: []CustomPattern{{Name: "PIN", Regex: `(pin )?\d{4}`}, {Name: "WORD", Regex: `the \S+|[A-Z]{5,}|com`}}})
	require.NoError(t, err)
	const text = "pin 1234, 5678 of jane@example.com, the EMAIL and 4111 1111 1111 1111"
	for _, action := range []Action{Label, Pseudonym, Partial, Hash} {
		once := redact(t, s, ActionRule{Action: action}, text)
		assert.Equal(t, once, redact(t, s, ActionRule{Action: action}, once), action)
	}
	assert.Equal(t, "[EMAIL] [WORD] ****1234 [PIN]", redact(t, s, ActionRule{}, "[EMAIL] the [US_SSN] ****1234 pin 1234"))
}

// TestStarsOfOthers: what somebody else masked, or emphasised, hides nothing that stands beside it.
func TestStarsOfOthers(t *testing.T) {
	s := newScanner(t, Options{})
	for text, want := range map[string]string{
		"SSN 078-05-1120/****":                          "078-05-1120",
		"user=+14155550132:****":                        "+14155550132",
		"from 203.0.113.42-****":                        "203.0.113.42",
		"https://x/****/4111111111111111":               "4111111111111111",
		"jane:****:078-05-1120":                         "078-05-1120",
		"****.203.0.113.42":                             "203.0.113.42",
		"****AKIAIOSFODNN7EXAMPLE":                      "AKIAIOSFODNN7EXAMPLE",
		"**Name: Jane****Telephone: 4155550132**":       "4155550132",
		"****Password****: hunter22":                    "hunter22",
		"Authorization: HMAC-SHA256:Zx9Kq27bLmNp4Rt8Yw": "HMAC-SHA256:Zx9Kq27bLmNp4Rt8Yw",
	} {
		found := s.Scan(nil, text, Broad)
		if assert.NotEmpty(t, found, text) {
			assert.Equal(t, want, text[found[0].Start:found[0].End], text)
		}
	}
}
