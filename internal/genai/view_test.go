// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

func viewOf(name string, attributes map[string]any) *View {
	r := NewReader(nil)
	r.SetScope(pcommon.NewInstrumentationScope())
	return r.Span(spanOf(name, attributes))
}

// TestRunKey: LangGraph's namespace without its last segment, wherever a client puts it; empty at the top level.
func TestRunKey(t *testing.T) {
	const namespace, run = "research:1|analyst:2|tools:3", "research:1|analyst:2"
	for _, c := range []struct {
		client     string
		attributes map[string]any
		want       string
	}{
		{"OpenInference", map[string]any{"openinference.span.kind": "TOOL", "metadata": `{"langgraph_checkpoint_ns":"` + namespace + `"}`}, run},
		{"OpenLLMetry", map[string]any{"traceloop.association.properties.langgraph_checkpoint_ns": namespace}, run},
		{"LangSmith", map[string]any{"langsmith.metadata.langgraph_checkpoint_ns": namespace}, run},
		{"Langfuse, quoted", map[string]any{"langfuse.observation.metadata.langgraph_checkpoint_ns": `"` + namespace + `"`}, run},
		{"MLflow", map[string]any{"mlflow.spanType": `"TOOL"`, "metadata": `{"langgraph_checkpoint_ns":"` + namespace + `"}`}, run},
		{"top level", map[string]any{"langsmith.metadata.langgraph_checkpoint_ns": "tools:3"}, ""},
		{"Pydantic AI", map[string]any{"gen_ai.operation.name": "execute_tool", "gen_ai.agent.call.id": "run-1"}, "run-1"},
		{"none", map[string]any{"gen_ai.operation.name": "execute_tool"}, ""},
	} {
		assert.Equal(t, c.want, viewOf("execute_tool f", c.attributes).RunKey(), c.client)
	}
}

// TestFailure: every sign of research/genai.md 7.1 that stands on the span itself, and what is none.
func TestFailure(t *testing.T) {
	tool := func(more map[string]any) map[string]any {
		more["gen_ai.operation.name"] = "execute_tool"
		return more
	}
	for _, c := range []struct {
		name       string
		attributes map[string]any
		status     ptrace.StatusCode
		message    string
		exception  string
		want       Failure
	}{
		{name: "nothing", attributes: tool(map[string]any{}), want: Failure{}},
		{name: "status", attributes: map[string]any{}, status: ptrace.StatusCodeError, message: "no", want: Failure{Sign: StatusError, Message: "no"}},
		{name: "status and type", attributes: map[string]any{"error.type": "E"}, status: ptrace.StatusCodeError, want: Failure{Sign: StatusError, Type: "E"}},
		{name: "exception under status OK", attributes: map[string]any{}, status: ptrace.StatusCodeOk, exception: "E",
			want: Failure{Sign: ExceptionEvent, Type: "E", Message: "text"}},
		{name: "a stream that was left, under status OK", attributes: map[string]any{}, status: ptrace.StatusCodeOk, exception: "asyncio.exceptions.CancelledError", want: Failure{}},
		{name: "a call that was cancelled", attributes: map[string]any{}, exception: "asyncio.exceptions.CancelledError",
			want: Failure{Sign: ExceptionEvent, Type: "asyncio.exceptions.CancelledError", Message: "text"}},
		{name: "error.type", attributes: map[string]any{"error.type": "tool_error"}, want: Failure{Sign: ErrorAttribute, Type: "tool_error"}},
		{name: "error.type of no known type", attributes: map[string]any{"error.type": "_OTHER"}, want: Failure{Sign: ErrorAttribute}},
		{name: "HTTP", attributes: map[string]any{"http.response.status_code": 429}, want: Failure{Sign: HTTPErrorCode, Type: "429"}},
		{name: "HTTP timeout", attributes: map[string]any{"http.status_code": 504}, want: Failure{Sign: HTTPErrorCode, Type: "504", Timeout: true}},
		{name: "HTTP redirect", attributes: map[string]any{"http.response.status_code": 302}, want: Failure{}},
		{name: "timeout", attributes: map[string]any{}, status: ptrace.StatusCodeError, message: "request timed out",
			want: Failure{Sign: StatusError, Type: "timeout", Message: "request timed out", Timeout: true}},
		{name: "genkit:state", attributes: map[string]any{"genkit:state": "error"}, want: Failure{Sign: FailedState}},
		{name: "gen_ai.tool.status", attributes: tool(map[string]any{"gen_ai.tool.status": "error"}), want: Failure{Sign: FailedState}},
		{name: "gen_ai.tool.status of a success", attributes: tool(map[string]any{"gen_ai.tool.status": "success"}), want: Failure{}},
		{name: "haystack.tool.error", attributes: map[string]any{"haystack.tool.name": "f", "haystack.tool.error": true}, want: Failure{Sign: FailedState}},
		{name: "isError", attributes: tool(map[string]any{"gen_ai.tool.call.result": `{"content":[],"isError":true}`}), want: Failure{Sign: ErrorResult}},
		{name: "is_error", attributes: tool(map[string]any{"gen_ai.tool.call.result": `{"is_error":true}`}), want: Failure{Sign: ErrorResult}},
		{name: "status error", attributes: tool(map[string]any{"gen_ai.tool.call.result": `{"status":"error"}`}), want: Failure{Sign: ErrorResult}},
		{name: "the status of an order", attributes: tool(map[string]any{"gen_ai.tool.call.result": `{"status":"failed","order":"A-1"}`}), want: Failure{}},
		{name: "exit code", attributes: tool(map[string]any{"gen_ai.tool.call.result": `{"exit_code":1}`}), want: Failure{Sign: ErrorResult}},
		{name: "exit code 0", attributes: tool(map[string]any{"gen_ai.tool.call.result": `{"exit_code":0}`}), want: Failure{}},
		{name: "success false", attributes: tool(map[string]any{"gen_ai.tool.call.result": `{"success":false}`}), want: Failure{Sign: ErrorResult}},
		{name: "success as a word", attributes: tool(map[string]any{"gen_ai.tool.call.result": `{"success":"false"}`}), want: Failure{Sign: ErrorResult}},
		{name: "error text", attributes: tool(map[string]any{"gen_ai.tool.call.result": "Error: down"}), want: Failure{Sign: ErrorResult, Message: "Error: down"}},
		{name: "text about an error", attributes: tool(map[string]any{"gen_ai.tool.call.result": "The Error: page lists 3 entries"}), want: Failure{}},
		{name: "a model's answer is no tool's result", attributes: map[string]any{"gen_ai.operation.name": "chat", "gen_ai.completion": `{"error":"x"}`}, want: Failure{}},
		{name: "a handoff", attributes: tool(map[string]any{}), status: ptrace.StatusCodeError, exception: "langgraph.errors.ParentCommand", want: Failure{}},
		{name: "an interrupt", attributes: tool(map[string]any{}), status: ptrace.StatusCodeError, exception: "GraphInterrupt", want: Failure{}},
		{name: "a placeholder", attributes: tool(map[string]any{"error.type": "none"}), want: Failure{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := spanOf("f", c.attributes)
			s.Status().SetCode(c.status)
			s.Status().SetMessage(c.message)
			if c.exception != "" {
				e := s.Events().AppendEmpty()
				e.SetName("exception")
				e.Attributes().PutStr("exception.type", c.exception)
				e.Attributes().PutStr("exception.message", "text")
			}
			assert.Equal(t, c.want, NewReader(nil).Span(s).Failure())
		})
	}
}

