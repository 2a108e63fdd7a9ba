// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"
)

// canonical writes JSON text to a Fingerprinter as RFC 8785 (JSON Canonicalization Scheme) has it: no white space, members in the order
// of their UTF-16 names, numbers as ECMAScript prints them, strings with the fewest escapes. It departs from the RFC where equality of
// calls asks for it: members that are null or volatile are left out, strings are brought to Unicode NFC, integers that a double cannot
// hold keep their digits, and a string that holds an object or an array (arguments in an envelope) is read as that, one level deep.
//
// Nothing is copied but the offsets of an object's members, so text of any size costs memory only for the widest object.
type canonical struct {
	f      *Fingerprinter
	text   string
	result bool // a result: strings lose ids, times and durations
	nested bool // inside a string that held JSON
}

// member is where an object's member stands in the text, which is below 4 GB. It holds no pointer and is small: members are sorted by
// moving them.
type member struct {
	name, nameEnd uint32 // between the quotes
	start, end    uint32 // of the value
	plain         bool   // the name is its own canonical form
	whole         bool   // the value is its own canonical form
}

// compareMembers orders members by their names' UTF-16 code units.
func (c *canonical) compareMembers(a, b *member) int {
	x, y := c.text[a.name:a.nameEnd], c.text[b.name:b.nameEnd]
	if a.plain && b.plain {
		if x != "" && y != "" && x[0] != y[0] {
			return int(x[0]) - int(y[0])
		}
		return strings.Compare(x, y)
	}
	return slices.Compare(utf16.Encode([]rune(unescape(x))), utf16.Encode([]rune(unescape(y))))
}

// sortMembers sorts the few members of most objects in place: a general sort costs more than all the rest of such an object.
func (c *canonical) sortMembers(own []member) {
	const few = 12
	if len(own) > few {
		slices.SortStableFunc(own, func(a, b member) int { return c.compareMembers(&a, &b) })
		return
	}
	for i := 1; i < len(own); i++ {
		m, at := own[i], i
		for ; at > 0 && c.compareMembers(&own[at-1], &m) > 0; at-- {
			own[at] = own[at-1]
		}
		own[at] = m
	}
}

// maxDepth of nesting that is read as JSON; what is deeper is hashed as text.
const maxDepth = 64

// document writes the whole text, and reports whether it was a JSON value and nothing else. If it was not, what has been written is of no
// use.
func (c *canonical) document() bool {
	start := skipSpace(c.text, 0)
	if start == len(c.text) || len(c.text) > math.MaxUint32 {
		return false
	}
	var end int
	var ok bool
	switch c.text[start] {
	case '{', '[':
		end, ok = c.container(start, 0)
	default:
		if end, ok = skipValue(c.text, start, 0); ok {
			c.scalar(start, end)
		}
	}
	return ok && skipSpace(c.text, end) == len(c.text)
}

// container writes the object or array that starts at start, and returns its end.
func (c *canonical) container(start, depth int) (end int, ok bool) {
	if depth > maxDepth {
		return start, false
	}
	if c.text[start] == '{' {
		return c.object(start, depth)
	}
	return c.array(start, depth)
}

func (c *canonical) scalar(start, end int) {
	switch c.text[start] {
	case '"':
		c.str(c.text[start+1 : end-1])
	case 't', 'f', 'n':
		c.f.writeString(c.text[start:end])
	default:
		c.number(c.text[start:end])
	}
}

func (c *canonical) value(start, end, depth int) bool {
	if c.text[start] == '{' || c.text[start] == '[' {
		_, ok := c.container(start, depth)
		return ok
	}
	c.scalar(start, end)
	return true
}

