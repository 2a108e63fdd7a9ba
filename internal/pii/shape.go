// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "strings"

// idShape is one way in which an identifier is written: 9 stands for a digit, A
// for a letter, a blank for one of the separators; everything else for itself.
type idShape struct {
	pattern string
	// seps are the separators that a blank stands for, the same one throughout.
	seps string
	// bare shapes are so common that only a context word makes them a hit.
	bare bool
}

// shaped lists patterns that speak for themselves.
func shaped(seps string, patterns ...string) []idShape { return shapes(false, seps, patterns) }

// bare lists patterns that need a context word.
func bare(seps string, patterns ...string) []idShape { return shapes(true, seps, patterns) }

func shapes(isBare bool, seps string, patterns []string) []idShape {
	list := make([]idShape, 0, len(patterns))
	for _, p := range patterns {
		list = append(list, idShape{pattern: p, seps: seps, bare: isBare})
	}
	return list
}

func (s idShape) variants() []string {
	if !strings.Contains(s.pattern, " ") || s.seps == "" {
		return []string{s.pattern}
	}
	var out []string
	for i := range len(s.seps) {
		out = append(out, strings.ReplaceAll(s.pattern, " ", s.seps[i:i+1]))
	}
	return out
}

// The byte classes of a shape; 0 ends every shape.
const shapeBytes = "9A -./()+:"

var shapeClass = func() (table [256]uint8) {
	for i := range len(shapeBytes) {
		table[shapeBytes[i]] = uint8(i + 1)
	}
	for b := range 256 {
		switch {
		case digits[b]:
			table[b] = 1
		case letters[b]:
			table[b] = 2
		}
	}
	return table
}()

// shapeRef is a shape's end in the trie.
type shapeRef struct {
	entity EntityID
	bare   bool
}

type shapeNode struct {
	next [len(shapeBytes) + 1]uint16
	refs []shapeRef
}

// shapeTrie finds all shapes that fit at one place in one walk.
type shapeTrie struct{ nodes []shapeNode }

func newShapeTrie() *shapeTrie { return &shapeTrie{nodes: make([]shapeNode, 1)} }

func (t *shapeTrie) add(entity EntityID, shape idShape) {
	for _, pattern := range shape.variants() {
		at := uint16(0)
		for i := range len(pattern) {
			class := shapeClass[pattern[i]]
			if t.nodes[at].next[class] == 0 {
				t.nodes = append(t.nodes, shapeNode{})
				t.nodes[at].next[class] = uint16(len(t.nodes) - 1)
			}
			at = t.nodes[at].next[class]
		}
		t.nodes[at].refs = append(t.nodes[at].refs, shapeRef{entity, shape.bare})
	}
}

type shapeEnd struct {
	end  int
	node uint16
}

// ends appends every place where a shape that begins at start ends.
func (t *shapeTrie) ends(dst []shapeEnd, text string, start int) []shapeEnd {
	at := uint16(0)
	for i := start; i < len(text); i++ {
		if at = t.nodes[at].next[shapeClass[text[i]]]; at == 0 {
			break
		}
		if len(t.nodes[at].refs) > 0 && freeRight(text, i+1) {
			dst = append(dst, shapeEnd{i + 1, at})
		}
	}
	return dst
}

// shape tries all identifiers of fixed shape at start and reports the end of
// the one that it adds, or 0.
func (st *scan) shape(start int) int {
	if !freeLeft(st.text, start) {
		return 0
	}
	st.ends = st.shapes.ends(st.ends[:0], st.text, start)
	for k := len(st.ends) - 1; k >= 0; k-- {
		e := st.ends[k]
		if st.bestShape(start, e.end, st.shapes.nodes[e.node].refs) {
			return e.end
		}
	}
	return 0
}

// bestShape adds the likeliest of the entities whose shape text[start:end] has.
func (st *scan) bestShape(start, end int, refs []shapeRef) bool {
	if partOfNumber(st.text, start) || continuesNumber(st.text, end) || inUUID(st.text, start, end) {
		return false
	}
	st.compact = appendCompact(st.compact[:0], st.text[start:end])
	if ref, ok := st.onlyDistinct(refs, start, end); ok {
		return st.add(ref.entity, start, end, st.distinctScore(ref))
	}
	var best shapeRef
	bestScore := float32(-1)
	for _, ref := range refs {
		if score := st.shapeScore(ref, start, end); score > bestScore {
			best, bestScore = ref, score
		}
	}
	return bestScore > 0 && st.add(best.entity, start, end, bestScore)
}

// onlyDistinct returns the one entity that text[start:end] speaks for without
// any context, if there is exactly one and it is believed.
func (st *scan) onlyDistinct(refs []shapeRef, start, end int) (only shapeRef, ok bool) {
	for _, ref := range refs {
		if ref.bare || !st.fits(ref, start, end) {
			continue
		}
		if ok {
			return shapeRef{}, false
		}
		only, ok = ref, true
	}
	return only, ok && st.distinctScore(only) >= st.min[only.entity]
}

// fits tells whether an enabled entity's rules allow text[start:end].
func (st *scan) fits(ref shapeRef, start, end int) bool {
	d := &st.detectors[ref.entity]
	if st.min[ref.entity] >= never || d.upper && hasLower(st.text[start:end]) {
		return false
	}
	return d.valid == nil || d.valid(st.compact)
}

// distinctScore is the score of a shape that needs no context.
func (st *scan) distinctScore(ref shapeRef) float32 {
	if d := &st.detectors[ref.entity]; !d.checked {
		return d.score
	}
	return 1
}

func (st *scan) shapeScore(ref shapeRef, start, end int) float32 {
	d := &st.detectors[ref.entity]
	switch {
	case !st.fits(ref, start, end):
		return -1
	case !st.hasContext(start, end, ref.entity):
		if ref.bare {
			return d.score / 2
		}
		return st.distinctScore(ref)
	case d.checked:
		return 1 + contextBonus // more than a valid one that nothing announces
	}
	return d.score + contextBonus
}

// appendCompact appends the letters, in upper case, and digits of text.
func appendCompact(dst []byte, text string) []byte {
	for i := range len(text) {
		if alnum[text[i]] {
			dst = append(dst, toUpper(text[i]))
		}
	}
	return dst
}

func hasLower(text string) bool {
	for i := range len(text) {
		if isLower(text[i]) {
			return true
		}
	}
	return false
}
