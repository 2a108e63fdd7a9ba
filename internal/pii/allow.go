// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"fmt"
	"regexp"
)

// allowList holds what is never a hit.
type allowList struct {
	values   map[string]bool
	patterns []*regexp.Regexp
}

func (l *allowList) set(o Options) error {
	l.values = make(map[string]bool, len(o.Allow))
	for _, v := range o.Allow {
		l.values[string(appendCanonical(nil, v))] = true
	}
	for _, p := range o.AllowPatterns {
		re, err := regexp.Compile(`\A(?:` + p + `)\z`)
		if err != nil {
			return fmt.Errorf("allow_patterns: %q is no RE2 pattern: %w", p, err)
		}
		l.patterns = append(l.patterns, re)
	}
	return nil
}

// passes tells whether a match with this text is no hit.
func (l *allowList) passes(st *scan, text string) bool {
	if len(l.values) > 0 {
		st.allowed = appendCanonical(st.allowed[:0], text)
		if l.values[string(st.allowed)] {
			return true
		}
	}
	for _, re := range l.patterns {
		if re.MatchString(text) {
			return true
		}
	}
	return false
}

// appendCanonical appends text in the form in which equal values are equal:
// lower case, numbers without what stands between their digits.
func appendCanonical(dst []byte, text string) []byte {
	number := !letters.any(text) && hasDigit(text)
	for i := range len(text) {
		if b := text[i]; !number || isDigit(b) {
			dst = append(dst, toLower(b))
		}
	}
	return dst
}
