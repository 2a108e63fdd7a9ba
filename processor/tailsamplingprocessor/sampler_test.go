// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/llmcol/llmcol/processor/tailsamplingprocessor/internal/metadata"
)

// startSampler starts a processor that is stopped when the test ends; then every span must be accounted for.
func startSampler(t testing.TB, configure func(*Config)) (*sampler, *consumertest.TracesSink) {
	cfg := createDefaultConfig().(*Config)
	configure(cfg)
	require.NoError(t, cfg.Validate())
	next := new(consumertest.TracesSink)
	s, err := newSampler(processortest.NewNopSettings(metadata.Type), cfg, next)
	require.NoError(t, err)
	require.NoError(t, s.Start(t.Context(), host{}))
	t.Cleanup(func() {
		require.NoError(t, s.Shutdown(context.Background()))
		stats := s.engine.Stats()
		require.Equal(t, stats.Received, stats.Accounted(), "spans in = kept + dropped + held + refused")
	})
	return s, next
}
