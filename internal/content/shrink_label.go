// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

import "strings"

// keyedHash begins what llm_redaction writes where it hashes a value: 64 hex digits follow.
const keyedHash = "hmac-sha256:"

// longestLabel is the size of the longest label of a redaction that is looked for.
const longestLabel = 96

// labelAround returns the borders of the label or marker that i stands inside of, -1 if it stands in none. Labels are what
// llm_redaction and others write: [EMAIL], [EMAIL:9f2c41ab8d03e7f1].
func labelAround(text string, i int) (start, end int) {
	from := max(0, i-longestLabel)
	if hash := strings.LastIndex(text[from:min(len(text), i+len(keyedHash))], keyedHash); hash >= 0 {
		end := from + hash + len(keyedHash)
		for end < len(text) && isAlphanumeric(text[end]) {
			end++
		}
		if from+hash < i && i < end {
			return from + hash, end
		}
	}
	start = strings.LastIndexByte(text[from:i], '[')
	if start < 0 {
		return -1, -1
	}
	start += from
	size := labelSize(text[start:])
	end = start + size
	if size == 0 {
		return -1, -1
	}
	if strings.HasPrefix(text[start:], markerHead[len("…"):]) {
		return widen(text, start, end, i)
	}
	if i >= end {
		return -1, -1
	}
	return start, end
}

// widen takes the dots of a marker with it.
func widen(text string, start, end, i int) (int, int) {
	if strings.HasSuffix(text[:start], "…") {
		start -= len("…")
	}
	if strings.HasPrefix(text[end:], "…") {
		end += len("…")
	}
	if i >= end {
		return -1, -1
	}
	return start, end
}

// labelSize returns the size of the label or marker that text starts with, 0 if there is none.
func labelSize(text string) int {
	end := strings.IndexByte(text[:min(len(text), longestLabel+longestHashMarker)], ']')
	if end < 2 {
		return 0
	}
	inside := text[1:end]
	if strings.HasPrefix(inside, markerHead[len("…["):]) {
		return end + 1
	}
	name, pseudonym, _ := strings.Cut(inside, ":")
	if end > longestLabel || !allOf(name, isLabelLetter) || !allOf(pseudonym, isAlphanumeric) {
		return 0
	}
	return end + 1
}

func allOf(text string, is func(byte) bool) bool {
	for i := range len(text) {
		if !is(text[i]) {
			return false
		}
	}
	return true
}

func isLabelLetter(c byte) bool { return 'A' <= c && c <= 'Z' || isDigit(c) || c == '_' }

func isAlphanumeric(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || isDigit(c) }
