// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/llmcol/llmcol/test/harness"
)

func TestValidatePassesOnWhatIsShipped(t *testing.T) {
	root, err := harness.Root()
	require.NoError(t, err)
	files, err := filepath.Glob(filepath.Join(root, "config", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			config := harness.Config(t, filepath.Join("config", filepath.Base(file)))
			assert.NoError(t, harness.Validate([]string{config},
				"LLMCOL_TOKEN=a-token-for-tests", "LLMCOL_REDACTION_KEY=a redaction key of more than 32 bytes"))
		})
	}
}

func TestValidateNamesTheSettingThatIsWrong(t *testing.T) {
	tests := []struct {
		name, wrong string
		want        []string
	}{
		{"a wrong key", `receivers: {otlp: {protocols: {grpc: {endpiont: "127.0.0.1:4317"}}}}`, []string{"otlp", "endpiont"}},
		{"a wrong type", `processors: {memory_limiter: {check_interval: soon}}`, []string{"memory_limiter", "check_interval"}},
		{"an impossible combination", `processors: {memory_limiter: {limit_mib: 100, spike_limit_mib: 200}}`, []string{"memory_limiter", "spike_limit_mib"}},
		{"a wrong key of ours", `processors: {llm_normalizer: {orginals: keep}}`, []string{"llm_normalizer", "orginals"}},
		{"a wrong type of ours", `processors: {llm_normalizer: {mappings: [model]}}`, []string{"llm_normalizer", "mappings"}},
		{"a value that is none of ours", `processors: {llm_normalizer: {originals: perhaps}}`, []string{"llm_normalizer", "originals", "perhaps", "keep"}},
		{"an unknown component", `processors: {llm_normaliser: {}}`, []string{"llm_normaliser"}},
		{"a component that is not configured", `service: {pipelines: {traces: {processors: [memory_limiter, batch]}}}`, []string{"traces", "batch"}},
	}
	quickstart := harness.Config(t, "config/quickstart.yaml")
	require.NoError(t, harness.Validate([]string{quickstart}))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := harness.Validate([]string{quickstart, tt.wrong})
			for _, want := range tt.want {
				assert.ErrorContains(t, err, want)
			}
		})
	}
}
