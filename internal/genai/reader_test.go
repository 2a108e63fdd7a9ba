// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// A reader expects what it has read before; what it reads does not depend on that.
func TestReadingDoesNotDependOnWhatWasReadBefore(t *testing.T) {
	keys := []string{
		"", "gen_ai.operation.name", "gen_ai.request.model", "gen_ai.usage.input_tokens", "model", "prompt", "http.route", "http.request.method",
		"llm.input_messages.0.message.role", "llm.tools.0.tool.json_schema", "mlflow.unknown", "llm.input_messages.0." + strings.Repeat("k", longestKey), strings.Repeat("k", longestKey+1), strings.Repeat("l", longestKey+1),
	}
	for i := range longestExpected {
		keys = append(keys, "application."+strings.Repeat("x", i))
	}
	rng := rand.New(rand.NewPCG(3, 3))
	reused := NewReader(nil)
	for range 5000 {
		span := ptrace.NewSpan()
		for range []int{0, 1, 2, 3, 5, len(keys)}[rng.IntN(6)] {
			span.Attributes().PutStr(keys[rng.IntN(len(keys))], "chat")
		}
		want, got := NewReader(nil).Span(span), reused.Span(span)
		require.Equal(t, want.filled, got.filled)
		require.Equal(t, want.claims, got.claims)
		require.Equal(t, want.plainKeys, got.plainKeys)
		require.ElementsMatch(t, want.families, got.families)
		require.Equal(t, len(want.contents), len(got.contents))
		require.Equal(t, want.Operation(), got.Operation())
		require.Equal(t, want.Model(), got.Model())
	}
}
