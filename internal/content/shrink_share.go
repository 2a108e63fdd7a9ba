// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

// fitChildren shares a budget out among the children of a container. Its least size is within the budget.
func (t *tree) fitChildren(i int32, budget int) {
	n := &t.nodes[i]
	p := portions{tree: t, of: n, room: budget - t.frame(n), floor: t.floorOf(n, budget)}
	p.add()
	if p.needs() > p.room {
		if t.leastWithGap(n) <= budget {
			t.dropMiddle(i, &p)
		} else {
			p.floor = 0
			p.add()
		}
	}
	p.share()
	for c := n.first; c != 0; c = t.nodes[c].next {
		if child := &t.nodes[c]; child.state != removed {
			t.force(c, p.portion(child))
		}
	}
	t.resize(i)
}

// frame is what a container takes beside its children.
func (t *tree) frame(n *node) int {
	size, kept := len("[]"), 0
	for c := n.first; c != 0; c = t.nodes[c].next {
		if child := &t.nodes[c]; child.state != removed {
			size += t.nameSize(child)
			kept++
		}
	}
	return size + max(kept-1, 0)
}

// Elements of a list are dropped rather than cut below a floor, a share of the list's budget within these bounds.
const (
	floorShare = 32
	leastFloor = 48
	mostFloor  = 512
)

// floorOf is the size below which no child of the container is cut while others can be dropped. The parts of one message
// are not dropped while they can be cut.
func (t *tree) floorOf(n *node, budget int) int {
	if n.shape == arrayShape && (n.form == inPiece || n.piece || t.isConversation(n)) {
		return min(max(budget/floorShare, leastFloor), mostFloor)
	}
	return 0
}

// portions is how a container's room is shared out: the dear children come first, then each of the others gets as much as
// the others, or what it takes.
type portions struct {
	tree  *tree
	of    *node
	room  int
	floor int

	dear, dearLeast int // what the dear ones take, and could be brought to
	others          int // what the others take at the floor
	dearLevel       int
	otherLevel      int
}

func (p *portions) add() {
	p.dear, p.dearLeast, p.others = 0, 0, 0
	p.each(func(child *node) {
		if child.dear {
			p.dear += child.size
			p.dearLeast += child.least
		} else {
			p.others += p.atFloor(child)
		}
	})
}

func (p *portions) each(do func(*node)) {
	for c := p.of.first; c != 0; c = p.tree.nodes[c].next {
		if child := &p.tree.nodes[c]; child.state != removed {
			do(child)
		}
	}
}

func (p *portions) atFloor(child *node) int { return min(child.size, max(child.least, p.floor)) }

// needs is what the children take at least, before any is dropped. Dear ones that fit as long as they are alone are not cut
// for the others' sake; of those that do not, an eighth of the room is for the latest of the others.
func (p *portions) needs() int {
	if p.dear+longestGap <= p.room {
		return p.dear + p.others
	}
	return min(p.dear, max(p.room-p.room/8, p.dearLeast)) + p.others
}

// share finds the sizes up to which the children stay as they are.
func (p *portions) share() {
	if p.dear+p.others <= p.room {
		p.dearLevel = p.room
		p.otherLevel = p.level(false, p.room-p.dear)
		return
	}
	p.otherLevel = p.floor
	p.dearLevel = p.level(true, p.room-p.others)
}

func (p *portions) portion(child *node) int {
	if child.dear {
		return p.cutTo(child, p.dearLevel)
	}
	return p.cutTo(child, p.otherLevel)
}

// cutTo is what a child takes when it is cut to the level.
func (p *portions) cutTo(child *node, level int) int {
	least := child.least
	if !child.dear {
		least = p.atFloor(child)
	}
	return min(child.size, max(least, level))
}

// level returns the largest size to which the dear, or the other, children can be cut and take no more than room.
func (p *portions) level(dear bool, room int) int {
	low, high := 0, max(room, 0)
	if p.sum(dear, high) <= room {
		return high
	}
	for low < high {
		if middle := low + (high-low+1)/2; p.sum(dear, middle) <= room {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low
}

// sum is what the dear, or the other, children take when they are cut to the level.
func (p *portions) sum(dear bool, level int) (size int) {
	p.each(func(child *node) {
		if child.dear == dear {
			size += p.cutTo(child, level)
		}
	})
	return size
}

// longestGap is the size that the marker in the place of dropped elements has at most.
const longestGap = longestMarker + len("999,999,999 messages, ") + MessageFrame

// leastWithGap is the least size of a list whose middle has been dropped; no other container can do with less than all.
func (t *tree) leastWithGap(n *node) int {
	if n.shape != arrayShape {
		return n.size
	}
	size, others := len("[]")+longestGap, 0
	for c := n.first; c != 0; c = t.nodes[c].next {
		switch child := &t.nodes[c]; {
		case child.state == removed:
		case child.dear:
			size += child.least + len(",")
		default:
			others++
		}
	}
	if others == 0 {
		return n.size
	}
	return size
}

// dropMiddle drops elements from the middle of a list, the oldest first, until the rest has room. The first of them becomes
// the marker of what was dropped.
func (t *tree) dropMiddle(i int32, p *portions) {
	first, sample, elements, bytes := int32(0), int32(0), 0, 0
	for c := t.nodes[i].first; c != 0 && p.needs() > p.room; c = t.nodes[c].next {
		child := &t.nodes[c]
		if child.dear || child.state == removed {
			continue
		}
		p.others -= p.atFloor(child)
		elements++
		bytes += child.full
		if sample == 0 || t.nodes[sample].speaker == NoSpeaker {
			sample = c
		}
		if first == 0 {
			first = c
			p.room -= longestGap
			continue
		}
		child.state = removed
		p.room += len(",")
	}
	if first == 0 {
		return
	}
	p.room += longestGap
	n := &t.nodes[first]
	n.instead = t.gapMarker(i, sample, elements, bytes)
	n.size, n.least, n.state = len(n.instead), len(n.instead), replaced
	p.add()
}

// gapMarker is the element that stands in the place of those dropped, one of which is sample.
func (t *tree) gapMarker(list, sample int32, elements, bytes int) string {
	if t.isConversation(&t.nodes[list]) {
		t.shrinker.Tally.Messages += int64(elements)
		return t.shrinker.schema.Message(t.json(sample), cutElementsMarker(elements, "messages", bytes), "")
	}
	t.shrinker.Tally.Dropped += int64(elements)
	marker := cutElementsMarker(elements, "elements", bytes)
	if t.nodes[sample].shape == objectShape {
		return `{"type":"` + CutName + `","text":"` + marker + `"}`
	}
	return `"` + marker + `"`
}

// json is a node as it was sent; of a structure, whose members have no order, by their names.
func (t *tree) json(i int32) string {
	if !t.decoded {
		return t.nodes[i].raw
	}
	return string(t.append(nil, i))
}
