// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "strings"

// charset is a set of bytes.
type charset [256]bool

// newCharset reads pairs of the form "a-z" and single bytes: "A-Za-z0-9_-".
func newCharset(spec string) *charset {
	var set charset
	for i := 0; i < len(spec); i++ {
		if i+2 < len(spec) && spec[i+1] == '-' {
			for b := int(spec[i]); b <= int(spec[i+2]); b++ {
				set[b] = true
			}
			i += 2
			continue
		}
		set[spec[i]] = true
	}
	return &set
}

// span returns the end of the run of set members that begins at i.
func (set *charset) span(text string, i int) int {
	for i < len(text) && set[text[i]] {
		i++
	}
	return i
}

// back returns the start of the run of set members that ends before i, no
// further left than limit.
func (set *charset) back(text string, i, limit int) int {
	for i > limit && set[text[i-1]] {
		i--
	}
	return i
}

// all tells whether every byte of text is in the set.
func (set *charset) all(text string) bool { return set.span(text, 0) == len(text) }

var (
	digits  = newCharset("0-9")
	letters = newCharset("A-Za-z")
	alnum   = newCharset("A-Za-z0-9")
	hexSet  = newCharset("0-9a-fA-F")
)

func isDigit(b byte) bool  { return b-'0' < 10 }
func isLetter(b byte) bool { return (b|0x20)-'a' < 26 }
func isAlnum(b byte) bool  { return alnum[b] }
func isUpper(b byte) bool  { return b-'A' < 26 }
func isLower(b byte) bool  { return b-'a' < 26 }

func toLower(b byte) byte {
	if isUpper(b) {
		return b + 0x20
	}
	return b
}

func toUpper(b byte) byte {
	if isLower(b) {
		return b - 0x20
	}
	return b
}

// freeLeft tells whether a value may begin at i: nothing that belongs to it
// stands before. An underscore belongs to it unless it is emphasis around it.
func freeLeft(text string, i int) bool {
	if i == 0 {
		return true
	}
	switch prev := text[i-1]; {
	case alnum[prev]:
		return escapeEnds(text, i)
	case prev == '_':
		return i == 1 || !alnum[text[i-2]] && text[i-2] != ']'
	case prev == ']':
		return !labelEnds(text, i)
	case prev == '*':
		return !replacementEnds(text, i)
	}
	return true
}

// freeRight tells whether a value may end before j.
func freeRight(text string, j int) bool {
	if j == len(text) {
		return true
	}
	switch next := text[j]; {
	case alnum[next]:
		return false
	case next == '_':
		return j+1 == len(text) || !alnum[text[j+1]] && text[j+1] != '['
	case next == '[':
		return labelAt(text, j) == 0
	case next == '*':
		return partialEnd(text, j) == 0 // what stood there may have belonged to it
	}
	return true
}

// escapeEnds tells whether a JSON escape, such as \n or \u003c, ends before i.
func escapeEnds(text string, i int) bool {
	if i >= 2 && text[i-2] == '\\' {
		switch text[i-1] {
		case 'n', 'r', 't', 'b', 'f':
			return true
		}
	}
	return i >= 6 && text[i-6] == '\\' && text[i-5] == 'u' && hexSet.all(text[i-4:i])
}

// skipEscape moves a start that lies inside a JSON or percent escape behind it.
func skipEscape(text string, start, end int) int {
	if start == 0 || start >= end {
		return start
	}
	switch text[start-1] {
	case '\\':
		switch text[start] {
		case 'n', 'r', 't', 'b', 'f':
			return start + 1
		case 'u':
			if start+5 <= end && hexSet.all(text[start+1:start+5]) {
				return start + 5
			}
		}
	case '%':
		if start+2 <= end && hexSet.all(text[start:start+2]) {
			return start + 2
		}
	}
	return start
}

// partOfNumber tells whether the digits that begin at i continue a longer
// number or id: "0.4111", "1-4111", "a1-4111".
func partOfNumber(text string, i int) bool {
	if i < 2 {
		return false
	}
	switch text[i-1] {
	case '.', '-', '/', ':':
	default:
		return false
	}
	before := alnum.back(text, i-1, max(0, i-14))
	return digits.span(text, before) > before || text[i-1] != ':' && hasDigit(text[before:i-1]) || replacedBefore(text, i-1)
}

// continuesNumber is partOfNumber to the right of j.
func continuesNumber(text string, j int) bool {
	if j+1 >= len(text) {
		return false
	}
	switch text[j] {
	case '.':
		return decimalsFollow(text, j) || replacedFrom(text, j+1)
	case '-', '/':
		return isDigit(text[j+1]) || replacedFrom(text, j+1)
	}
	return false
}

// decimalsFollow tells whether the number before end is no whole one. The zero
// behind the point in 4111111111111111.0 is only how a program prints a float.
func decimalsFollow(text string, end int) bool {
	if end+1 >= len(text) || text[end] != '.' || !isDigit(text[end+1]) {
		return false
	}
	fraction := digits.span(text, end+1)
	return strings.Trim(text[end+1:fraction], "0") != "" || fraction < len(text) && (text[fraction]|caseBit == 'e' || text[fraction] == '.')
}

func hasDigit(text string) bool {
	for i := range len(text) {
		if isDigit(text[i]) {
			return true
		}
	}
	return false
}

// inUUID tells whether the bytes [start, end) lie in a UUID.
func inUUID(text string, start, end int) bool {
	set := uuidSet
	from := set.back(text, start, max(0, start-37))
	to := end
	for to < len(text) && to < from+38 && set[text[to]] {
		to++
	}
	return isUUID(strings.Trim(text[from:to], "-"))
}

var uuidSet = newCharset("0-9a-fA-F-")

const uuidLength = 36

// uuidAt tells whether a UUID begins at i.
func uuidAt(text string, i int) bool {
	return i+uuidLength <= len(text) && text[i+8] == '-' && text[i+13] == '-' && isUUID(text[i:i+uuidLength])
}

func isUUID(text string) bool {
	if len(text) != uuidLength || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return false
	}
	for i := range len(text) {
		if text[i] == '-' {
			if i != 8 && i != 13 && i != 18 && i != 23 {
				return false
			}
		} else if !hexSet[text[i]] {
			return false
		}
	}
	return true
}

// any tells whether some byte of text is in the set.
func (set *charset) any(text string) bool {
	for i := range len(text) {
		if set[text[i]] {
			return true
		}
	}
	return false
}
