// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import "strings"

// sieve tells most words that are in no table by their length and the letters at their ends: a look into the table costs more than all the
// rest of a word. The table's words are in lower case, those that are asked for in any.
type sieve [24]struct{ first, last uint32 }

func letterBit(b byte) uint32 { return 1 << (b & 31) }

func sieveOf[V any](table map[string]V) (s sieve) {
	for word := range table {
		s[len(word)].first |= letterBit(word[0])
		s[len(word)].last |= letterBit(word[len(word)-1])
	}
	return s
}

func (s *sieve) passes(word string) bool {
	n := len(word)
	return n > 0 && n < len(s) && s[n].first&letterBit(word[0]) != 0 && s[n].last&letterBit(word[n-1]) != 0
}

// findIn is what the table has for a word.
func findIn[V any](table map[string]V, s *sieve, word string) (value V, ok bool) {
	if !s.passes(word) {
		return value, false
	}
	value, ok = table[strings.ToLower(word)]
	return value, ok
}
