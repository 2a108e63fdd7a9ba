// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

import "strings"

// maxNesting is how deep objects and arrays may stand in one another (encoding/json has the same limit).
const maxNesting = 10_000

// LooksLikeJSON reports whether text starts as a JSON object, array or string does. It is a cheap test that says
// whether [Rewriter.Rewrite] is worth a try: `[link](url)` and `{'a': 1}` are sorted out here.
func LooksLikeJSON(text string) bool {
	start := skipSpace(text, 0)
	if start == len(text) {
		return false
	}
	switch text[start] {
	case '"':
		return true
	case '{':
		next := skipSpace(text, start+1)
		return next < len(text) && (text[next] == '"' || text[next] == '}')
	case '[':
		next := skipSpace(text, start+1)
		return next < len(text) && strings.IndexByte(`{["]-0123456789tfn`, text[next]) >= 0
	}
	return false
}

// IsJSON reports whether [Rewriter.Rewrite] can walk the text.
func IsJSON(text string) bool {
	var w walker
	return LooksLikeJSON(text) && w.isJSON(text)
}

// isJSON reports whether text is one JSON value, or several one after the other (JSON lines). It asks for the grammar
// of RFC 8259 but allows control characters in strings, as many parsers do.
func (w *walker) isJSON(text string) bool {
	i := skipSpace(text, 0)
	for first := true; i < len(text); first = false {
		if !first && text[i] != '{' && text[i] != '[' && text[i] != '"' {
			return false
		}
		end := w.valueEnd(text, i)
		if end < 0 {
			return false
		}
		i = skipSpace(text, end)
	}
	return true
}

// valueEnd returns the index after the JSON value that starts at text[i], -1 if there is none.
func (w *walker) valueEnd(text string, i int) int {
	w.nesting = w.nesting[:0]
	for {
		if i >= len(text) {
			return -1
		}
		if c := text[i]; c == '{' || c == '[' {
			if len(w.nesting) == maxNesting {
				return -1
			}
			w.nesting = append(w.nesting, c)
			i = w.firstMember(text, skipSpace(text, i+1))
		} else {
			i = w.afterValue(text, scalarEnd(text, i))
		}
		if i < 0 {
			return -1
		}
		if len(w.nesting) == 0 {
			return i
		}
	}
}

// firstMember returns where the first value of the container just opened starts, or, if it is empty, what
// [walker.afterValue] returns for it.
func (w *walker) firstMember(text string, i int) int {
	if i >= len(text) {
		return -1
	}
	object := w.nesting[len(w.nesting)-1] == '{'
	if (object && text[i] == '}') || (!object && text[i] == ']') {
		w.nesting = w.nesting[:len(w.nesting)-1]
		return w.afterValue(text, i+1)
	}
	if object {
		return memberValue(text, i)
	}
	return i
}

// afterValue returns where the next value starts after one that ended before text[i], closing containers on the
// way; with no container open it returns i.
func (w *walker) afterValue(text string, i int) int {
	for i >= 0 && len(w.nesting) > 0 {
		i = skipSpace(text, i)
		if i >= len(text) {
			return -1
		}
		object := w.nesting[len(w.nesting)-1] == '{'
		switch c := text[i]; {
		case c == ',' && object:
			return memberValue(text, skipSpace(text, i+1))
		case c == ',':
			return skipSpace(text, i+1)
		case c == '}' && object, c == ']' && !object:
			w.nesting = w.nesting[:len(w.nesting)-1]
			i++
		default:
			return -1
		}
	}
	return i
}

// memberValue returns where the value of the object member starts whose name opens at text[i].
func memberValue(text string, i int) int {
	if i >= len(text) || text[i] != '"' {
		return -1
	}
	end := scalarEnd(text, i)
	if end < 0 {
		return -1
	}
	colon := skipSpace(text, end)
	if colon >= len(text) || text[colon] != ':' {
		return -1
	}
	return skipSpace(text, colon+1)
}

// scalarEnd returns the index after the string, number or literal at text[i], -1 if there is none.
func scalarEnd(text string, i int) int {
	switch c := text[i]; {
	case c == '"':
		end, escaped := stringEnd(text, i)
		if end < 0 || (escaped && !validEscapes(text[i+1:end-1])) {
			return -1
		}
		return end
	case c == '-' || isDigit(c):
		return numberEnd(text, i)
	}
	for _, literal := range [...]string{"true", "false", "null"} {
		if end := i + len(literal); end <= len(text) && text[i:end] == literal {
			return end
		}
	}
	return -1
}

// numberEnd returns the index after the JSON number at text[i], -1 if the number is malformed.
func numberEnd(text string, i int) int {
	if text[i] == '-' {
		i++
	}
	whole := i
	i = digitsEnd(text, i)
	if i == whole || (text[whole] == '0' && i > whole+1) {
		return -1
	}
	if i < len(text) && text[i] == '.' {
		fraction := i + 1
		if i = digitsEnd(text, fraction); i == fraction {
			return -1
		}
	}
	if i < len(text) && (text[i] == 'e' || text[i] == 'E') {
		i++
		if i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		exponent := i
		if i = digitsEnd(text, i); i == exponent {
			return -1
		}
	}
	return i
}

func digitsEnd(text string, i int) int {
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	return i
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func skipSpace(text string, i int) int {
	for i < len(text) && isSpace(text[i]) {
		i++
	}
	return i
}
