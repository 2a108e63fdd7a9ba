// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/test/harness"
)

func startNormalizer(t *testing.T) *harness.Collector {
	only := []string{"llm_normalizer"}
	return harness.Start(t, harness.Pipeline{Traces: only, Logs: only}.YAML())
}

// TestNormalisedSpansDoNotDependOnTheBatching replays each fixture in all ways.
func TestNormalisedSpansDoNotDependOnTheBatching(t *testing.T) {
	c := startNormalizer(t)
	for _, f := range harness.Fixtures(t) {
		t.Run(f.Name(), func(t *testing.T) {
			want := map[spanID]map[string]any{}
			for _, span := range normalised(t, c, f, harness.AsCaptured) {
				want[idOf(span)] = plain(span)
			}
			for _, way := range harness.Ways[1:] {
				got := normalised(t, c, f, way)
				require.Len(t, got, harness.SpanCount(way.Arrange(f.Requests)), way.Name)
				for _, span := range got {
					assert.Equal(t, want[idOf(span)], plain(span), way.Name)
				}
			}
		})
	}
	require.NoError(t, c.Stop())
}

func normalised(t *testing.T, c *harness.Collector, f harness.Fixture, way harness.Way) []harness.Span {
	return harness.Replay(t, c, f, way).Spans(t, "traces", harness.SpanCount(way.Arrange(f.Requests)))
}

type spanID struct {
	trace pcommon.TraceID
	span  pcommon.SpanID
}

func idOf(s harness.Span) spanID { return spanID{s.TraceID(), s.SpanID()} }

// plain is everything of a span that a component could change.
func plain(s harness.Span) map[string]any {
	events := []any{}
	for _, e := range s.Events().All() {
		events = append(events, []any{e.Name(), e.Attributes().AsRaw()})
	}
	return map[string]any{
		"name": s.Name(), "kind": s.Kind(), "status": s.Status().Code(), "message": s.Status().Message(),
		"parent": s.ParentSpanID(), "start": s.StartTimestamp(), "end": s.EndTimestamp(), "events": events,
		"attributes": s.Attributes().AsRaw(), "resource": s.Resource.AsRaw(), "scope": s.Scope.Name(),
	}
}

// inference are the operations of spans that are model calls.
var inference = []any{"chat", "text_completion", "generate_content", "embeddings", "rerank", "image_generation"}

// TestModelCallsAreThoseTheServerBilled holds what comes out against the model server's own record: the spans
// with a model operation, a model and usage are the billed ones, no more, and their counts are the billed ones.
func TestModelCallsAreThoseTheServerBilled(t *testing.T) {
	c := startNormalizer(t)
	for _, f := range harness.Fixtures(t) {
		t.Run(f.Name(), func(t *testing.T) {
			billed := f.Label.Billed
			sameCall := map[string]bool{}
			for _, ids := range billed.SameCallAlsoOn {
				for _, id := range ids {
					sameCall[id] = true
				}
			}
			recognised := map[string]bool{}
			for _, span := range normalised(t, c, f, harness.AsCaptured) {
				id := span.SpanID().String()
				if !isModelCall(span) || sameCall[id] {
					continue
				}
				recognised[id] = true
				call, ok := billed.Spans[id]
				assert.True(t, ok, "%s %q was not billed", id, span.Name())
				assertCount(t, call.Input, span, "gen_ai.usage.input_tokens")
				assertCount(t, call.Output, span, "gen_ai.usage.output_tokens")
				assertCount(t, call.CacheRead, span, "gen_ai.usage.cache_read.input_tokens")
				assertCount(t, call.CacheWrite, span, "gen_ai.usage.cache_write.input_tokens")
			}
			for id := range billed.Spans {
				assert.True(t, recognised[id], "%s was billed and is not recognised", id)
			}
		})
	}
}

func isModelCall(s harness.Span) bool {
	hasModel := s.Attr("gen_ai.response.model") != nil || s.Attr("gen_ai.request.model") != nil
	return hasModel && s.Attr("gen_ai.usage.input_tokens") != nil && slices.Contains(inference, s.Attr("gen_ai.operation.name"))
}

// assertCount compares a billed count with the span's. Fixtures of JavaScript clients have none; a count of zero
// need not be written.
func assertCount(t *testing.T, billed *int64, s harness.Span, name string) {
	t.Helper()
	if billed == nil || *billed == 0 && s.Attr(name) == nil {
		return
	}
	assert.Equal(t, *billed, s.Attr(name), "%s %s", s.SpanID(), name)
}
