// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

// limit plans how the value comes within its budgets and reports whether that changes it. What is sacrificed first: files in
// base64; then the middle of long texts; then the oldest messages in the middle of a conversation; then the rest, in
// proportion. Ids, roles and names stay as long as there is room for anything but them.
func (t *tree) limit(budget int, kinds Kinds, form Form) (changed bool) {
	s := t.shrinker
	if s.Seen == nil && t.nodes[0].size <= s.limits.Smallest(budget) {
		return false
	}
	t.classify(0, kinds, form)
	if s.Seen != nil {
		t.refer(0)
	}
	t.limitPieces(0)
	t.bring(0, budget)
	if s.Seen != nil {
		t.hold(0)
	}
	return t.nodes[0].state != intact
}

// limitPieces brings every piece of content, and every message, within its own budget.
func (t *tree) limitPieces(i int32) {
	n := &t.nodes[i]
	if n.state == replaced {
		return
	}
	for c := n.first; c != 0; c = t.nodes[c].next {
		t.limitPieces(c)
	}
	t.resize(i)
	if n.piece {
		if own := t.shrinker.limits.of(n.kinds); own.MaxBytes > 0 {
			t.bring(i, own.MaxBytes)
		}
	}
	if n.speaker != NoSpeaker && t.shrinker.limits.Message > 0 {
		t.bring(i, t.shrinker.limits.Message)
	}
}

// bring makes a node take at most budget bytes, at any cost.
func (t *tree) bring(i int32, budget int) {
	if t.nodes[i].size <= budget {
		return
	}
	t.stubBlobs(i, nil)
	if t.nodes[i].size <= budget {
		return
	}
	t.measure(i)
	t.force(i, budget)
}

// stubBlobs replaces files in base64 by their type, size and hash.
func (t *tree) stubBlobs(i int32, beside *node) {
	n := &t.nodes[i]
	switch {
	case n.state == replaced || n.state == removed:
	case n.shape == textShape && n.state == intact && n.form != Label:
		typ, isBlob := blobType(t.inside(n))
		if !isBlob {
			return
		}
		if typ == "" && beside != nil {
			typ = t.typeBeside(beside)
		}
		t.shrinker.Tally.Stubs++
		t.replace(i, `"`+hashMarker(n.full, typ, t.text(n))+`"`)
	case n.first != 0:
		for c := n.first; c != 0; c = t.nodes[c].next {
			t.stubBlobs(c, n)
		}
		t.resize(i)
	}
}

// resize adds up a container's size where something in it has changed.
func (t *tree) resize(i int32) {
	n := &t.nodes[i]
	if n.first == 0 || n.state == replaced || n.state == removed {
		return
	}
	changed, size := false, 0
	for c := n.first; c != 0; c = t.nodes[c].next {
		child := &t.nodes[c]
		changed = changed || child.state != intact
		if child.state != removed {
			size += t.nameSize(child) + child.size + len(",")
		}
	}
	if changed {
		n.state, n.size = reduced, size+len("[]")-len(",")
	}
}

// replace puts JSON in the place of a node, if that makes it smaller.
func (t *tree) replace(i int32, instead string) {
	n := &t.nodes[i]
	if len(instead) < n.size {
		n.state, n.instead, n.size, n.least = replaced, instead, len(instead), len(instead)
	}
}

// measure finds out to what a node and all in it can be brought.
func (t *tree) measure(i int32) {
	n := &t.nodes[i]
	for c := n.first; c != 0 && n.state != replaced; c = t.nodes[c].next {
		t.measure(c)
	}
	t.remeasure(i)
}

// Texts of these sizes are not cut: little would be gained, and a text that holds JSON could not hold it any more.
const (
	leastText = 64
	leastJSON = 96
)

// remeasure is measure where nothing but the node itself, and the sizes of its children, has changed.
func (t *tree) remeasure(i int32) {
	n := &t.nodes[i]
	switch {
	case n.state == replaced || n.shape == scalarShape || n.shape == textShape && (n.form == Label || isMarker(t.inside(n))):
		n.least = n.size
	case t.isStubPiece(n):
		n.least = min(n.size, t.stubSize(n))
	case n.shape == textShape && startsJSON(t.inside(n)):
		n.least = min(n.size, leastJSON)
	case n.shape == textShape:
		n.least = min(n.size, leastText)
	default:
		n.least = t.leastContainer(n)
	}
}

// isStubPiece reports whether a node is a piece of content of which nothing but a marker stays where it has to be cut.
func (t *tree) isStubPiece(n *node) bool {
	return n.piece && t.shrinker.limits.of(n.kinds).Mode != Truncate
}

