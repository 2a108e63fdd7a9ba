// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

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
	if n.speaker == User && t.holdsOnlyResults(n) {
		n.speaker = ToolSpeaker
	}
	t.favour(n)
}

// holdsOnlyResults reports whether all parts of a message are results of tools: Anthropic has them said by the user.
func (t *tree) holdsOnlyResults(message *node) bool {
	results, _ := t.shrinker.schema.Object("tool", "", 0)
	found := false
	for c := message.first; c != 0; c = t.nodes[c].next {
		if t.nodes[c].shape != arrayShape {
			continue
		}
		for p := t.nodes[c].first; p != 0; p = t.nodes[p].next {
			if part := &t.nodes[p]; part.shape != objectShape || part.kinds != results {
				return false
			}
			found = true
		}
	}
	return found
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
// other lists the first and the last element; of an object the members with messages, or a system's instructions, in them.
func (t *tree) favour(n *node) {
	if n.shape == objectShape {
		for c := n.first; c != 0; c = t.nodes[c].next {
			child := &t.nodes[c]
			child.dear = t.holdsMessages(child) || n.form == Nested && t.shrinker.schema.Instructs(t.nameOf(child))
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

// holdsMessages reports whether the node is a list of messages, or has one, or instructions, in it.
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

// isConversation reports whether a list is one of messages: at least half of it, for calls of tools may stand between them.
func (t *tree) isConversation(n *node) bool {
	messages := int32(0)
	for c := n.first; c != 0; c = t.nodes[c].next {
		switch child := &t.nodes[c]; {
		case child.shape != objectShape:
			return false
		case child.speaker != NoSpeaker:
			messages++
		}
	}
	return n.shape == arrayShape && messages > 0 && 2*messages >= n.count
}
