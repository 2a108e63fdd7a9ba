// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loopprocessor

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/loop"
)

// client builds what a client sends that is not among the fixtures.
type client struct {
	twice bool // two instrumentations tell each model call, one inside the other
	td    ptrace.Traces
	spans ptrace.SpanSlice
	next  uint64
	at    pcommon.Timestamp
}

func newClient(service, scope string) *client {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", service)
	ss := rs.ScopeSpans().AppendEmpty()
	ss.Scope().SetName(scope)
	return &client{td: td, spans: ss.Spans(), at: 1_795_000_000_000_000_000}
}

func (c *client) span(trace byte, parent pcommon.SpanID, name string, attributes map[string]any) pcommon.SpanID {
	s := c.spans.AppendEmpty()
	s.SetName(name)
	s.SetTraceID(pcommon.TraceID{trace})
	c.next++
	var id pcommon.SpanID
	binary.BigEndian.PutUint64(id[:], c.next)
	s.SetSpanID(id)
	s.SetParentSpanID(parent)
	s.SetStartTimestamp(c.at)
	c.at += 1_000_000_000
	s.SetEndTimestamp(c.at - 500_000_000)
	if err := s.Attributes().FromRaw(attributes); err != nil {
		panic(err)
	}
	return id
}

func (c *client) loops(t *testing.T) []loop.Verdict {
	t.Helper()
	d := newTestDetector(t, nil)
	_, err := d.processTraces(context.Background(), c.td)
	require.NoError(t, err)
	return d.engine.Loops()
}

