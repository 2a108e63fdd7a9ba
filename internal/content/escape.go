// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// shortString is the length in bytes up to which it is faster to look for the end of a string byte by byte.
const shortString = 16

// stringEnd returns the index after the closing quote of the JSON string that opens at text[start], and whether
// a backslash stands in it. end is -1 when the string does not end.
func stringEnd(text string, start int) (end int, escaped bool) {
	i := start + 1
	for short := min(i+shortString, len(text)); i < short && text[i] != '\\'; i++ {
		if text[i] == '"' {
			return i + 1, false
		}
	}
	for {
		quote := strings.IndexByte(text[i:], '"')
		if quote < 0 {
			return -1, escaped
		}
		quote += i
		for i < quote {
			slash := strings.IndexByte(text[i:quote], '\\')
			if slash < 0 {
				i = quote
				break
			}
			escaped = true
			i += slash + 2
		}
		if i == quote {
			return quote + 1, escaped
		}
		if i > len(text) {
			return -1, escaped
		}
	}
}

// validEscapes reports whether every backslash in the inside of a JSON string starts one of RFC 8259's escapes.
func validEscapes(inside string) bool {
	for {
		slash := strings.IndexByte(inside, '\\')
		if slash < 0 {
			return true
		}
		inside = inside[slash+1:]
		if inside == "" {
			return false
		}
		length := 1
		switch inside[0] {
		case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		case 'u':
			if _, ok := hex4(inside[1:]); !ok {
				return false
			}
			length = 5
		default:
			return false
		}
		inside = inside[length:]
	}
}

// plainEscapes maps the letter of a two-byte escape to the byte it stands for; 0 for a letter that is none.
var plainEscapes = [256]byte{
	'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

// appendDecoded appends what the inside of a JSON string stands for. A surrogate without its other half becomes the
// three bytes UTF-8 would give it, which [AppendQuoted] turns back, so that nothing is lost.
func appendDecoded(dst []byte, inside string) []byte {
	for {
		slash := strings.IndexByte(inside, '\\')
		if slash < 0 {
			return append(dst, inside...)
		}
		dst = append(dst, inside[:slash]...)
		inside = inside[slash:]
		var size int
		dst, size = appendEscape(dst, inside)
		inside = inside[size:]
	}
}

// appendEscape appends what the escape at the start of text stands for and returns the escape's length. A backslash
// that starts no escape stands for itself.
func appendEscape(dst []byte, text string) ([]byte, int) {
	if len(text) < 2 {
		return append(dst, text...), len(text)
	}
	if text[1] != 'u' {
		if plain := plainEscapes[text[1]]; plain != 0 {
			return append(dst, plain), 2
		}
		return append(dst, '\\'), 1
	}
	unit, ok := hex4(text[2:])
	if !ok {
		return append(dst, '\\'), 1
	}
	if utf16.IsSurrogate(unit) {
		if len(text) >= 12 && text[6] == '\\' && text[7] == 'u' {
			low, _ := hex4(text[8:])
			if r := utf16.DecodeRune(unit, low); r != utf8.RuneError {
				return utf8.AppendRune(dst, r), 12
			}
		}
		return append(dst, 0xE0|byte(unit>>12), 0x80|byte(unit>>6)&0x3F, 0x80|byte(unit)&0x3F), 6
	}
	return utf8.AppendRune(dst, unit), 6
}

func hex4(digits string) (rune, bool) {
	if len(digits) < 4 {
		return 0, false
	}
	var unit rune
	for i := range 4 {
		nibble, ok := hexValue(digits[i])
		if !ok {
			return 0, false
		}
		unit = unit<<4 | rune(nibble)
	}
	return unit, true
}

func hexValue(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

const hexDigits = "0123456789abcdef"

// AppendQuoted appends text as a JSON string. Only what JSON demands is escaped; bytes that are no UTF-8 pass as
// they are.
func AppendQuoted(dst []byte, text string) []byte {
	dst = append(dst, '"')
	copied := 0
	for i := plainEnd(text, 0); i < len(text); {
		escape, size := escapeOf(text[i:])
		if size > 0 {
			dst = append(append(dst, text[copied:i]...), escape...)
			copied = i + size
		}
		i = plainEnd(text, i+max(size, 1))
	}
	dst = append(dst, text[copied:]...)
	return append(dst, '"')
}

// plainEnd returns the index of the first byte from text[i] on that may need an escape, len(text) if there is none. It
// looks at eight bytes at a time, with the tests for a zero byte and for a byte below n of "Bit Twiddling Hacks".
func plainEnd(text string, i int) int {
	const (
		ones = 0x0101010101010101
		high = 0x80 * ones
	)
	for ; i+8 <= len(text); i += 8 {
		x := binary.LittleEndian.Uint64([]byte(text[i : i+8]))
		quote, slash, surrogate := x^'"'*ones, x^'\\'*ones, x^0xED*ones
		if ((quote-ones)&^quote|(slash-ones)&^slash|(surrogate-ones)&^surrogate|(x-' '*ones)&^x)&high != 0 {
			break
		}
	}
	for i < len(text) && text[i] >= ' ' && text[i] != '"' && text[i] != '\\' && text[i] != 0xED {
		i++
	}
	return i
}

// isSurrogate reports whether text starts with half a surrogate pair, in the bytes [appendDecoded] gives it.
func isSurrogate(text string) bool {
	return len(text) >= 3 && text[0] == 0xED && text[1]&0xE0 == 0xA0 && text[2]&0xC0 == 0x80
}

// escapeOf returns the escape for the character text starts with and the character's length; 0 if it needs none.
func escapeOf(text string) (escape string, size int) {
	switch c := text[0]; {
	case c == '"':
		return `\"`, 1
	case c == '\\':
		return `\\`, 1
	case c == '\n':
		return `\n`, 1
	case c == '\r':
		return `\r`, 1
	case c == '\t':
		return `\t`, 1
	case c < ' ':
		return string([]byte{'\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15]}), 1
	case isSurrogate(text):
		unit := uint16(0xD000) | uint16(text[1]&0x3F)<<6 | uint16(text[2]&0x3F)
		return string([]byte{'\\', 'u', hexDigits[unit>>12], hexDigits[unit>>8&15], hexDigits[unit>>4&15], hexDigits[unit&15]}), 3
	}
	return "", 0
}
