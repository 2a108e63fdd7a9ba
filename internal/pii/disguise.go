// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// disguiseTriggers lead to characters that hide a value: zero-width ones,
// full-width and other compatibility forms, escapes of URLs, JSON and HTML.
var disguiseTriggers = []trigger{"*=\xc2", "*=\xe2", "*=\xef", "=\xf0=\x9d", "=\xf0=\x9f", "*=\xd9", "*=\xdb", "=\xe0=\xa5", "=%9", "=\\=u", "=&=#"}

// findDisguise asks for a second look at the text, with the disguises taken
// off, if the character at i is one of them.
func findDisguise(st *scan, i int) int {
	if st.disguised || st.depth > 0 {
		return 0
	}
	switch b := st.text[i]; {
	case b >= 0x80:
		from := i
		if st.text[i-min(i, 1)] >= 0xe0 && b < 0xc0 {
			from--
		}
		st.disguised = hidesValue(st.text, from)
	case st.text[i-1] == '%':
		st.disguised = percentByte(st.text, i-1) != 0
	case st.text[i-1] == '\\':
		_, n := jsonEscape(st.text, i-1)
		st.disguised = n > 0
	default:
		_, n := htmlEscape(st.text, i-1)
		st.disguised = n > 0
	}
	return 0
}

// hidesValue tells whether the character at i, beside plain ASCII, could be
// part of a value: an invisible one in a word, or another form of ASCII.
func hidesValue(text string, i int) bool {
	r, size := utf8.DecodeRuneInString(text[i:])
	if invisible(r) {
		return i > 0 && text[i-1] < utf8.RuneSelf && i+size < len(text)
	}
	plain := plainRune(r)
	if plain == 0 {
		return false
	}
	if plain == ' ' || plain == '-' {
		return i > 0 && (isAlnum(text[i-1]) || text[i-1] == ')') && i+size < len(text) && (isAlnum(text[i+size]) || text[i+size] == '(')
	}
	return true
}

func invisible(r rune) bool {
	return r == '\u00ad' || r >= '\u200b' && r <= '\u200f' || r >= '\u202a' && r <= '\u202e' || r >= '\u2060' && r <= '\u2069' || r == '\ufeff' || r == '\u180e'
}

// plainRune returns the ASCII character that r is a form of; 0 if it is none.
func plainRune(r rune) byte {
	switch {
	case r < utf8.RuneSelf:
		return 0
	case r >= '\u2010' && r <= '\u2015':
		return '-'
	case r >= '\uff01' && r <= '\uff5e':
		return byte(r - '\uff01' + '!')
	case unicode.IsDigit(r):
		return byte('0' + digitValue(r))
	}
	return compatible()[r]
}

// compatible has the characters outside ASCII whose compatibility form (NFKC)
// is one ASCII character.
var compatible = sync.OnceValue(func() map[rune]byte {
	forms := map[rune]byte{'\u2212': '-'}
	for _, block := range [][2]rune{{0xa0, 0xff}, {0x2000, 0x214f}, {0x2460, 0x24ff}, {0x3000, 0x3000}, {0xfe50, 0xffef}, {0x1d400, 0x1d7ff}, {0x1f100, 0x1f1ff}} {
		for r := block[0]; r <= block[1]; r++ {
			if form := norm.NFKC.String(string(r)); len(form) == 1 {
				forms[r] = form[0]
			}
		}
	}
	return forms
})

// digitValue is a decimal digit's value: each script's ten digits follow one
// another.
func digitValue(r rune) int {
	n := 0
	for n < 9 && unicode.IsDigit(r-1) {
		r--
		n++
	}
	if r >= '\U0001d7ce' && r <= '\U0001d7ff' {
		return int(r-'\U0001d7ce') % 10
	}
	return n
}

// percentByte decodes the URL escape at i; 0 if there is none of printable
// ASCII.
func percentByte(text string, i int) byte {
	if i+3 > len(text) || text[i] != '%' || !hexSet.all(text[i+1:i+3]) {
		return 0
	}
	b := hexDigit(text[i+1])<<4 | hexDigit(text[i+2])
	if b < ' ' || b >= 0x7f {
		return 0
	}
	return b
}

