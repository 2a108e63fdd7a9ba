// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package eventsconnector

import (
	"sync"
	"time"
)

// memory is what a connector remembers: what it has told already, what traces have cost so far, and how much it told in this minute.
type memory struct {
	mu     sync.Mutex
	told   generations[struct{}]
	costs  generations[float64]
	quotas generations[*quota]
	limits [numKinds]int
}

const (
	rememberedItems    = 1 << 16
	rememberedServices = 1 << 10
)

func newMemory(cfg *Config) *memory {
	m := &memory{
		told:   newGenerations[struct{}](rememberedItems),
		costs:  newGenerations[float64](rememberedItems),
		quotas: newGenerations[*quota](rememberedServices * int(numKinds)),
	}
	for k := range kinds {
		m.limits[k] = cfg.limit(kinds[k].name)
	}
	return m
}

// tell asks whether an event is to be made: not one that was made before, and not too many of a kind from one service. With the first
// event after some that were suppressed it says how many they were.
func (m *memory) tell(id uint64, k kind, service string, now time.Time) (suppressed int, outcome telling) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if id != 0 {
		if _, known := m.told.get(id); known {
			return 0, toldBefore
		}
		m.told.put(id, struct{}{})
	}
	if m.limits[k] == 0 {
		return 0, toldNow
	}
	key := hashText(uint64(k)+1, service)
	q, known := m.quotas.get(key)
	if !known {
		q = &quota{}
		m.quotas.put(key, q)
	}
	return q.take(m.limits[k], now)
}

type telling uint8

const (
	toldNow telling = iota
	toldBefore
	notTold
)

// quota counts the events of one kind and service in a minute that begins with the first one.
type quota struct {
	since      time.Time
	made       int
	suppressed int
}

func (q *quota) take(limit int, now time.Time) (suppressed int, outcome telling) {
	if age := now.Sub(q.since); age >= time.Minute || age < 0 {
		q.since, q.made = now, 0
	}
	if q.made >= limit {
		q.suppressed++
		return 0, notTold
	}
	q.made++
	suppressed, q.suppressed = q.suppressed, 0
	return suppressed, toldNow
}

// spend adds the cost of a call to that of its trace, once for each span or record (each time if item is 0), and returns the
// sum.
func (m *memory) spend(trace, item uint64, usd float64) float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	sum, _ := m.costs.get(trace)
	if _, counted := m.told.get(item); item == 0 || !counted {
		m.told.put(item, struct{}{})
		sum += usd
		m.costs.put(trace, sum)
	}
	return sum
}

// generations is a map of bounded size that forgets what has not been asked for the longest, half of it at a time.
type generations[V any] struct {
	young, old map[uint64]V
	half       int
}

func newGenerations[V any](size int) generations[V] {
	return generations[V]{young: map[uint64]V{}, half: size / 2}
}

func (g *generations[V]) get(key uint64) (V, bool) {
	if v, ok := g.young[key]; ok {
		return v, true
	}
	v, ok := g.old[key]
	if ok {
		g.put(key, v)
	}
	return v, ok
}

func (g *generations[V]) put(key uint64, v V) {
	if len(g.young) >= g.half {
		if _, known := g.young[key]; !known {
			g.old, g.young = g.young, make(map[uint64]V, g.half/8)
		}
	}
	g.young[key] = v
}
