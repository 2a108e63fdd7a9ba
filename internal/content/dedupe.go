// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

// LeastReferred is the size of a message from which on it is worth a reference, and larger than any reference.
const LeastReferred = 120

// told is a message and its digest.
type told struct {
	node   int32
	digest Digest
}

// refer replaces messages by references where they are stored elsewhere.
func (t *tree) refer(i int32) {
	s := t.shrinker
	t.told = t.told[:0]
	t.eachMessage(i, func(c int32) {
		n := &t.nodes[c]
		if n.speaker == NoSpeaker || n.size < LeastReferred {
			return
		}
		message := t.json(c)
		digest := DigestOf(message)
		if s.Seen(digest) {
			if reference := s.schema.Message(message, ReferenceText(digest, n.full), ReferencePart(digest, n.full)); len(reference) < LeastReferred {
				t.replace(c, reference)
				s.Tally.References++
				return
			}
		}
		t.told = append(t.told, told{c, digest})
	})
	t.resizeAll(i)
}

// hold notes the messages that are still whole.
func (t *tree) hold(i int32) {
	for _, m := range t.told {
		if t.nodes[m.node].state == intact && t.isKept(i, m.node) {
			t.shrinker.Held = append(t.shrinker.Held, m.digest)
		}
	}
}

// isKept reports whether nothing around a node has been taken away: nodes lie in order, so that the one to go down to is
// the last child that does not lie behind it.
func (t *tree) isKept(from, node int32) bool {
	for from != node {
		n := &t.nodes[from]
		if n.state == replaced || n.state == removed {
			return false
		}
		next := n.first
		for c := n.first; c != 0 && c <= node; c = t.nodes[c].next {
			next = c
		}
		from = next
	}
	return true
}

// eachMessage goes through the messages of all conversations.
func (t *tree) eachMessage(i int32, do func(int32)) {
	n := &t.nodes[i]
	conversation := t.isConversation(n)
	for c := n.first; c != 0; c = t.nodes[c].next {
		if conversation {
			do(c)
		} else {
			t.eachMessage(c, do)
		}
	}
}

// resizeAll is resize for a node and all in it.
func (t *tree) resizeAll(i int32) {
	for c := t.nodes[i].first; c != 0; c = t.nodes[c].next {
		t.resizeAll(c)
	}
	t.resize(i)
}
