// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"iter"
	"slices"
	"strings"
)

// tree is a value taken apart. Its nodes lie in the order in which they stand in the value; node 0 is the value itself.
type tree struct {
	shrinker *Shrinker
	nodes    []node
	// decoded says that texts and names are what they stand for, not JSON.
	decoded bool
	walker  walker
	told    []told // the messages that are no references
	root    int    // size of the value when it was parsed; 0 if there is none
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
	t.nodes, t.decoded, t.root = t.nodes[:0], false, len(text)
	start := skipSpace(text, 0)
	end := t.value(text, start, "", 0)
	if end < 0 || skipSpace(text, end) != len(text) {
		t.release()
		t.root = 0
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
	for {
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
			if t.decoded {
				return n.raw
			}
			return n.raw[1 : len(n.raw)-1]
		}
	}
	return ""
}

// classify says of every node what it holds.
func (t *tree) classify(i int32, kinds Kinds, form Form) {
	n := &t.nodes[i]
	if n.shape == objectShape && form == Nested {
		kinds, n.speaker = t.object(n, kinds)
	}
	n.kinds, n.form = kinds, form
	n.piece = form == Whole || form == Nested && n.shape == textShape
	for c := n.first; c != 0; c = t.nodes[c].next {
		childKinds, childForm := t.within(n, &t.nodes[c])
		t.classify(c, childKinds, childForm)
		if child := &t.nodes[c]; n.shape == objectShape && n.speaker == NoSpeaker && child.shape == objectShape && form == Nested {
			n.speaker = child.speaker // a message in a wrapper
		}
	}
	t.favour(n)
}

// object asks the schema about an object.
func (t *tree) object(n *node, outer Kinds) (Kinds, Speaker) {
	return t.shrinker.schema.Object(t.member(n, "role"), t.member(n, "type"), outer)
}

// within is what a child of a node holds.
func (t *tree) within(n, child *node) (Kinds, Form) {
	switch {
	case n.form == Whole || n.form == inPiece:
		return n.kinds, inPiece
	case n.form == Label || n.shape == arrayShape:
		return n.kinds, n.form
	}
	kinds, form := t.shrinker.schema.Member(t.nameOf(child), n.kinds)
	switch {
	case form == Label && child.shape == objectShape:
		return kinds, Nested // a description of what the name says
	case form == Whole && t.holdsParts(child, kinds):
		return kinds, Nested
	}
	return kinds, form
}

// holdsParts reports whether a node is a message in a wrapper, or a list of a message's parts, which have ids and names.
func (t *tree) holdsParts(n *node, kinds Kinds) bool {
	if n.shape == objectShape {
		_, speaker := t.object(n, kinds)
		return speaker != NoSpeaker
	}
	for c := n.first; c != 0; c = t.nodes[c].next {
		if t.member(&t.nodes[c], "type") == "" {
			return false
		}
	}
	return n.shape == arrayShape && n.first != 0
}

// inPiece is the form of what stands inside of a piece of content.
const inPiece Form = 3

// favour marks the children that are kept longest: the system's head, the last message of the user and the last answer; of
// other lists the first and the last element; of an object the members with messages in them.
func (t *tree) favour(n *node) {
	if n.shape == objectShape {
		for c := n.first; c != 0; c = t.nodes[c].next {
			t.nodes[c].dear = t.holdsMessages(&t.nodes[c])
		}
		return
	}
	if n.shape != arrayShape {
		return
	}
	var first, last, user, answer int32
	for c := n.first; c != 0; c = t.nodes[c].next {
		last = c
		switch t.nodes[c].speaker {
		case System:
			if first == 0 {
				first = c
			}
		case User:
			user = c
		case Assistant:
			answer = c
		}
	}
	if user == 0 && answer == 0 {
		first, answer = n.first, last
	}
	for _, c := range [...]int32{first, user, answer} {
		if c != 0 {
			t.nodes[c].dear = true
		}
	}
}

