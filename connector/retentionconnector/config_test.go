// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package retentionconnector

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/llmcol/llmcol/connector/retentionconnector/internal/metadata"
)

func loadConfig(t *testing.T, name string) *Config {
	all, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	sub, err := all.Sub(component.NewIDWithName(metadata.Type, name).String())
	require.NoError(t, err)
	cfg := NewFactory().CreateDefaultConfig()
	require.NoError(t, sub.Unmarshal(cfg))
	return cfg.(*Config)
}

func TestConfigOfPipelinesOnlyHasTheDefaultClasses(t *testing.T) {
	cfg := loadConfig(t, "")
	require.NoError(t, confmap.Validate(cfg))
	var days []int64
	for _, c := range cfg.Classes {
		days = append(days, c.resolved().Days)
	}
	assert.Equal(t, []int64{90, 30, 7}, days)
	assert.Equal(t, []string{"error", "loop"}, cfg.Classes[0].resolved().SamplingClass)
	assert.Equal(t, []string{"slow", "costly"}, cfg.Classes[1].resolved().SamplingClass)
}

func TestOwnClasses(t *testing.T) {
	cfg := loadConfig(t, "own")
	require.NoError(t, confmap.Validate(cfg))
	assert.Equal(t, int64(60), cfg.Classes[1].resolved().Days)
	assert.Equal(t, []string{"error", "loop"}, cfg.Classes[1].resolved().SamplingClass)
	assert.Equal(t, []any{1000, 5 * time.Second, 1 << 20}, []any{cfg.MaxTraces, cfg.LogWait, cfg.LogWaitBytes})
}

func TestWrongConfigsNameTheSetting(t *testing.T) {
	for name, wrong := range map[string]string{
		"default":       "classes: errors: pipelines: there is none, give at least one",
		"nopipeline":    "classes: normal: pipelines: there is none, give at least one",
		"lastcondition": "classes: errors: the last class must take all that is left",
		"nocondition":   "classes: gold: it has neither sampling_class nor conditions",
		"twice":         "classes: errors: the name is given twice",
		"word":          `classes: bad: sampling_class: "terrible" is none of`,
		"days":          "classes: bad: days: 0 is below 1",
		"ottl":          "classes: bad: span_conditions: ",
		"metrics":       "classes: normal: pipelines: metrics is neither of traces nor of logs",
		"none":          "classes: there are 0, must be 1 to 255",
	} {
		t.Run(name, func(t *testing.T) {
			assert.ErrorContains(t, confmap.Validate(loadConfig(t, name)), wrong)
		})
	}
}
