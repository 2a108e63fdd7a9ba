// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"encoding/binary"
	"math/bits"
)

// nodeKey stands for a span, a run that an attribute names, a session or a call id: 61 bits of hash, the lowest three are free for flags.
type nodeKey uint64

const flagBits = 7

// link is what is known of a span: the key of its parent (of a root: of its session) and what it is.
type link uint64

const (
	linkStops link = 1 << iota // the walk upwards ends here: an agent, or a tool
	linkTool
	linkRoot
)

func (l link) key() nodeKey { return nodeKey(l &^ flagBits) }

func (l link) isAgent() bool { return l&(linkStops|linkTool) == linkStops }

func makeLink(k nodeKey, flags link) link { return link(k) | flags }

func spanKey(t TraceID, s SpanID) nodeKey {
	hi, lo := binary.LittleEndian.Uint64(t[:8]), binary.LittleEndian.Uint64(t[8:])
	h := mix(hi^seed1, lo^seed2)
	return nodeKey(mix(h^seed3, binary.LittleEndian.Uint64(s[:])^seed4)) &^ flagBits
}

func runKeyOf(t TraceID, name string) nodeKey {
	return nodeKey(mixText(uint64(spanKey(t, SpanID{}))^seed1, name)) &^ flagBits
}

func sessionKey(service, session string) nodeKey {
	if session == "" {
		return 0
	}
	return nodeKey(mixText(mixText(seed4, service), session)) &^ flagBits
}

// callKey stands for a call id in a session.
func callKey(session nodeKey, id uint32) nodeKey {
	return nodeKey(mix(uint64(session)^seed2, uint64(id)^seed1)) &^ flagBits
}

// traceKey stands for the loop of a trace.
func traceKey(t TraceID) nodeKey {
	return spanKey(t, SpanID{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}) ^ 8
}

// nodeTable remembers the ancestors of spans. It is a cache of fixed size in sets of four, each one cache line: the oldest of a set makes
// room. A span is asked for as long as its descendants arrive, which is seconds after it has ended.
type nodeTable struct {
	sets [][nodesPerSet]node
	mask uint64
}

type node struct {
	key  nodeKey
	link link
}

const (
	nodesPerSet = 4
	// nodesPerRun that may be live at once.
	nodesPerRun = 8
)

func newNodeTable(runs int) *nodeTable {
	sets := 1 << bits.Len(uint(max(runs*nodesPerRun/nodesPerSet, 2)-1))
	return &nodeTable{sets: make([][nodesPerSet]node, sets), mask: uint64(sets - 1)}
}

func (t *nodeTable) set(k nodeKey) *[nodesPerSet]node { return &t.sets[uint64(k>>3)&t.mask] }

func (t *nodeTable) get(k nodeKey) (link, bool) {
	set := t.set(k)
	for i := range set {
		if set[i].key == k {
			return set[i].link, k != 0
		}
	}
	return 0, false
}

// put remembers a span and reports whether it was known already.
func (t *nodeTable) put(k nodeKey, l link) (known bool) {
	set := t.set(k)
	for i := range set {
		if set[i].key == k {
			set[i].link = l
			return true
		}
	}
	copy(set[1:], set[:nodesPerSet-1])
	set[0] = node{k, l}
	return false
}

// maxAncestors bounds the walk upwards: a trace whose parents form a circle must not hold it.
const maxAncestors = 256

// resolve is the first ancestor from k on that stops the walk: an agent, a tool, a root, or a span not yet seen.
func (t *nodeTable) resolve(k nodeKey) nodeKey {
	for range maxAncestors {
		l, ok := t.get(k)
		if !ok || l&(linkStops|linkRoot) != 0 {
			return k
		}
		k = l.key()
	}
	return k
}
