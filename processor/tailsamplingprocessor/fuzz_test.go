// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/llmcol/llmcol/processor/tailsamplingprocessor/internal/metadata"
)

// Whatever a client sends, every span is accounted for, and what is kept comes out.
func FuzzEverySpanIsAccountedFor(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 4))
	for _, td := range append(randomTraces(r, 5), agentBatch(r, 5, 1000, false)) {
		raw, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
		require.NoError(f, err)
		f.Add(raw, true)
		f.Add(raw, false)
	}
	f.Fuzz(func(t *testing.T, raw []byte, flush bool) {
		td, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(raw)
		if err != nil {
			return
		}
		cfg := createDefaultConfig().(*Config)
		if flush {
			cfg.EarlyKeep = Flush
		}
		cfg.Policies = []PolicyConfig{
			{Name: "errors", Type: "error", Error: ErrorConfig{Include: []string{"length", "unfinished"}}},
			{Name: "vague", Type: "retrieval_score_below", RetrievalScoreBelow: ThresholdConfig{Threshold: 0.5}},
			{Name: "bad", Type: "evaluation"},
			{Name: "rest", Type: "conversation", Conversation: ConversationConfig{SamplingPercentage: 50}},
			{Name: "bytes", Type: "bytes_limiting", BytesLimiting: BytesLimitingConfig{BytesPerSecond: 1000}},
			{Name: "kinds", Type: "diverse"},
		}
		next := new(consumertest.TracesSink)
		s, err := newSampler(processortest.NewNopSettings(metadata.Type), cfg, next)
		require.NoError(t, err)
		require.NoError(t, s.Start(t.Context(), host{}))
		spans := td.SpanCount()
		again := ptrace.NewTraces()
		td.CopyTo(again)
		require.NoError(t, s.ConsumeTraces(t.Context(), td))
		require.NoError(t, s.ConsumeTraces(t.Context(), again))
		require.NoError(t, s.Shutdown(context.Background()))
		stats := s.engine.Stats()
		require.Equal(t, int64(2*spans), stats.Received)
		require.Equal(t, stats.Received, stats.Accounted(), "%+v", stats)
		require.Equal(t, stats.Kept, int64(next.SpanCount()))
	})
}
