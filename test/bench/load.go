// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

const (
	tracesPerRequest = 10
	promptBytes      = 4096
)

const prose = "The order was placed on a Tuesday and left the warehouse two days later. The customer asks where it is, " +
	"what it would cost to send it to another address, and whether the remaining items can be sent at once. "

const personal = "Her name is Jane Doe, her e-mail is jane.doe@example.com, her card is 4111 1111 1111 1111, her phone +1 415 555 2671. "

// load is the reference load of design.md section 6: agent traces of twelve spans, 2 KB each on the wire, with 4 KB
// prompts, a fifth of which hold personal data.
type load struct {
	request ptrace.Traces
	traces  uint64
}

func newLoad() *load {
	l := &load{request: ptrace.NewTraces()}
	rs := l.request.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "shop")
	ss := rs.ScopeSpans().AppendEmpty()
	ss.Scope().SetName("shop.agent")
	for i := range tracesPerRequest {
		agentTrace(ss.Spans(), i%5 == 0)
	}
	return l
}

func (l *load) spansPerRequest() int { return l.request.SpanCount() }

// next is the same request with trace ids that were not there before.
func (l *load) next() ptrace.Traces {
	spans := l.request.ResourceSpans().At(0).ScopeSpans().At(0).Spans()
	for _, span := range spans.All() {
		if span.ParentSpanID().IsEmpty() {
			l.traces++
		}
		var id pcommon.TraceID
		binary.BigEndian.PutUint64(id[:], l.traces*0x9e3779b97f4a7c15)
		binary.BigEndian.PutUint64(id[8:], l.traces)
		span.SetTraceID(id)
	}
	return l.request
}

// agentTrace appends an agent that searches once and then four times asks the model and calls a tool.
func agentTrace(spans ptrace.SpanSlice, withPersonalData bool) {
	start := time.Now()
	add := func(name string, operation string, attributes map[string]any) {
		span := spans.AppendEmpty()
		n := byte(spans.Len())
		span.SetName(name)
		span.SetSpanID([8]byte{n, 1})
		if operation != "invoke_agent" {
			span.SetParentSpanID([8]byte{n - byte((spans.Len()-1)%12), 1})
		}
		span.SetStartTimestamp(pcommon.NewTimestampFromTime(start))
		start = start.Add(300 * time.Millisecond)
		span.SetEndTimestamp(pcommon.NewTimestampFromTime(start))
		_ = span.Attributes().FromRaw(attributes) // strings, ints and lists of strings are what it takes
		span.Attributes().PutStr("gen_ai.operation.name", operation)
		span.Attributes().PutStr("gen_ai.conversation.id", "conversation-1")
	}
	add("invoke_agent orders", "invoke_agent", map[string]any{"gen_ai.agent.name": "orders"})
	add("embeddings text-embedding-3-small", "embeddings", map[string]any{
		"gen_ai.provider.name": "openai", "gen_ai.request.model": "text-embedding-3-small", "gen_ai.usage.input_tokens": 40,
	})
	for turn := range 5 {
		prompt := strings.Repeat(prose, promptBytes/len(prose))
		if withPersonalData {
			prompt = personal + prompt
		}
		add("chat gpt-4o", "chat", map[string]any{
			"gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o", "gen_ai.response.model": "gpt-4o-2024-08-06",
			"gen_ai.request.temperature": 0.2, "gen_ai.request.max_tokens": 512,
			"gen_ai.response.id":             fmt.Sprintf("chatcmpl-%d", turn),
			"gen_ai.response.finish_reasons": []any{"tool_calls"},
			"gen_ai.usage.input_tokens":      1100 + turn, "gen_ai.usage.output_tokens": 60,
			"gen_ai.input.messages":  message("user", prompt),
			"gen_ai.output.messages": message("assistant", "I will look the order up."),
		})
		add("execute_tool lookup", "execute_tool", map[string]any{
			"gen_ai.tool.name": "lookup", "gen_ai.tool.call.id": fmt.Sprintf("call-%d", turn),
			"gen_ai.tool.call.arguments": fmt.Sprintf(`{"order_id":%d}`, turn),
			"gen_ai.tool.call.result":    fmt.Sprintf(`{"status":"shipped","parcel":%d}`, turn),
		})
	}
}

func message(role, text string) string {
	content, _ := json.Marshal(text) // a string always can be
	return `[{"role":"` + role + `","parts":[{"type":"text","content":` + string(content) + `}]}]`
}
