// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

import "strconv"

// Structure shrinks a value that is no text but maps and lists. It is built in the order in which the value is walked, and
// then tells, in the same order, what is to be done with each part of it. Sizes are those the value has as JSON.
type Structure struct {
	tree *tree
	open []opened
	at   int32
	text []byte // of numbers
}

type opened struct{ node, last int }

// Structure starts a value. It holds until the shrinker's next call.
func (s *Shrinker) Structure() *Structure {
	t := &s.tree
	t.nodes, t.decoded = t.nodes[:0], true
	s.Held = s.Held[:0]
	b := &s.structure
	b.tree, b.open, b.text = t, b.open[:0], b.text[:0]
	return b
}

// Map opens a map; name is that of a map's entry, else empty.
func (b *Structure) Map(name string) { b.container(name, objectShape) }

// List opens a list.
func (b *Structure) List(name string) { b.container(name, arrayShape) }

func (b *Structure) container(name string, s shape) {
	b.open = append(b.open, opened{node: b.add(node{name: name, shape: s})})
}

// Text adds a text.
func (b *Structure) Text(name, text string) {
	size := QuotedSize(text)
	b.add(node{name: name, raw: text, shape: textShape, size: size, full: size - len(`""`)})
}

// Int adds a number.
func (b *Structure) Int(name string, n int64) {
	start := len(b.text)
	b.text = strconv.AppendInt(b.text, n, 10)
	b.Scalar(name, view(b.text[start:]))
}

// Double adds a number.
func (b *Structure) Double(name string, f float64) {
	start := len(b.text)
	b.text = strconv.AppendFloat(b.text, f, 'g', -1, 64)
	b.Scalar(name, view(b.text[start:]))
}

// Scalar adds whatever else stays as it is.
func (b *Structure) Scalar(name, json string) {
	b.add(node{name: name, raw: json, size: len(json), full: len(json)})
}

func (b *Structure) add(n node) int {
	self := len(b.tree.nodes)
	b.tree.nodes = append(b.tree.nodes, n)
	if len(b.open) > 0 {
		parent := &b.open[len(b.open)-1]
		b.tree.link(parent.node, parent.last, self)
		parent.last = self
	}
	return self
}

// End closes the map or list opened last.
func (b *Structure) End() {
	self := b.open[len(b.open)-1].node
	b.open = b.open[:len(b.open)-1]
	n := &b.tree.nodes[self]
	n.size = b.tree.frame(n)
	for c := n.first; c != 0; c = b.tree.nodes[c].next {
		n.size += b.tree.nodes[c].size
	}
	n.full = n.size
}

// Shrink plans how the value is brought to at most budget bytes and reports whether that changes it.
func (b *Structure) Shrink(budget int, kinds Kinds, form Form) bool {
	b.at = 0
	return b.tree.limit(budget, kinds, form)
}

// Outcome is what is to be done with a part of a value.
type Outcome uint8

// The outcomes.
const (
	KeepWhole Outcome = iota // nothing, nor with anything in it
	LookInside
	SetText
	SetJSON
	Remove
)

// Next tells what is to be done with the next part in the order in which the value was built, and with which text or JSON.
// What lies in a part is passed over unless the outcome is LookInside.
func (b *Structure) Next() (Outcome, string) {
	t := b.tree
	n := &t.nodes[b.at]
	self := b.at
	b.at++
	switch {
	case n.state == reduced && n.shape == textShape:
		return SetText, Unquote(string(t.appendText(nil, n)))
	case n.state == reduced:
		return LookInside, ""
	}
	b.at = t.after(self)
	switch n.state {
	case replaced:
		return SetJSON, n.instead
	case removed:
		return Remove, ""
	}
	return KeepWhole, ""
}

// after returns the node behind all that lies in a node.
func (t *tree) after(i int32) int32 {
	for t.nodes[i].first != 0 {
		i = t.nodes[i].first
		for t.nodes[i].next != 0 {
			i = t.nodes[i].next
		}
	}
	return i + 1
}

// Close forgets the value.
func (b *Structure) Close() { b.tree.release() }
