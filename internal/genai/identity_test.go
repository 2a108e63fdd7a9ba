// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// TestProviderOfANamedSpan: a span's name tells the provider only where nothing that was recorded says otherwise.
func TestProviderOfANamedSpan(t *testing.T) {
	tests := []struct {
		name, span string
		attributes map[string]any
		want       string
	}{
		{"its own model", "openai.chat", map[string]any{"model": "gpt-4o"}, "openai"},
		{"its own host", "openai.chat", map[string]any{"model": "gpt-4o", "server.address": "api.openai.com"}, "openai"},
		{"Azure's host", "openai.chat", map[string]any{"model": "gpt-4o", "server.address": "shop.openai.azure.com"}, ""},
		{"a gateway's host", "openai.chat", map[string]any{"model": "gpt-4o", "server.address": "localhost"}, ""},
		{"open weights", "openai.chat", map[string]any{"model": "gpt-oss-20b"}, ""},
		{"another's model", "openai.chat", map[string]any{"model": "llama-3.1-8b"}, ""},
		{"Bedrock's name of a model", "anthropic.messages", map[string]any{"model": "us.anthropic.claude-sonnet-4-5-20250929-v1:0"}, ""},
		{"LangChain's word", "OpenAI call", map[string]any{"model": "gpt-4o", "metadata": `{"ls_provider":"azure"}`}, "azure"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			span := ptrace.NewSpan()
			span.SetName(tt.span)
			require.NoError(t, span.Attributes().FromRaw(tt.attributes))
			span.Attributes().PutInt("prompt_tokens", 5)
			assert.Equal(t, tt.want, NewReader(nil).Span(span).Provider())
		})
	}
}

func TestCanonicalProvider(t *testing.T) {
	for sent, want := range map[string]string{
		"langgenius/openai/openai":             "openai", // Dify's plugins
		"langgenius/azure_openai/azure_openai": "azure.ai.openai",
		"langgenius/tongyi/tongyi":             "langgenius/tongyi/tongyi",
		"bedrock/anthropic":                    "bedrock/anthropic", // the maker of a model is not who bills it
		"azure/openai":                         "azure/openai",
		"openai.chat":                          "openai",
	} {
		assert.Equal(t, want, canonicalProvider(sent), sent)
	}
}
