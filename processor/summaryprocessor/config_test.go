// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package summaryprocessor

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/llmcol/llmcol/processor/summaryprocessor/internal/metadata"
)

func TestConfig(t *testing.T) {
	for _, c := range []struct {
		name  string
		want  component.Config
		wrong string
	}{
		{name: "", want: createDefaultConfig()},
		{name: "all", want: &Config{
			BottleneckShare: 0.3, BottleneckMin: 100 * time.Millisecond, RetrievalScore: 0.7, PromptShare: 0.6, PromptMin: 500, PromptGrowth: 2,
			RepeatedShare: 0.8, TimeToFirstToken: 2 * time.Second, CostOver: 0.25, MaxFindings: 3,
		}},
		{name: "share", wrong: "bottleneck_share: 50 is not a share from 0 to 1"},
		{name: "negative", wrong: "time_to_first_token: -1 is not 0s or more"},
		{name: "many", wrong: "max_findings: 9 is not from 0 to 8"},
		{name: "growth", wrong: "prompt_growth: 0.5 is not 1 or more"},
	} {
		t.Run(c.name, func(t *testing.T) {
			all, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
			require.NoError(t, err)
			sub, err := all.Sub(component.NewIDWithName(metadata.Type, c.name).String())
			require.NoError(t, err)
			cfg := NewFactory().CreateDefaultConfig()
			require.NoError(t, sub.Unmarshal(cfg))
			if c.wrong != "" {
				assert.EqualError(t, confmap.Validate(cfg), c.wrong)
				return
			}
			require.NoError(t, confmap.Validate(cfg))
			assert.Equal(t, c.want, cfg)
		})
	}
}
