// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/llmcol/llmcol/internal/trace"
)

// Field is a part of the key that traffic is divided by.
type Field uint8

// The fields of a trace's head.
const (
	ByService Field = iota
	ByAgent
	ByOperation
	ByModel
)

func (f Field) of(h *trace.Head) string {
	return [...]string{h.Service, h.Agent, h.Operation, h.Model}[f]
}

const (
	// smoothing is the weight of the last second in a key's rate.
	smoothing = 0.25
	// otherKey gathers what comes once there are too many keys.
	otherKey = 0
	// faded is the rate, of traces or bytes a second, from which down a key is forgotten.
	faded = 1e-3
)

// adaptive keeps a steady amount of whatever comes: the target is shared out fairly among the keys, those that need
// less than their share leave the rest to the others, and each key's probability follows its traffic.
type adaptive struct {
	target float64
	size   func(*evidence) int64
	bytes  bool
	key    []Field

	mu     sync.Mutex
	keys   map[uint64]*flow
	ticked int64
}

// flow is the traffic of one key.
type flow struct {
	pending, rate float64
	threshold     uint64
}

// AdaptiveTraces keeps about so many traces a second.
func AdaptiveTraces(perSecond float64, key []Field) Rule {
	one := func(*evidence) int64 { return 1 }
	return &adaptive{target: perSecond, size: one, key: key, keys: map[uint64]*flow{}}
}

// AdaptiveBytes keeps about so many bytes of OTLP a second.
func AdaptiveBytes(perSecond float64, key []Field) Rule {
	return &adaptive{target: perSecond, size: bytesOf, bytes: true, key: key, keys: map[uint64]*flow{}}
}

func (a *adaptive) bind(p *Program) error {
	p.needsWireBytes = p.needsWireBytes || a.bytes
	return nil
}

func (a *adaptive) chance(q *question) chance {
	a.mu.Lock()
	defer a.mu.Unlock()
	if f := a.keys[a.keyOf(q)]; f != nil {
		return atLeast(f.threshold)
	}
	return always
}

func (*adaptive) certain(*evidence) bool { return false }

func (a *adaptive) learn(q *question, _ *Verdict) {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := a.keyOf(q)
	f := a.keys[key]
	if f == nil {
		f = &flow{}
		a.keys[key] = f
	}
	f.pending += float64(a.size(q.evidence))
}

// keyOf is the key of a trace, the one of the others where its own is not among those that are followed.
func (a *adaptive) keyOf(q *question) uint64 {
	var b strings.Builder
	for _, f := range a.key {
		b.WriteString(f.of(&q.facts.Head))
		b.WriteByte(0)
	}
	key := xxhash.Sum64String(b.String())
	if _, ok := a.keys[key]; !ok && len(a.keys) >= maxKinds {
		return otherKey
	}
	return key
}

func (a *adaptive) tick(now int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ticked == 0 {
		a.ticked = now
	}
	elapsed := time.Duration(now - a.ticked).Seconds()
	if elapsed < 1 {
		return
	}
	a.ticked = now
	flows := make([]*flow, 0, len(a.keys))
	for key, f := range a.keys {
		f.follow(elapsed)
		if f.rate < faded {
			delete(a.keys, key)
			continue
		}
		flows = append(flows, f)
	}
	shareOut(a.target, flows)
}

// follow moves the rate to what came in the last elapsed seconds.
func (f *flow) follow(elapsed float64) {
	seen := f.pending / elapsed
	if f.rate == 0 {
		f.rate = seen
	} else {
		f.rate += (seen - f.rate) * (1 - math.Pow(1-smoothing, elapsed))
	}
	f.pending = 0
}

// shareOut divides the target: smallest flow first, each gets what it needs up to an equal share of what is left.
func shareOut(target float64, flows []*flow) {
	slices.SortFunc(flows, func(f, g *flow) int { return cmp.Compare(f.rate, g.rate) })
	for i, f := range flows {
		share := min(f.rate, target/float64(len(flows)-i))
		f.threshold = ThresholdOf(100 * share / f.rate)
		target -= share
	}
}
