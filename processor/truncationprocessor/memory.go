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

// maxRemembered is how many messages are remembered, of all traces together; about 100 bytes each.
const maxRemembered = 100_000

const memoryShards = 16

// holder is the span, or log record, that holds a message.
type holder uint64

// told is a message of a trace.
type told struct {
	trace  pcommon.TraceID
	digest content.Digest
}

// memory knows which span of a trace was the first to hold a message. That span keeps its content however often it comes.
type memory struct {
	shards  [memoryShards]shard
	evicted atomic.Int64
}

// shard is the memory of some of the traces. It is locked while a span of one of them is looked at, so that of two spans
// with the same message one is the first.
type shard struct {
	sync.Mutex
	holders *simplelru.LRU[told, holder]
}

func newMemory(size int) *memory {
	m := &memory{}
	for i := range m.shards {
		// An LRU of a size above 0 is no error.
		m.shards[i].holders, _ = simplelru.NewLRU(max(size/memoryShards, 1), func(told, holder) { m.evicted.Add(1) })
	}
	return m
}

func (m *memory) of(trace pcommon.TraceID) *shard { return &m.shards[trace[len(trace)-1]%memoryShards] }

// heldElsewhere reports whether another one than self holds the message.
func (s *shard) heldElsewhere(t told, self holder) bool {
	first, known := s.holders.Get(t)
	return known && first != self
}

// hold notes that self holds a message, unless another one does.
func (s *shard) hold(t told, self holder) {
	if !s.holders.Contains(t) {
		s.holders.Add(t, self)
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
