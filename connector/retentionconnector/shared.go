// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package retentionconnector

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/connector"

	"github.com/llmcol/llmcol/connector/retentionconnector/internal/metadata"
	"github.com/llmcol/llmcol/internal/retention"
)

// shared is what the traces and the logs instances of one component have in common: the classes, and which trace went where.
type shared struct {
	classes   classes
	memory    *retention.Memory
	telemetry *metadata.TelemetryBuilder
	users     int
}

// instances by configuration: the service hands all instances of a component the same one.
var instances = struct {
	sync.Mutex
	of map[*Config]*shared
}{of: map[*Config]*shared{}}

func share(cfg *Config, set connector.Settings) (*shared, error) {
	instances.Lock()
	defer instances.Unlock()
	s, known := instances.of[cfg]
	if !known {
		var err error
		if s, err = newShared(cfg, set); err != nil {
			return nil, err
		}
		instances.of[cfg] = s
	}
	s.users++
	return s, nil
}

func newShared(cfg *Config, set connector.Settings) (*shared, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	cs, err := newClasses(cfg, func() { telemetry.ConnectorLlmRetentionConditionErrors.Add(context.Background(), 1) })
	if err != nil {
		return nil, err
	}
	return &shared{classes: cs, memory: retention.NewMemory(cfg.MaxTraces), telemetry: telemetry}, nil
}

func (s *shared) release(cfg *Config) {
	instances.Lock()
	defer instances.Unlock()
	if s.users--; s.users == 0 {
		s.telemetry.Shutdown()
		delete(instances.of, cfg)
	}
}
