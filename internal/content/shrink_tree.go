// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

import "strings"

// tree is a value taken apart. Its nodes lie in the order in which they stand in the value; node 0 is the value itself.
type tree struct {
	shrinker *Shrinker
	nodes    []node
	// decoded says that texts and names are what they stand for, not JSON.
	decoded bool
	walker  walker
	told    []told // the messages that are no references
}

type shape uint8

const (
	scalarShape shape = iota // a number, true, false, null, or what stands too deep to be taken apart
	textShape
	objectShape
	arrayShape
)

type state uint8

const (
	intact   state = iota
	reduced        // a text to be cut to its size; a container of which something is not intact
	replaced       // by instead
	removed
)

type node struct {
	name    string // of a member, as written
	raw     string // as written
	instead string // JSON
	first   int32  // first child, 0 if none
	next    int32  // next sibling, 0 if none
	count   int32  // of children
	full    int    // as sent: of a text without its quotes
	size    int    // as JSON, once what is planned is done
	least   int    // to what it can be brought without taking labels and structure away
	shape   shape
	state   state
	form    Form
	kinds   Kinds
	speaker Speaker
	piece   bool // a piece of content, which has a budget of its own
	dear    bool // to be kept longer than its siblings
}

// maxTreeDepth is how deep containers are taken apart.
const maxTreeDepth = 200

// mostNodes bounds the memory that a text of many small values takes: what comes later in a list is one value, and an object
// with more members is not taken apart.
const mostNodes = 1 << 17

// mostKeptNodes bounds the memory that is kept from value to value.
const mostKeptNodes = 1 << 14

// release forgets the value.
func (t *tree) release() {
	clear(t.nodes)
	if cap(t.nodes) > mostKeptNodes {
		t.nodes = nil
	}
	t.nodes = t.nodes[:0]
}

// parse takes JSON text apart; false if it is none, or more than one value.
func (t *tree) parse(text string) bool {
	t.nodes, t.decoded = t.nodes[:0], false
	start := skipSpace(text, 0)
	end := t.value(text, start, "", 0)
	if end < 0 || skipSpace(text, end) != len(text) {
		t.release()
		return false
	}
	return true
}

// value takes the value at text[at] apart and returns where it ends, -1 if it is none.
func (t *tree) value(text string, at int, name string, depth int) (end int) {
	if at >= len(text) {
		return -1
	}
	self := len(t.nodes)
	t.nodes = append(t.nodes, node{name: name})
	shape := scalarShape
	switch c := text[at]; {
	case c == '{' && depth < maxTreeDepth:
		shape = objectShape
		end = t.children(text, at, self, '}', depth)
		if t.nodes[self].count == tooMany {
			shape, t.nodes[self].count = scalarShape, 0
		}
	case c == '[' && depth < maxTreeDepth:
		shape = arrayShape
		end = t.children(text, at, self, ']', depth)
	case c == '{' || c == '[':
		end = t.walker.valueEnd(text, at)
	default:
		if c == '"' {
			shape = textShape
		}
		end = scalarEnd(text, at)
	}
	if end >= 0 {
		n := &t.nodes[self]
		n.shape, n.raw, n.size, n.full = shape, text[at:end], end-at, end-at
		if shape == textShape {
			n.full -= len(`""`)
		}
	}
	return end
}

// children takes the members or elements of the container apart that opens at text[at].
func (t *tree) children(text string, at, parent int, closing byte, depth int) (end int) {
	at = skipSpace(text, at+1)
	if at < len(text) && text[at] == closing {
		return at + 1
	}
	last := 0
	for start := at; ; {
		if len(t.nodes) >= mostNodes {
			return t.rest(text, start, at, parent, last, closing)
		}
		name := ""
		if closing == '}' {
			start := at
			if at = memberValue(text, at); at < 0 {
				return -1
			}
			nameEnd, _ := stringEnd(text, start)
			name = text[start:nameEnd]
		}
		child := len(t.nodes)
		if at = t.value(text, at, name, depth+1); at < 0 {
			return -1
		}
		t.link(parent, last, child)
		last = child
		at = skipSpace(text, at)
		switch {
		case at >= len(text):
			return -1
		case text[at] == closing:
			return at + 1
		case text[at] != ',':
			return -1
		}
		at = skipSpace(text, at+1)
	}
}

// tooMany is the count of an object that has too many members to be taken apart.
const tooMany = -1

// rest leaves what stands from text[at] on, in the container whose inside starts at text[inside], as one value.
func (t *tree) rest(text string, inside, at, parent, last int, closing byte) (end int) {
	open := strings.LastIndexAny(text[:inside], "{[")
	if end = t.walker.valueEnd(text, open); end < 0 {
		return -1
	}
	if closing == '}' {
		t.nodes = t.nodes[:parent+1]
		t.nodes[parent].first, t.nodes[parent].count = 0, tooMany
		return end
	}
	raw := strings.TrimRight(text[at:end-1], " \t\r\n")
	t.nodes = append(t.nodes, node{raw: raw, size: len(raw), full: len(raw)})
	t.link(parent, last, len(t.nodes)-1)
	return end
}

func (t *tree) link(parent, last, child int) {
	if last == 0 {
		t.nodes[parent].first = int32(child)
	} else {
		t.nodes[last].next = int32(child)
	}
	t.nodes[parent].count++
}

// text is what a text node stands for.
func (t *tree) text(n *node) string {
	if t.decoded {
		return n.raw
	}
	return Unquote(n.raw)
}

// nameOf is what a member is called; an escaped name as written.
func (t *tree) nameOf(n *node) string {
	if t.decoded || n.name == "" {
		return n.name
	}
	return n.name[1 : len(n.name)-1]
}

// nameSize is the size of a member's name and colon.
func (t *tree) nameSize(n *node) int {
	switch {
	case t.decoded && n.name != "":
		return QuotedSize(n.name) + 1
	case n.name != "":
		return len(n.name) + 1
	}
	return 0
}

// member returns the text of the object's member, empty if there is none.
func (t *tree) member(object *node, name string) string {
	for c := object.first; c != 0; c = t.nodes[c].next {
		if n := &t.nodes[c]; n.shape == textShape && t.nameOf(n) == name {
			return t.inside(n)
		}
	}
	return ""
}
