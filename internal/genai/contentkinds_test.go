// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRoleKinds(t *testing.T) {
	for _, tt := range []struct {
		key  string
		op   Operation
		want KindSet
	}{
		{"gen_ai.input.messages", OpChat, promptKind},
		{"gen_ai.output.messages", OpChat, completionKind},
		{"input.value", OpChat, promptKind},
		{"output.value", OpChat, completionKind},
		{"input.value", OpExecuteTool, argumentsKind},
		{"output.value", OpExecuteTool, resultKind},
		{"input.value", OpRetrieval, promptKind},
		{"output.value", OpRetrieval, documentKind},
		{"input.value", OpInvokeWorkflow, AnyContent},
		{"traceloop.entity.output", OpInvokeAgent, AnyContent},
		{"ai.toolCall.args", OpExecuteTool, argumentsKind},
		{"gen_ai.tool.call.result", OpExecuteTool, resultKind},
		{"gen_ai.retrieval.documents", OpRetrieval, documentKind},
		{"gen_ai.tool.definitions", OpChat, 0},
		{"tool.parameters", OpExecuteTool, argumentsKind},
		{"gen_ai.request.model", OpChat, 0},
		{"my.own", OpChat, 0},
	} {
		assert.Equal(t, tt.want, RoleOf(tt.key).Kinds(tt.op), "%s on %s", tt.key, tt.op)
	}
}

func TestEveryContentKeyHasKinds(t *testing.T) {
	for _, c := range conventions {
		for _, k := range c.keys {
			if k.role == RoleNone || k.role == RoleToolDefinitions || k.role == RoleScores {
				continue
			}
			for op := range Operation(len(operations)) {
				assert.NotZero(t, k.role.Kinds(op), "%s on %s", k.key, op)
			}
		}
	}
}

func TestObjectAndMemberKinds(t *testing.T) {
	for _, tt := range []struct {
		role, typ, member string
		outer, want       KindSet
		form              MemberForm
	}{
		{"user", "", "content", AnyContent, promptKind, MemberNested},
		{"system", "", "parts", AnyContent, promptKind, MemberNested},
		{"assistant", "", "content", promptKind, completionKind, MemberNested},
		{"assistant", "", "tool_calls", promptKind, argumentsKind, MemberNested},
		{"model", "", "parts", promptKind, completionKind, MemberNested},
		{"tool", "", "content", promptKind, resultKind, MemberWhole},
		{"", "ai", "content", AnyContent, completionKind, MemberNested},
		{"", "human", "content", AnyContent, promptKind, MemberNested},
		{"", "tool_call", "arguments", completionKind, argumentsKind, MemberWhole},
		{"", "tool_use", "input", completionKind, argumentsKind, MemberWhole},
		{"", "tool_use", "name", completionKind, argumentsKind, MemberLabel},
		{"", "tool-result", "output", promptKind, resultKind, MemberWhole},
		{"", "tool_call_response", "response", promptKind, resultKind, MemberWhole},
		{"", "text", "text", completionKind, completionKind, MemberNested},
		{"", "", "toolCallId", completionKind, completionKind, MemberLabel},
		{"", "", "finish_reason", completionKind, completionKind, MemberLabel},
		{"", "", "documents", AnyContent, documentKind, MemberWhole},
		{"", "", "whatever", completionKind, completionKind, MemberNested},
		{"", "", "name", completionKind, completionKind, MemberNested},
		{"", "", "functionResponse", completionKind, resultKind, MemberNested},
	} {
		kinds, form := ObjectOf(tt.role, tt.typ, tt.outer).Member(tt.member)
		assert.Equal(t, tt.want, kinds, "%+v", tt)
		assert.Equal(t, tt.form, form, "%+v", tt)
	}
}

func TestFlattenedKinds(t *testing.T) {
	roles := map[string]string{
		"llm.input_messages.0.message.role": "user", "llm.input_messages.1.message.role": "assistant", "llm.input_messages.2.message.role": "tool",
		"gen_ai.prompt.0.role": "assistant",
	}
	for _, tt := range []struct {
		key  string
		op   Operation
		want KindSet
		form MemberForm
	}{
		{"llm.input_messages.0.message.content", OpChat, promptKind, MemberNested},
		{"llm.input_messages.0.message.contents.1.message_content.text", OpChat, promptKind, MemberNested},
		{"llm.input_messages.0.message.role", OpChat, promptKind, MemberLabel},
		{"llm.input_messages.1.message.content", OpChat, completionKind, MemberNested},
		{"llm.input_messages.1.message.tool_calls.0.tool_call.function.arguments", OpChat, argumentsKind, MemberWhole},
		{"llm.input_messages.1.message.tool_calls.0.tool_call.function.name", OpChat, argumentsKind, MemberLabel},
		{"llm.input_messages.2.message.content", OpChat, resultKind, MemberWhole},
		{"gen_ai.prompt.0.content", OpChat, completionKind, MemberNested},
		{"gen_ai.completion.0.content", OpChat, completionKind, MemberNested},
		{"retrieval.documents.3.document.content", OpRetrieval, documentKind, MemberNested},
		{"retrieval.documents.3.document.id", OpRetrieval, documentKind, MemberLabel},
		{"embedding.embeddings.0.embedding.text", OpEmbeddings, promptKind | documentKind, MemberNested},
		{"gen_ai.input.messages", OpChat, 0, MemberLabel},
		{"my.own.0.content", OpChat, 0, MemberLabel},
	} {
		kinds, form := FlattenedKinds(tt.key, tt.op, func(key string) string { return roles[key] })
		assert.Equal(t, tt.want, kinds, tt.key)
		assert.Equal(t, tt.form, form, tt.key)
	}
}

