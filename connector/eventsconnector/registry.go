// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package eventsconnector

import "sync"

// registry holds what the instances of each connector share: its traces and its logs have one limit, and tell each thing once. The
// service hands all instances of a component the same configuration.
type registry struct {
	mu     sync.Mutex
	shared map[*Config]*shared
}

type shared struct {
	memory *memory
	users  int
}

var memories = registry{shared: map[*Config]*shared{}}

func (r *registry) take(cfg *Config) *memory {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.shared[cfg]
	if s == nil {
		s = &shared{memory: newMemory(cfg)}
		r.shared[cfg] = s
	}
	s.users++
	return s.memory
}

func (r *registry) give(cfg *Config) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.shared[cfg]
	if s == nil {
		return
	}
	if s.users--; s.users == 0 {
		delete(r.shared, cfg)
	}
}
