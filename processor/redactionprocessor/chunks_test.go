// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestChunks(t *testing.T) {
	for _, tt := range []struct {
		name, event, key string
		in, want         []string
	}{
		{
			"MLflow: plain", "new_token", "token",
			[]string{"mail bob@", "exam", "ple.com or", " not"},
			[]string{"mail [EMAIL]", "", " or", " not"},
		},
		{
			"two hits, one across and one within", "llm.content.completion.chunk", "content",
			[]string{"card 4111 1111 ", "1111 1111, mail a@example.com and bob@ex", "ample.com"},
			[]string{"card [CREDIT_CARD]", ", mail [EMAIL] and [EMAIL]", ""},
		},
		{
			"JSON strings", "new_token", "token",
			[]string{`"bob@exa"`, `"mple.com"`},
			[]string{`"[EMAIL]"`, `""`},
		},
		{
			"JSON objects, as MLflow's and OpenAI's chunks are", "mlflow.chunk.item.0", "mlflow.chunk.value",
			[]string{`{"id":"chatcmpl-1","choices":[{"delta":{"content":"bob@exa"}}]}`, `{"id":"chatcmpl-1","choices":[{"delta":{"content":"mple.com!"}}]}`},
			[]string{`{"id":"chatcmpl-1","choices":[{"delta":{"content":"[EMAIL]"}}]}`, `{"id":"chatcmpl-1","choices":[{"delta":{"content":"!"}}]}`},
		},
		{
			"the word that says what it is stands in another piece", "new_token", "token",
			[]string{"My SSN is", " 219099998", "."},
			[]string{"My SSN is", " [US_SSN]", "."},
		},
		{"nothing crosses", "new_token", "token", []string{"a@example.com", " b"}, []string{"[EMAIL]", " b"}},
		{"no piece of an answer", "exception", "exception.message", []string{"bob@exa", "mple.com"}, []string{"bob@exa", "mple.com"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newTestScrubber(t, "")
			td, span := newSpan()
			for _, piece := range tt.in {
				e := span.Events().AppendEmpty()
				e.SetName(tt.event)
				e.Attributes().PutStr(tt.key, piece)
			}
			s.traces(td)
			s.traces(td)
			var got []string
			for _, e := range span.Events().All() {
				v, _ := e.Attributes().Get(tt.key)
				got = append(got, v.Str())
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

// TestChunksCutAnywhere cuts an answer at every place: nothing of what was planted survives.
func TestChunksCutAnywhere(t *testing.T) {
	answer := "Write to bob@example.com, pay with 4111111111111111."
	for cut := 1; cut < len(answer); cut++ {
		s := newTestScrubber(t, "")
		td, span := newSpan()
		for _, piece := range []string{answer[:cut], answer[cut:]} {
			e := span.Events().AppendEmpty()
			e.SetName("new_token")
			e.Attributes().PutStr("token", piece)
		}
		s.traces(td)
		var joined strings.Builder
		for _, e := range span.Events().All() {
			v, _ := e.Attributes().Get("token")
			joined.WriteString(v.Str())
		}
		assert.Equal(t, "Write to [EMAIL], pay with [CREDIT_CARD].", joined.String(), "cut at %d", cut)
	}
}
