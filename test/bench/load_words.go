// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// adder writes attributes in the order of its calls, as a client does: strings, ints, doubles and lists of strings, which FromRaw always
// takes.
func adder(to pcommon.Map) func(name string, value any) {
	return func(name string, value any) {
		if err := to.PutEmpty(name).FromRaw(value); err != nil {
			panic(err)
		}
	}
}

func semconvSpan(to pcommon.Map, s *step) {
	add := adder(to)
	add("gen_ai.operation.name", s.operation)
	add("gen_ai.conversation.id", "conversation-1")
	switch s.operation {
	case "invoke_agent":
		add("gen_ai.agent.name", "orders")
	case "embeddings":
		add("gen_ai.provider.name", "openai")
		add("gen_ai.request.model", s.model)
		add("gen_ai.usage.input_tokens", 40)
	case "chat":
		add("gen_ai.provider.name", "openai")
		add("gen_ai.request.model", s.model)
		add("gen_ai.response.model", s.model+"-2024-08-06")
		add("gen_ai.request.temperature", 0.2)
		add("gen_ai.request.max_tokens", 512)
		add("gen_ai.response.id", "chatcmpl-0")
		add("gen_ai.response.finish_reasons", []any{"tool_calls"})
		add("gen_ai.usage.input_tokens", 1100+s.turn)
		add("gen_ai.usage.output_tokens", 60)
		add("gen_ai.input.messages", semconvMessage("user", s.prompt))
		add("gen_ai.output.messages", semconvMessage("assistant", s.answer))
	case "execute_tool":
		add("gen_ai.tool.name", "lookup")
		add("gen_ai.tool.call.id", fmt.Sprintf("call-%d", s.turn))
		add("gen_ai.tool.call.arguments", fmt.Sprintf(`{"order_id":%d}`, s.turn))
		add("gen_ai.tool.call.result", fmt.Sprintf(`{"status":"shipped","parcel":%d}`, s.turn))
	}
}

func semconvMessage(role, text string) string {
	content, _ := json.Marshal(text) // a string always can be
	return `[{"role":"` + role + `","parts":[{"type":"text","content":` + string(content) + `}]}]`
}

func openInferenceSpan(to pcommon.Map, s *step) {
	add := adder(to)
	add("session.id", "conversation-1")
	switch s.operation {
	case "invoke_agent":
		add("openinference.span.kind", "AGENT")
		add("agent.name", "orders")
	case "embeddings":
		add("openinference.span.kind", "EMBEDDING")
		add("embedding.model_name", s.model)
		add("llm.token_count.prompt", 40)
	case "chat":
		add("openinference.span.kind", "LLM")
		add("llm.provider", "openai")
		add("llm.system", "openai")
		add("llm.model_name", s.model+"-2024-08-06")
		add("llm.invocation_parameters", `{"model":"gpt-4o","temperature":0.2,"max_tokens":512}`)
		add("llm.token_count.prompt", 1100+s.turn)
		add("llm.token_count.completion", 60)
		add("llm.token_count.total", 1160+s.turn)
		add("llm.input_messages.0.message.role", "user")
		add("llm.input_messages.0.message.content", s.prompt)
		add("llm.output_messages.0.message.role", "assistant")
		add("llm.output_messages.0.message.content", s.answer)
	case "execute_tool":
		add("openinference.span.kind", "TOOL")
		add("tool.name", "lookup")
		add("tool_call.id", fmt.Sprintf("call-%d", s.turn))
		add("input.value", fmt.Sprintf(`{"order_id":%d}`, s.turn))
		add("output.value", fmt.Sprintf(`{"status":"shipped","parcel":%d}`, s.turn))
	}
}
