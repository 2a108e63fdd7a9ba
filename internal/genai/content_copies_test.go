// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

func TestCopies(t *testing.T) {
	text := strings.Repeat("a long question ", 20)
	current := `[{"role":"user","parts":[{"type":"text","content":"` + text + `"}]}]`
	openAI := `{"messages":[{"role":"user","content":"` + text + `"}]}`
	for _, tt := range []struct {
		name  string
		attrs map[string]any
		want  []string
	}{
		{"another form of the same messages", map[string]any{"gen_ai.input.messages": current, "input.value": openAI}, []string{"input.value"}},
		{"flattened", map[string]any{
			"gen_ai.input.messages": current, "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": text,
		}, []string{"llm.input_messages."}},
		{"byte for byte", map[string]any{"gen_ai.tool.call.result": text, "output.value": text}, []string{"output.value"}},
		{"another question", map[string]any{"gen_ai.input.messages": current, "input.value": strings.ReplaceAll(openAI, "long", "short")}, nil},
		{"one message more", map[string]any{
			"gen_ai.input.messages": current, "input.value": strings.Replace(openAI, `[`, `[{"role":"system","content":"s"},`, 1),
		}, nil},
		{"short", map[string]any{"input.value": "hi", "gen_ai.prompt": "hi"}, nil},
		{"question and answer alike", map[string]any{"input.value": text, "output.value": text}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.attrs["gen_ai.operation.name"] = "chat"
			span := ptrace.NewSpan()
			require.NoError(t, span.Attributes().FromRaw(tt.attrs))
			var got []string
			for _, c := range NewReader(nil).Span(span).Copies(nil) {
				got = append(got, c.Key)
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestFlattenedMessage(t *testing.T) {
	family, message, rest, ok := FlattenedMessage("llm.input_messages.12.message.tool_calls.0.tool_call.id")
	assert.True(t, ok)
	assert.Equal(t, []string{"llm.input_messages.", "llm.input_messages.12", "message.tool_calls.0.tool_call.id"}, []string{family, message, rest})
	assert.Equal(t, "llm.input_messages.12.message.content", FlattenedText(family, message))
	assert.Equal(t, "gen_ai.prompt.0.content", FlattenedText("gen_ai.prompt.", "gen_ai.prompt.0"))
	assert.True(t, IsFlattenedRole("message.role") && IsFlattenedRole("role") && !IsFlattenedRole("content"))
	for _, other := range []string{"gen_ai.input.messages", "llm.input_messages.", "llm.input_messages.3", "retrieval.documents.0.document.content", "x"} {
		_, _, _, ok := FlattenedMessage(other)
		assert.False(t, ok, other)
	}
}
