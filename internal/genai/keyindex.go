// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"encoding/binary"
	"math/bits"
)

// rule is what the index says of one attribute key.
type rule struct {
	key        string
	field      Field
	role       Role
	flags      keyFlags
	convention Convention
	rank       uint16 // the lower wins
	claim      uint64 // the conventions for which a span with this key is claimed
	plain      bool   // counts towards a plain claim
}

// keyIndex finds the rule of a key with one hash and, nearly always, at most one comparison: attribute keys that nobody knows are the
// ordinary case, and a span without any known key must cost next to nothing.
type keyIndex struct {
	rules []rule
	slots []uint16 // index into rules plus one; 0 is empty
	shift uint
}

// slotsPerRule keeps the table sparse, so that a miss usually ends at an empty slot.
const slotsPerRule = 8

func newKeyIndex(rules []rule) *keyIndex {
	size := 1
	for size < slotsPerRule*len(rules) {
		size <<= 1
	}
	ix := &keyIndex{rules: rules, slots: make([]uint16, size), shift: uint(64 - bits.TrailingZeros(uint(size)))}
	for i := range rules {
		at := hashKey(rules[i].key) >> ix.shift
		for ix.slots[at] != 0 {
			at = (at + 1) & uint64(size-1)
		}
		ix.slots[at] = uint16(i + 1)
	}
	return ix
}

func (ix *keyIndex) find(k string) *rule {
	at := hashKey(k) >> ix.shift
	for {
		i := ix.slots[at]
		if i == 0 {
			return nil
		}
		if r := &ix.rules[i-1]; r.key == k {
			return r
		}
		at = (at + 1) & uint64(len(ix.slots)-1)
	}
}

// hashKey looks at the length, the third byte, the last eight and the middle eight: attribute keys differ at their ends and share their
// beginnings, but for the vendor's name.
func hashKey(k string) uint64 {
	n := len(k)
	var tail, middle uint64
	if n >= 8 {
		tail = load64(k, n-8) ^ uint64(k[2])<<32
		middle = load64(k, n/2-4)
	} else {
		for i := range n {
			tail = tail<<8 | uint64(k[i])
		}
	}
	return (tail ^ bits.RotateLeft64(middle, 31) ^ uint64(n)) * 0x9e3779b97f4a7c15
}

func load64(s string, at int) uint64 {
	return binary.LittleEndian.Uint64([]byte(s[at : at+8]))
}

// buildRules lays the conventions' tables over each other: of a key that several list, the first convention's meaning stands.
func buildRules(user []key) []rule {
	var rules []rule
	at := make(map[string]int)
	add := func(c *convention, e key, rank int) {
		if i, known := at[e.key]; known {
			if !c.fillsIn {
				mergePlain(&rules[i], c, e)
			}
			return
		}
		at[e.key] = len(rules)
		rules = append(rules, newRule(c.id, e, rank))
	}
	for i, c := range conventions {
		if i == 1 {
			for _, e := range user {
				add(&convention{id: ConventionUser}, e, rankOf(i, 0))
			}
		}
		for j, e := range c.keys {
			add(c, e, rankOf(i+1, j))
		}
	}
	return rules
}

// rankBits is how many bits of a rank tell the position within a convention.
const rankBits = 10

func rankOf(convention, position int) int { return convention<<rankBits | position }

// behindKeys is the rank of what stands behind all keys that a convention lists.
var behindKeys = func() (ranks [numConventions]uint16) {
	for i, c := range conventions {
		ranks[c.id] = uint16(rankOf(i+2, 0) - 1)
	}
	return ranks
}()

func newRule(id Convention, e key, rank int) rule {
	r := rule{key: e.key, field: e.field, role: e.role, flags: e.flags, convention: id, rank: uint16(rank)}
	switch {
	case id == ConventionPlain:
		r.plain = e.flags&neutral == 0
	case id != ConventionNeutral && e.flags&neutral == 0:
		r.claim = id.bit()
	}
	return r
}

func mergePlain(r *rule, c *convention, e key) {
	if c.id == ConventionPlain {
		r.plain = true
		r.flags |= e.flags & (telling | seeking | bracketed)
	}
}