func hexDigit(b byte) byte {
	if isDigit(b) {
		return b - '0'
	}
	return toLower(b) - 'a' + 10
}

// jsonEscape decodes \u0040 at i, with any number of backslashes, and returns
// its length; 0 if there is none.
func jsonEscape(text string, i int) (rune, int) {
	if i+6 > len(text) || text[i+1] != 'u' || !hexSet.all(text[i+2:i+6]) {
		return 0, 0
	}
	var r rune
	for k := i + 2; k < i+6; k++ {
		r = r<<4 | rune(hexDigit(text[k]))
	}
	return r, 6
}

// htmlEscape decodes &#64; or &#x40; at i and returns its length; 0 if there is
// none.
func htmlEscape(text string, i int) (rune, int) {
	const longest = 10
	end := strings.IndexByte(text[i:min(len(text), i+longest)], ';')
	if end < 3 || text[i+1] != '#' {
		return 0, 0
	}
	number, base := text[i+2:i+end], 10
	if toLower(number[0]) == 'x' {
		number, base = number[1:], 16
	}
	n, err := strconv.ParseUint(number, base, 21)
	if err != nil || n == 0 {
		return 0, 0
	}
	return rune(n), end + 1
}

// unmasked is a text without its disguises, and where each byte came from.
type unmasked struct {
	text []byte
	from []int32
}

func (u *unmasked) put(b byte, from int) {
	u.text = append(u.text, b)
	u.from = append(u.from, int32(from))
}

// strip fills u with text in plain characters.
func (u *unmasked) strip(text string) {
	u.text, u.from = u.text[:0], u.from[:0]
	for i := 0; i < len(text); {
		size := 1
		switch b := text[i]; {
		case b >= utf8.RuneSelf:
			size = u.stripRune(text, i)
		case b == '%' && percentByte(text, i) != 0:
			u.put(percentByte(text, i), i)
			size = 3
		case b == '\\' && i+1 < len(text) && text[i+1] == 'u':
			size = u.stripEscape(text, i, jsonEscape)
		case b == '&' && i+1 < len(text) && text[i+1] == '#':
			size = u.stripEscape(text, i, htmlEscape)
		default:
			u.put(b, i)
		}
		i += size
	}
	u.from = append(u.from, int32(len(text)))
}

func (u *unmasked) stripEscape(text string, i int, decode func(string, int) (rune, int)) int {
	r, size := decode(text, i)
	if size == 0 {
		u.put(text[i], i)
		return 1
	}
	u.putRune(r, i)
	return size
}

func (u *unmasked) putRune(r rune, from int) {
	switch plain := plainRune(r); {
	case invisible(r):
	case r < utf8.RuneSelf:
		u.put(byte(r), from)
	case plain != 0:
		u.put(plain, from)
	default:
		u.put(0xff, from) // stands for any other letter
	}
}

func (u *unmasked) stripRune(text string, i int) int {
	r, size := utf8.DecodeRuneInString(text[i:])
	if plain := plainRune(r); plain != 0 {
		u.put(plain, i)
	} else if !invisible(r) {
		for k := range size {
			u.put(text[i+k], i+k)
		}
	}
	return size
}

// origin maps the bytes [start, end) of the plain text to the original.
func (u *unmasked) origin(start, end int) (int, int) {
	for end < len(u.text) && u.from[end] == u.from[end-1] {
		end++
	}
	return int(u.from[start]), int(u.from[end])
}

// unmask scans the text a second time without its disguises and joins what it
// finds to what is there.
func (st *scan) unmask() {
	st.plain.strip(st.text)
	inner := scans.Get().(*scan)
	inner.begin(st.key, inner.found[:0], view(st.plain.text), st.profile)
	inner.depth = st.depth + 1
	inner.run()
	for i := range inner.out {
		m := &inner.out[i]
		m.Start, m.End = st.plain.origin(m.Start, m.End)
	}
	st.merge(inner.out)
	inner.found = inner.out[:0]
	inner.end()
}