// holdsMessages reports whether the node is a list of messages, or has one in it.
func (t *tree) holdsMessages(n *node) bool {
	if n.shape == arrayShape {
		return t.isConversation(n)
	}
	if n.shape == objectShape {
		for c := n.first; c != 0; c = t.nodes[c].next {
			if t.nodes[c].dear {
				return true
			}
		}
	}
	return false
}

// isConversation reports whether a list is one of messages.
func (t *tree) isConversation(n *node) bool {
	for c := n.first; c != 0; c = t.nodes[c].next {
		if t.nodes[c].speaker == NoSpeaker {
			return false
		}
	}
	return n.shape == arrayShape && n.count > 0
}

// append appends the value, as it is planned, as JSON.
func (t *tree) append(dst []byte, i int32) []byte {
	n := &t.nodes[i]
	switch {
	case n.state == replaced:
		return append(dst, n.instead...)
	case n.shape == textShape && n.state == reduced:
		return t.appendText(dst, n)
	case n.state == intact && !t.decoded || n.shape == scalarShape:
		return append(dst, n.raw...)
	case n.shape == textShape:
		return AppendQuoted(dst, n.raw)
	}
	return t.appendContainer(dst, n)
}

func (t *tree) appendContainer(dst []byte, n *node) []byte {
	brackets := "[]"
	if n.shape == objectShape {
		brackets = "{}"
	}
	dst = append(dst, brackets[0])
	some := false
	for c := range t.inOrder(n) {
		child := &t.nodes[c]
		if child.state == removed {
			continue
		}
		if some {
			dst = append(dst, ',')
		}
		some = true
		if n.shape == objectShape {
			dst = t.appendName(dst, child)
		}
		dst = t.append(dst, c)
	}
	return append(dst, brackets[1])
}

// inOrder goes through the children: as they stand, but for the members of a structure's map, which have no order but that
// of their names.
func (t *tree) inOrder(n *node) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		if t.decoded && n.shape == objectShape {
			t.byName(n, yield)
			return
		}
		for c := n.first; c != 0; c = t.nodes[c].next {
			if !yield(c) {
				return
			}
		}
	}
}

func (t *tree) byName(n *node, yield func(int32) bool) {
	members := make([]int32, 0, n.count)
	for c := n.first; c != 0; c = t.nodes[c].next {
		members = append(members, c)
	}
	slices.SortStableFunc(members, func(a, b int32) int { return strings.Compare(t.nodes[a].name, t.nodes[b].name) })
	for _, c := range members {
		if !yield(c) {
			return
		}
	}
}

func (t *tree) appendName(dst []byte, n *node) []byte {
	if t.decoded {
		dst = AppendQuoted(dst, n.name)
	} else {
		dst = append(dst, n.name...)
	}
	return append(dst, ':')
}

// appendText appends a text cut to its size.
func (t *tree) appendText(dst []byte, n *node) []byte {
	if startsJSON(t.inside(n)) {
		if out, ok := t.shrinker.inner(t.text(n), n.size, n.kinds, outerForm(n.form)); ok {
			return AppendQuoted(dst, out)
		}
	}
	inside := n.raw
	if t.decoded {
		quoted := AppendQuoted(nil, n.raw)
		inside = string(quoted[1 : len(quoted)-1])
	} else {
		inside = inside[1 : len(inside)-1]
	}
	dst = append(dst, '"')
	dst = appendCut(dst, inside, n.size-2, true)
	return append(dst, '"')
}

// inside is a text as written, without its quotes.
func (t *tree) inside(n *node) string {
	if t.decoded {
		return n.raw
	}
	return n.raw[1 : len(n.raw)-1]
}

// startsJSON tells at a look whether text may be JSON.
func startsJSON(inside string) bool {
	inside = strings.TrimLeft(inside, " \n")
	return inside != "" && (inside[0] == '{' || inside[0] == '[')
}

func outerForm(form Form) Form {
	if form == inPiece {
		return Whole
	}
	return form
}
