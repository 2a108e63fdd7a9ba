// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

func spanOf(name string, attrs map[string]any) ptrace.Span {
	s := ptrace.NewSpan()
	s.SetName(name)
	if err := s.Attributes().FromRaw(attrs); err != nil {
		panic(err)
	}
	return s
}

var currentSpan = map[string]any{
	"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o", "gen_ai.response.model": "gpt-4o-2024-08-06",
	"gen_ai.request.temperature": 0.2, "gen_ai.request.max_tokens": 256, "gen_ai.usage.input_tokens": 120, "gen_ai.usage.output_tokens": 30,
	"gen_ai.usage.cache_read.input_tokens": 60, "gen_ai.response.id": "chatcmpl-1", "gen_ai.response.finish_reasons": []any{"stop"},
	"gen_ai.conversation.id": "conv-1", "gen_ai.input.messages": `[{"role":"user","parts":[{"type":"text","content":"hi"}]}]`,
	"gen_ai.output.messages": `[{"role":"assistant","parts":[{"type":"text","content":"hi"}]}]`, "server.address": "api.openai.com", "server.port": 443,
}

var openInferenceSpan = map[string]any{
	"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o-2024-08-06", "llm.provider": "openai", "llm.system": "openai",
	"input.value": `{"messages":[]}`, "input.mime_type": "application/json", "output.value": `{"id":"x"}`, "output.mime_type": "application/json",
	"llm.invocation_parameters": `{"model":"gpt-4o","temperature":0.2,"max_tokens":256}`, "llm.token_count.prompt": 120, "llm.token_count.completion": 30,
	"llm.token_count.total": 150, "llm.token_count.prompt_details.cache_read": 60, "llm.input_messages.0.message.role": "user",
	"llm.input_messages.0.message.content": "hi", "llm.output_messages.0.message.role": "assistant", "llm.output_messages.0.message.content": "hi",
	"session.id": "conv-1", "user.id": "user-1", "metadata": `{"tenant":"acme"}`,
}

var httpSpan = map[string]any{
	"http.request.method": "POST", "http.route": "/v1/orders", "url.scheme": "https", "url.path": "/v1/orders", "server.address": "shop", "server.port": 443,
	"http.response.status_code": 200, "network.protocol.version": "1.1", "user_agent.original": "curl", "client.address": "10.0.0.1", "thread.id": 7,
	"thread.name": "main",
}

// BenchmarkView measures what a component pays for the canonical view of one span: reading it and asking what llm_cost asks.
// Budgets (design.md 6): current 250 ns, openinference 1 µs, none 100 ns.
func BenchmarkView(b *testing.B) {
	for _, c := range []struct {
		name string
		span ptrace.Span
	}{
		{"current", spanOf("chat gpt-4o", currentSpan)},
		{"openinference", spanOf("ChatCompletion", openInferenceSpan)},
		{"none", spanOf("POST /v1/orders", httpSpan)},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := NewReader(nil)
			r.SetScope(pcommon.NewInstrumentationScope())
			b.ReportAllocs()
			for b.Loop() {
				v := r.Span(c.span)
				if v.IsModelCall() {
					u := v.Usage()
					if u.Input != 120 || v.Model() == "" || v.Provider() == "" {
						b.Fatal("misread")
					}
				}
			}
		})
	}
}
