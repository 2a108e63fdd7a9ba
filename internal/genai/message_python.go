// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// pythonText is the JSON of a Python dict, or of a list of dicts, as str() prints it: hand-made spans often hold str(messages).
func pythonText(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if !strings.HasPrefix(s, "{'") && !strings.HasPrefix(s, "[{'") {
		return "", false
	}
	out := make([]byte, 0, len(s)+len(s)/8)
	for i := 0; i < len(s); {
		n := 0
		switch c := s[i]; {
		case c == '\'' || c == '"':
			out, n = appendPythonString(out, s[i:])
		case strings.IndexByte("{}[],: \t\r\n+-.0123456789", c) >= 0, c == 'e' && i > 0 && s[i-1] >= '0' && s[i-1] <= '9':
			out, n = append(out, c), 1
		default:
			out, n = appendPythonWord(out, s[i:])
		}
		if n == 0 {
			return "", false
		}
		i += n
	}
	return jsonText(string(out))
}

// appendPythonWord appends the JSON of a constant at the beginning of s, and tells its length: 0 if there is none.
func appendPythonWord(dst []byte, s string) ([]byte, int) {
	for _, w := range [...][2]string{{"True", "true"}, {"False", "false"}, {"None", "null"}} {
		if strings.HasPrefix(s, w[0]) {
			return append(dst, w[1]...), len(w[0])
		}
	}
	return dst, 0
}

// appendPythonString appends the JSON of the string literal that s begins with, and tells the literal's length: 0 if it is none.
func appendPythonString(dst []byte, s string) ([]byte, int) {
	quote := s[0]
	if end := strings.IndexByte(s[1:], quote); end >= 0 && strings.IndexByte(s[1:1+end], '\\') < 0 {
		return appendString(dst, s[1:1+end]), end + 2
	}
	var text []byte
	for i := 1; i < len(s); {
		switch c := s[i]; c {
		case quote:
			return appendString(dst, string(text)), i + 1
		case '\\':
			r, n := pythonEscape(s[i:])
			if n == 0 {
				return dst, 0
			}
			text = utf8.AppendRune(text, r)
			i += n
		default:
			text = append(text, c)
			i++
		}
	}
	return dst, 0
}

// pythonEscape is the character of the escape that s begins with, and the escape's length: 0 if repr() writes no such.
func pythonEscape(s string) (rune, int) {
	if len(s) < 2 {
		return 0, 0
	}
	digits := 0
	switch s[1] {
	case '\\', '\'', '"':
		return rune(s[1]), 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	}
	if digits == 0 || len(s) < 2+digits {
		return 0, 0
	}
	code, err := strconv.ParseUint(s[2:2+digits], 16, 32)
	if err != nil || code > utf8.MaxRune {
		return 0, 0
	}
	return rune(code), 2 + digits
}
