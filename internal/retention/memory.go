// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package retention

import "sync"

// TraceID is a trace's id.
type TraceID [16]byte

// Class is a class of traces, by its place in a list. The caller's rank says which one of two stays.
type Class uint8

// Memory knows the class of at least the last half of as many traces as it may hold: two generations, of which the older one is
// forgotten as a whole when the younger one is full. It is safe for concurrent use.
type Memory struct {
	mu         sync.Mutex
	generation int // how many traces one may hold
	young, old map[TraceID]Class
	evicted    int64
}

// NewMemory holds up to so many traces, at least two.
func NewMemory(traces int) *Memory {
	generation := max(1, traces/2)
	return &Memory{generation: generation, young: make(map[TraceID]Class), old: make(map[TraceID]Class)}
}

// Settle decides where a part of a trace goes whose own class is given: with the part before it, unless its own class outranks that.
func (m *Memory) Settle(id TraceID, own Class, outranks func(a, b Class) bool) Class {
	m.mu.Lock()
	defer m.mu.Unlock()
	known, is := m.find(id)
	if is && !outranks(own, known) {
		own = known
	}
	if inYoung, there := m.young[id]; !there || inYoung != own {
		m.put(id, own)
	}
	return own
}

// Known is the class of a trace that was settled before.
func (m *Memory) Known(id TraceID) (Class, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.find(id)
}

// Evicted counts the traces forgotten so far.
func (m *Memory) Evicted() int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.evicted
}

func (m *Memory) find(id TraceID) (Class, bool) {
	if c, is := m.young[id]; is {
		return c, true
	}
	c, is := m.old[id]
	return c, is
}

func (m *Memory) put(id TraceID, c Class) {
	if _, there := m.young[id]; !there && len(m.young) >= m.generation {
		m.evicted += int64(len(m.old))
		m.young, m.old = m.old, m.young
		clear(m.young)
	}
	delete(m.old, id)
	m.young[id] = c
}
