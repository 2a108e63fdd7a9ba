// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"sync"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// parcel is a kept trace, or later spans of one, on its way out.
type parcel struct {
	id      pcommon.TraceID
	verdict Verdict
	spans   spans
	blocks  []block
	count   int64
	// bytes is what it takes in memory; size what it will be once unpacked, which is never less than as OTLP.
	bytes, size int64
}

func newParcel(a *arrival) parcel {
	p := parcel{id: a.id, count: a.facts.Spans, bytes: a.bytes, size: a.bytes}
	p.spans.append(a.spans)
	if a.block != nil {
		p.blocks = []block{a.block}
		p.bytes, p.size = a.block.bytes(), a.unpacked()
	}
	return p
}

// queue holds parcels until a sender takes them. What is pushed is gathered until the next release, so that single
// late spans leave together. It is bounded by the memory limit, which Consume enforces.
type queue struct {
	mu       sync.Mutex
	ready    sync.Cond
	parcels  []parcel
	released int
	closed   bool
}

func newQueue() *queue {
	q := &queue{}
	q.ready.L = &q.mu
	return q
}

func (q *queue) push(p parcel) {
	q.mu.Lock()
	q.parcels = append(q.parcels, p)
	q.mu.Unlock()
}

// release lets the senders have all that has been pushed.
func (q *queue) release() {
	q.mu.Lock()
	q.released = len(q.parcels)
	waiting := q.released > 0
	q.mu.Unlock()
	if waiting {
		q.ready.Broadcast()
	}
}

// close releases everything; take returns nothing once that is gone.
func (q *queue) close() {
	q.mu.Lock()
	q.released, q.closed = len(q.parcels), true
	q.mu.Unlock()
	q.ready.Broadcast()
}

// take waits for parcels and returns the first, with as many more as stay within the size.
func (q *queue) take(size int64) []parcel {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.released == 0 {
		if q.closed {
			return nil
		}
		q.ready.Wait()
	}
	n := 1
	for total := q.parcels[0].size; n < q.released; n++ {
		if total += q.parcels[n].size; total > size {
			break
		}
	}
	taken := append([]parcel(nil), q.parcels[:n]...)
	clear(q.parcels[:n])
	q.parcels = q.parcels[n:]
	q.released -= n
	return taken
}
