// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"strings"
	"sync"
)

// maxMemo bounds the memory of answers: two generations of this many.
const maxMemo = 4096

// query is all that an answer depends on.
type query struct{ provider, request, response, server, tier string }

func queryOf(c *Call) query {
	return query{c.Provider, c.RequestModel, c.ResponseModel, c.Server, c.ServiceTier}
}

// memo remembers answers. It holds two generations: when the young one is full it becomes the old one, and what is asked for again
// moves back. So what is in use stays, and a flood of invented models cannot make it grow.
type memo struct {
	mu         sync.RWMutex
	young, old map[query]*finding
}

func (m *memo) get(q query) *finding {
	m.mu.RLock()
	known, fresh := m.young[q]
	if !fresh {
		known = m.old[q]
	}
	m.mu.RUnlock()
	if !fresh && known != nil {
		m.put(q, known)
	}
	return known
}

func (m *memo) put(q query, f *finding) {
	// The names must not keep a whole request alive.
	q = query{strings.Clone(q.provider), strings.Clone(q.request), strings.Clone(q.response), strings.Clone(q.server), strings.Clone(q.tier)}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.young == nil || len(m.young) >= maxMemo {
		m.old, m.young = m.young, make(map[query]*finding)
	}
	m.young[q] = f
}
