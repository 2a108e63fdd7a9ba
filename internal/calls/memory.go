// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package calls

// key is a way to find reports again.
type key uint8

const (
	byIdentity key = iota
	byID           // response id
	byUsage        // trace and usage
	bySession      // a log record's session and usage; a span's service, model and usage
	byTrace        // of spans
	numKeys
)

// entry is a report as it is remembered: names are hashed, so that nothing of a request is kept.
type entry struct {
	place               uint64
	ref                 SpanRef
	parent              [8]byte
	start, end, arrived int64

	input, output, cached     int64
	scope, id, session, model uint64
	countedAt                 uint64 // the report that counts in its stead
	kind                      Kind
	verdict                   Verdict
	owned, settled            bool
	taken                     bool // a session's record that a span has been found for

	keys [numKeys]uint64 // hashes; 0: cannot be found so
	next [numKeys]uint64 // the place of the next older entry of the same chain
}

// memory is a ring of entries in the order of their arrival, with a hash table for each key. A place is the running number of an entry,
// from 1; what is no longer there is known by its place, so forgetting touches no table.
type memory struct {
	most         int
	ring         []entry // a power of two
	tables       [numKeys][]bucket
	oldest, next uint64
	records      int    // how many of the entries are log records of sessions
	fetched      uint64 // by fetch; of no meaning
}

// bucket holds the newest entries of up to four keys: a place and a part of the hash each. It lies in one cache line, and most searches
// find nothing in it and end there. What comes when all four are in use shares the oldest's slot, as the head of a chain of several keys.
type bucket [4]uint64

const (
	firstRing = 256
	tagBits   = 20
	tagMask   = 1<<tagBits - 1
	mixed     = 0 // the tag of a chain of several keys
)

func tagOf(hash uint64) uint64 { return hash&tagMask | 1 }

func newMemory(most int) memory { return memory{most: most, oldest: 1, next: 1} }

// at is the entry of a place, or nil if it was forgotten.
func (m *memory) at(place uint64) *entry {
	if place < m.oldest || place >= m.next {
		return nil
	}
	return &m.ring[place&uint64(len(m.ring)-1)]
}

// expire forgets what arrived before a time.
func (m *memory) expire(before int64) {
	for m.oldest < m.next && m.at(m.oldest).arrived < before {
		m.forget()
	}
}

// forget drops the oldest entry.
func (m *memory) forget() {
	if m.at(m.oldest).kind == SessionRecord {
		m.records--
	}
	m.oldest++
}

// add remembers an entry. It returns its place, and 1 if another had to go for it.
func (m *memory) add(e *entry) (place uint64, evicted int) {
	held := int(m.next - m.oldest)
	if e.kind == SessionRecord {
		m.records++
	}
	if held >= m.most {
		m.forget()
		evicted = 1
	} else if held >= len(m.ring) {
		m.grow()
	}
	place = m.next
	m.next++
	e.place = place
	slot := &m.ring[place&uint64(len(m.ring)-1)]
	*slot = *e
	m.link(slot)
	return place, evicted
}

func (m *memory) link(e *entry) {
	for k := range numKeys {
		if e.keys[k] != 0 {
			m.linkBy(k, e)
		}
	}
}

func (m *memory) linkBy(k key, e *entry) {
	in, tag := m.bucket(k, e.keys[k]), tagOf(e.keys[k])
	slot := &in[0]
	for i := range in {
		if in[i]&tagMask == tag && m.at(in[i]>>tagBits) != nil {
			slot = &in[i]
			break
		}
		if in[i] < *slot { // older, or no longer there
			slot = &in[i]
		}
	}
	if before := *slot >> tagBits; m.at(before) != nil {
		e.next[k] = before
		if *slot&tagMask != tag {
			tag = mixed
		}
	}
	*slot = e.place<<tagBits | tag
}

func (m *memory) bucket(k key, hash uint64) *bucket {
	return &m.tables[k][hash>>32&uint64(len(m.tables[k])-1)]
}

// fetch brings the buckets of some entries into the processor's cache, all at the same time: a search waits for one after the other.
func (m *memory) fetch(entries []entry) {
	if len(m.ring) == 0 {
		return
	}
	read := m.fetched
	for k := range numKeys {
		for i := range entries {
			read ^= m.bucket(k, entries[i].keys[k])[0]
		}
	}
	m.fetched = read
}

// grow doubles the ring and builds the tables anew, with four slots for each entry.
func (m *memory) grow() {
	old := *m
	m.ring = make([]entry, max(firstRing, 2*len(old.ring)))
	for k := range m.tables {
		m.tables[k] = make([]bucket, len(m.ring))
	}
	for place := old.oldest; place < old.next; place++ {
		slot := &m.ring[place&uint64(len(m.ring)-1)]
		*slot = *old.at(place)
		slot.next = [numKeys]uint64{}
		m.link(slot)
	}
}

// maxChain is how many entries of a chain are looked at, the newest first: a client that repeats itself must not cost more.
const maxChain = 64

// find goes through the entries that have a key, the newest first, until yield returns false.
func (m *memory) find(k key, hash uint64, yield func(*entry) bool) {
	if hash == 0 || len(m.ring) == 0 {
		return
	}
	tag := tagOf(hash)
	for _, slot := range m.bucket(k, hash) {
		if slot&tagMask != tag && slot&tagMask != mixed {
			continue
		}
		place := slot >> tagBits
		for range maxChain {
			e := m.at(place)
			if e == nil {
				break
			}
			if e.keys[k] == hash && !yield(e) {
				return
			}
			place = e.next[k]
		}
	}
}

// maxSessions bounds each of two generations of sessions.
const maxSessions = 16384

// sessions remembers which sessions sent spans of model calls, the most recent ones.
type sessions struct{ young, old map[uint64]struct{} }

func (s *sessions) add(session uint64) {
	if _, known := s.young[session]; known {
		return
	}
	if s.young == nil || len(s.young) >= maxSessions {
		s.old, s.young = s.young, make(map[uint64]struct{})
	}
	s.young[session] = struct{}{}
}

func (s *sessions) has(session uint64) bool {
	if _, known := s.young[session]; known {
		return true
	}
	_, known := s.old[session]
	return known
}
