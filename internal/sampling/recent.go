// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import "sync"

// recent remembers keys, and for each the trace that it comes from, for at least one and at most two periods, and
// never more than 2*most of them.
type recent struct {
	period int64
	most   int

	mu         sync.Mutex
	young, old map[uint64]uint64
	turned     int64
	evicted    int64
}

func newRecent(period int64, most int) *recent {
	return &recent{period: period, most: most, young: map[uint64]uint64{}}
}

func (r *recent) get(key uint64, now int64) (trace uint64, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn(now)
	if trace, ok = r.young[key]; !ok {
		trace, ok = r.old[key]
	}
	return trace, ok
}

func (r *recent) add(key, trace uint64, now int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn(now)
	if len(r.young) >= r.most {
		r.evicted += int64(len(r.old))
		r.old, r.young, r.turned = r.young, map[uint64]uint64{}, now
	}
	r.young[key] = trace
}

func (r *recent) turn(now int64) {
	switch age := now - r.turned; {
	case age >= 2*r.period:
		r.old, r.young, r.turned = nil, map[uint64]uint64{}, now
	case age >= r.period:
		r.old, r.young, r.turned = r.young, map[uint64]uint64{}, now
	}
}

// forgotten is how many keys had to go before their time.
func (r *recent) forgotten() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.evicted
}
