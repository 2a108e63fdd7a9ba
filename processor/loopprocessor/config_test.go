// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loopprocessor

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/llmcol/llmcol/internal/loop"
	"github.com/llmcol/llmcol/processor/loopprocessor/internal/metadata"
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

func TestDefaults(t *testing.T) {
	cfg := load(t, "")
	require.NoError(t, confmap.Validate(cfg))
	engine, err := cfg.engine()
	require.NoError(t, err)
	assert.Equal(t, loop.DefaultConfig(), engine)
}

func TestEverySetting(t *testing.T) {
	cfg := load(t, "all")
	require.NoError(t, confmap.Validate(cfg))
	engine, err := cfg.engine()
	require.NoError(t, err)
	assert.Equal(t, 1000, engine.MaxRuns)
	assert.Equal(t, []time.Duration{5 * time.Minute, 30 * time.Minute}, []time.Duration{engine.IdleRun, engine.IdleSession})
	assert.Equal(t, loop.Threshold{Suspected: 3, Detected: 5, Critical: 10}, engine.Thresholds[loop.Repeat], "what is not set stays")
	assert.Equal(t, loop.Threshold{Suspected: 0, Detected: 8}, engine.Thresholds[loop.Scattered])
	assert.Equal(t, loop.Limits{Steps: 200, Tokens: 500000, Cost: 2.5}, engine.Limits)
	assert.Equal(t, []loop.ToolRule{
		{Pattern: "^search_", Thresholds: map[loop.Rule]loop.Threshold{loop.Repeat: {Suspected: 6, Detected: 8, Critical: 20}}},
		{Pattern: "^job_", Poll: true, Thresholds: map[loop.Rule]loop.Threshold{}},
		{Pattern: "^log$", Exempt: true, Thresholds: map[loop.Rule]loop.Threshold{}},
		{Pattern: "^memory_", Exempt: true},
		{Pattern: "_progress$", Poll: true},
		{Pattern: loop.DefaultPollPattern, Poll: true},
	}, engine.Tools)
	assert.Equal(t, "file_storage/loops", cfg.Storage.String())
	assert.Equal(t, 30*time.Second, cfg.StorageInterval)
	assert.NotContains(t, cfg.Key.String(), "0123")
}

func TestWrongSettings(t *testing.T) {
	for name, want := range map[string]string{
		"no_runs":           "max_runs is 0, must be at least 1",
		"no_idle":           "run_idle is 0s, must be above 0s",
		"no_session_idle":   "session_idle is -1s, must be above 0s",
		"no_interval":       "storage_interval is 0s, must be above 0s",
		"negative_steps":    "max_steps is -1, must be 0 (no limit) or more",
		"negative_tokens":   "max_tokens is -1, must be 0 (no limit) or more",
		"negative_cost":     "max_cost is -0.5, must be 0 (no limit) or more",
		"short_key":         "key has 6 bytes, must have at least 32",
		"unknown_rule":      `thresholds: unknown rule "repeats", must be one of cycle, messages_only, no_result, poll, repeat, repeat_error, repeat_output, same_result, scattered, unknown_args`,
		"runaway_threshold": `thresholds: rule "runaway" has no thresholds; set max_steps, max_tokens or max_cost`,
		"falling":           "thresholds: repeat: detected is 4, must be 0 (never) or at least suspected, which is 9",
		"one":               "thresholds: repeat: suspected is 1, must be 0 (never) or at least 2",
		"no_match":          "tools[0]: match is empty, must be a regular expression that tool names match",
		"bad_match":         `tools[0]: match "(" is no regular expression`,
		"exempt_and_poll":   "tools[0]: exempt is set together with poll or thresholds; an exempt tool has no rules",
		"bad_tool_rule":     `tools[0]: thresholds: unknown rule "cycles"`,
		"bad_poll":          `poll_tools[0]: "*" is no regular expression`,
		"empty_exempt":      "exempt_tools[0] is empty, must be a regular expression that tool names match",
	} {
		t.Run(name, func(t *testing.T) { assert.ErrorContains(t, confmap.Validate(load(t, name)), want) })
	}
}
