// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSpeaker(t *testing.T) {
	for _, tt := range []struct{ role, typ, want string }{
		{"user", "", "user"}, {"developer", "", "system"}, {"model", "", "assistant"}, {"", "human", "user"}, {"", "ai", "assistant"},
		{"tool", "message", "tool"}, {"", "text", ""}, {"", "tool_call", ""}, {"", "tool_use", ""}, {"", "function", ""}, {"", "", ""},
		{"critic", "ai", ""},
	} {
		assert.Equal(t, tt.want, Speaker(tt.role, tt.typ), "role %q, type %q", tt.role, tt.typ)
	}
}

func TestMessageLike(t *testing.T) {
	const part = `{"type":"x"}`
	for _, tt := range []struct{ sample, text, part string }{
		{`{"role":"user","content":"hi"}`, `{"role":"user","content":"T"}`, `{"role":"user","content":"T"}`},
		{`{"role":"tool","tool_call_id":"c","content":null}`, `{"role":"tool","content":"T"}`, `{"role":"tool","content":"T"}`},
		{`{"role":"user","parts":[{"type":"text","content":"hi"}]}`,
			`{"role":"user","parts":[{"type":"text","content":"T"}]}`, `{"role":"user","parts":[{"type":"x"}]}`},
		{`{"role":"model","parts":[{"text":"hi"}]}`, `{"role":"model","parts":[{"text":"T"}]}`, `{"role":"model","parts":[{"type":"x"}]}`},
		{`{"role":"user","content":[{"type":"text","text":"hi"}]}`,
			`{"role":"user","content":[{"type":"text","text":"T"}]}`, `{"role":"user","content":[{"type":"x"}]}`},
		{`{"type":"human","content":"hi"}`, `{"type":"human","content":"T"}`, `{"type":"human","content":"T"}`},
		{`{"index":0,"message":{"role":"assistant","content":"hi"}}`,
			`{"message":{"role":"assistant","content":"T"}}`, `{"message":{"role":"assistant","content":"T"}}`},
		{`{"lc":1,"type":"constructor","kwargs":{"content":"hi","type":"ai"}}`,
			`{"kwargs":{"type":"ai","content":"T"}}`, `{"kwargs":{"type":"ai","content":"T"}}`},
		{`{"role":"` + string(make([]byte, 99)) + `"}`, `{"role":"user","content":"T"}`, `{"role":"user","content":"T"}`},
	} {
		assert.Equal(t, tt.text, MessageLike(tt.sample, "T", ""), tt.sample)
		assert.Equal(t, tt.part, MessageLike(tt.sample, "T", part), tt.sample)
	}
}
