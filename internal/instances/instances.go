// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

// Package instances lets the instances of one component share what they know: the service makes one for traces and one for logs, in each
// pipeline that names the component, and hands all of them the same configuration.
package instances

import "sync"

// Shared holds one value for each configuration. It is safe for concurrent use; the zero value is ready.
type Shared[C comparable, V any] struct {
	mu sync.Mutex
	of map[C]*used[V]
}

type used[V any] struct {
	value V
	users int
}

// Take gives the value of a configuration, which the first taker makes, and counts the taker.
func (s *Shared[C, V]) Take(cfg C, make func() (V, error)) (V, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u, known := s.of[cfg]; known {
		u.users++
		return u.value, nil
	}
	value, err := make()
	if err != nil {
		return value, err
	}
	if s.of == nil {
		s.of = map[C]*used[V]{}
	}
	s.of[cfg] = &used[V]{value, 1}
	return value, nil
}

// Get is the value of a configuration, if somebody holds it.
func (s *Shared[C, V]) Get(cfg C) (value V, held bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u, known := s.of[cfg]; known {
		return u.value, true
	}
	return value, false
}

// Give counts a taker off. The last one is told so, and has to end what the value holds.
func (s *Shared[C, V]) Give(cfg C) (last bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, known := s.of[cfg]
	if !known {
		return false
	}
	if u.users--; u.users > 0 {
		return false
	}
	delete(s.of, cfg)
	return true
}

// Forget drops the value of a configuration, however many took it: the next taker makes it anew.
func (s *Shared[C, V]) Forget(cfg C) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.of, cfg)
}
