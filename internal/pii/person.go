// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// personCueDetector finds names behind an honorific or an introduction. It is
// off by default: most names have no such cue, and finding those needs a model.
var personCueDetector = detector{
	Entity: Entity{Name: "PERSON", Class: Personal, Off: true}, score: 0.5,
	find: findPerson, on: []trigger{"= A", "= =\xc3"},
}

// personCues end where the name begins, in lower case.
var personCues = []string{
	"my name is", "i am called", "call me", "name:", "mr", "mr.", "mrs", "mrs.", "ms", "ms.", "dr", "dr.", "prof.", "dear",
	"ich heiße", "mein name ist", "herr", "frau", "liebe", "lieber", "je m'appelle", "monsieur", "madame", "mme", "cher", "chère",
	"me llamo", "mi nombre es", "señor", "señora", "sr.", "sra.", "mi chiamo", "signor", "signora", "sig.", "meu nome é", "chamo-me", "senhor", "senhora",
}

const (
	maxCue       = 16
	maxNameWords = 3
)

func findPerson(st *scan, i int) int {
	before := st.text[max(0, i-1-maxCue) : i-1]
	for _, cue := range personCues {
		from := len(before) - len(cue)
		if from < 0 || !strings.EqualFold(before[from:], cue) || from > 0 && wordByte(before[from-1]) {
			continue
		}
		if end := nameEnd(st.text, i); end > i && st.add(personID, i, end, 0.5) {
			return end
		}
	}
	return 0
}

// nameEnd returns where up to three capitalised words that begin at i end.
func nameEnd(text string, i int) int {
	end := i
	for range maxNameWords {
		word := i
		for word < len(text) {
			r, size := utf8.DecodeRuneInString(text[word:])
			if !unicode.IsLetter(r) && r != '-' && r != '\'' || word == i && !unicode.IsUpper(r) {
				break
			}
			word += size
		}
		if word == i || slices.Contains(personCues, strings.ToLower(text[i:word])) {
			break
		}
		end = word
		if end >= len(text) || text[end] != ' ' {
			break
		}
		i = end + 1
	}
	return end
}
