// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
)

// Scanner finds personal data and secrets in text. It is immutable and safe
// for concurrent use.
type Scanner struct {
	entities  []Entity
	detectors []detector
	// scores has, by profile, the lowest score that is a hit of each entity.
	scores [2][]float32

	// triggers maps two adjacent bytes to a list of finders; list 0 is empty.
	triggers [1 << 16]uint8
	lists    []triggerList
	// digitKeys are the rules of keys that begin with a digit.
	digitKeys []anchoredRule
	shapes    *shapeTrie
	context   *contextIndex
	regions   []*region
	custom    []customRule
	allow     allowList
	decode    bool
	// nameless is the key of what stands under none. It has nothing to find out, so that many may use it at once.
	nameless Key
}

// never is a threshold that no score reaches.
const never = 2

// New builds a Scanner. It fails on unknown entity names, scores out of range
// and patterns that do not compile, naming the setting; what works but costs
// comes back as warnings.
func New(o Options) (*Scanner, []Warning, error) {
	s := &Scanner{
		entities:  Entities(),
		detectors: registry,
		shapes:    newShapeTrie(),
		decode:    o.Decode,
	}
	s.nameless = Key{scanner: s, asked: true, kind: noSecret}
	warnings, customErr := s.addCustom(o.Custom)
	err := errors.Join(customErr, s.setScores(o), s.setRegions(o.Regions), s.allow.set(o))
	if err != nil {
		return nil, nil, err
	}
	s.buildTriggers()
	compatible() // now, rather than when the first text comes
	s.context = newContextIndex(s.detectors)
	return s, warnings, nil
}

// setScores resolves which entities are on and from which score.
func (s *Scanner) setScores(o Options) error {
	var errs []error
	pick := func(setting string, names []string, do func(EntityID)) {
		for _, name := range names {
			if id, ok := s.Lookup(name); ok {
				do(id)
			} else {
				errs = append(errs, fmt.Errorf("%s: unknown entity %q", setting, name))
			}
		}
	}
	on := make([]bool, len(s.entities))
	for id, e := range s.entities {
		on[id] = !e.Off && (len(o.Entities) == 0 || id >= len(registry))
	}
	pick("entities", o.Entities, func(id EntityID) { on[id] = true })
	pick("enable", o.Enable, func(id EntityID) { on[id] = true })
	pick("disable", o.Disable, func(id EntityID) { on[id] = false })
	for p := range s.scores {
		s.scores[p] = make([]float32, len(s.entities))
		for id := range s.entities {
			s.scores[p][id] = Profile(p).threshold()
			if !on[id] {
				s.scores[p][id] = never
			}
		}
	}
	for name, score := range o.MinScore {
		if score < 0 || score > 1 {
			errs = append(errs, fmt.Errorf("min_score: %s: %v, want 0 to 1", name, score))
		}
		pick("min_score", []string{name}, func(id EntityID) {
			if on[id] {
				s.scores[Precise][id], s.scores[Broad][id] = score, score
			}
		})
	}
	return errors.Join(errs...)
}

// enabled tells whether any profile looks for an entity.
func (s *Scanner) enabled(id EntityID) bool { return s.scores[Broad][id] < never }

// Entity describes id, which must come from a Match of this Scanner.
func (s *Scanner) Entity(id EntityID) Entity { return s.entities[id] }

// Lookup finds an entity of this Scanner, built in or custom, by name.
func (s *Scanner) Lookup(name string) (EntityID, bool) {
	for id, e := range s.entities {
		if e.Name == name {
			return EntityID(id), true
		}
	}
	return 0, false
}

// Scan appends the hits in text to dst, sorted and disjoint. Text may be plain,
// a decoded JSON string, or raw JSON with escapes; a hit never begins or ends
// inside an escape. Text without a hit costs no allocation.
func (s *Scanner) Scan(dst []Match, text string, p Profile) []Match {
	return s.nameless.Scan(dst, text, p)
}