func (t *tree) leastContainer(n *node) int {
	size := len("[]")
	for c := n.first; c != 0; c = t.nodes[c].next {
		if child := &t.nodes[c]; child.state != removed {
			size += t.nameSize(child) + child.least + len(",")
		}
	}
	if n.first != 0 {
		size -= len(",")
	}
	return min(n.size, size, t.leastWithGap(n))
}

// fit brings a node within the budget without taking labels and structure away; false if that cannot be.
func (t *tree) fit(i int32, budget int) bool {
	n := &t.nodes[i]
	switch {
	case n.size <= budget:
		return true
	case n.least > budget:
		return false
	case t.isStubPiece(n):
		t.countStub(n)
		t.replace(i, t.stubOf(n))
	case n.shape == textShape:
		if n.state == intact {
			t.shrinker.Tally.Truncated++
		}
		n.state, n.size = reduced, budget
	default:
		t.fitChildren(i, budget)
	}
	return n.size <= budget
}

// force brings a node within the budget at the cost of labels and structure, where nothing else helps: the largest of what
// cannot be cut is replaced by a marker.
func (t *tree) force(i int32, budget int) {
	if t.fit(i, budget) || t.isLabel(&t.nodes[i]) {
		return
	}
	n := &t.nodes[i]
	for range mostForced {
		if n.state == replaced || n.least <= budget {
			break
		}
		c := t.largestLeast(n)
		if c == 0 {
			break
		}
		child := &t.nodes[c]
		before := child.least
		t.force(c, max(child.least-(n.least-budget), t.stubSize(child)))
		child.least = min(child.least, child.size)
		if child.least >= before {
			break
		}
		t.resize(i)
		t.remeasure(i)
	}
	if !t.fit(i, budget) {
		t.countStub(n)
		t.replace(i, t.stubOf(n))
	}
}

// longestName is the size up to which an id, a role or a name is never cut: where there is no room for it, what it belongs to
// goes.
const longestName = 256

func (t *tree) isLabel(n *node) bool {
	return n.form == Label && n.shape == textShape && n.full <= longestName
}

// mostForced is how many children are replaced one by one before the whole of a container is.
const mostForced = 32

// largestLeast returns the child that can be cut least of all and is larger than a marker.
func (t *tree) largestLeast(n *node) (largest int32) {
	for c := n.first; c != 0; c = t.nodes[c].next {
		child := &t.nodes[c]
		if child.state == removed || child.state == replaced || t.isLabel(child) || child.least <= t.stubSize(child) {
			continue
		}
		if largest == 0 || child.least > t.nodes[largest].least {
			largest = c
		}
	}
	return largest
}

func (t *tree) countStub(n *node) {
	if t.isStubPiece(n) && t.shrinker.limits.of(n.kinds).Mode == Drop {
		t.shrinker.Tally.Dropped++
	} else {
		t.shrinker.Tally.Stubs++
	}
}

// stubOf is JSON of the same type as the node that holds nothing but a marker.
func (t *tree) stubOf(n *node) string {
	marker := cutMarker(n.full)
	if t.isStubPiece(n) && t.shrinker.limits.of(n.kinds).Mode == Hash {
		marker = hashMarker(n.full, "", t.original(n))
	}
	switch {
	case n.speaker != NoSpeaker:
		return t.shrinker.schema.Message(t.original(n), marker, "")
	case n.shape == objectShape:
		return `{"` + CutName + `":"` + marker + `"}`
	case n.shape == arrayShape:
		return `["` + marker + `"]`
	}
	return `"` + marker + `"`
}

// original is what a piece of content was: the text, or the JSON.
func (t *tree) original(n *node) string {
	if n.shape == textShape {
		return t.text(n)
	}
	if t.decoded {
		return string(t.appendContainer(nil, n))
	}
	return n.raw
}

// stubSize is about the size of the stub for the node.
func (t *tree) stubSize(n *node) int {
	size := markerSize(n.full) + len(`""`)
	if t.isStubPiece(n) && t.shrinker.limits.of(n.kinds).Mode == Hash {
		size += len(hashHead) + 2*len(Digest{})
	}
	switch {
	case n.speaker != NoSpeaker:
		size += len(`{"role":"assistant","parts":[{"type":"text","content":}]}`)
	case n.shape == objectShape:
		size += len(`{"":}`) + len(CutName)
	case n.shape == arrayShape:
		size += len("[]")
	}
	return size
}
