// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"iter"
	"slices"
	"strings"
)

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
	inside := t.inside(n)
	if startsJSON(inside) {
		if out, ok := t.shrinker.inner(t.text(n), n.size, n.kinds, outerForm(n.form)); ok {
			return AppendQuoted(dst, out)
		}
	}
	if t.decoded {
		quoted := AppendQuoted(nil, inside)
		inside = string(quoted[1 : len(quoted)-1])
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
