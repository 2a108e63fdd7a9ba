// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package retentionconnector

import (
	"context"

	"go.opentelemetry.io/collector/connector"

	"github.com/llmcol/llmcol/connector/retentionconnector/internal/metadata"
	"github.com/llmcol/llmcol/internal/instances"
	"github.com/llmcol/llmcol/internal/retention"
)

// shared is what the traces and the logs instances of one component have in common: the classes, and which trace went where.
type shared struct {
	classes   classes
	memory    *retention.Memory
	telemetry *metadata.TelemetryBuilder
}

var components instances.Shared[*Config, *shared]

func share(cfg *Config, set connector.Settings) (*shared, error) {
	return components.Take(cfg, func() (*shared, error) { return newShared(cfg, set) })
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
	if components.Give(cfg) {
		s.telemetry.Shutdown()
	}
}