// TestArgumentsKnown: a call without arguments is not a call whose arguments nobody has reported.
func TestArgumentsKnown(t *testing.T) {
	for _, c := range []struct {
		name       string
		attributes map[string]any
		want       Text
		known      bool
	}{
		{"none", map[string]any{"gen_ai.operation.name": "execute_tool", "gen_ai.tool.call.arguments": "{}"}, Text{"{}", true}, true},
		{"not reported", map[string]any{"gen_ai.operation.name": "execute_tool"}, Text{}, false},
		{"without a value", map[string]any{"gen_ai.operation.name": "execute_tool", "gen_ai.tool.call.arguments": nil}, Text{}, false},
		{"of a model call", map[string]any{"gen_ai.operation.name": "chat", "gen_ai.tool.args": "{}"}, Text{}, false},
	} {
		got, known := viewOf("execute_tool f", c.attributes).ToolArguments()
		assert.Equal(t, c.want, got, c.name)
		assert.Equal(t, c.known, known, c.name)
	}
}

// TestRecordAfterSpan: the view of a log record must not see the span that was read before it.
func TestRecordAfterSpan(t *testing.T) {
	r := NewReader(nil)
	s := spanOf("chat", currentSpan)
	s.Status().SetCode(ptrace.StatusCodeError)
	s.Events().AppendEmpty().SetName("exception")
	r.Span(s)
	assert.Equal(t, Failure{}, r.Log(noRecord).Failure())
}

// TestToolRequest: what a model asks for has not been run.
func TestToolRequest(t *testing.T) {
	for _, c := range []struct {
		scope, name   string
		call, request bool
	}{
		{"agentops.instrumentation.openai", "tool_call.get_order_status", false, true},
		{"agentops.instrumentation.openai", "get_order_status.tool", true, false},
		{"shop", "tool_call.get_order_status", true, false},
	} {
		r := NewReader(nil)
		scope := pcommon.NewInstrumentationScope()
		scope.SetName(c.scope)
		r.SetScope(scope)
		v := r.Span(spanOf(c.name, map[string]any{"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "get_order_status"}))
		assert.Equal(t, c.call, v.IsToolCall(), "%+v", c)
		assert.Equal(t, c.request, v.IsToolRequest(), "%+v", c)
	}
}