// scan is the state of one call of Scan.
type scan struct {
	*Scanner
	text string
	key  *Key
	min  []float32
	// profile is the caller's.
	profile Profile
	out     []Match
	base    int // the first of out that is ours
	// disguised says that a second look, without evasions, is due.
	disguised bool
	depth     int

	// The rest is scratch space.
	before  contextSide
	after   contextSide
	ends    []shapeEnd
	compact []byte
	digits  []byte // of ScanInt, which scans them
	allowed []byte
	found   []Match
	merged  []Match
	plain   unmasked
	groups  []group
}

var scans = sync.Pool{New: func() any { return new(scan) }}

func (st *scan) begin(k *Key, dst []Match, text string, p Profile) {
	st.Scanner, st.key, st.text, st.profile = k.scanner, k, text, p
	st.min = k.scanner.scores[p]
	st.out, st.base = dst, len(dst)
	st.disguised, st.depth = false, 0
	st.before.at, st.after.at = -1, -1
}

// maxScratch bounds what the pool keeps of one large value, in bytes.
const maxScratch = 1 << 16

func (st *scan) end() {
	st.Scanner, st.text, st.key, st.out, st.min = nil, "", nil, nil, nil
	if cap(st.plain.text) > maxScratch {
		st.plain = unmasked{}
	}
	if cap(st.found)+cap(st.merged) > maxScratch {
		st.found, st.merged = nil, nil
	}
	scans.Put(st)
}

// all looks for everything.
func (st *scan) all() {
	st.secretField()
	st.run()
	if len(st.custom) > 0 {
		st.runCustom()
	}
	if st.disguised {
		st.unmask()
	}
	if st.decode {
		st.runDecode()
	}
}

// run is the one pass: a table lookup a byte, and finders where it says so.
func (st *scan) run() {
	if len(st.text) == 0 {
		return
	}
	i := 0
	if list := st.triggers[pairOf('\n', st.text[0])]; list > 0 {
		i = st.follow(&st.lists[list], 0)
	}
	for i = st.trigger(st.text, max(i, 1)); i < len(st.text); i = st.trigger(st.text, i) {
		list := st.triggers[pairOf(st.text[i-1], st.text[i])]
		i = max(i+1, st.follow(&st.lists[list], i))
	}
}

// trigger is the first place from i on, not 0, that leads to finders together with the byte before it.
func (s *Scanner) trigger(text string, i int) int {
	const pairs = 7 // in eight bytes
	lists := &s.triggers
	for ; i+pairs <= len(text); i += pairs {
		x := binary.LittleEndian.Uint64([]byte(text[i-1 : i+pairs]))
		if lists[uint16(x)]|lists[uint16(x>>8)]|lists[uint16(x>>16)]|lists[uint16(x>>24)]|lists[uint16(x>>32)]|lists[uint16(x>>40)]|lists[x>>48] != 0 {
			break
		}
	}
	for i < len(text) && lists[pairOf(text[i-1], text[i])] == 0 {
		i++
	}
	return i
}

// follow tries what a pair leads to until something is found.
func (st *scan) follow(list *triggerList, i int) int {
	if len(list.keys) > 0 {
		if next := st.findKey(list.keys, i); next > i {
			return next
		}
	}
	for _, find := range list.finders {
		if next := find(st, i); next > i {
			return next
		}
	}
	return 0
}

// lastEnd is where the last hit ends.
func (st *scan) lastEnd() int {
	if len(st.out) == st.base {
		return 0
	}
	return st.out[len(st.out)-1].End
}

// add records a hit if its score suffices and nothing allows it. A hit that
// overlaps earlier ones swallows or joins them.
func (st *scan) add(id EntityID, start, end int, score float32) bool {
	score = min(score, 1)
	if score < st.min[id] || st.allow.passes(st, st.text[start:end]) || replacementEnds(st.text, start) {
		return false
	}
	st.append(Match{start, end, id, score})
	return true
}

// scored adds the context bonus to an entity's base score where it is needed
// for a hit or to win.
func (st *scan) scored(id EntityID, start, end int) float32 {
	d := &st.detectors[id]
	if st.hasContext(start, end, id) {
		return d.score + contextBonus
	}
	return d.score
}
