// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"encoding/json"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// skipSpace is the first position from i on that is no JSON white space.
func skipSpace(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r') {
		i++
	}
	return i
}

// skipValue is the end of the JSON value that starts at i, and whether there is one that is well formed.
func skipValue(s string, i, depth int) (end int, ok bool) {
	if i >= len(s) || depth > maxDepth {
		return i, false
	}
	switch s[i] {
	case '{':
		return skipMembers(s, i, depth, '}')
	case '[':
		return skipMembers(s, i, depth, ']')
	case '"':
		return skipString(s, i)
	case 't':
		return skipLiteral(s, i, "true")
	case 'f':
		return skipLiteral(s, i, "false")
	case 'n':
		return skipLiteral(s, i, "null")
	default:
		return skipNumber(s, i)
	}
}

// skipMembers skips an object or an array.
func skipMembers(s string, i, depth int, closing byte) (end int, ok bool) {
	i = skipSpace(s, i+1)
	if i < len(s) && s[i] == closing {
		return i + 1, true
	}
	for i < len(s) {
		if closing == '}' {
			if s[i] != '"' {
				return i, false
			}
			if i, ok = skipString(s, i); !ok {
				return i, false
			}
			if i = skipSpace(s, i); i >= len(s) || s[i] != ':' {
				return i, false
			}
			i = skipSpace(s, i+1)
		}
		if i, ok = skipValue(s, i, depth+1); !ok {
			return i, false
		}
		if i = skipSpace(s, i); i >= len(s) {
			return i, false
		}
		if s[i] == closing {
			return i + 1, true
		}
		if s[i] != ',' {
			return i, false
		}
		i = skipSpace(s, i+1)
	}
	return i, false
}

func skipString(s string, i int) (end int, ok bool) {
	end, _, ok = stringEnd(s, i)
	return end, ok
}

// stringEnd is the end of the string that starts at i, and whether it is its own canonical form.
func stringEnd(s string, i int) (end int, plain, ok bool) {
	if i = plainEnd(s, i+1); i < len(s) && s[i] == '"' {
		return i + 1, true, true
	}
	for ; i < len(s); i++ {
		switch s[i] {
		case '"':
			return i + 1, false, true
		case '\\':
			i++
		}
	}
	return len(s), false, false
}

// plainEnd is the first place from i on with a quote, a backslash or a byte that is no printable ASCII.
func plainEnd(s string, i int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(s); i += 8 {
		w := s[i : i+8]
		x := uint64(w[0]) | uint64(w[1])<<8 | uint64(w[2])<<16 | uint64(w[3])<<24 | uint64(w[4])<<32 | uint64(w[5])<<40 | uint64(w[6])<<48 | uint64(w[7])<<56
		quote, backslash := x^'"'*ones, x^'\\'*ones
		// The lowest byte that is found is right; those above it may not be.
		if found := (x | (x - ' '*ones) | (quote-ones)&^quote | (backslash-ones)&^backslash) & tops; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(s) && s[i] >= ' ' && s[i] < utf8.RuneSelf && s[i] != '"' && s[i] != '\\' {
		i++
	}
	return i
}

func skipLiteral(s string, i int, word string) (end int, ok bool) {
	return i + len(word), strings.HasPrefix(s[i:], word)
}

// skipNumber skips a number as JSON's grammar has it.
func skipNumber(s string, i int) (end int, ok bool) {
	if s[i] == '-' {
		i++
	}
	start := i
	if i = skipDigits(s, i); i == start || i > start+1 && s[start] == '0' {
		return i, false
	}
	if i < len(s) && s[i] == '.' {
		start = i + 1
		if i = skipDigits(s, start); i == start {
			return i, false
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		start = i
		i = skipDigits(s, i)
		return i, i > start
	}
	return i, true
}

func skipDigits(s string, i int) int {
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}

// unescape is the string that stands raw between the quotes of JSON text. What is no valid escape stays as it is.
func unescape(raw string) string {
	if strings.IndexByte(raw, '\\') < 0 {
		return raw
	}
	var text string
	if json.Unmarshal([]byte(`"`+raw+`"`), &text) != nil {
		return raw
	}
	return text
}
