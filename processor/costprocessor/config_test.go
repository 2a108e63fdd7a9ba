// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package costprocessor

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.yaml.in/yaml/v3"

	"github.com/llmcol/llmcol/internal/pricing"
)

func load(t *testing.T, name string) *Config {
	t.Helper()
	all, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	one, err := all.Sub(name)
	require.NoError(t, err)
	cfg := createDefaultConfig().(*Config)
	require.NoError(t, one.Unmarshal(cfg))
	return cfg
}

func TestValidConfigurations(t *testing.T) {
	cfg := load(t, "llm_cost")
	require.NoError(t, confmap.Validate(cfg))
	assert.Equal(t, createDefaultConfig(), cfg)
	cfg = load(t, "llm_cost/all")
	require.NoError(t, confmap.Validate(cfg))
	assert.Equal(t, &Config{
		Prices: []string{"testdata/prices.yaml"}, PollInterval: 10 * time.Second,
		Write:        []string{"gen_ai", "openinference", "langfuse", "logfire", "litellm", "mlflow", "langsmith"},
		ExistingCost: Compare, Memory: MemoryConfig{Window: 2 * time.Minute, MaxCalls: 500},
	}, cfg)
	require.NoError(t, confmap.Validate(load(t, "llm_cost/draft")))
}

// TestTheReadmeIsRight loads the examples of the README.
func TestTheReadmeIsRight(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(readme, -1)
	require.Len(t, blocks, 3)
	for _, block := range blocks[:2] {
		var all map[string]any
		require.NoError(t, yaml.Unmarshal(block[1], &all))
		one, err := confmap.NewFromStringMap(all).Sub("processors::llm_cost")
		require.NoError(t, err)
		require.NoError(t, one.Unmarshal(createDefaultConfig()))
	}
	file := filepath.Join(t.TempDir(), "prices.yaml")
	require.NoError(t, os.WriteFile(file, blocks[2][1], 0o600))
	_, err = pricing.Load(file)
	require.NoError(t, err)
}

func TestInvalidConfigurations(t *testing.T) {
	const profiles = "gen_ai, openinference, langfuse, logfire, litellm, otel_draft, mlflow, langsmith"
	for name, want := range map[string]string{
		"llm_cost/clash":       `write: "gen_ai" and "otel_draft" cannot be written together: one's attribute is the prefix of the other's`,
		"llm_cost/no_profile":  `write: "datadog" is no profile; there are ` + profiles,
		"llm_cost/empty_write": `write: names no profile; there are ` + profiles,
		"llm_cost/twice":       `write: "gen_ai" stands there twice`,
		"llm_cost/existing":    `existing_cost: "ignore" is none of keep, overwrite, compare`,
		"llm_cost/poll":        `poll_interval: 1ms is shorter than 1s`,
		"llm_cost/memory":      "memory::window: 0s is not more than 0\nmemory::max_calls: 0 is not more than 0",
		"llm_cost/missing":     `prices: testdata/missing.yaml: cannot be opened: no such file or directory`,
		"llm_cost/wrong_key":   `prices: testdata/wrong_key.yaml:1: modles: unknown key; did you mean "models"?`,
		"llm_cost/wrong_unit":  `prices: testdata/wrong_unit.yaml:3: models.openai/gpt-4o.input_per_token: unknown unit`,
		"llm_cost/negative":    `prices: testdata/negative.yaml:4: models.openai/gpt-4o.output: "-8" is negative; prices are 0 or more`,
	} {
		assert.EqualError(t, confmap.Validate(load(t, name)), want, name)
	}
	var fileError *pricing.FileError
	require.ErrorAs(t, load(t, "llm_cost/negative").Validate(), &fileError)
	assert.Equal(t, 4, fileError.Line)
}
