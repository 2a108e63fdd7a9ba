// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"math"
	"sync"
	"time"

	"github.com/llmcol/llmcol/internal/trace"
)

const (
	maxKinds = 1000
	// relearnEvery is how often thresholds move; decayEvery how often counts decay.
	relearnEvery = int64(time.Second)
	decayEvery   = int64(5 * time.Second)
)

// Kind is a sort of trace, by the span that stands for it.
type Kind struct{ Service, Agent, Operation string }

func kindOfHead(h *trace.Head) Kind { return Kind{h.Service, h.Agent, h.Operation} }

// thresholds learns a quantile for each kind of trace.
type thresholds struct {
	Percentile

	mu       sync.RWMutex
	kinds    map[Kind]*learnt
	relearnt int64
	decayed  int64
	evicted  int64
}

type learnt struct {
	sketch    sketch
	threshold float64
	known     bool
	seen      int64
}

func newThresholds(p Percentile) *thresholds {
	return &thresholds{Percentile: p, kinds: map[Kind]*learnt{}}
}

func (t *thresholds) of(k Kind) (threshold float64, known bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	l := t.kinds[k]
	if l == nil || !l.known {
		return 0, false
	}
	return l.threshold, true
}

func (t *thresholds) add(k Kind, value float64, now int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.kinds[k]
	if l == nil {
		if len(t.kinds) >= maxKinds {
			t.evictOldest()
		}
		l = &learnt{}
		t.kinds[k] = l
	}
	l.seen = now
	l.sketch.add(value)
}

func (t *thresholds) evictOldest() {
	var oldest Kind
	seen := int64(math.MaxInt64)
	for k, l := range t.kinds {
		if l.seen < seen {
			oldest, seen = k, l.seen
		}
	}
	delete(t.kinds, oldest)
	t.evicted++
}

func (t *thresholds) tick(now int64) {
	if now-t.relearnt < relearnEvery {
		return
	}
	t.relearnt = now
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, l := range t.kinds {
		t.relearn(l)
	}
	if now-t.decayed >= decayEvery {
		t.decay(now)
	}
}

func (t *thresholds) relearn(l *learnt) {
	if l.sketch.total < t.MinCount {
		return
	}
	q := max(l.sketch.quantile(t.P), t.Floor)
	if t.Ceiling > 0 {
		q = min(q, t.Ceiling)
	}
	l.threshold, l.known = q, true
}

func (t *thresholds) decay(now int64) {
	if t.decayed != 0 {
		factor := math.Exp2(-float64(now-t.decayed) / float64(t.HalfLife))
		for _, l := range t.kinds {
			l.sketch.decay(factor)
		}
	}
	t.decayed = now
}

// each calls f for every threshold that is known.
func (t *thresholds) each(f func(Kind, float64)) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for k, l := range t.kinds {
		if l.known {
			f(k, l.threshold)
		}
	}
}

func (t *thresholds) forgotten() int64 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.evicted
}
