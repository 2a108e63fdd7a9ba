// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// repeating is a streamed call as Rig sends it through tracing-opentelemetry, which appends what is recorded a second time.
func repeating(t *testing.T) ptrace.Span {
	t.Helper()
	text := new(ptrace.JSONUnmarshaler)
	traces, err := text.UnmarshalTraces([]byte(`{"resourceSpans":[{"scopeSpans":[{"scope":{"name":"rig"},"spans":[{"name":"chat","attributes":[
		{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
		{"key":"gen_ai.request.model","value":{"stringValue":"gpt-4o-mini"}},
		{"key":"gen_ai.usage.input_tokens","value":{"intValue":"0"}},
		{"key":"gen_ai.completion","value":{"stringValue":"He"}},
		{"key":"gen_ai.usage.input_tokens","value":{"stringValue":"18"}},
		{"key":"gen_ai.usage.output_tokens","value":{"intValue":"34"}},
		{"key":"gen_ai.completion","value":{"stringValue":"Hello"}}]}]}]}]}`))
	require.NoError(t, err)
	return traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
}

func TestOfARepeatedAttributeTheLastCounts(t *testing.T) {
	v := NewReader(nil).Span(repeating(t))
	assert.Equal(t, Usage{Input: 18, Output: 34, Has: HasInput | HasOutput}, v.Usage())
	require.Len(t, v.contents, 1)
	assert.Equal(t, "Hello", v.contents[0].Value.Str())
}

func TestNormalizeLeavesOneAttributeOfAName(t *testing.T) {
	span := repeating(t)
	n := NewNormalizer(NormalizerOptions{Names: NamesLatest})
	n.Span(span)
	seen := make(map[string]int)
	for k := range span.Attributes().All() {
		seen[k]++
	}
	for k, times := range seen {
		assert.Equal(t, 1, times, k)
	}
	input, _ := span.Attributes().Get("gen_ai.usage.input_tokens")
	assert.Equal(t, pcommon.NewValueInt(18), input)
	sent, _ := span.Attributes().Get(OriginalPrefix + "gen_ai.usage.input_tokens")
	assert.Equal(t, "18", sent.Str())
	assert.Equal(t, Change{Operation: OpChat}, n.Span(span), "a second pass")
}

func TestOrdinaryTelemetryKeepsItsRepeatedAttributes(t *testing.T) {
	text := new(ptrace.JSONUnmarshaler)
	traces, err := text.UnmarshalTraces([]byte(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"GET /","attributes":[
		{"key":"user_id","value":{"stringValue":"u1"}},{"key":"user_id","value":{"stringValue":"u2"}}]}]}]}]}`))
	require.NoError(t, err)
	span := traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
	assert.Equal(t, Change{}, NewNormalizer(NormalizerOptions{Names: NamesLatest}).Span(span))
	assert.Equal(t, 2, span.Attributes().Len())
}
