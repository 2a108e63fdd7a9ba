// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

func talkOf(t *testing.T, attributes map[string]any) (*ToolTalk, bool) {
	t.Helper()
	s := ptrace.NewSpan()
	s.SetName("chat")
	require.NoError(t, s.Attributes().FromRaw(attributes))
	talk := new(ToolTalk)
	said := NewReader(nil).Span(s).ToolTalk(talk)
	return talk, said
}

const askedTwice = `[{"role":"assistant","parts":[{"type":"tool_call","id":"c3","name":"get","arguments":{"a":1}},{"type":"tool_call","id":"c4","name":"get","arguments":{"a":2}}]}]`

func TestToolTalk(t *testing.T) {
	talk, said := talkOf(t, map[string]any{
		"gen_ai.operation.name": "chat",
		"gen_ai.input.messages": `[{"role":"user","parts":[{"type":"text","content":"x"}]},
			{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"get","arguments":{}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"old"}]},
			{"role":"assistant","parts":[{"type":"tool_call","id":"c2","name":"get","arguments":{}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"c2","response":"new"}]}]`,
		"gen_ai.output.messages": askedTwice,
	})
	require.True(t, said)
	require.Len(t, talk.Calls, 2)
	assert.Equal(t, []string{"c3", "get", `{"a":1}`}, []string{talk.Calls[0].ID, talk.Calls[0].Name, talk.Calls[0].Arguments})
	require.Len(t, talk.Results, 1, "what earlier prompts have told is not new")
	assert.Equal(t, []string{"c2", "new"}, []string{talk.Results[0].ID, talk.Results[0].Response})
}

func TestToolTalkOfFlattenedMessages(t *testing.T) {
	talk, said := talkOf(t, map[string]any{
		"openinference.span.kind":                                                 "LLM",
		"llm.input_messages.0.message.role":                                       "tool",
		"llm.input_messages.0.message.content":                                    "done",
		"llm.input_messages.0.message.tool_call_id":                               "c1",
		"llm.output_messages.0.message.role":                                      "assistant",
		"llm.output_messages.0.message.tool_calls.0.tool_call.id":                 "c2",
		"llm.output_messages.0.message.tool_calls.0.tool_call.function.name":      "get",
		"llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": `{"a":1}`,
	})
	require.True(t, said)
	require.Len(t, talk.Calls, 1)
	assert.Equal(t, "c2", talk.Calls[0].ID)
	require.Len(t, talk.Results, 1)
	assert.Equal(t, "c1", talk.Results[0].ID)
}

func TestNoToolTalk(t *testing.T) {
	_, said := talkOf(t, map[string]any{
		"gen_ai.operation.name":  "chat",
		"gen_ai.input.messages":  `[{"role":"user","parts":[{"type":"text","content":"which tools do you have?"}]}]`,
		"gen_ai.output.messages": `[{"role":"assistant","parts":[{"type":"text","content":"none"}]}]`,
	})
	assert.False(t, said)
}

func TestToolTalkOfLogRecords(t *testing.T) {
	record := plog.NewLogRecord()
	record.Attributes().PutStr("event.name", "gen_ai.choice")
	require.NoError(t, record.Body().FromRaw(map[string]any{"message": map[string]any{"tool_calls": []any{
		map[string]any{"id": "c1", "type": "function", "function": map[string]any{"name": "get", "arguments": "{}"}},
	}}}))
	talk := new(ToolTalk)
	require.True(t, NewReader(nil).Log(record).ToolTalk(talk))
	require.Len(t, talk.Calls, 1)
	assert.Equal(t, "c1", talk.Calls[0].ID)

	record.Attributes().PutStr("event.name", "gen_ai.tool.message")
	require.NoError(t, record.Body().FromRaw(map[string]any{"id": "c1", "content": "done"}))
	require.True(t, NewReader(nil).Log(record).ToolTalk(talk))
	require.Len(t, talk.Results, 1)
	assert.Equal(t, "c1", talk.Results[0].ID)
}

func TestSiblingCalls(t *testing.T) {
	s := ptrace.NewSpan()
	s.Attributes().PutStr("gen_ai.operation.name", "chat")
	s.Attributes().PutStr("gen_ai.output.messages", askedTwice)
	talk := new(ToolTalk)
	require.True(t, NewReader(nil).Span(s).SiblingCalls(talk))
	assert.Len(t, talk.Calls, 2)
	s.Attributes().PutStr("gen_ai.output.messages", strings.Replace(askedTwice, `,{"type":"tool_call","id":"c4","name":"get","arguments":{"a":2}}`, "", 1))
	assert.False(t, NewReader(nil).Span(s).SiblingCalls(talk), "a call that is alone has no siblings")
}

