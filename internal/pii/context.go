// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "bytes"

const (
	contextBefore = 60 // bytes
	contextAfter  = 30 // bytes
	contextBonus  = 0.35
	maxContextKey = 64 // bytes of the key that count
)

// nearby holds the lower-cased text around one candidate. Words are separated
// by what is no letter and by a change to upper case, as in creditCard.
type nearby struct {
	start, end int
	filled     bool
	buf        []byte
}

// hasContext tells whether one of words stands around text[start:end].
func (st *scan) hasContext(start, end int, words []string) bool {
	if len(words) == 0 {
		return false
	}
	n := &st.near
	if !n.filled || n.start != start || n.end != end {
		st.fillNearby(start, end)
	}
	for _, w := range words {
		if containsWord(n.buf, w) {
			return true
		}
	}
	return false
}

func (st *scan) fillNearby(start, end int) {
	n := &st.near
	n.start, n.end, n.filled = start, end, true
	n.buf = appendLower(n.buf[:0], st.key[max(0, len(st.key)-maxContextKey):])
	n.buf = append(n.buf, ' ')
	n.buf = st.appendBefore(n.buf, start)
	n.buf = append(n.buf, ' ')
	n.buf = appendLower(n.buf, st.text[end:afterEnd(st.text, end)])
}

// appendBefore appends the bytes before start. Hits already found, and labels,
// are left out, so that a value that was replaced is no context for the next.
func (st *scan) appendBefore(dst []byte, start int) []byte {
	var parts [8][2]int
	count, budget, to := 0, contextBefore, start
	for k := len(st.out) - 1; k >= st.base && budget > 0 && count < len(parts)-1; k-- {
		m := st.out[k]
		if m.End > to {
			continue
		}
		from := max(m.End, to-budget)
		parts[count] = [2]int{from, to}
		count++
		budget -= to - from
		to = m.Start
	}
	if budget > 0 {
		parts[count] = [2]int{max(0, to-budget), to}
		count++
	}
	for count--; count >= 0; count-- {
		dst = append(appendLower(dst, st.text[parts[count][0]:parts[count][1]]), ' ')
	}
	return dst
}

// afterEnd ends the context behind a candidate: at anything but words, since
// what stands there may itself be replaced.
func afterEnd(text string, end int) int {
	i := end
	for i < len(text) && i < end+contextAfter {
		switch b := text[i]; {
		case isLetter(b), b == ' ', b == '(', b == ')', b == ',', b == '.', b == '-' && i == end, b >= 0x80:
		default:
			return i
		}
		i++
	}
	return i
}

// appendLower appends text in lower case with blanks at camel-case borders and
// in place of labels.
func appendLower(dst []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		b := text[i]
		switch {
		case b == '[':
			if n := labelAt(text, i); n > 0 {
				dst = append(dst, ' ')
				i += n - 1
				continue
			}
		case isUpper(b):
			if i > 0 && isLower(text[i-1]) {
				dst = append(dst, ' ')
			}
			b += 0x20
		case b >= 0x80 && b < 0x9f && i > 0 && text[i-1] == 0xc3 && b != 0x97:
			b += 0x20 // Latin-1 capitals, À to Þ
		}
		dst = append(dst, b)
	}
	return dst
}

// containsWord looks for word at a word's beginning; words of up to four
// letters must also end there. A blank in word also matches - and _.
func containsWord(text []byte, word string) bool {
	for from := 0; ; {
		i := bytes.IndexByte(text[from:], word[0])
		if i < 0 {
			return false
		}
		i += from
		if (i == 0 || !wordByte(text[i-1])) && hasWord(text[i:], word) {
			return true
		}
		from = i + 1
	}
}

func hasWord(text []byte, word string) bool {
	if len(text) < len(word) {
		return false
	}
	for k := range len(word) {
		if b := text[k]; b != word[k] && (word[k] != ' ' || b != '-' && b != '_') {
			return false
		}
	}
	return len(word) > 4 || len(text) == len(word) || !wordByte(text[len(word)])
}

// wordByte tells whether b is part of a word: a digit is, or hex ids would be
// full of words.
func wordByte(b byte) bool { return isAlnum(b) || b >= 0x80 }