func (c *canonical) object(start, depth int) (end int, ok bool) {
	first := len(c.f.members)
	end, ok = c.collect(start, depth)
	own := c.f.members[first:]
	if ok { // the last member of an object that is cut off has no end
		c.sortMembers(own)
	}
	c.f.writeByte('{')
	for i := 0; i < len(own) && ok; i++ {
		m := &c.f.members[first+i] // until value moves the members
		if i > 0 {
			c.f.writeByte(',')
		}
		if m.plain && m.whole && m.start == m.nameEnd+2 {
			c.f.writeString(c.text[m.name-1 : m.end])
			continue
		}
		c.name(m)
		c.f.writeByte(':')
		if m.whole {
			c.f.writeString(c.text[m.start:m.end])
			continue
		}
		ok = c.value(int(m.start), int(m.end), depth+1)
	}
	c.f.writeByte('}')
	c.f.members = c.f.members[:first]
	return end, ok
}

// collect appends the members of the object that starts at start, without those that do not count, and returns the object's end.
func (c *canonical) collect(start, depth int) (end int, ok bool) {
	before := len(c.f.members)
	var said member // by a volatile member, should there be no other
	i := skipSpace(c.text, start+1)
	if i < len(c.text) && c.text[i] == '}' {
		return i + 1, true
	}
	for i < len(c.text) && c.text[i] == '"' {
		next := len(c.f.members)
		c.f.members = append(c.f.members, member{})
		m := &c.f.members[next]
		if !c.member(m, i, depth) {
			return i, false
		}
		i = int(m.end)
		switch name, value := c.text[m.name:m.nameEnd], c.text[m.start:m.end]; {
		case value == "null":
			c.f.members = c.f.members[:next]
		case !isVolatile(name, value, c.result):
		case depth == 0 && isSubject(name):
			said = *m
			said.plain, said.whole = true, true
			fallthrough
		default:
			c.f.members = c.f.members[:next]
		}
		if i = skipSpace(c.text, i); i >= len(c.text) {
			return i, false
		}
		if c.text[i] == '}' {
			if said.whole && len(c.f.members) == before {
				c.f.members = append(c.f.members, said)
			}
			return i + 1, true
		}
		if c.text[i] != ',' {
			return i, false
		}
		i = skipSpace(c.text, i+1)
	}
	return i, false
}

// member reads the member whose name starts at i.
func (c *canonical) member(m *member, i, depth int) (ok bool) {
	m.name = uint32(i + 1)
	if i, m.plain, ok = stringEnd(c.text, i); !ok {
		return false
	}
	m.nameEnd = uint32(i - 1)
	if i = skipSpace(c.text, i); i >= len(c.text) || c.text[i] != ':' {
		return false
	}
	i = skipSpace(c.text, i+1)
	m.start = uint32(i)
	var end int
	if i < len(c.text) && c.text[i] == '"' {
		end, m.whole, ok = stringEnd(c.text, i)
		m.whole = m.whole && c.standsAsItIs(c.text[i+1:end-1])
	} else {
		end, ok = skipValue(c.text, i, depth+1)
		m.whole = ok && isShortInteger(c.text[i:end])
	}
	m.end = uint32(end)
	return ok
}

// standsAsItIs tells plain strings that str writes as they are.
func (c *canonical) standsAsItIs(plain string) bool {
	if mayHoldJSON(plain) {
		return false
	}
	if c.result {
		return len(plain) < uuidSize && !hasDigit(plain)
	}
	return !printsAddress(plain)
}

// mayHoldJSON tells strings that begin as an object or an array does, perhaps after blanks.
func mayHoldJSON(raw string) bool {
	return len(raw) > 1 && (raw[0] == '{' || raw[0] == '[' || raw[0] == ' ')
}

