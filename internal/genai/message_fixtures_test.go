// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/test/harness"
)

// spoken is what messages say, without what one of two places of the same client may leave out.
func spoken(msgs []Message) (said [][4]string) {
	for _, m := range msgs {
		for _, p := range m.Parts {
			said = append(said, [4]string{m.Role, string(p.Type), p.ID, p.Text + p.Arguments + p.Response})
		}
	}
	return said
}

func textAttribute(s ptrace.Span, key string) string {
	v, _ := s.Attributes().Get(key)
	return v.AsString()
}

// OpenInference sends each call's messages twice: flattened, and as the request and the response were. Both have to say the same.
func TestFlattenedAndWholeMessagesOfClientsAgree(t *testing.T) {
	compared := 0
	for _, f := range harness.Fixtures(t) {
		if f.Name() != "openinference-js-openai-4.2.7" && f.Name() != "openinference-py-langchain-0.1.80" && f.Name() != "controls-py-langgraph-0.1.80" {
			continue
		}
		eachSpan(t, f, func(_ *View, s ptrace.Span) {
			for prefix, place := range map[string]struct {
				key  string
				role Role
			}{"llm.input_messages.": {"input.value", RoleRawInput}, "llm.output_messages.": {"output.value", RoleRawOutput}} {
				flat, lossless := DecodeFlattened(nil, s.Attributes(), prefix, RoleInputMessages)
				if len(flat) == 0 || textAttribute(s, "openinference.span.kind") != "LLM" {
					continue
				}
				assert.True(t, lossless, "%s: %s", f.Name(), s.Name())
				whole, _ := DecodeMessages(nil, textAttribute(s, place.key), place.role)
				assert.Equal(t, spoken(whole), spoken(flat), "%s: %s", f.Name(), s.Name())
				compared++
			}
		})
	}
	require.Greater(t, compared, 50)
}

// What clients send in the form of the conventions is told as such, read without loss, and said again in the same order.
func TestCurrentMessagesOfClients(t *testing.T) {
	roles := map[string]Role{"gen_ai.input.messages": RoleInputMessages, "gen_ai.output.messages": RoleOutputMessages}
	read := map[string]int{}
	for _, f := range harness.Fixtures(t) {
		eachSpan(t, f, func(_ *View, s ptrace.Span) {
			for key, role := range roles {
				v, ok := s.Attributes().Get(key)
				if !ok {
					continue
				}
				assert.True(t, LooksCurrent(v.AsString()), "%s: %s", f.Name(), s.Name())
				msgs, lossless := DecodeValue(nil, v, role)
				assert.True(t, lossless, "%s: %s: %s", f.Name(), s.Name(), v.AsString())
				assert.NotEmpty(t, msgs)
				checkSettled(t, msgs)
				read[f.Name()]++
			}
		})
	}
	require.GreaterOrEqual(t, len(read), 6, "clients: %v", read)
}

// Whatever a client puts into an attribute: where its messages are said to hold all of it, every sentence is in them.
func TestNothingOfClientsIsLostSilently(t *testing.T) {
	checked := 0
	for _, f := range harness.Fixtures(t) {
		eachSpan(t, f, func(_ *View, s ptrace.Span) {
			for _, v := range s.Attributes().All() {
				for _, role := range everyMessageRole {
					if msgs, lossless := DecodeMessages(nil, v.AsString(), role); lossless {
						checkNothingLost(t, v.AsString(), msgs)
						checked++
					}
				}
			}
		})
	}
	require.Greater(t, checked, 1000)
}
