// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package normalizerprocessor

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/llmcol/llmcol/processor/normalizerprocessor/internal/metadata"
)

func TestConfig(t *testing.T) {
	for _, c := range []struct {
		name  string
		want  *Config
		wrong string
	}{
		{name: "", want: &Config{Originals: KeepOriginals, WriteSemconv: SemconvLatest}},
		{name: "all", want: &Config{
			Originals: RemoveOriginals, WriteSemconv: SemconvV141,
			Mappings: map[string]string{
				"acme.model": "gen_ai.request.model", "acme.tokens.in": "gen_ai.usage.input_tokens", "acme.prompt": "gen_ai.input.messages",
			},
		}},
		{name: "originals", wrong: `originals: "drop" is neither "keep" nor "remove"`},
		{name: "semconv", wrong: `write_semconv: "v1.30" is neither "latest" nor "v1.41"`},
		{name: "mappings", wrong: `mappings: "acme.model": "gen_ai.model" is no name to map to; possible are`},
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