func TestUserTurn(t *testing.T) {
	for name, tt := range map[string]struct {
		messages string
		want     bool
	}{
		"a user's message":                           {`[{"role":"assistant","content":"hello"},{"role":"user","content":"where is my order A-1001?"}]`, true},
		"the first one, or all that was done so far": {`[{"role":"system","content":"s"},{"role":"user","content":"where is my order A-1001?"}]`, false},
		"the role behind the content":                {`[{"content":"hello","role":"assistant"},{"content":"where is my order?","role":"user"}]`, true},
		"a tool's result":                            {`[{"role":"user","content":"x"},{"role":"tool","content":"done and done and done"}]`, false},
		"a tool's result in a user's name":           {`[{"role":"assistant","content":"x"},{"role":"user","parts":[{"type":"tool_call_response","id":"c1","response":"x"}]}]`, false},
		"an answer":                                  {`[{"role":"user","content":"x"},{"role":"assistant","content":"here it is, all of it"}]`, false},
		"a role in what was quoted":                  {`[{"role":"assistant","content":"{\"role\":\"user\"}, as you said"}]`, false},
		"nothing":                                    {`[]`, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := ptrace.NewSpan()
			s.Attributes().PutStr("gen_ai.operation.name", "chat")
			s.Attributes().PutStr("gen_ai.input.messages", tt.messages)
			_, is := NewReader(nil).Span(s).UserTurn()
			assert.Equal(t, tt.want, is)
		})
	}
	complexMessages := []any{map[string]any{"role": "assistant", "content": "hello"}, map[string]any{"role": "user", "content": "where is my order?"}}
	flattened := map[string]any{
		"openinference.span.kind": "LLM", "llm.input_messages.0.message.role": "user", "llm.input_messages.1.message.role": "assistant",
		"llm.input_messages.10.message.role": "user", "llm.input_messages.10.message.content": "and now?", "llm.input_messages.2.message.role": "tool",
	}
	turn := func(attributes map[string]any) bool {
		s := ptrace.NewSpan()
		require.NoError(t, s.Attributes().FromRaw(attributes))
		_, is := NewReader(nil).Span(s).UserTurn()
		return is
	}
	assert.True(t, turn(map[string]any{"gen_ai.operation.name": "chat", "gen_ai.input.messages": complexMessages}))
	assert.False(t, turn(map[string]any{"gen_ai.operation.name": "chat", "gen_ai.input.messages": complexMessages[:1]}))
	assert.True(t, turn(flattened))
	flattened["llm.input_messages.11.message.role"] = "tool"
	assert.False(t, turn(flattened))
	flattened["llm.input_messages.11.message.role"] = "user"
	flattened["llm.input_messages.11.message.content"] = "done"
	assert.True(t, turn(flattened))
	flattened["llm.input_messages.11.message.tool_call_id"] = "c1"
	assert.False(t, turn(flattened), "a tool's answer in a user's name")

	record := plog.NewLogRecord()
	record.Attributes().PutStr("event.name", "codex.user_prompt")
	record.Attributes().PutStr("prompt", "hello")
	_, is := NewReader(nil).Log(record).UserTurn()
	assert.True(t, is)
	record.Attributes().PutStr("event.name", "gen_ai.user.message")
	_, is = NewReader(nil).Log(record).UserTurn()
	assert.False(t, is, "told again with every model call")
}

func TestExchange(t *testing.T) {
	exchange := func(prompt, answer string) (string, string, bool) {
		s := ptrace.NewSpan()
		s.Attributes().PutStr("gen_ai.operation.name", "chat")
		s.Attributes().PutStr("gen_ai.input.messages", prompt)
		s.Attributes().PutStr("gen_ai.output.messages", answer)
		return NewReader(nil).Span(s).Exchange()
	}
	p, a, known := exchange("question", "answer")
	require.True(t, known)
	assert.Equal(t, []string{"question", "answer"}, []string{p, a})
	for _, unknown := range [][2]string{{"question", ""}, {"question", "[]"}, {"__REDACTED__", "__REDACTED__"}, {`[{"role":"user","content":"__REDACTED__"}]`, "answer"}} {
		_, _, known = exchange(unknown[0], unknown[1])
		assert.False(t, known, unknown)
	}
}

func TestHeadOf(t *testing.T) {
	head := func(attributes map[string]any) string {
		s := ptrace.NewSpan()
		require.NoError(t, s.Attributes().FromRaw(attributes))
		return NewReader(nil).Span(s).HeadOf()
	}
	assert.Equal(t, "worker_1:uuid", head(map[string]any{"openinference.span.kind": "AGENT", "metadata": `{"langgraph_checkpoint_ns":"worker_1:uuid"}`}))
	assert.Equal(t, "run-7", head(map[string]any{"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.call.id": "run-7"}))
	assert.Empty(t, head(map[string]any{"openinference.span.kind": "CHAIN", "metadata": `{"langgraph_checkpoint_ns":"worker_1:uuid"}`}))
}

func TestToolOutcomeSpans(t *testing.T) {
	tells := func(kind string) bool {
		s := ptrace.NewSpan()
		s.Attributes().PutStr("span.type", kind)
		r := NewReader(nil)
		return r.Span(s).TellsToolOutcome()
	}
	assert.True(t, tells("tool.execution"))
	assert.False(t, tells("tool"))
	assert.False(t, tells("tool.blocked_on_user"))
}

// BenchmarkToolLiterals is the prefilter before messages are decoded: design.md section 6 asks for 400 MB/s.
func BenchmarkToolLiterals(b *testing.B) {
	prompt := strings.Repeat("The customer asks which tools we use to ship an order and whether a function of the shop can call back. ", 40)
	b.SetBytes(int64(len(prompt)))
	b.ReportAllocs()
	for b.Loop() {
		if mentions(prompt, resultLiterals) {
			b.Fatal("the prompt holds no result of a tool")
		}
	}
}
