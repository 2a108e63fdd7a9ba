// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

// wordSet is a set of lower-case words that answers "no" by a word's first letter and length, nearly always.
type wordSet struct {
	words   map[string]struct{}
	lengths [256]uint64 // by first letter: a bit for each length
}

func newWordSet(words ...string) *wordSet {
	s := &wordSet{words: make(map[string]struct{}, len(words))}
	for _, w := range words {
		s.words[w] = struct{}{}
		s.lengths[w[0]] |= 1 << len(w)
	}
	return s
}

// has reports whether the word is in the set, in whatever case.
func (s *wordSet) has(word string) bool {
	if len(word) == 0 || len(word) > 63 {
		return false
	}
	first := word[0]
	if 'A' <= first && first <= 'Z' {
		first += 'a' - 'A'
	}
	if s.lengths[first]&(1<<len(word)) == 0 {
		return false
	}
	_, is := lookupFold(s.words, word)
	return is
}