func TestEventAndBodyKinds(t *testing.T) {
	assert.Equal(t, promptKind, EventKinds("gen_ai.user.message"))
	assert.Equal(t, completionKind, EventKinds("gen_ai.choice"))
	assert.Equal(t, resultKind, EventKinds("gen_ai.tool.message"))
	assert.Equal(t, documentKind, EventKinds("db.query.result"))
	assert.Equal(t, completionKind, EventKinds("new_token"))
	assert.Zero(t, EventKinds("exception"))
	assert.Equal(t, promptKind, BodyKinds("Chat Model Prompt Content:\n[\"hi\"]"))
	assert.Zero(t, BodyKinds("request took 3 ms"))
}

func TestNamesThatEndAsThoseOfContent(t *testing.T) {
	for key, want := range map[string]bool{
		"lk.user_input": true, "agent.thought": true, "app.userMessage": true, "text": true, "app.mode": false, "app.model_name": false, "message.id": false,
	} {
		assert.Equal(t, want, EndsAsContent(key), key)
	}
}

func TestLooksLikeMessages(t *testing.T) {
	for _, messages := range []string{`[{"role":"user"}]`, `{"a":"[{\"role\":\"user\"}]"}`, `{"type":"human","content":"x"}`, `[{"arguments":"{}"}]`} {
		assert.True(t, LooksLikeMessages(messages), messages)
	}
	assert.False(t, LooksLikeMessages(`{"name":"Bob","age":42}`))
}

func TestMayHoldContent(t *testing.T) {
	assert.True(t, MayHoldContent("crew.task.text") && MayHoldContent("langfuse.observation.metadata.note"))
	assert.False(t, MayHoldContent("exception.message") || MayHoldContent("gen_ai.request.model") || MayHoldContent("gen_ai.input.messages"))
}

func TestKeyFacts(t *testing.T) {
	for _, user := range []string{"user.id", "enduser.id", "user_id", "ai.telemetry.metadata.userId", "langfuse.user.id", "llm.user", "traceloop.association.properties.user_id"} {
		assert.True(t, IsUserKey(user), user)
		assert.False(t, IsConversationKey(user), user)
	}
	for _, conversation := range []string{"session.id", "gen_ai.conversation.id", "thread_id", "threadId", "langsmith.metadata.thread_id", "mcp.session.id"} {
		assert.True(t, IsConversationKey(conversation), conversation)
		assert.False(t, IsUserKey(conversation), conversation)
	}
	for _, neither := range []string{"user.email", "user_prompt", "id", "session", ""} {
		assert.False(t, IsUserKey(neither) || IsConversationKey(neither), neither)
	}
	for _, count := range []string{"gen_ai.usage.input_tokens", "llm.token_count.total", "gen_ai.usage.details.anything", "max_tokens_total", "total_tokens"} {
		assert.True(t, IsCountKey(count), count)
	}
	for _, none := range []string{"order_id", "card", "token", "gen_ai.request.model"} {
		assert.False(t, IsCountKey(none), none)
	}
	for _, id := range []string{"gen_ai.request.model", "gen_ai.response.id", "gen_ai.tool.call.id", "ai.response.model"} {
		assert.True(t, IsIdentifierKey(id), id)
	}
	for _, none := range []string{"model", "user.id", "gen_ai.conversation.id", "request_id", "gen_ai.input.messages"} {
		assert.False(t, IsIdentifierKey(none), none)
	}
	assert.True(t, IsChunkEvent("new_token") && IsChunkEvent("mlflow.chunk.item.3") && IsChunkEvent("llm.content.completion.chunk"))
	assert.False(t, IsChunkEvent("exception") || IsChunkEvent("gen_ai.choice"))
	assert.True(t, IsErrorText("exception.message") && IsErrorText("exception.stacktrace") && IsErrorText("error.message"))
	assert.False(t, IsErrorText("error.type") || IsErrorText("gen_ai.input.messages"))
	assert.True(t, RoleOf("gen_ai.input.messages").IsMessageContent())
	assert.False(t, RoleOf("gen_ai.tool.call.arguments").IsMessageContent())
}
