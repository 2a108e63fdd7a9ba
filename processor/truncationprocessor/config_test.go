// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/llmcol/llmcol/internal/content"
	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/processor/truncationprocessor/internal/metadata"
)

func TestConfig(t *testing.T) {
	truncate := ContentConfig{Mode: ModeTruncate}
	for _, c := range []struct {
		name  string
		want  *Config
		wrong string
	}{
		{name: "", want: &Config{
			MaxAttributeBytes: 16384, Prompts: truncate, Completions: truncate, ToolArguments: truncate, ToolResults: truncate, Documents: truncate, Other: truncate,
		}},
		{name: "all", want: &Config{
			MaxAttributeBytes: 8192, MaxMessageBytes: 4096, MaxSpanBytes: 65536, Deduplicate: true,
			Prompts: ContentConfig{Mode: ModeTruncate, MaxTokens: 500}, Completions: ContentConfig{Mode: ModeTruncate, MaxBytes: 4000},
			ToolArguments: ContentConfig{Mode: ModeHash, MaxBytes: 1024}, ToolResults: ContentConfig{Mode: ModeDrop, MaxBytes: 2048},
			Documents: ContentConfig{Mode: ModeHash}, Other: ContentConfig{Mode: ModeDrop, MaxBytes: 512},
		}},
		{name: "attribute", wrong: "max_attribute_bytes: 20 is too small, "},
		{name: "no_attribute", wrong: "max_attribute_bytes: 0 is too small, "},
		{name: "message", wrong: "max_message_bytes: 20 is too small, "},
		{name: "span", wrong: "max_span_bytes: 100 is too small, 4096 is the least that has room"},
		{name: "mode", wrong: `prompts::mode: "shred", want one of truncate, hash, drop`},
		{name: "truncate", wrong: "completions::max_bytes: 10 is too small, "},
		{name: "hash", wrong: "tool_results::max_bytes: 60 is too small, "},
		{name: "tokens", wrong: "documents::max_tokens: 3 is too small, "},
		{name: "negative", wrong: "other::max_bytes: -1 is too small, "},
		{name: "both", wrong: "tool_arguments: max_bytes and max_tokens are both set"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg, err := loadConfig(t, c.name)
			require.NoError(t, err)
			if c.wrong != "" {
				assert.ErrorContains(t, confmap.Validate(cfg), c.wrong)
				return
			}
			require.NoError(t, confmap.Validate(cfg))
			assert.Equal(t, c.want, cfg)
		})
	}
}

func loadConfig(t *testing.T, name string) (component.Config, error) {
	all, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	sub, err := all.Sub(component.NewIDWithName(metadata.Type, name).String())
	require.NoError(t, err)
	cfg := NewFactory().CreateDefaultConfig()
	return cfg, sub.Unmarshal(cfg)
}

func TestTokensCountFourBytes(t *testing.T) {
	limits := configOf(t, "prompts: {max_tokens: 500}\nother: {mode: hash, max_bytes: 1000}").limits()
	assert.Equal(t, content.Limit{MaxBytes: 2000}, limits.Kinds[genai.ContentPrompt])
	assert.Equal(t, content.Limit{MaxBytes: 1000, Mode: content.Hash}, limits.Other)
}
