// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"strings"
	"unicode/utf8"
	"unsafe"
)

// leastKept is how many bytes of a text must be left beside its marker, for it to be worth leaving any.
const leastKept = 16

// appendCut appends the head of text, a marker and its tail, in at most budget bytes: 60 % for the head. It cuts at the
// end of a line where one is near, never inside a character, an escape (if text is the inside of a JSON string), a label
// of a redaction, or the marker of an earlier cut.
func appendCut(dst []byte, text string, budget int, escaped bool) []byte {
	keep := budget - markerSize(len(text))
	if keep < 0 {
		return dst
	}
	if keep < leastKept {
		return append(dst, cutMarker(len(text))...)
	}
	head := headEnd(text, keep*6/10, escaped)
	tail := tailStart(text, len(text)-(keep-head), escaped)
	dst = append(dst, text[:head]...)
	dst = append(dst, cutMarker(tail-head)...)
	return append(dst, text[tail:]...)
}

// headEnd returns where a head of at most limit bytes ends.
func headEnd(text string, limit int, escaped bool) int {
	near := limit - limit/4
	if line := lastLine(text[near:limit], escaped); line > 0 && !inEscape(text, near+line, escaped) {
		limit = near + line
	}
	if start, _ := labelAround(text, limit); start >= 0 {
		limit = start
	}
	return characterStart(text, limit, escaped)
}

// tailStart returns where a tail starts that starts no earlier than from.
func tailStart(text string, from int, escaped bool) int {
	near := from + (len(text)-from)/4
	if line := firstLine(text[from:near], escaped); line > 0 && !inEscape(text, from+line, escaped) {
		from += line
	}
	if _, end := labelAround(text, from); end >= 0 {
		from = end
	}
	for from < len(text) && characterStart(text, from, escaped) != from {
		from++
	}
	return from
}

func lineEnd(escaped bool) string {
	if escaped {
		return `\n`
	}
	return "\n"
}

// lastLine returns the index after the last line in text, 0 if no line ends in it.
func lastLine(text string, escaped bool) int {
	end := lineEnd(escaped)
	if i := strings.LastIndex(text, end); i >= 0 {
		return i + len(end)
	}
	return 0
}

func firstLine(text string, escaped bool) int {
	end := lineEnd(escaped)
	if i := strings.Index(text, end); i >= 0 {
		return i + len(end)
	}
	return 0
}

func inEscape(text string, i int, escaped bool) bool { return characterStart(text, i, escaped) != i }

// characterStart returns where the character starts that text[i] is part of: i, unless i is inside of one.
func characterStart(text string, i int, escaped bool) int {
	if i <= 0 || i >= len(text) {
		return i
	}
	for start := i; start > i-utf8.UTFMax && start >= 0; start-- {
		if utf8.RuneStart(text[start]) {
			i = start
			break
		}
	}
	if !escaped {
		return i
	}
	for start := i - 1; start >= 0 && start > i-len(`\u0000`); start-- {
		if opensEscape(text, start) {
			if start+escapeSize(text[start:]) > i {
				i = start
			}
			break
		}
	}
	if high := i - len(`\u0000`); high >= 0 && isSurrogateEscape(text[i:], 'c', 'f') && isSurrogateEscape(text[high:], '8', 'b') &&
		opensEscape(text, high) {
		return high
	}
	return i
}

// opensEscape reports whether an escape starts at text[i]: a backslash that is not itself escaped.
func opensEscape(text string, i int) bool {
	if text[i] != '\\' {
		return false
	}
	before := i
	for before > 0 && text[before-1] == '\\' {
		before--
	}
	return (i-before)%2 == 0
}

func escapeSize(text string) int {
	if len(text) > 1 && text[1] == 'u' {
		return len(`\u0000`)
	}
	return 2
}

// isSurrogateEscape reports whether text starts with the escape of a surrogate whose second digit is in the range.
func isSurrogateEscape(text string, first, last byte) bool {
	return len(text) >= len(`\u0000`) && text[0] == '\\' && text[1] == 'u' && text[2]|0x20 == 'd' && first <= text[3]|0x20 && text[3]|0x20 <= last ||
		len(text) >= len(`\u0000`) && text[0] == '\\' && text[1] == 'u' && text[2]|0x20 == 'd' && first <= text[3] && text[3] <= last
}

// QuotedSize is the size of text as a JSON string.
func QuotedSize(text string) int {
	size := len(text) + 2
	for i := range len(text) {
		switch c := text[i]; {
		case c >= ' ' && c != '"' && c != '\\' && c != 0xED:
		default:
			if escape, replaced := escapeOf(text[i:]); replaced > 0 {
				size += len(escape) - replaced
			}
		}
	}
	return size
}

func bytesOf(text string) []byte { return unsafe.Slice(unsafe.StringData(text), len(text)) }
