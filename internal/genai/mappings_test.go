// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMappings(t *testing.T) {
	m, err := NewMappings(map[string]string{
		"acme.model": "gen_ai.request.model", "acme.in": "gen_ai.usage.input_tokens", "acme.out": "gen_ai.usage.output_tokens",
		"acme.ask": "gen_ai.input.messages", "acme.chat": "gen_ai.conversation.id", "acme.tool": "gen_ai.tool.name",
		"acme.given": "gen_ai.tool.call.arguments", "model": "gen_ai.agent.name",
	})
	require.NoError(t, err)
	for _, c := range []struct {
		name            string
		attributes      map[string]any
		removeOriginals bool
		want            map[string]any
	}{
		{"a model call", map[string]any{"acme.model": "gpt-4o", "acme.in": "53", "acme.out": int64(19), "acme.ask": "hi", "acme.chat": "c1"}, false, map[string]any{
			"acme.model": "gpt-4o", "acme.in": "53", "acme.out": int64(19), "acme.ask": "hi", "acme.chat": "c1", "gen_ai.operation.name": "chat",
			"gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": int64(53), "gen_ai.usage.output_tokens": int64(19), "gen_ai.conversation.id": "c1",
			"gen_ai.input.messages": `[{"role":"user","parts":[{"type":"text","content":"hi"}]}]`,
		}},
		{"without originals", map[string]any{"acme.model": "gpt-4o", "acme.in": "53", "acme.out": int64(19)}, true, map[string]any{
			"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": int64(53), "gen_ai.usage.output_tokens": int64(19),
		}},
		{"a tool call", map[string]any{"acme.tool": "get_weather", "acme.given": `{"city":"Oslo"}`}, false, map[string]any{
			"acme.tool": "get_weather", "acme.given": `{"city":"Oslo"}`, "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "get_weather",
			"gen_ai.tool.call.arguments": `{"city":"Oslo"}`,
		}},
		{"a built-in name with another meaning", map[string]any{"model": "support", "acme.tool": "f"}, false, map[string]any{
			"model": "support", "acme.tool": "f", "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "f", "gen_ai.agent.name": "support",
		}},
		{"none of them", map[string]any{"acme.order": "A-1"}, false, map[string]any{"acme.order": "A-1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := spanOf("work", c.attributes)
			NewNormalizer(NormalizerOptions{Mappings: m, Names: NamesLatest, RemoveOriginals: c.removeOriginals}).Span(s)
			assert.Equal(t, c.want, s.Attributes().AsRaw())
		})
	}
}

func TestMappingsToNothing(t *testing.T) {
	_, err := NewMappings(map[string]string{"acme.model": "gen_ai.model"})
	assert.ErrorContains(t, err, `"acme.model": "gen_ai.model" is no name to map to; possible are`)
	assert.ErrorContains(t, err, "gen_ai.request.model")
	assert.NotContains(t, err.Error(), "llmcol.")
	_, err = NewMappings(map[string]string{"acme.status": CostStatusKey})
	assert.ErrorContains(t, err, "is no name to map to")
}

func TestOnlyOwnNamesAreMapped(t *testing.T) {
	for _, name := range []string{"", "gen_ai.request.model", LoopSeverityKey} {
		_, err := NewMappings(map[string]string{name: "gen_ai.response.model"})
		assert.ErrorContains(t, err, `"`+name+`" cannot be mapped to "gen_ai.response.model": it is no name of your own`)
	}
	_, err := NewMappings(map[string]string{"session.id": "gen_ai.agent.name", "llm.model_name": "gen_ai.request.model"})
	assert.NoError(t, err, "another convention's name may mean something else to a user")
}

func TestWhatIsNoLLMAppsIsNoTarget(t *testing.T) {
	for _, target := range []string{"db.system", "llmcol.normalizer.replaced"} {
		_, err := NewMappings(map[string]string{"acme": target})
		assert.ErrorContains(t, err, "is no name to map to")
	}
}

// TestNames writes the spelling that is asked for, and keeps to the one that a client uses.
func TestNames(t *testing.T) {
	attributes := map[string]any{
		"gen_ai.operation.name": "chat", "gen_ai.request.model": "claude-sonnet-4-5", "gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 5,
		"gen_ai.usage.cache_creation_input_tokens": 40,
	}
	for _, names := range []Names{NamesLatest, NamesV141} {
		s := spanOf("chat", attributes)
		NewNormalizer(NormalizerOptions{Names: names}).Span(s)
		val, written := s.Attributes().Get(names.CacheWrite)
		require.True(t, written, names.CacheWrite)
		assert.EqualValues(t, 40, val.Int())
	}
}
