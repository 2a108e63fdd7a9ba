// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

func TestIntegerParametersAreExactOrNone(t *testing.T) {
	const name = "gen_ai.request.seed"
	for _, c := range []struct {
		sent, want any
	}{
		{int64(math.MaxInt64), int64(math.MaxInt64)},
		{int64(1<<53 + 1), int64(1<<53 + 1)},
		{float64(42), int64(42)},
		{"42", int64(42)},
		{1e300, 1e300},
		{"9007199254740993", "9007199254740993"},
		{0.5, 0.5},
		{"many", "many"},
	} {
		span := ptrace.NewSpan()
		span.Attributes().PutStr("gen_ai.operation.name", "chat")
		require.NoError(t, span.Attributes().PutEmpty(name).FromRaw(c.sent))
		NewNormalizer(NormalizerOptions{Names: NamesLatest}).Span(span)
		assert.Equal(t, c.want, span.Attributes().AsRaw()[name])
	}
}
