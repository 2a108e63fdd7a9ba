// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// checkedCase is the table of one identifier.
type checkedCase struct {
	entity string
	// before stands before each value: the context word that a bare number
	// needs.
	before  string
	valid   []string
	changed []string
}

// entityOver returns the entities of the hits that touch text[start:end], and
// whether one of them covers it whole.
func entityOver(s *Scanner, text string, start, end int, p Profile) (names []string, whole bool) {
	for _, m := range s.Scan(nil, text, p) {
		if m.Start < end && m.End > start {
			names = append(names, s.Entity(m.Entity).Name)
			whole = whole || m.Start <= start && m.End >= end
		}
	}
	return names, whole
}

func TestCheckDigits(t *testing.T) {
	s := newScanner(t, Options{})
	for _, c := range checkedCases {
		t.Run(c.entity, func(t *testing.T) {
			require.GreaterOrEqual(t, len(c.valid), 5)
			require.Len(t, c.changed, len(c.valid))
			for i, value := range c.valid {
				for _, p := range []Profile{Precise, Broad} {
					text := c.before + value
					names, whole := entityOver(s, text, len(c.before), len(text), p)
					assert.Equal(t, []string{c.entity}, names, "%q", text)
					assert.True(t, whole, "%q is covered whole", text)

					text = c.before + c.changed[i]
					names, _ = entityOver(s, text, len(c.before), len(text), p)
					assert.NotContains(t, names, c.entity, "%q", text)
				}
			}
		})
	}
}
