// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/internal/trace"
)

// decisions remembers what was decided about the traces of a shard, for at least the given time unless that takes
// more memory than allowed: drops as fingerprints, keeps with all a late span needs. It has two generations; when
// the younger is old or large enough, the older is forgotten.
type decisions struct {
	period, most int64

	young, old generation
	turned     int64
	// shortened counts the generations that were forgotten before their time, for want of memory.
	shortened int64
}

type generation struct {
	drops []*cuckoo
	keeps keepTable
}

func newDecisions(period, bytes int64) decisions {
	return decisions{period: period, most: bytes / 2}
}

func (d *decisions) turn(now int64) {
	switch {
	case d.turned == 0:
		d.turned = now
		return
	case now-d.turned < d.period && d.young.bytes() <= d.most:
		return
	case now-d.turned < d.period:
		d.shortened++
	}
	d.old, d.young, d.turned = d.young, generation{}, now
}

// finalSalt tells the traces that a drop policy has dropped from those that merely were not kept.
const finalSalt = 0xa0761d6478bd642f

func (d *decisions) add(id pcommon.TraceID, v Verdict, now int64) {
	d.turn(now)
	if v.Keep {
		d.young.keeps.put(id, v)
		return
	}
	d.young.drop(mix(id))
	if v.Final {
		d.young.drop(mix(id) ^ finalSalt)
	}
}

// lookup returns the verdict of a trace that has been decided. What is asked for is remembered anew: a trace that
// goes on for hours is not to be decided twice.
func (d *decisions) lookup(id pcommon.TraceID) (v Verdict, ok bool) {
	if v, ok = d.young.keeps.get(id); ok {
		return v, true
	}
	if v, ok = d.old.keeps.get(id); ok {
		d.young.keeps.put(id, v)
		return v, true
	}
	key := mix(id)
	if !d.droppedAndRenewed(key) {
		return Verdict{}, false
	}
	return Verdict{Policy: -1, Final: d.droppedAndRenewed(key ^ finalSalt)}, true
}

func (d *decisions) droppedAndRenewed(key uint64) bool {
	if d.young.dropped(key) {
		return true
	}
	if !d.old.dropped(key) {
		return false
	}
	d.young.drop(key)
	return true
}

// classify makes a kept trace's class at least as bad as the given one.
func (d *decisions) classify(id pcommon.TraceID, c trace.Class) {
	if v, ok := d.lookup(id); ok && v.Keep && v.Class < c {
		v.Class = c
		d.young.keeps.put(id, v)
	}
}

func (d *decisions) bytes() int64 { return d.young.bytes() + d.old.bytes() }

const firstCuckoo = 256

func (g *generation) drop(key uint64) {
	last := len(g.drops) - 1
	switch {
	case last < 0:
		g.drops = []*cuckoo{newCuckoo(firstCuckoo)}
		last = 0
	case g.drops[last].full():
		g.drops = append(g.drops, newCuckoo(2*len(g.drops[last].buckets)))
		last++
	}
	g.drops[last].add(key)
}

func (g *generation) dropped(key uint64) bool {
	for _, c := range g.drops {
		if c.has(key) {
			return true
		}
	}
	return false
}

func (g *generation) bytes() int64 {
	n := g.keeps.bytes()
	for _, c := range g.drops {
		n += c.bytes()
	}
	return n
}

// keepTable is an open-addressing table of the verdicts of kept traces.
type keepTable struct {
	slots []keepSlot
	n     int
}

// keepSlot is 40 bytes; a threshold of 56 bits leaves room for the trigger and the class beside it.
type keepSlot struct {
	id         pcommon.TraceID
	randomness uint64
	// threshold<<8 | trigger<<4 | class
	packed uint64
	policy int16
	flags  uint8
}

const (
	slotUsed = 1 << iota
	slotRewritten
	slotIndependent
	slotPartial
)

const firstKeeps = 64

func (t *keepTable) at(id pcommon.TraceID) *keepSlot {
	mask := uint64(len(t.slots) - 1)
	i := mix(id) >> 16 & mask
	for t.slots[i].flags&slotUsed != 0 && t.slots[i].id != id {
		i = (i + 1) & mask
	}
	return &t.slots[i]
}

func (t *keepTable) get(id pcommon.TraceID) (Verdict, bool) {
	if t.n == 0 {
		return Verdict{}, false
	}
	s := t.at(id)
	if s.flags&slotUsed == 0 {
		return Verdict{}, false
	}
	return Verdict{
		Keep: true, Policy: s.policy, randomness: s.randomness,
		Partial: s.flags&slotPartial != 0, rewritten: s.flags&slotRewritten != 0,
		independent: s.flags&slotIndependent != 0,
		threshold:   s.packed >> 8, Trigger: Trigger(s.packed >> 4 & 15), Class: trace.Class(s.packed & 15),
	}, true
}

func (t *keepTable) put(id pcommon.TraceID, v Verdict) {
	if 4*(t.n+1) > 3*len(t.slots) {
		t.grow()
	}
	s := t.at(id)
	if s.flags&slotUsed == 0 {
		t.n++
	}
	*s = keepSlot{
		id: id, randomness: v.randomness, policy: v.Policy, flags: slotUsed,
		packed: v.threshold<<8 | uint64(v.Trigger)<<4 | uint64(v.Class),
	}
	s.set(slotRewritten, v.rewritten)
	s.set(slotIndependent, v.independent)
	s.set(slotPartial, v.Partial)
}

func (s *keepSlot) set(flag uint8, on bool) {
	if on {
		s.flags |= flag
	}
}

func (t *keepTable) grow() {
	old := t.slots
	t.slots = make([]keepSlot, max(firstKeeps, 2*len(old)))
	for _, s := range old {
		if s.flags&slotUsed != 0 {
			*t.at(s.id) = s
		}
	}
}

func (t *keepTable) bytes() int64 { return int64(len(t.slots)) * 40 }