// TestATraceForEachCall is gemini-cli: every model call and every tool call is a trace of its own; only the session holds them together.
func TestATraceForEachCall(t *testing.T) {
	c := newClient("gemini-cli", "gemini-cli")
	for i := range byte(5) {
		c.span(2*i+1, pcommon.SpanID{}, "llm_call", map[string]any{"gen_ai.operation.name": "llm_call", "session.id": "s1", "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 1})
		c.span(2*i+2, pcommon.SpanID{}, "tool_call", map[string]any{
			"gen_ai.operation.name": "tool_call", "session.id": "s1", "gen_ai.tool.name": "read_file", "gen_ai.tool.call_id": fmt.Sprintf("read_file-%d-abc", i),
			"gen_ai.input.messages":  fmt.Sprintf(`{"callId":"read_file-%d-abc","name":"read_file","args":{"path":"a.txt"}}`, i),
			"gen_ai.output.messages": `{"error":"no such file"}`,
		})
	}
	loops := c.loops(t)
	require.Len(t, loops, 1)
	assert.Equal(t, 5, loops[0].Count)
	assert.Equal(t, []string{"read_file"}, loops[0].Tools)
	assert.Equal(t, int64(44), loops[0].WastedTokens)
}

// TestCallsInMessagesOnly is OpenLIT: each model call is a trace of its own, and tools stand in messages only.
func TestCallsInMessagesOnly(t *testing.T) {
	c := newClient("shop", "openlit.otel.tracing")
	history := `{"role":"user","parts":[{"type":"text","content":"where is my order?"}]}`
	for i := range byte(6) {
		answer := fmt.Sprintf(`{"role":"assistant","parts":[{"type":"tool_call","id":"call_%d","name":"get_order","arguments":{"id":"A-1"}}]}`, i)
		c.span(i+1, pcommon.SpanID{}, "chat gpt-4o", map[string]any{
			"gen_ai.operation.name": "chat", "gen_ai.conversation.id": "c1",
			"gen_ai.input.messages": "[" + history + "]", "gen_ai.output.messages": "[" + answer + "]",
		})
		history += "," + answer + fmt.Sprintf(`,{"role":"tool","parts":[{"type":"tool_call_response","id":"call_%d","response":"not found"}]}`, i)
	}
	loops := c.loops(t)
	require.Len(t, loops, 1)
	assert.Equal(t, loop.Detected, loops[0].Severity)
	assert.Equal(t, []string{"get_order"}, loops[0].Tools)
	assert.Equal(t, 6, loops[0].Count)
}

// TestCallsInMessagesOfASpanThatDoesNotCount is an instrumentation around the span that Anthropic's SDK makes by itself: the inner one counts
// and says nothing of tools.
func TestCallsInMessagesOfASpanThatDoesNotCount(t *testing.T) {
	c := newClient("shop", "wrapper")
	history := `{"role":"user","parts":[{"type":"text","content":"where is my order?"}]}`
	for i := range byte(6) {
		answer := fmt.Sprintf(`{"role":"assistant","parts":[{"type":"tool_call","id":"call_%d","name":"get_order","arguments":{"id":"A-1"}}]}`, i)
		outer := c.span(i+1, pcommon.SpanID{}, "chat claude", map[string]any{
			"gen_ai.operation.name": "chat", "gen_ai.conversation.id": "c1", "llmcol.cost.status": "counted_elsewhere",
			"gen_ai.input.messages": "[" + history + "]", "gen_ai.output.messages": "[" + answer + "]",
		})
		c.at -= 900_000_000
		c.span(i+1, outer, "anthropic.messages.create", map[string]any{"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 1})
		history += "," + answer + fmt.Sprintf(`,{"role":"tool","parts":[{"type":"tool_call_response","id":"call_%d","response":"not found"}]}`, i)
	}
	loops := c.loops(t)
	require.Len(t, loops, 1)
	assert.Equal(t, loop.Detected, loops[0].Severity)
	assert.Equal(t, 6, loops[0].Count)
}

// TestLangGraphsNamespaces: three sub-agents at once that only an attribute tells apart, each of which fails three times.
func TestLangGraphsNamespaces(t *testing.T) {
	for name, attribute := range map[string]func(ns string) (string, any){
		"OpenInference, MLflow": func(ns string) (string, any) { return "metadata", fmt.Sprintf(`{"langgraph_checkpoint_ns":%q}`, ns) },
		"OpenLLMetry": func(ns string) (string, any) {
			return "traceloop.association.properties.langgraph_checkpoint_ns", ns
		},
		"LangSmith": func(ns string) (string, any) { return "langsmith.metadata.langgraph_checkpoint_ns", ns },
		"Langfuse": func(ns string) (string, any) {
			return "langfuse.observation.metadata.langgraph_checkpoint_ns", fmt.Sprintf("%q", ns)
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, apart := range []bool{true, false} {
				c := newClient("shop", "langgraph")
				for i := range 9 {
					worker := i % 3
					if !apart {
						worker = 0
					}
					key, value := attribute(fmt.Sprintf("worker_%d:uuid|tools:%d", worker, i))
					c.span(1, pcommon.SpanID{9}, "execute_tool get", map[string]any{
						"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "get", "gen_ai.tool.call.arguments": "{}", "error.type": "Refused", key: value,
					})
				}
				for _, v := range c.loops(t) {
					assert.Equal(t, !apart, v.Severity >= loop.Detected, "apart: %v", apart)
				}
			}
		})
	}
}

// TestFourSpansOfOneMCPCall: TOOL, two clients and a server of one call, told from inside out.
func TestFourSpansOfOneMCPCall(t *testing.T) {
	c := newClient("shop", "mcp")
	for range 4 {
		ids := [3]pcommon.SpanID{}
		for i := range ids {
			binary.BigEndian.PutUint64(ids[i][:], c.next+4-uint64(i))
		}
		mcp := map[string]any{"mcp.method.name": "tools/call", "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "weather"}
		c.span(1, ids[2], "tools/call weather", mcp)
		c.span(1, ids[1], "tools/call weather", mcp)
		c.span(1, ids[0], "tools/call weather", mcp)
		c.span(1, pcommon.SpanID{9}, "weather", map[string]any{"openinference.span.kind": "TOOL", "tool.name": "weather", "input.value": `{"city":"Bern"}`, "output.value": "sunny"})
	}
	loops := c.loops(t)
	require.Len(t, loops, 1)
	assert.Equal(t, 4, loops[0].Count)
	assert.Equal(t, loop.Repeat, loops[0].Rule)
}

// TestVotes: one answer that asks for the same three times, in tools that are called one after the other.
func TestVotes(t *testing.T) {
	c := newClient("shop", "app")
	c.span(1, pcommon.SpanID{9}, "chat", map[string]any{"gen_ai.operation.name": "chat", "gen_ai.output.messages": `[{"role":"assistant","parts":[
		{"type":"tool_call","id":"c1","name":"vote","arguments":{}},{"type":"tool_call","id":"c2","name":"vote","arguments":{}},
		{"type":"tool_call","id":"c3","name":"vote","arguments":{}},{"type":"tool_call","id":"c4","name":"vote","arguments":{}}]}]`})
	for i := range 4 {
		c.span(1, pcommon.SpanID{9}, "execute_tool vote", map[string]any{
			"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "vote", "gen_ai.tool.call.id": fmt.Sprintf("c%d", i+1), "gen_ai.tool.call.arguments": "{}", "gen_ai.tool.call.result": "yes",
		})
	}
	assert.Empty(t, c.loops(t))
}

// TestAUserWhoAsksAgain: the same tool with the same outcome, three times for each of two questions of a user in one trace.
func TestAUserWhoAsksAgain(t *testing.T) {
	for _, asks := range []bool{true, false} {
		c := newClient("shop", "app")
		prompt := `{"role":"user","content":"where is my order?"}`
		for turn := range 2 {
			if turn == 1 && asks {
				prompt += `,{"role":"assistant","content":"I do not know."},{"role":"user","content":"please look again!"}`
			}
			for range 3 {
				c.span(1, pcommon.SpanID{9}, "chat", map[string]any{"gen_ai.operation.name": "chat", "gen_ai.input.messages": "[" + prompt + "]"})
				c.span(1, pcommon.SpanID{9}, "execute_tool get", map[string]any{
					"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "get", "gen_ai.tool.call.arguments": "{}", "gen_ai.tool.call.result": "not here",
				})
			}
		}
		loops := c.loops(t)
		require.Len(t, loops, 1)
		assert.Equal(t, map[bool]loop.Severity{true: loop.Suspected, false: loop.Detected}[asks], loops[0].Severity)
	}
}

// TestTheSamePromptAgain: a model that gives the same answer to the same prompt, with no tool in sight.
func TestTheSamePromptAgain(t *testing.T) {
	c := newClient("shop", "app")
	for range 5 {
		c.span(1, pcommon.SpanID{9}, "chat", map[string]any{
			"gen_ai.operation.name": "chat", "gen_ai.input.messages": `[{"role":"user","content":"write a poem"}]`, "gen_ai.output.messages": `[{"role":"assistant","content":"no"}]`,
		})
	}
	loops := c.loops(t)
	require.Len(t, loops, 1)
	assert.Equal(t, loop.RepeatOutput, loops[0].Rule)
	assert.Equal(t, 5, loops[0].Count)
}

// TestPromptsOfOneTemplate: a grader that is asked about one document after another, in prompts of the same length and with the same ends.
func TestPromptsOfOneTemplate(t *testing.T) {
	c := newClient("shop", "app")
	for i := range 6 {
		c.span(1, pcommon.SpanID{9}, "chat", map[string]any{
			"gen_ai.operation.name":  "chat",
			"gen_ai.input.messages":  fmt.Sprintf(`[{"role":"user","content":"Say whether a document helps with the question of the user. Document %d. %s"}]`, 1000+i, strings.Repeat("Answer yes or no. ", 20)),
			"gen_ai.output.messages": `[{"role":"assistant","content":"no"}]`,
		})
	}
	assert.Empty(t, c.loops(t))
}

// TestCallIDsThatAreUsedAgain: google-genai and others count the calls of each message from nought; two calls a message are one round.
func TestCallIDsThatAreUsedAgain(t *testing.T) {
	c := newClient("shop", "google")
	for range 6 {
		c.span(1, pcommon.SpanID{9}, "chat", map[string]any{"gen_ai.operation.name": "chat", "gen_ai.output.messages": `[{"role":"assistant","parts":[
			{"type":"tool_call","id":"get_0","name":"get","arguments":{"n":0}},{"type":"tool_call","id":"get_1","name":"get","arguments":{"n":1}}]}]`})
		for n := range 2 {
			c.span(1, pcommon.SpanID{9}, "execute_tool get", map[string]any{
				"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "get", "gen_ai.tool.call.id": fmt.Sprintf("get_%d", n),
				"gen_ai.tool.call.arguments": fmt.Sprintf(`{"n":%d}`, n), "gen_ai.tool.call.result": "none",
			})
		}
	}
	loops := c.loops(t)
	require.Len(t, loops, 1)
	assert.Equal(t, 6, loops[0].Count)
	assert.Equal(t, loop.Repeat, loops[0].Rule)
}

// TestATraceForEachTurn: a user asks six things, each a trace of a model call, the same look-up and an answer. Only the session holds them
// together, and only the new question is sent: these are six runs that end well, in whatever order their spans come.
func TestATraceForEachTurn(t *testing.T) {
	for _, rootFirst := range []bool{true, false} {
		c := newClient("shop", "app")
		for i := range byte(6) {
			root := pcommon.SpanID{i + 100, 1}
			start := func() {
				c.span(i+1, pcommon.SpanID{}, "POST /chat", map[string]any{"session.id": "s1"})
				c.spans.At(c.spans.Len() - 1).SetSpanID(root)
			}
			chat := func(answer string) {
				c.span(i+1, root, "chat", map[string]any{
					"gen_ai.operation.name": "chat", "session.id": "s1", "gen_ai.input.messages": fmt.Sprintf(`[{"role":"user","content":"question %d"}]`, i),
					"gen_ai.output.messages": fmt.Sprintf(`[{"role":"assistant","content":%q}]`, answer),
				})
			}
			if rootFirst {
				start()
			}
			chat("I look into the cart")
			c.span(i+1, root, "execute_tool get_cart", map[string]any{
				"gen_ai.operation.name": "execute_tool", "session.id": "s1", "gen_ai.tool.name": "get_cart", "gen_ai.tool.call.arguments": "{}", "gen_ai.tool.call.result": "1 book",
			})
			chat("one book")
			if !rootFirst {
				start()
			}
		}
		assert.Empty(t, c.loops(t), "root first: %v", rootFirst)
		forEachSpan(c.td, func(s ptrace.Span) { assert.NotContains(t, s.Attributes().AsRaw(), attrSeverity) })
	}
}

// TestArgumentsInRecordsOnly is OpenLLMetry for LangChain with events: tool spans have neither arguments nor call ids, those stand in the
// choice that asked for the call, in records without a time.
func TestArgumentsInRecordsOnly(t *testing.T) {
	for _, same := range []bool{true, false} {
		c := newClient("shop", "opentelemetry.instrumentation.langchain")
		ld := plog.NewLogs()
		rl := ld.ResourceLogs().AppendEmpty()
		rl.Resource().Attributes().PutStr("service.name", "shop")
		sl := rl.ScopeLogs().AppendEmpty()
		sl.Scope().SetName("opentelemetry.instrumentation.langchain")
		for i := range 6 {
			order := 1
			if !same {
				order = i
			}
			chat := c.span(1, pcommon.SpanID{9}, "ChatOpenAI.chat", map[string]any{"gen_ai.operation.name": "chat"})
			c.span(1, pcommon.SpanID{9}, "execute_tool get", map[string]any{"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "get"})
			r := sl.LogRecords().AppendEmpty()
			r.SetTraceID(pcommon.TraceID{1})
			r.SetSpanID(chat)
			r.SetEventName("gen_ai.choice")
			require.NoError(t, r.Body().SetEmptyMap().FromRaw(map[string]any{
				"index": 0, "finish_reason": "tool_calls", "message": map[string]any{"role": "assistant"},
				"tool_calls": []any{map[string]any{"id": fmt.Sprintf("call_%d", i), "type": "function", "function": map[string]any{"name": "get", "arguments": map[string]any{"order": order}}}},
			}))
		}
		d := newTestDetector(t, nil)
		for _, twice := range []bool{false, true} {
			copied := plog.NewLogs()
			ld.CopyTo(copied)
			_, err := d.processTraces(context.Background(), c.td)
			require.NoError(t, err)
			_, err = d.processLogs(context.Background(), copied)
			require.NoError(t, err)
			loops := d.engine.Loops()
			if !same {
				assert.Empty(t, loops, "twice: %v", twice)
				continue
			}
			require.Len(t, loops, 1)
			assert.Equal(t, loop.Detected, loops[0].Severity)
			assert.Equal(t, 6, loops[0].Count)
		}
	}
}

// TestRecordsWithoutSpanAndTime: only the conversation and their order hold them together.
func TestRecordsWithoutSpanAndTime(t *testing.T) {
	for name, tt := range map[string]struct {
		orders []int
		want   loop.Severity
	}{
		"one call again and again": {[]int{1, 1, 1, 1}, loop.Detected},
		"among others":             {[]int{1, 2, 1, 3, 1, 4, 1, 5}, loop.Suspected},
	} {
		t.Run(name, func(t *testing.T) {
			ld := plog.NewLogs()
			rl := ld.ResourceLogs().AppendEmpty()
			rl.Resource().Attributes().PutStr("service.name", "shop")
			records := rl.ScopeLogs().AppendEmpty().LogRecords()
			add := func(event, id string, body map[string]any) {
				r := records.AppendEmpty()
				r.SetEventName(event)
				r.Attributes().PutStr("gen_ai.conversation.id", "c1")
				r.Attributes().PutStr("gen_ai.system", "openai")
				if id != "" {
					body["id"] = id
				}
				require.NoError(t, r.Body().SetEmptyMap().FromRaw(body))
			}
			for i, order := range tt.orders {
				id := fmt.Sprintf("call_%d", 100-i)
				add("gen_ai.choice", "", map[string]any{"index": 0, "finish_reason": "tool_calls", "message": map[string]any{"role": "assistant", "tool_calls": []any{
					map[string]any{"id": id, "type": "function", "function": map[string]any{"name": "get", "arguments": fmt.Sprintf(`{"order":%d}`, order)}}}}})
				add("gen_ai.tool.message", id, map[string]any{"role": "tool", "content": "none"})
			}
			d := newTestDetector(t, nil)
			_, err := d.processLogs(context.Background(), ld)
			require.NoError(t, err)
			loops := d.engine.Loops()
			require.Len(t, loops, 1)
			assert.Equal(t, tt.want, loops[0].Severity)
		})
	}
}

// TestHiddenContent: clients that are told not to record content write the same placeholder for all of it.
func TestHiddenContent(t *testing.T) {
	for _, mask := range []string{"__REDACTED__", "<REDACTED>", "[Scrubbed due to 'session']"} {
		c := newClient("shop", "app")
		for range 6 {
			c.span(1, pcommon.SpanID{9}, "ChatOpenAI", map[string]any{"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o", "input.value": mask, "output.value": mask})
			c.span(1, pcommon.SpanID{9}, "get", map[string]any{"openinference.span.kind": "TOOL", "tool.name": "get", "input.value": mask, "output.value": mask})
		}
		assert.Empty(t, c.loops(t), mask)
	}
}

// TestTheSameTextEmbeddedAgain is no loop of a model that answers the same.
func TestTheSameTextEmbeddedAgain(t *testing.T) {
	c := newClient("shop", "app")
	for range 6 {
		c.span(1, pcommon.SpanID{9}, "embeddings", map[string]any{"gen_ai.operation.name": "embeddings", "input.value": "query", "output.value": "<vector>"})
	}
	assert.Empty(t, c.loops(t))
}

// TestArgumentsOfAnotherScope is AutoGen: its tool spans have call ids but no arguments; another instrumentation's model calls tell those, and
// a request has all spans of the one scope before those of the other.
func TestArgumentsOfAnotherScope(t *testing.T) {
	for _, modelsFirst := range []bool{true, false} {
		for _, same := range []bool{true, false} {
			c := newClient("shop", "first")
			second := c.td.ResourceSpans().At(0).ScopeSpans().AppendEmpty()
			second.Scope().SetName("second")
			models, tools := c.spans, second.Spans()
			if !modelsFirst {
				models, tools = tools, models
			}
			for i := range 6 {
				order := 1
				if !same {
					order = i
				}
				c.spans = models
				c.span(1, pcommon.SpanID{9}, "chat", map[string]any{"gen_ai.operation.name": "chat", "gen_ai.output.messages": fmt.Sprintf(
					`[{"role":"assistant","parts":[{"type":"tool_call","id":"call_%d","name":"get","arguments":{"order":%d}}]}]`, i, order)})
				c.spans = tools
				c.span(1, pcommon.SpanID{9}, "execute_tool get", map[string]any{"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "get", "gen_ai.tool.call.id": fmt.Sprintf("call_%d", i)})
			}
			loops := c.loops(t)
			if !same {
				assert.Empty(t, loops)
				continue
			}
			require.Len(t, loops, 1, "models first: %v", modelsFirst)
			assert.Equal(t, 6, loops[0].Count)
			assert.Equal(t, loop.NoResult, loops[0].Rule)
		}
	}
}

// TestASpanForTheWishAndOneForTheTool is AgentOps: a span inside the model call tells which tool its answer asks for, and the tool, if it is
// decorated, has a span of its own.
func TestASpanForTheWishAndOneForTheTool(t *testing.T) {
	for decorated, rule := range map[bool]loop.Rule{true: loop.RepeatError, false: loop.MessagesOnly} {
		c := newClient("shop", "agentops.instrumentation.providers.openai.wrappers.chat")
		agent := c.span(1, pcommon.SpanID{}, "shop.agent", map[string]any{"agentops.span.kind": "agent"})
		for i := range 6 {
			prompt := map[string]any{"gen_ai.request.type": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.prompt_tokens": 10, "gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": "weather?"}
			for j := range i {
				asked, told := fmt.Sprintf("gen_ai.prompt.%d.", 2*j+1), fmt.Sprintf("gen_ai.prompt.%d.", 2*j+2)
				prompt[asked+"role"], prompt[asked+"tool_calls.0.id"], prompt[asked+"tool_calls.0.name"] = "assistant", fmt.Sprintf("call_%d", j), "get_weather"
				prompt[told+"role"], prompt[told+"tool_call_id"], prompt[told+"content"] = "tool", fmt.Sprintf("call_%d", j), "error: down"
			}
			chat := c.span(1, agent, "openai.chat.completion", prompt)
			if i == 5 { // the answer to all that the tool has said
				break
			}
			c.span(1, chat, "tool_call.get_weather", map[string]any{"tool.name": "get_weather", "tool.parameters": `{"city":"Oslo"}`, "tool.call.id": fmt.Sprintf("call_%d", i)})
			if decorated {
				c.span(1, agent, "get_weather.tool", map[string]any{"agentops.span.kind": "tool", "agentops.tool.input": `{"args": [], "kwargs": {"city": "Oslo"}}`})
				c.spans.At(c.spans.Len() - 1).Status().SetCode(ptrace.StatusCodeError)
			}
		}
		loops := c.loops(t)
		require.Len(t, loops, 1)
		assert.Equal(t, rule, loops[0].Rule)
		assert.Equal(t, loop.Detected, loops[0].Severity)
		assert.Equal(t, 5, loops[0].Count)
	}
}

// conversation sends the model calls of one conversation, each a trace by itself, as an instrumented SDK does in a program without spans of
// its own: the prompt holds all that was said before.
func (c *client) conversation(trace byte, opening, callID string, calls int) {
	c.conversationOf(trace, opening, callID, calls, func(int) string { return "error: down" })
}

func (c *client) conversationOf(trace byte, opening, callID string, calls int, result func(int) string) {
	history := fmt.Sprintf(`{"role":"user","parts":[{"type":"text","content":%q}]}`, opening)
	for i := range calls + 1 {
		asked := fmt.Sprintf(`{"role":"assistant","parts":[{"type":"tool_call","id":%q,"name":"get_order","arguments":{"order":"A-1"}}]}`, fmt.Sprintf(callID, i))
		answer := asked
		if i == calls {
			answer = `{"role":"assistant","parts":[{"type":"text","content":"I give up."}]}`
		}
		call := map[string]any{
			"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 1,
			"gen_ai.input.messages": "[" + history + "]", "gen_ai.output.messages": "[" + answer + "]",
		}
		if c.twice { // the inner span ends first
			at := c.at
			var outer pcommon.SpanID
			binary.BigEndian.PutUint64(outer[:], c.next+2)
			c.span(trace+byte(i), outer, "chat gpt-4o", call)
			c.at = at
			call["llmcol.cost.status"] = "counted_elsewhere"
		}
		c.span(trace+byte(i), pcommon.SpanID{}, "chat gpt-4o", call)
		history += "," + asked + fmt.Sprintf(`,{"role":"tool","parts":[{"type":"tool_call_response","id":%q,"response":%q}]}`, fmt.Sprintf(callID, i), result(i))
	}
}

func TestAConversationWithoutSessionIsARun(t *testing.T) {
	for callID, count := range map[string]int{"call_%06d": 6, "get_order_%d": 5} { // whose the first call with a counter is nothing tells
		c := newClient("shop", "opentelemetry.instrumentation.openai_v2")
		c.conversation(1, "Where is order A-1?", callID, 6)
		loops := c.loops(t)
		require.Len(t, loops, 1, callID)
		assert.Equal(t, loop.MessagesOnly, loops[0].Rule)
		assert.Equal(t, loop.Detected, loops[0].Severity)
		assert.Equal(t, count, loops[0].Count)
		assert.Positive(t, loops[0].WastedTokens)
	}
}

// TestManyWhoBeginAlikeAreNoLoop: a bot greets, and every user wants the menu, one after the other or all at once.
func TestManyWhoBeginAlikeAreNoLoop(t *testing.T) {
	for _, callID := range []string{"call_%06d", "get_menu_0", ""} {
		c := newClient("shop", "opentelemetry.instrumentation.openai_v2")
		for i := range byte(8) {
			id := callID
			if strings.Contains(id, "%") {
				id = fmt.Sprintf(id, i)
			}
			asked := fmt.Sprintf(`{"role":"assistant","parts":[{"type":"tool_call","id":%q,"name":"get_menu","arguments":{}}]}`, id)
			c.span(i+1, pcommon.SpanID{}, "chat gpt-4o", map[string]any{
				"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 1,
				"gen_ai.input.messages":  `[{"role":"assistant","parts":[{"type":"text","content":"Hello!"}]},{"role":"user","parts":[{"type":"text","content":"hi"}]}]`,
				"gen_ai.output.messages": "[" + asked + "]",
			})
		}
		assert.Empty(t, c.loops(t), callID)
	}
}

// TestAConversationThatForgetsItsCalls is OpenLLMetry's instrumentor for Cohere: prompts keep what tools said, but not which were called.
func TestAConversationThatForgetsItsCalls(t *testing.T) {
	c := newClient("shop", "opentelemetry.instrumentation.cohere")
	history := `{"role":"user","content":"Where is order A-1?"}`
	for i := range byte(7) {
		c.span(i+1, pcommon.SpanID{}, "cohere.chat", map[string]any{
			"llm.request.type": "chat", "gen_ai.input.messages": "[" + history + "]",
			"gen_ai.output.messages": fmt.Sprintf(`[{"role":"assistant","parts":[{"type":"tool_call","id":"call_%06d","name":"get_order","arguments":{"order":"A-1"}}]}]`, i),
		})
		history += `,{"role":"tool","content":"error: down"}`
	}
	loops := c.loops(t)
	require.Len(t, loops, 1)
	assert.Equal(t, loop.Detected, loops[0].Severity)
}

func TestAConversationThatIsToldTwiceIsOneRun(t *testing.T) {
	c := newClient("shop", "openinference.instrumentation.openai")
	c.twice = true
	c.conversation(1, "Where is order A-1?", "call_%06d", 6)
	loops := c.loops(t)
	require.Len(t, loops, 1)
	assert.Equal(t, loop.Detected, loops[0].Severity)
	assert.Equal(t, 6, loops[0].Count)
}

func TestAConversationThatMakesProgressIsNoLoop(t *testing.T) {
	for _, twice := range []bool{false, true} {
		c := newClient("shop", "openinference.instrumentation.openai")
		c.twice = twice
		c.conversationOf(1, "Is the job done?", "call_%06d", 8, func(i int) string { return fmt.Sprintf("%d %% done", 10*i) })
		for _, l := range c.loops(t) {
			assert.Less(t, l.Severity, loop.Detected, "twice: %v", twice)
		}
	}
}

func TestTheSameQuestionAskedAgainIsNoLoop(t *testing.T) {
	for _, callID := range []string{"call_%06d", "get_order_%d"} {
		c := newClient("shop", "opentelemetry.instrumentation.openai_v2")
		for i := range byte(8) {
			c.conversation(1+10*i, "Where is order A-1?", callID, 2)
		}
		assert.Empty(t, c.loops(t), callID)
	}
}
