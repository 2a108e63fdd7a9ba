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
	var half [2]func(byte) bool
	for k := range half {
		if t[0] == '=' {
			want := t[1]
			half[k], t = func(b byte) bool { return b == want }, t[2:]
		} else {
			half[k], t = triggerClasses[t[0]], t[1:]
		}
	}
	for a := range 256 {
		for b := range 256 {
			if half[0](byte(a)) && half[1](byte(b)) {
				do(uint16(a)<<8 | uint16(b))
			}
		}
	}
}

// sharedFinders serve many entities each.
var sharedFinders = []struct {
	find finder
	on   []trigger
}{
	{findNumber, []trigger{"W9"}},
	{findToken, []trigger{"a9"}},
	{findDisguise, disguiseTriggers},
}

// buildTriggers fills the table with the finders of all enabled entities.
func (s *Scanner) buildTriggers() {
	byPair := map[uint16][]finder{}
	register := func(on []trigger, find finder) {
		for _, t := range on {
			eachPair(t, func(pair uint16) { byPair[pair] = appendFinder(byPair[pair], find) })
		}
	}
	s.addKeyRules(byPair)
	for id, d := range s.detectors {
		if !s.enabled(EntityID(id)) {
			continue
		}
		if d.find != nil {
			register(d.on, d.find)
		}
		for _, shape := range d.shapes {
			s.shapes.add(EntityID(id), shape)
		}
	}
	for _, shared := range sharedFinders {
		register(shared.on, shared.find)
	}
	s.numberLists(byPair)
}

// numberLists gives pairs with the same finders the same list.
func (s *Scanner) numberLists(byPair map[uint16][]finder) {
	s.lists = [][]finder{nil}
	for pair, finders := range byPair {
		at := slices.IndexFunc(s.lists, func(l []finder) bool { return slices.EqualFunc(l, finders, sameFinder) })
		if at < 0 {
			at = len(s.lists)
			s.lists = append(s.lists, finders)
		}
		s.triggers[pair] = uint8(at)
	}
}

// sameFinder compares functions, which are all package-level, by address.
func sameFinder(a, b finder) bool {
	return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer()
}

func appendFinder(list []finder, find finder) []finder {
	if slices.ContainsFunc(list, func(f finder) bool { return sameFinder(f, find) }) {
		return list
	}
	return append(list, find)
}

// view reads b as a string without copying it; b must not change meanwhile.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
