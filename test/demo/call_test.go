// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/test/harness"
)

func TestCalls(t *testing.T) {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "shop")
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	add := func(id, parent byte, attributes map[string]any) ptrace.Span {
		span := spans.AppendEmpty()
		span.SetSpanID([8]byte{id})
		span.SetParentSpanID([8]byte{parent})
		assert.NoError(t, span.Attributes().FromRaw(attributes))
		return span
	}
	add(1, 0, map[string]any{"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "orders"})
	add(2, 1, map[string]any{
		"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.response.model": "gpt-4o-2024",
		"gen_ai.usage.input_tokens": 53, "gen_ai.usage.output_tokens": 19, "gen_ai.usage.cost": 0.25,
	})
	add(3, 1, map[string]any{
		"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "lookup", "llmcol.loop.severity": "detected",
	}).Status().SetCode(ptrace.StatusCodeError)
	add(4, 2, map[string]any{"gen_ai.operation.name": "chat", "llmcol.cost.status": "counted_elsewhere", "gen_ai.usage.input_tokens": 53})
	add(5, 2, map[string]any{"gen_ai.operation.name": "chat"})

	var sum totals
	var lines []string
	for _, c := range calls(harness.SpansOf(td)) {
		sum.add(c)
		lines = append(lines, c.String())
	}
	assert.Equal(t, []string{
		"  shop                 orders         chat           gpt-4o-2024                    53 in    19 out  $0.2500000",
		"  shop                 orders         execute_tool   lookup                                                      failed, loop detected",
	}, lines)
	assert.Equal(t, "1 model calls, 1 tool calls, 1 failed, 53 tokens in, 19 out, $0.250000 for 1 priced calls", sum.String())
}

func TestRecordedCalls(t *testing.T) {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "cli")
	records := rl.ScopeLogs().AppendEmpty().LogRecords()
	priced := records.AppendEmpty()
	priced.SetTimestamp(7)
	assert.NoError(t, priced.Attributes().FromRaw(map[string]any{
		"gen_ai.operation.name": "chat", "gen_ai.request.model": "claude", "gen_ai.usage.input_tokens": 5,
		"gen_ai.usage.output_tokens": 2, "gen_ai.usage.cost": 0.5,
	}))
	elsewhere := records.AppendEmpty()
	elsewhere.Attributes().PutStr("llmcol.cost.status", "counted_elsewhere")
	assert.Equal(t, []call{{
		origin: "cli at 7", start: 7, service: "cli", operation: "chat", model: "claude", input: 5, output: 2, cost: 0.5, priced: true,
	}}, recordedCalls(harness.RecordsOf(ld)))
}

func TestACallWithoutUsageSaysSo(t *testing.T) {
	c := call{service: "shop", operation: "chat", model: "gpt-4o", failed: true}
	assert.Equal(t, "  shop                 -              chat           gpt-4o                     no usage                         failed", c.String())
}
