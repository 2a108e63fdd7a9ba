// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"iter"
	"strings"

	"github.com/tidwall/gjson"
)

// maxNesting is how deep the JSON of a client may be nested to be read at all. gjson checks JSON by recursion, so something has to.
const maxNesting = 500

// jsonText returns s without the space around it if it is a JSON object, array or string, well formed and not too deeply nested.
func jsonText(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if len(s) < 2 {
		return "", false
	}
	switch s[0] {
	case '{', '[', '"':
	default:
		return "", false
	}
	if s[len(s)-1] != closing(s[0]) || !validJSON(s) {
		return "", false
	}
	return s, true
}

// validJSON tells well-formed JSON that is not too deeply nested. Nobody here asks gjson alone: some megabytes of brackets overflow its stack.
func validJSON(s string) bool { return !tooDeep(s) && gjson.Valid(s) }

func tooDeep(s string) bool {
	return strings.Count(s, "{")+strings.Count(s, "[") > maxNesting && nesting(s) > maxNesting
}

// looksCut tells text that begins as JSON does and is none: a client's limit on the length of attributes cuts JSON anywhere.
func looksCut(s string) bool {
	s = strings.TrimSpace(s)
	return strings.HasPrefix(s, "{\"") || strings.HasPrefix(s, "[{\"") || strings.HasPrefix(s, "[\"")
}

func closing(open byte) byte {
	switch open {
	case '{':
		return '}'
	case '[':
		return ']'
	default:
		return open
	}
}

// nesting is the depth of the deepest bracket outside strings.
func nesting(s string) int {
	depth, deepest := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			i = stringEnd(s, i) - 1
		case '{', '[':
			depth++
			deepest = max(deepest, depth)
		case '}', ']':
			depth--
		}
	}
	return deepest
}

// stringEnd is the index after the string that begins at s[i], or len(s) if it has no end.
func stringEnd(s string, i int) int {
	i++
	for short := min(len(s), i+24); i < short; i++ {
		if s[i] == '"' {
			return i + 1
		}
		if s[i] == '\\' {
			break
		}
	}
	for {
		n := strings.IndexByte(s[min(i, len(s)):], '"')
		if n < 0 {
			return len(s)
		}
		end := i + n
		slashes := 0
		for slashes < end-i && s[end-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return end + 1
		}
		i = end + 1
	}
}

// valueEnd is the index after the JSON value that begins at s[i].
func valueEnd(s string, i int) int {
	switch s[i] {
	case '"':
		return stringEnd(s, i)
	case '{', '[':
	default:
		n := strings.IndexAny(s[i:], ",]} \t\r\n")
		if n < 0 {
			return len(s)
		}
		return i + n
	}
	for depth := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			i = stringEnd(s, i) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// skip is the index of the first byte at or after i that begins a value, or len(s) at the end of the object or array.
func skip(s string, i int) int {
	for ; i < len(s); i++ {
		switch s[i] {
		case ' ', '\t', '\r', '\n', ',', ':':
		case '}', ']':
			return len(s)
		default:
			return i
		}
	}
	return len(s)
}

// elements are the elements' JSON of the array raw, which is well formed.
func elements(raw string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := skip(raw, 1); i < len(raw); {
			end := valueEnd(raw, i)
			if !yield(raw[i:end]) {
				return
			}
			i = skip(raw, end)
		}
	}
}

// eachMember calls yield with the name and the JSON value of every member of the object raw, which is well formed.
func eachMember(raw string, yield func(name, value string)) {
	for i := skip(raw, 1); i < len(raw); {
		end := valueEnd(raw, i)
		name := unquote(raw[i:end])
		if i = skip(raw, end); i >= len(raw) {
			return
		}
		end = valueEnd(raw, i)
		yield(name, raw[i:end])
		i = skip(raw, end)
	}
}

// unquote is the string that the JSON string raw stands for, or raw if it is no JSON string.
func unquote(raw string) string {
	if len(raw) < 2 || raw[0] != '"' {
		return raw
	}
	if strings.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	return gjson.Parse(raw).Str
}

func isString(raw string) bool { return strings.HasPrefix(raw, "\"") }
func isObject(raw string) bool { return strings.HasPrefix(raw, "{") }
func isArray(raw string) bool  { return strings.HasPrefix(raw, "[") }

// saysNothing tells JSON values that carry no content: null, false, "", [], {} and whatever holds nothing but those.
func saysNothing(raw string) bool {
	switch {
	case raw == "", raw == "null", raw == "false", raw == "\"\"":
		return true
	case isObject(raw), isArray(raw):
		return len(raw) <= 256 && nothingInside(raw)
	default:
		return false
	}
}

func nothingInside(raw string) bool {
	nothing := true
	if isObject(raw) {
		eachMember(raw, func(_, value string) { nothing = nothing && saysNothing(value) })
	} else {
		for value := range elements(raw) {
			nothing = nothing && saysNothing(value)
		}
	}
	return nothing
}