func (c *canonical) array(start, depth int) (end int, ok bool) {
	c.f.writeByte('[')
	i := skipSpace(c.text, start+1)
	if i < len(c.text) && c.text[i] == ']' {
		c.f.writeByte(']')
		return i + 1, true
	}
	for i < len(c.text) {
		at := i
		if i, ok = skipValue(c.text, at, depth+1); !ok || !c.value(at, i, depth+1) {
			return i, false
		}
		if i = skipSpace(c.text, i); i >= len(c.text) {
			return i, false
		}
		c.f.writeByte(c.text[i])
		if c.text[i] == ']' {
			return i + 1, true
		}
		if c.text[i] != ',' {
			return i, false
		}
		i = skipSpace(c.text, i+1)
	}
	return i, false
}

// str writes a string value; raw is what stands between the quotes.
func (c *canonical) str(raw string) {
	if !c.nested && mayHoldJSON(raw) {
		if held := strings.TrimLeft(raw, " "); held != "" && (held[0] == '{' || held[0] == '[') {
			inner := canonical{f: c.f, text: unescape(raw), result: c.result, nested: true}
			if inner.document() {
				return
			}
		}
	}
	skips := changing
	if !c.result {
		if !printsAddress(raw) {
			c.quoted(raw)
			return
		}
		skips = printedAddress
	}
	c.f.writeByte('"')
	c.f.writeWithout(unescape(raw), skips)
	c.f.writeByte('"')
}

func (c *canonical) name(m *member) {
	if m.plain {
		c.f.writeString(c.text[m.name-1 : m.nameEnd+1])
		return
	}
	c.quoted(c.text[m.name:m.nameEnd])
}

// quoted writes a string with the fewest escapes.
func (c *canonical) quoted(raw string) {
	c.f.writeByte('"')
	if isPlain(raw) {
		c.f.writeString(raw)
	} else {
		c.escaped(norm.NFC.String(unescape(raw)))
	}
	c.f.writeByte('"')
}

// isPlain tells strings that are their own canonical form: ASCII without escapes.
func isPlain(raw string) bool { return plainEnd(raw, 0) == len(raw) }

func (c *canonical) escaped(s string) {
	const hexDigits = "0123456789abcdef"
	for i := 0; i < len(s); i++ {
		b := s[i]
		switch {
		case b == '"' || b == '\\':
			c.f.writeByte('\\')
			c.f.writeByte(b)
		case b >= ' ':
			c.f.writeByte(b)
		case strings.IndexByte("\b\f\n\r\t", b) >= 0:
			c.f.writeByte('\\')
			c.f.writeByte("btn_fr"[b-'\b'])
		default:
			c.f.writeString(`\u00`)
			c.f.writeByte(hexDigits[b>>4])
			c.f.writeByte(hexDigits[b&15])
		}
	}
}

// maxExactDigits of an integer that a double holds in any case.
const maxExactDigits = 15

func (c *canonical) number(raw string) {
	if isShortInteger(raw) {
		c.f.writeString(raw)
		return
	}
	value, err := strconv.ParseFloat(raw, 64)
	if err != nil || value != 0 && !strings.ContainsAny(raw, ".eE") {
		c.f.writeString(raw)
		return
	}
	c.f.scratch = appendNumber(c.f.scratch[:0], value)
	for _, b := range c.f.scratch {
		c.f.writeByte(b)
	}
}

func isShortInteger(raw string) bool {
	if len(raw) > maxExactDigits || raw == "-0" {
		return false
	}
	for i := 0; i < len(raw); i++ {
		if (raw[i] < '0' || raw[i] > '9') && (i > 0 || raw[i] != '-') {
			return false
		}
	}
	return true
}

// appendNumber prints a finite number as ECMAScript does (RFC 8785 3.2.2.3).
func appendNumber(b []byte, value float64) []byte {
	if value == 0 {
		return append(b, '0')
	}
	if size := math.Abs(value); size >= 1e-6 && size < 1e21 {
		return strconv.AppendFloat(b, value, 'f', -1, 64)
	}
	b = strconv.AppendFloat(b, value, 'e', -1, 64)
	if n := len(b); b[n-2] == '0' && (b[n-3] == '-' || b[n-3] == '+') { // e-07 is e-7
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b
}
