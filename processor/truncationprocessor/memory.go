// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"encoding/binary"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/internal/content"
)

// maxRemembered is how many messages are remembered, of all traces together, and how many spans; about 100 bytes each.
const maxRemembered = 100_000

const memoryShards = 16

// holder is a span, or log record, that holds messages.
type holder uint64

// told is a message of a trace.
type told struct {
	trace  pcommon.TraceID
	digest content.Digest
}

// held says who was the first to hold a message, and since when.
type held struct {
	by    holder
	since uint64
}

// memory knows which span of a trace was the first to hold a message. A span refers only to those that came before it came
// for the first time: however often it comes, it comes out the same, and its own content stays.
type memory struct {
	shards  [memoryShards]shard
	evicted atomic.Int64
}

// shard is the memory of some of the traces. It is locked while a span of one of them is looked at, so that of two spans
// with the same message one is the first.
type shard struct {
	sync.Mutex
	messages *simplelru.LRU[told, held]
	arrivals *simplelru.LRU[arrival, uint64]
	now      uint64 // counts the arrivals
}

// arrival is a span of a trace.
type arrival struct {
	trace pcommon.TraceID
	of    holder
}

func newMemory(size int) *memory {
	m := &memory{}
	size = max(size/memoryShards, 1)
	for i := range m.shards {
		// An LRU of a size above 0 is no error.
		m.shards[i].messages, _ = simplelru.NewLRU(size, func(told, held) { m.evicted.Add(1) })
		m.shards[i].arrivals, _ = simplelru.NewLRU[arrival, uint64](size, nil)
	}
	return m
}

func (m *memory) of(trace pcommon.TraceID) *shard { return &m.shards[trace[len(trace)-1]%memoryShards] }

// arrive returns when a span came for the first time.
func (s *shard) arrive(trace pcommon.TraceID, self holder) held {
	a := arrival{trace, self}
	since, known := s.arrivals.Get(a)
	if !known {
		s.now++
		since = s.now
		s.arrivals.Add(a, since)
	}
	return held{self, since}
}

// heldBefore reports whether another span held the message before this one came.
func (s *shard) heldBefore(t told, self held) bool {
	first, known := s.messages.Get(t)
	return known && first.since < self.since && first.by != self.by
}

// hold notes that a span holds a message, unless another one does.
func (s *shard) hold(t told, self held) {
	if !s.messages.Contains(t) {
		s.messages.Add(t, self)
	}
}

func spanHolder(id pcommon.SpanID) holder { return holder(binary.BigEndian.Uint64(id[:])) }

// recordHolder tells a log record by what is the same when it is sent again.
func recordHolder(id pcommon.SpanID, at pcommon.Timestamp, event string) holder {
	h := uint64(spanHolder(id)) ^ uint64(at)*0x9e3779b97f4a7c15
	for i := range len(event) {
		h = (h ^ uint64(event[i])) * 0x100000001b3
	}
	return holder(h)
}
