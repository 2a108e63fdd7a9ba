// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"math/bits"
	"slices"
	"unsafe"
)

// idSet is a set of span ids: a list while it is short, then an open-addressing table. The id 0 is never a member,
// since clients that send no ids must not have their spans taken for one another.
type idSet struct {
	ids   []uint64
	n     int
	table bool
}

const longestIDList = 64

// expect makes room for the first n ids.
func (s *idSet) expect(n int) {
	switch {
	case s.ids != nil:
	case n <= longestIDList:
		s.ids = make([]uint64, 0, n)
	default:
		s.rehash(1 << bits.Len(uint(n+n/2)))
	}
}

// add reports whether the id is new.
func (s *idSet) add(id uint64) bool {
	if id == 0 {
		return true
	}
	if !s.table {
		if slices.Contains(s.ids, id) {
			return false
		}
		if s.n < longestIDList {
			s.ids = append(s.ids, id)
			s.n++
			return true
		}
		s.rehash(4 * longestIDList)
	}
	if 4*s.n >= 3*len(s.ids) {
		s.rehash(2 * len(s.ids))
	}
	return s.insert(id)
}

// hasAny tells whether some of the ids are members.
func (s *idSet) hasAny(ids []uint64) bool { return s != nil && slices.ContainsFunc(ids, s.has) }

func (s *idSet) has(id uint64) bool {
	switch {
	case id == 0:
		return false
	case s.table:
		return s.ids[s.slot(id)] == id
	default:
		return slices.Contains(s.ids, id)
	}
}

func (s *idSet) slot(id uint64) int {
	mask := uint64(len(s.ids) - 1)
	i := (id * 0x9e3779b97f4a7c15) >> 20 & mask
	for s.ids[i] != 0 && s.ids[i] != id {
		i = (i + 1) & mask
	}
	return int(i)
}

func (s *idSet) insert(id uint64) bool {
	i := s.slot(id)
	if s.ids[i] == id {
		return false
	}
	s.ids[i] = id
	s.n++
	return true
}

func (s *idSet) rehash(size int) {
	old := s.ids
	s.ids, s.n, s.table = make([]uint64, size), 0, true
	for _, id := range old {
		if id != 0 {
			s.insert(id)
		}
	}
}

// empty forgets all ids and makes room for n more, in the memory it has if that fits.
func (s *idSet) empty(n int) {
	size := max(longestIDList, 1<<bits.Len(uint(n+n/2)))
	if s.n = 0; s.table && len(s.ids) >= size && len(s.ids) <= 4*size {
		clear(s.ids)
		return
	}
	s.ids, s.table = make([]uint64, size), true
}

// bytes is the memory that a set takes, none if there is none.
func (s *idSet) bytes() int64 {
	if s == nil {
		return 0
	}
	return int64(unsafe.Sizeof(*s)) + int64(8*cap(s.ids))
}
