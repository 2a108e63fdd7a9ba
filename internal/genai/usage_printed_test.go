// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPrintedCounts(t *testing.T) {
	for _, c := range []struct{ language, printed, want string }{
		{"Python dict", `{'prompt_tokens': 9, 'completion_tokens': None, 'prompt_tokens_details': {'cached_tokens': 4}}`,
			`{"prompt_tokens":9,"prompt_tokens_details":{"cached_tokens":4}}`},
		{"Python object", `CompletionUsage(completion_tokens=2, prompt_tokens=9, prompt_tokens_details=PromptTokensDetails(audio_tokens=0, cached_tokens=4))`,
			`{"completion_tokens":2,"prompt_tokens":9,"prompt_tokens_details":{"audio_tokens":0,"cached_tokens":4}}`},
		{"Rust", `Some(CompletionUsage { prompt_tokens: 9, total_tokens: 11, prompt_tokens_details: Some(PromptTokensDetails { audio_tokens: None, cached_tokens: Some(4) }) })`,
			`{"prompt_tokens":9,"total_tokens":11,"prompt_tokens_details":{"cached_tokens":4}}`},
		{"C# record", `UsageDetails { InputTokenCount = 9, OutputTokenCount = , InputTokenDetails = Details { CachedTokenCount = 4 } }`,
			`{"inputTokenCount":9,"inputTokenDetails":{"cachedTokenCount":4}}`},
		{"C# JSON", `{"InputTokenCount":9,"AdditionalCounts":{}}`, `{"inputTokenCount":9,"additionalCounts":{}}`},
		{"Java record", `Usage[promptTokens=9, cachedTokens=Optional[4], reasoning=Optional.empty]`, `{"promptTokens":9,"cachedTokens":4}`},
		{"Java bean", `DefaultUsage{promptTokens=9, completionTokens=2}`, `{"promptTokens":9,"completionTokens":2}`},
		{"Kotlin", `Usage(promptTokens=9, details=null, completionTokens=2)`, `{"promptTokens":9,"completionTokens":2}`},
		{"Go", `{PromptTokens:9 CompletionTokens:2 PromptTokensDetails:{CachedTokens:4} Raw:<nil>}`,
			`{"promptTokens":9,"completionTokens":2,"promptTokensDetails":{"cachedTokens":4}}`},
		{"Ruby of old", `{"prompt_tokens"=>9, :completion_tokens=>2}`, `{"prompt_tokens":9,"completion_tokens":2}`},
		{"Ruby", `{prompt_tokens: 9, completion_tokens: nil}`, `{"prompt_tokens":9}`},
		{"Elixir", `%LangChain.TokenUsage{input: 9, output: 2, raw: %{"prompt_tokens" => 9}}`, `{"input":9,"output":2,"raw":{"prompt_tokens":9}}`},
		{"a list", `[{'prompt_tokens': 9}]`, `{"prompt_tokens":9}`},
		{"negative", `Usage(promptTokens=-1, completionTokens=2)`, `{"completionTokens":2}`},
		{"broken off", `{'prompt_tokens': 9, 'details': {'cached`, ``},
		{"prose", `it used 9 tokens`, ``},
	} {
		t.Run(c.language, func(t *testing.T) {
			assert.Equal(t, c.want, printedCounts(c.printed).Raw)
		})
	}
}

func FuzzPrintedCounts(f *testing.F) {
	for _, seed := range []string{`{'a': 1}`, `Some(U { a: 9, b: Some(4) })`, `a=1.5.2)]`, `{"a"=>9}`, `-`, `'`, `[[[[[[[[[[[[`, `a={b={c=1}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if raw := printedCounts(text).Raw; raw != "" {
			assert.True(t, json.Valid([]byte(raw)), raw)
		}
	})
}
