// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// A client that resends, or a processor in between, may change a value that was replaced before: the first one is the client's.
func TestTheFirstOriginalIsKept(t *testing.T) {
	span := ptrace.NewSpan()
	attrs := span.Attributes()
	attrs.PutStr("gen_ai.operation.name", "CHAT")
	n := NewNormalizer(NormalizerOptions{Names: NamesLatest})
	n.Span(span)
	attrs.PutStr("gen_ai.operation.name", "Chat")
	n.Span(span)
	assert.Equal(t, map[string]any{
		"gen_ai.operation.name":                 "chat",
		"llmcol.original.gen_ai.operation.name": "CHAT",
		"llmcol.normalizer.replaced":            []any{"gen_ai.operation.name"},
	}, attrs.AsRaw())
}
