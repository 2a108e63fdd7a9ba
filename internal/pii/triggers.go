// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"reflect"
	"slices"
	"unsafe"
)

// Classes of bytes that a trigger may name instead of a byte.
var triggerClasses = map[byte]func(b byte) bool{
	'9': isDigit,
	'a': isLetter,
	'A': isUpper,
	'W': func(b byte) bool { return !alnum[b] },
	'h': func(b byte) bool { return hexSet[b] },
	'*': func(byte) bool { return true },
}

// trigger names pairs of bytes: each half is "=" and a byte, or a class.
//
//	"W9"    a digit after no letter or digit
//	"*=@"   an @ after anything
type trigger = string

// eachPair calls do with every pair that t names.
func eachPair(t trigger, do func(pair uint16)) {
	first, rest := half(t)
	second, _ := half(rest)
	for _, a := range first {
		for _, b := range second {
			do(pairOf(a, b))
		}
	}
}

// pairOf is the number of two adjacent bytes: eight bytes that are read as one number hold seven of them.
func pairOf(first, second byte) uint16 { return uint16(first) | uint16(second)<<8 }

// half returns the bytes that the first half of t names, and the other half.
func half(t trigger) (bytes []byte, rest trigger) {
	if t[0] == '=' {
		return []byte{t[1]}, t[2:]
	}
	in := triggerClasses[t[0]]
	for b := range 256 {
		if in(byte(b)) {
			bytes = append(bytes, byte(b))
		}
	}
	return bytes, t[1:]
}

// sharedFinders serve many entities each.
var sharedFinders = []struct {
	find finder
	on   []trigger
}{
	{findNumber, []trigger{"W9"}},
	{findToken, []trigger{"a9"}},
}

// triggerList is what a pair of bytes leads to.
type triggerList struct {
	keys    []anchoredRule
	finders []finder
}

// buildTriggers fills the table with the finders of all enabled entities.
func (s *Scanner) buildTriggers() {
	byPair := map[uint16]*triggerList{}
	addFinder(byPair, []trigger{"=[A"}, skipLabel)
	addFinder(byPair, disguiseTriggers, findDisguise) // before others, as it consumes nothing
	for id, d := range s.detectors {
		if !s.enabled(EntityID(id)) {
			continue
		}
		s.addKeyRules(byPair, EntityID(id), d.keys)
		if d.find != nil {
			addFinder(byPair, d.on, d.find)
		}
		for _, shape := range d.shapes {
			s.shapes.add(EntityID(id), shape)
		}
	}
	for _, shared := range sharedFinders {
		addFinder(byPair, shared.on, shared.find)
	}
	s.numberLists(byPair)
}

func addFinder(byPair map[uint16]*triggerList, on []trigger, find finder) {
	for _, t := range on {
		eachPair(t, func(pair uint16) {
			l := listOf(byPair, pair)
			if !slices.ContainsFunc(l.finders, func(f finder) bool { return sameFinder(f, find) }) {
				l.finders = append(l.finders, find)
			}
		})
	}
}

func listOf(byPair map[uint16]*triggerList, pair uint16) *triggerList {
	if byPair[pair] == nil {
		byPair[pair] = &triggerList{}
	}
	return byPair[pair]
}

// numberLists gives every pair the number of its list, and pairs without keys
// and with the same finders the same list.
func (s *Scanner) numberLists(byPair map[uint16]*triggerList) {
	s.lists = []triggerList{{}}
	for pair, l := range byPair {
		at := slices.IndexFunc(s.lists, func(o triggerList) bool {
			return len(l.keys) == 0 && len(o.keys) == 0 && slices.EqualFunc(o.finders, l.finders, sameFinder)
		})
		if at < 0 {
			at = len(s.lists)
			s.lists = append(s.lists, *l)
		}
		s.triggers[pair] = uint8(at)
	}
}

// sameFinder compares functions, which are all package-level, by address.
func sameFinder(a, b finder) bool {
	return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer()
}

// view reads b as a string without copying it; b must not change meanwhile.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
