// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var testKey = []byte("0123456789abcdef0123456789abcdef")

func redact(t *testing.T, s *Scanner, rule ActionRule, text string) string {
	t.Helper()
	a, err := NewActions(s, ActionOptions{Key: testKey, Default: &rule})
	require.NoError(t, err)
	return a.Rewrite(text, s.Scan(nil, text, Broad))
}

func TestActions(t *testing.T) {
	s := newScanner(t, Options{})
	const text = "write to jane.doe@example.com about 4111 1111 1111 1111"
	for _, c := range []struct {
		rule ActionRule
		want string
	}{
		{ActionRule{Action: Label}, `write to \[EMAIL\] about \[CREDIT_CARD\]`},
		{ActionRule{Action: Drop}, `write to \[EMAIL\] about \[CREDIT_CARD\]`},
		{ActionRule{Action: Pseudonym}, `write to \[EMAIL:[0-9a-f]{16}\] about \[CREDIT_CARD:[0-9a-f]{16}\]`},
		{ActionRule{Action: Partial}, `write to \*\*\*\*com about \*\*\*\*1111`},
		{ActionRule{Action: Hash}, `write to hmac-sha256:[0-9a-f]{64} about hmac-sha256:[0-9a-f]{64}`},
		{ActionRule{Action: Fixed, Text: "<gone>"}, `write to <gone> about <gone>`},
	} {
		once := redact(t, s, c.rule, text)
		assert.Regexp(t, regexp.MustCompile(`^`+c.want+`$`), once, c.rule.Action)
		assert.Equal(t, once, redact(t, s, c.rule, once), "%s a second time", c.rule.Action)
	}
}

// TestReplacementsStay redacts every kind of value with every action twice,
// beside the words that announced it.
func TestReplacementsStay(t *testing.T) {
	s := newScanner(t, Options{Regions: []string{"GB", "FR"}})
	for _, action := range []Action{Label, Pseudonym, Partial, Hash, Fixed} {
		for _, c := range formedCases {
			for _, marked := range c.hits {
				text, _, _ := unmark(t, marked)
				once := redact(t, s, ActionRule{Action: action, Text: "[REMOVED]"}, text)
				twice := redact(t, s, ActionRule{Action: action, Text: "[REMOVED]"}, once)
				assert.Equal(t, once, twice, "%s of %q", action, text)
			}
		}
	}
}

func TestPseudonyms(t *testing.T) {
	s := newScanner(t, Options{})
	p := func(text string) string { return redact(t, s, ActionRule{Action: Pseudonym}, text) }
	assert.Equal(t, p("4111 1111 1111 1111"), p("4111-1111-1111-1111"), "the separators of a number do not matter")
	assert.Equal(t, p("Jane.Doe@Example.com"), p("jane.doe@example.com"), "the case of an address does not matter")
	assert.NotEqual(t, p("jane.doe@example.com"), p("john.doe@example.com"))
	assert.NotEqual(t, p("AKIAIOSFODNN7EXAMPLE"), p("AKIAIOSFODNN8EXAMPLE"))

	other, err := NewActions(s, ActionOptions{Key: []byte(strings.Repeat("k", 32)), Default: &ActionRule{Action: Pseudonym}})
	require.NoError(t, err)
	text := "jane.doe@example.com"
	assert.NotEqual(t, p(text), other.Rewrite(text, s.Scan(nil, text, Broad)), "another key gives other pseudonyms")

	whole := string(other.AppendPseudonym(nil, "USER", "jane"))
	assert.True(t, IsLabel(whole), whole)
	assert.Empty(t, s.Scan(nil, whole, Broad))
}

func TestActionRulesByEntity(t *testing.T) {
	s := newScanner(t, Options{})
	a, err := NewActions(s, ActionOptions{Key: testKey, Entities: map[string]ActionRule{"CREDIT_CARD": {Action: Partial}, "EMAIL": {Action: Drop}}})
	require.NoError(t, err)
	text := "jane@example.com 4111 1111 1111 1111 078-05-1120"
	matches := s.Scan(nil, text, Broad)
	assert.Equal(t, "[EMAIL] ****1111 [US_SSN]", a.Rewrite(text, matches))
	assert.Equal(t, Drop, a.Of(matches[0].Entity))

	_, err = NewActions(s, ActionOptions{Key: testKey, Entities: map[string]ActionRule{"NOPE": {}}})
	assert.ErrorContains(t, err, `unknown entity "NOPE"`)
	_, err = NewActions(s, ActionOptions{Key: []byte("short")})
	assert.ErrorContains(t, err, "5 bytes, want at least 32")
}

func TestParseAction(t *testing.T) {
	for a := range actionNames {
		got, err := ParseAction(Action(a).String())
		require.NoError(t, err)
		assert.Equal(t, Action(a), got)
	}
	_, err := ParseAction("burn")
	assert.ErrorContains(t, err, `unknown action "burn"`)
}

func TestPartialHidesShortValues(t *testing.T) {
	assert.Equal(t, "[PASSWORD]", string(appendPartial(nil, "PASSWORD", "hunter2")))
	assert.Equal(t, "[PASSWORD]", string(appendPartial(nil, "PASSWORD", "hunter22!!!!")))
	assert.Equal(t, "****ßäöü", string(appendPartial(nil, "PASSWORD", "passwörßäöü")))
	assert.Equal(t, "****a1", string(appendPartial(nil, "PASSWORD", `pass"word"a\1`)), "what could end a string is not shown")
}
