// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loopprocessor

import (
	"sync"

	"go.opentelemetry.io/collector/processor"
)

// registry holds the detector of each component: its traces and its logs instance, in however many pipelines, share one state. The service
// hands all instances of a component the same configuration.
type registry struct {
	mu        sync.Mutex
	detectors map[*Config]*detector
}

var detectors = registry{detectors: map[*Config]*detector{}}

func (r *registry) instance(cfg *Config, set processor.Settings) (*instance, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if d, ok := r.detectors[cfg]; ok {
		return &instance{detector: d}, nil
	}
	d, err := newDetector(cfg, set)
	if err != nil {
		return nil, err
	}
	r.detectors[cfg] = d
	return &instance{detector: d}, nil
}

func (r *registry) forget(cfg *Config) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.detectors, cfg)
}
