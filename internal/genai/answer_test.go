// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// TestCostUnderItsBareName: whatever has a model may have a cost.
func TestCostUnderItsBareName(t *testing.T) {
	tests := []struct {
		name       string
		attributes map[string]any
		want       float64
		known      bool
	}{
		{"with tokens", map[string]any{"model": "mine", "prompt_tokens": 9, "cost": 0.25}, 0.25, true},
		{"with a total", map[string]any{"model": "mine", "total_tokens": 9, "cost": 0.25}, 0.25, true},
		{"of a model that is known", map[string]any{"model": "gpt-4o", "prompt": "hi", "cost": 0.25}, 0.25, true},
		{"of a phone", map[string]any{"model.name": "P-15", "provider": "telco", "stream": false, "cost": 900}, 0, false},
		{"of a text message", map[string]any{"model": "sms-v1", "response_text": "queued", "prompt": "hi", "cost": 0.01}, 0, false},
		{"behind a prefix", map[string]any{"llm.model": "mine", "prompt": "hi", "llm.cost": 0.25}, 0.25, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			span := ptrace.NewSpan()
			require.NoError(t, span.Attributes().FromRaw(tt.attributes))
			cost, known := NewReader(nil).Span(span).Cost()
			assert.Equal(t, tt.known, known)
			assert.Equal(t, tt.want, cost)
		})
	}
}
