// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"crypto/sha256"
	"strings"
	"unicode/utf8"
)

// openInferenceRedacted is what OpenInference's hide settings write
// (spec/configuration.md).
const openInferenceRedacted = "__REDACTED__"

const (
	pseudonymDigits = 16
	maxLabel        = 64
)

var labelName = newCharset("A-Z0-9_")

// labelAt returns the length of the label, plain or with a pseudonym, that
// begins at i; 0 if there is none.
func labelAt(text string, i int) int {
	if i+2 >= len(text) || text[i] != '[' || !isUpper(text[i+1]) {
		return 0
	}
	j := labelName.span(text, i+1)
	if j-i > maxLabel || j == len(text) {
		return 0
	}
	if text[j] == ']' && hasDigit(text[i:j]) {
		return 0 // a key in brackets
	}
	if text[j] == ':' {
		end := hexSet.span(text, j+1)
		if end-j-1 != pseudonymDigits || end == len(text) || digits.all(text[j+1:end]) {
			return 0
		}
		j = end
	}
	if text[j] != ']' {
		return 0
	}
	return j + 1 - i
}

// skipLabel goes on behind a label: what stands in it is no text.
func skipLabel(st *scan, i int) int {
	if n := labelAt(st.text, i-1); n > 0 {
		return i - 1 + n
	}
	return 0
}

// afterReplacement returns i, or the end of the label, or of what a partial
// replacement shows, that i lies in.
func afterReplacement(text string, i int) int {
	for i < len(text) && text[i] == '*' {
		i++
	}
	if shown := shownFrom(text, i); shown >= 0 {
		return shownEnd(text, shown)
	}
	from := max(0, i-maxLabel-pseudonymDigits-3)
	if open := strings.LastIndexByte(text[from:i], '['); open >= 0 {
		return max(i, from+open+labelAt(text, from+open))
	}
	return i
}

// labelEnds tells whether a label ends before i.
func labelEnds(text string, i int) bool {
	if i == 0 || text[i-1] != ']' {
		return false
	}
	from := max(0, i-maxLabel-pseudonymDigits-3)
	open := strings.LastIndexByte(text[from:i], '[')
	return open >= 0 && from+open+labelAt(text, from+open) == i
}

// inLabel tells whether i stands inside a label: the colon of
// [API_KEY:9f2c41ab8d03e7f1] assigns nothing.
func inLabel(text string, i int) bool {
	from := max(0, i-maxLabel)
	open := strings.LastIndexByte(text[from:i], '[')
	return open >= 0 && from+open+labelAt(text, from+open) > i
}

// replacementAt returns the length of anything that Actions or OpenInference
// wrote at i in place of a value; 0 if there is nothing of the kind.
func replacementAt(text string, i int) int {
	rest := text[i:]
	switch {
	case len(rest) == 0:
		return 0
	case rest[0] == '[':
		return labelAt(text, i)
	case strings.HasPrefix(rest, partialStars):
		return max(0, partialEnd(text, i)-i)
	case strings.HasPrefix(rest, openInferenceRedacted):
		return len(openInferenceRedacted)
	case strings.HasPrefix(rest, hashPrefix):
		if end := hexSet.span(rest, len(hashPrefix)); end-len(hashPrefix) >= hashDigits {
			return end
		}
	}
	return 0
}

// unreplaced is how many bytes of text are none of what Actions wrote.
func unreplaced(text string) int {
	n := len(text)
	for i := 0; i < len(text); {
		size := replacementAt(text, i)
		n -= size
		i += max(size, 1)
	}
	return n
}

// shownEnd returns the end of the letters and digits from i on that can be what
// a partial replacement shows.
func shownEnd(text string, from int) int {
	i := from
	for range partialShown {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !shownRune(r) {
			return i
		}
		i += size
	}
	if i < len(text) && alnum[text[i]] && !(isDigit(text[i]) && isDigit(text[i-1])) {
		return from
	}
	return i
}

// shownFrom returns where what a partial replacement shows begins, if i stands
// in or behind it; -1 if not.
func shownFrom(text string, i int) int {
	from := max(0, i-partialShown*utf8.UTFMax-1)
	shown := from + strings.LastIndexByte(text[from:i], '*') + 1
	if shown > from && strings.HasSuffix(text[:shown], partialStars) {
		if end := shownEnd(text, shown); end > shown && end >= i {
			return shown
		}
	}
	return -1
}

// partialEnd returns the end of the stars that begin at i and of what is shown
// behind them; 0 if there are none.
func partialEnd(text string, i int) int {
	shown := i + len(partialStars)
	if !strings.HasPrefix(text[i:], partialStars) || shownEnd(text, shown) == shown {
		return 0
	}
	return shownEnd(text, shown)
}

// replacedBefore tells whether anything that Actions wrote ends before i. What
// stands there may be the rest of what was replaced.
func replacedBefore(text string, i int) bool {
	return labelEnds(text, i) || shownFrom(text, i) >= 0 ||
		i > hashDigits && strings.HasSuffix(text[:i-hashDigits], hashPrefix) && hexSet.all(text[i-hashDigits:i])
}

// replacedFrom is replacedBefore to the right of i.
func replacedFrom(text string, i int) bool {
	return labelAt(text, i) > 0 || partialEnd(text, i) > 0 ||
		strings.HasPrefix(text[i:], hashPrefix) && hexSet.span(text, i+len(hashPrefix)) >= i+len(hashPrefix)+hashDigits
}

// replacementEnds tells whether stars stand before i, or i in the digits of a
// hash, so that what begins there is what a replacement left.
func replacementEnds(text string, i int) bool {
	return strings.HasSuffix(text[:i], partialStars) && shownEnd(text, i) > i ||
		inHash(text, i)
}

// hashDigits are what follows hashPrefix.
const hashDigits = 2 * sha256.Size

// inHash tells whether i stands among the digits of a hash.
func inHash(text string, i int) bool {
	from := hexSet.back(text, i, max(0, i-hashDigits+1))
	return strings.HasSuffix(text[:from], hashPrefix) && hexSet.span(text, from)-from >= hashDigits
}

// holdsHash tells whether what the action Hash writes is in text.
func holdsHash(text string) bool {
	_, rest, found := strings.Cut(text, hashPrefix)
	return found && hexSet.span(rest, 0) >= hashDigits
}

// longestReplacement is the length of the longest label with a pseudonym.
const longestReplacement = maxLabel + pseudonymDigits + 2

// inReplacement tells whether text[start:end] lies in what Actions wrote.
func inReplacement(text string, start, end int) bool {
	for i := max(0, start-longestReplacement); i <= start; i++ {
		if i+replacementAt(text, i) >= end {
			return true
		}
	}
	return false
}

// IsLabel tells whether the whole of text is a replacement that Actions wrote
// ("[EMAIL]", "[EMAIL:9f2c41ab8d03e7f1]", "hmac-sha256:…") or OpenInference's
// __REDACTED__, or stars that show nothing.
func IsLabel(text string) bool {
	n := replacementAt(text, 0)
	return n > 0 && n == len(text) || text == partialStars
}
