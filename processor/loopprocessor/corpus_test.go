// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loopprocessor

import (
	"compress/gzip"
	"context"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/loop"
	"github.com/llmcol/llmcol/test/harness"
)

type message struct {
	Role       string `json:"role"`
	Content    string `json:"content"`
	ToolCallID string `json:"tool_call_id"`
	ToolCalls  []struct {
		ID       string `json:"id"`
		Function struct {
			Name      string `json:"name"`
			Arguments string `json:"arguments"`
		} `json:"function"`
	} `json:"tool_calls"`
}

// conversations are a hundred real runs (tau-bench, airline) that are no loops.
func conversations(t *testing.T) [][]message {
	t.Helper()
	root, err := harness.Root()
	require.NoError(t, err)
	file, err := os.Open(filepath.Join(root, "..", "shared", "corpora", "conversations.json.gz"))
	if os.IsNotExist(err) {
		t.Skip("the corpora are not here: ../shared/corpora")
	}
	require.NoError(t, err)
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	require.NoError(t, err)
	var all [][]message
	require.NoError(t, json.NewDecoder(unzipped).Decode(&all))
	return all
}

// spansOf turns a conversation into an agent's span, a model call with the conversation so far for each answer, and a span for each tool call.
func spansOf(number int, conversation []message) ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "airline")
	ss := rs.ScopeSpans().AppendEmpty()
	ss.Scope().SetName("corpus")
	var trace pcommon.TraceID
	binary.BigEndian.PutUint64(trace[:8], uint64(number)+1)
	next := uint64(number+1) << 32
	id := func() (s pcommon.SpanID) {
		next++
		binary.BigEndian.PutUint64(s[:], next)
		return s
	}
	agent := id()
	at := int64(1_795_000_000_000_000_000)
	add := func(name, operation string) ptrace.Span {
		span := ss.Spans().AppendEmpty()
		span.SetName(name)
		span.SetTraceID(trace)
		span.SetSpanID(id())
		span.SetParentSpanID(agent)
		span.SetStartTimestamp(pcommon.Timestamp(at))
		at += 1_000_000_000
		span.SetEndTimestamp(pcommon.Timestamp(at - 500_000_000))
		span.Attributes().PutStr("gen_ai.operation.name", operation)
		return span
	}
	for i, m := range conversation {
		if m.Role == "assistant" {
			chat := add("chat gpt-4o", "chat")
			prompt, _ := json.Marshal(conversation[:i])
			answer, _ := json.Marshal(conversation[i : i+1])
			chat.Attributes().PutStr("gen_ai.input.messages", string(prompt))
			chat.Attributes().PutStr("gen_ai.output.messages", string(answer))
		}
		for j, c := range m.ToolCalls {
			span := add("execute_tool "+c.Function.Name, "execute_tool")
			span.Attributes().PutStr("gen_ai.tool.name", c.Function.Name)
			span.Attributes().PutStr("gen_ai.tool.call.id", c.ID)
			span.Attributes().PutStr("gen_ai.tool.call.arguments", c.Function.Arguments)
			if answer := i + 1 + j; answer < len(conversation) && conversation[answer].Role == "tool" {
				span.Attributes().PutStr("gen_ai.tool.call.result", conversation[answer].Content)
			}
		}
	}
	return td
}

// TestRealConversations is done-when 3 of issue 6: of a hundred real runs at most one may be taken for a loop. None is, with the turns of
// their users known and with tool spans alone: no run makes the same call with the same outcome more than three times.
func TestRealConversations(t *testing.T) {
	for _, withModels := range []bool{true, false} {
		calls := int64(0)
		for number, conversation := range conversations(t) {
			d := newTestDetector(t, nil)
			td := spansOf(number, conversation)
			if !withModels {
				td.ResourceSpans().At(0).ScopeSpans().At(0).Spans().RemoveIf(func(s ptrace.Span) bool { return strings.HasPrefix(s.Name(), "chat") })
			}
			_, err := d.processTraces(context.Background(), td)
			require.NoError(t, err)
			calls += int64(td.SpanCount())
			for _, v := range d.engine.Loops() {
				assert.Less(t, v.Severity, loop.Detected, "conversation %d, with models: %v", number, withModels)
			}
		}
		assert.Greater(t, calls, int64(500), "the runs have calls")
	}
}
