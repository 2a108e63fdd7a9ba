// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/llmcol/llmcol/test/harness"
)

func TestNormalizerSpeaksOneVocabulary(t *testing.T) {
	c := harness.Start(t, harness.Pipeline{Traces: []string{"llm_normalizer"}, Logs: []string{"llm_normalizer"}}.YAML())
	for _, f := range harness.Fixtures(t) {
		t.Run(f.Name(), func(t *testing.T) {
			want := normalisedSpans(t, c, f, harness.AsCaptured)
			assertBilledCounts(t, f, want)
			for _, way := range harness.Ways[1:] {
				assertSameAttributes(t, want, normalisedSpans(t, c, f, way), way.Name)
			}
		})
	}
	require.Zero(t, c.Metric(t, "otelcol_processor_llm_normalizer_failures"))
	require.NoError(t, c.Stop())
}

func normalisedSpans(t *testing.T, c *harness.Collector, f harness.Fixture, way harness.Way) map[string]map[string]any {
	out := harness.Replay(t, c, f, way)
	spans := map[string]map[string]any{}
	for _, s := range out.Spans(t, "traces", harness.SpanCount(way.Arrange(f.Requests))) {
		spans[s.SpanID().String()] = s.Attributes().AsRaw()
	}
	return spans
}

// assertBilledCounts compares what stands under the current names with what the model server billed.
func assertBilledCounts(t *testing.T, f harness.Fixture, spans map[string]map[string]any) {
	require.NotEmpty(t, f.Label.Billed.Spans)
	for id, billed := range f.Label.Billed.Spans {
		attrs := spans[id]
		assert.Contains(t, []any{"chat", "embeddings", "text_completion", "generate_content"}, attrs["gen_ai.operation.name"], "span %s", id)
		assert.NotEmpty(t, attrs["gen_ai.request.model"], "span %s", id)
		assert.IsType(t, int64(0), attrs["gen_ai.usage.input_tokens"], "span %s", id)
		if billed.Input == nil {
			continue
		}
		assert.Equal(t, *billed.Input, attrs["gen_ai.usage.input_tokens"], "span %s", id)
		if *billed.Output > 0 {
			assert.Equal(t, *billed.Output, attrs["gen_ai.usage.output_tokens"], "span %s", id)
		}
		if *billed.CacheRead > 0 {
			assert.Equal(t, *billed.CacheRead, attrs["gen_ai.usage.cache_read.input_tokens"], "span %s", id)
		}
		if *billed.CacheWrite > 0 {
			assert.Equal(t, *billed.CacheWrite, attrs["gen_ai.usage.cache_write.input_tokens"], "span %s", id)
		}
	}
}

func assertSameAttributes(t *testing.T, want, got map[string]map[string]any, how string) {
	require.Len(t, got, len(want), how)
	for id, attrs := range want {
		for name := range attrs {
			require.Equal(t, attrs[name], got[id][name], "%s: span %s: %s", how, id, name)
		}
		require.Len(t, got[id], len(attrs), "%s: span %s", how, id)
	}
}
