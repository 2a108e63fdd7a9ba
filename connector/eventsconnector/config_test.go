// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package eventsconnector

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/llmcol/llmcol/connector/eventsconnector/internal/metadata"
)

func load(t *testing.T, name string) *Config {
	t.Helper()
	all, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	sub, err := all.Sub(component.NewIDWithName(metadata.Type, name).String())
	require.NoError(t, err)
	cfg := createDefaultConfig().(*Config)
	require.NoError(t, sub.Unmarshal(cfg))
	return cfg
}

func TestSettings(t *testing.T) {
	cfg := load(t, "")
	require.NoError(t, confmap.Validate(cfg))
	assert.Equal(t, &Config{CostOver: 1, MinScore: 0.5, TruncatedOver: 65536, MaxPerMinute: 60}, cfg)
	for _, kind := range kindNames() {
		assert.True(t, cfg.enabled(kind))
		assert.Equal(t, 60, cfg.limit(kind))
	}

	cfg = load(t, "all")
	require.NoError(t, confmap.Validate(cfg))
	assert.Equal(t, []float64{0.25, 0.7}, []float64{cfg.CostOver, cfg.MinScore})
	assert.Equal(t, int64(1000), cfg.TruncatedOver)
	assert.Equal(t, []string{"HOUSE_TOKEN"}, cfg.SecretEntities)
	assert.False(t, cfg.enabled("error"))
	assert.True(t, cfg.enabled("loop"))
	assert.Equal(t, 0, cfg.limit("loop"))
	assert.Equal(t, 10, cfg.limit("error"))
}

func TestWrongSettings(t *testing.T) {
	for name, want := range map[string]string{
		"negative_cost":       "cost_over is -1, must be 0 USD or more",
		"negative_size":       "truncated_over is -1, must be 0 bytes or more",
		"negative_limit":      "max_per_minute is -1, must be 0 (no limit) or more",
		"unknown_kind":        `kinds: unknown kind "loops", must be one of loop, cost, error, secret_redacted, truncated, finish_reason, retrieval`,
		"negative_kind_limit": "kinds: loop: max_per_minute is -1, must be 0 (no limit) or more",
	} {
		t.Run(name, func(t *testing.T) { assert.ErrorContains(t, confmap.Validate(load(t, name)), want) })
	}
}
