// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestShortValues: a look that ends before a scan begins overlooks nothing that only the scan would find.
func TestShortValues(t *testing.T) {
	for name, c := range map[string]struct {
		options   Options
		key, text string
		want      string
	}{
		"empty":                    {Options{}, "note", "", ""},
		"clean":                    {Options{}, "note", "weather agent", ""},
		"one byte":                 {Options{}, "note", "x", ""},
		"secret by its key":        {Options{}, "password", "correcthorse", "PASSWORD"},
		"empty secret":             {Options{}, "password", "", ""},
		"custom":                   {Options{Custom: []CustomPattern{{Name: "PLANT", Regex: `oak`}}}, "note", "an oak", "PLANT"},
		"in base64":                {Options{Decode: true}, "note", "VXFQSXNpIElpQGNhbmZycXkuZGU", "EMAIL"},
		"at the end of a look":     {Options{}, "note", strings.Repeat("a ", atOneLook/2-8) + "a@example.com", "EMAIL"},
		"behind the end of a look": {Options{}, "note", strings.Repeat("a ", atOneLook/2) + "a@example.com", "EMAIL"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScanner(t, c.options)
			key := s.Under(c.key)
			for range 2 { // what a key says is found out once
				matches := key.Scan(nil, c.text, Precise)
				assert.Equal(t, s.scanField(c.key, c.text, Precise), matches)
				if c.want == "" {
					assert.Empty(t, matches)
				} else if assert.Len(t, matches, 1) {
					assert.Equal(t, c.want, s.Entity(matches[0].Entity).Name)
				}
			}
		})
	}
}
