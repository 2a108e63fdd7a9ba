// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/test/harness"
)

// words of each kind of content, as planted by contentSamples.
var words = map[string]string{
	"prompts": "zebra", "completions": "walrus", "tool_arguments": "otter", "tool_results": "heron", "documents": "badger",
}

// prose is a sentence with the kind's word.
func prose(setting string) string { return "here is the " + words[setting] + " again" }

// contentSamples are the places where clients put content, by client; each holds sentences with the words.
var contentSamples = map[string]func(ptrace.Span){
	"semconv": func(s ptrace.Span) {
		s.Attributes().PutStr("gen_ai.operation.name", "chat")
		s.Attributes().PutStr("gen_ai.system_instructions", `[{"type":"text","content":"`+prose("prompts")+`"}]`)
		s.Attributes().PutStr("gen_ai.input.messages", openAIHistory)
		s.Attributes().PutStr("gen_ai.output.messages", `[{"role":"assistant","parts":[{"type":"text","content":"`+prose("completions")+
			`"},{"type":"tool_call","id":"c1","name":"find","arguments":{"q":"`+prose("tool_arguments")+`","n":7}}],"finish_reason":"stop"}]`)
	},
	"semconv, structured": func(s ptrace.Span) {
		s.Attributes().PutStr("gen_ai.operation.name", "chat")
		putJSON(s.Attributes(), "gen_ai.input.messages", openAIHistory)
	},
	"semconv tool": func(s ptrace.Span) {
		s.Attributes().PutStr("gen_ai.operation.name", "execute_tool")
		s.Attributes().PutStr("gen_ai.tool.call.arguments", `{"q":"`+prose("tool_arguments")+`"}`)
		s.Attributes().PutStr("gen_ai.tool.call.result", prose("tool_results"))
	},
	"old events": func(s ptrace.Span) {
		s.Attributes().PutStr("gen_ai.operation.name", "chat")
		event := func(name, key, text string) {
			e := s.Events().AppendEmpty()
			e.SetName(name)
			e.Attributes().PutStr(key, text)
		}
		event("gen_ai.user.message", "content", prose("prompts"))
		event("gen_ai.tool.message", "content", `[{"toolResult":"`+prose("tool_results")+`"}]`)
		event("gen_ai.choice", "message", `[{"text":"`+prose("completions")+`"},{"toolUse":{"name":"find","input":{"q":"`+prose("tool_arguments")+`"}}}]`)
		event("gen_ai.content.completion", "gen_ai.completion", prose("completions"))
		event("db.query.result", "db.query.result.document", prose("documents"))
	},
	"OpenInference": func(s ptrace.Span) {
		a := s.Attributes()
		a.PutStr("openinference.span.kind", "LLM")
		a.PutStr("input.value", `{"model":"gpt-4o","messages":`+openAIHistory+`}`)
		a.PutStr("output.value", `{"choices":[{"message":{"role":"assistant","content":"`+prose("completions")+`"}}]}`)
		a.PutStr("llm.input_messages.0.message.role", "user")
		a.PutStr("llm.input_messages.0.message.content", prose("prompts"))
		a.PutStr("llm.input_messages.1.message.role", "assistant")
		a.PutStr("llm.input_messages.1.message.contents.0.message_content.text", prose("completions"))
		a.PutStr("llm.input_messages.1.message.tool_calls.0.tool_call.function.name", "find")
		a.PutStr("llm.input_messages.1.message.tool_calls.0.tool_call.function.arguments", `{"q":"`+prose("tool_arguments")+`"}`)
		a.PutStr("llm.input_messages.2.message.role", "tool")
		a.PutStr("llm.input_messages.2.message.content", prose("tool_results"))
		a.PutStr("llm.output_messages.0.message.role", "assistant")
		a.PutStr("llm.output_messages.0.message.content", prose("completions"))
	},
	"OpenInference retriever": func(s ptrace.Span) {
		s.Attributes().PutStr("openinference.span.kind", "RETRIEVER")
		s.Attributes().PutStr("input.value", prose("prompts"))
		s.Attributes().PutStr("output.value", `{"documents":["`+prose("documents")+`"]}`)
		s.Attributes().PutStr("retrieval.documents.0.document.id", "kb-1")
		s.Attributes().PutStr("retrieval.documents.0.document.content", prose("documents"))
	},
	"OpenInference chain": func(s ptrace.Span) {
		s.Attributes().PutStr("openinference.span.kind", "CHAIN")
		s.Attributes().PutStr("input.value", prose("prompts"))
		s.Attributes().PutStr("output.value", `{"messages":[{"type":"human","content":"`+prose("prompts")+`"},{"type":"ai","content":"`+prose("completions")+`"}]}`)
	},
	"OpenLLMetry": func(s ptrace.Span) {
		a := s.Attributes()
		a.PutStr("traceloop.span.kind", "tool")
		a.PutStr("traceloop.entity.input", `{"args":[],"kwargs":{"q":"`+prose("tool_arguments")+`"}}`)
		a.PutStr("traceloop.entity.output", prose("tool_results"))
	},
	"OpenLLMetry, flattened": func(s ptrace.Span) {
		a := s.Attributes()
		a.PutStr("llm.request.type", "chat")
		a.PutStr("gen_ai.prompt.0.role", "user")
		a.PutStr("gen_ai.prompt.0.content", prose("prompts"))
		a.PutStr("gen_ai.prompt.1.role", "tool")
		a.PutStr("gen_ai.prompt.1.content", prose("tool_results"))
		a.PutStr("gen_ai.completion.0.role", "assistant")
		a.PutStr("gen_ai.completion.0.content", prose("completions"))
		a.PutStr("gen_ai.completion.0.tool_calls.0.arguments", prose("tool_arguments"))
	},
	"AI SDK": func(s ptrace.Span) {
		a := s.Attributes()
		a.PutStr("ai.operationId", "ai.generateText.doGenerate")
		a.PutStr("ai.prompt.messages", `[{"role":"user","content":[{"type":"text","text":"`+prose("prompts")+
			`"}]},{"role":"tool","content":[{"type":"tool-result","toolName":"find","output":{"type":"text","value":"`+prose("tool_results")+`"}}]}]`)
		a.PutStr("ai.response.text", prose("completions"))
		a.PutStr("ai.response.toolCalls", `[{"toolCallId":"c1","toolName":"find","input":"{\"q\":\"`+prose("tool_arguments")+`\"}"}]`)
	},
	"Anthropic parts": func(s ptrace.Span) {
		s.Attributes().PutStr("gen_ai.operation.name", "chat")
		s.Attributes().PutStr("gen_ai.prompt", `{"system":"`+prose("prompts")+`","messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"find","input":{"q":"`+
			prose("tool_arguments")+`"}}]},{"role":"user","content":[{"type":"tool_result","content":"`+prose("tool_results")+`"}]}]}`)
	},
	"streamed": func(s ptrace.Span) {
		s.Attributes().PutStr("gen_ai.operation.name", "chat")
		e := s.Events().AppendEmpty()
		e.SetName("new_token")
		e.Attributes().PutStr("token", prose("completions"))
	},
	"copies under names nobody knows": func(s ptrace.Span) {
		s.Attributes().PutStr("gen_ai.operation.name", "chat")
		s.Attributes().PutStr("gen_ai.input.messages", openAIHistory)
		s.SetName("ask: " + prose("prompts"))
		s.Status().SetMessage("refused: " + prose("prompts"))
		s.Attributes().PutStr("app.debug", `{"last":"`+prose("tool_results")+`"}`)
		s.Attributes().PutEmptyMap("app.seen").PutStr("said", prose("completions"))
	},
}

var openAIHistory = `[{"role":"system","content":"` + prose("prompts") + `"},{"role":"user","content":[{"type":"text","text":"` + prose("prompts") +
	`"}]},{"role":"assistant","content":"` + prose("completions") + `","tool_calls":[{"id":"c1","type":"function","function":{"name":"find","arguments":"{\"q\":\"` +
	prose("tool_arguments") + `\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"` + prose("tool_results") + `"}]`

func putJSON(m pcommon.Map, key, text string) {
	var raw any
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		panic(err)
	}
	if err := m.PutEmpty(key).FromRaw(raw); err != nil {
		panic(err)
	}
}

func TestContentDropped(t *testing.T) {
	for client, fill := range contentSamples {
		for setting, word := range words {
			for _, mode := range []Storage{StorageDrop, StorageHash} {
				t.Run(fmt.Sprint(client, "/", setting, "/", mode), func(t *testing.T) {
					s := newTestScrubber(t, fmt.Sprintf("content: {%s: %s}", setting, mode))
					td, span := newSpan()
					fill(span)
					before := marshal(t, harness.TracesRequest(td))
					s.traces(td)
					after := marshal(t, harness.TracesRequest(td))
					assert.NotContains(t, after, word)
					if client != "OpenInference chain" { // where nothing tells the kinds apart, the strictest setting holds
						if !strings.Contains(before, word) {
							assert.Equal(t, before, after, "nothing of that kind was there")
						}
						for other, kept := range words {
							if other != setting {
								assert.Equal(t, strings.Contains(before, kept), strings.Contains(after, kept), "%s is to be kept", other)
							}
						}
					}
					s.traces(td)
					assert.Equal(t, after, marshal(t, harness.TracesRequest(td)), "second pass")
				})
			}
		}
	}
}

func TestContentKeepsTheShapeOfMessages(t *testing.T) {
	s := newTestScrubber(t, "content: {prompts: drop, tool_arguments: drop, tool_results: drop}")
	assert.JSONEq(t, `[{"role":"system","content":""},{"role":"user","content":[{"type":"text","text":""}]},{"role":"assistant","content":"here is the walrus again",
		"tool_calls":[{"id":"c1","type":"function","function":{"name":"find","arguments":""}}]},{"role":"tool","tool_call_id":"c1","content":""}]`,
		attributeAfter(t, s, "gen_ai.input.messages", openAIHistory).(string))
	assert.Nil(t, attributeAfter(t, s, "gen_ai.tool.call.result", "x"), "an attribute that is nothing else is removed")
	assert.Equal(t, "gpt-4o", attributeAfter(t, s, "gen_ai.request.model", "gpt-4o"))
}

func TestContentOfBrokenMessages(t *testing.T) {
	s := newTestScrubber(t, "content: {completions: drop}")
	for _, broken := range []string{openAIHistory[:len(openAIHistory)-20], `[{'role': 'assistant', 'content': 'here is the walrus again'}]`} {
		assert.Nil(t, attributeAfter(t, s, "gen_ai.input.messages", broken), "nothing tells the kinds apart")
	}
	assert.Equal(t, "a question", attributeAfter(t, s, "gen_ai.input.messages", "a question"))
}

func TestContentUnderNamesNobodyKnows(t *testing.T) {
	s := newTestScrubber(t, "content: {prompts: drop}")
	td, span := newSpan()
	for key, value := range map[string]string{
		"gen_ai.operation.name": "chat", "crew.task.text": "find the best hotel in town", "app.version": "1.2", "app.state": `{"role":"user","content":"hi"}`,
		"error.message": "this is not what somebody said", "semantic_kernel.prompt": "zebra", "lk.user_input": "zebra", "agent.thought": "zebra", "app.mode": "zoo", "my_app.result": "heron", "http.response": "ok",
	} {
		span.Attributes().PutStr(key, value)
	}
	s.traces(td)
	assert.Equal(t, map[string]any{
		"gen_ai.operation.name": "chat", "app.version": "1.2", "app.state": `{"role":"user","content":""}`,
		"error.message": "this is not what somebody said", "my_app.result": "heron", "http.response": "ok", "app.mode": "zoo",
	}, span.Attributes().AsRaw())

	td, span = newSpan()
	span.Attributes().PutStr("prompt", `{"question":"where is the best hotel"}`)
	span.Attributes().PutStr("app.title", "where is the best hotel?")
	s.traces(td)
	assert.Equal(t, map[string]any{"app.title": "?"}, span.Attributes().AsRaw(), "a copy of what stood in JSON")

	kept := attributeAfter(t, s, "llmcol.original.gen_ai.input.messages", `[{"role":"user","content":"hi"}]`)
	assert.Equal(t, `[{"role":"user","content":""}]`, kept, "what llm_normalizer keeps of the client's own")

	other, otherSpan := newSpan()
	otherSpan.Attributes().PutStr("crew.task.text", "find the best hotel in town")
	s.traces(other)
	assert.Equal(t, 1, otherSpan.Attributes().Len(), "no span of an LLM app")
}

func TestEqualPromptsStayEqual(t *testing.T) {
	s := newTestScrubber(t, "content: {prompts: hash}")
	hash := attributeAfter(t, s, "prompt", "tell me a story")
	require.Regexp(t, `^hmac-sha256:[0-9a-f]{64}$`, hash)
	messages := attributeAfter(t, s, "gen_ai.input.messages", `[{"role":"user","content":"tell me a story"}]`)
	assert.Equal(t, `[{"role":"user","content":"`+hash.(string)+`"}]`, messages)
	assert.NotEqual(t, hash, attributeAfter(t, s, "prompt", "tell me another story"))
}

func TestContentInLogs(t *testing.T) {
	for name, tt := range map[string]struct {
		fill    func(plog.LogRecord)
		setting string
	}{
		"old event, map": {func(r plog.LogRecord) {
			r.Attributes().PutStr("event.name", "gen_ai.user.message")
			r.Body().SetEmptyMap().PutStr("content", prose("prompts"))
		}, "prompts"},
		"old event, JSON text": {func(r plog.LogRecord) {
			r.SetEventName("gen_ai.choice")
			r.Body().SetStr(`{"index":0,"message":{"role":"assistant","content":"` + prose("completions") + `"}}`)
		}, "completions"},
		"old event, tool call": {func(r plog.LogRecord) {
			r.SetEventName("gen_ai.choice")
			setJSON(r.Body(), `{"message":{"tool_calls":[{"id":"c","function":{"name":"find","arguments":"`+prose("tool_arguments")+`"}}]}}`)
		}, "tool_arguments"},
		"current event": {func(r plog.LogRecord) {
			r.SetEventName("gen_ai.client.inference.operation.details")
			putJSON(r.Attributes(), "gen_ai.input.messages", openAIHistory)
		}, "prompts"},
		"Claude Code": {func(r plog.LogRecord) {
			r.Attributes().PutStr("event.name", "user_prompt")
			r.Attributes().PutStr("prompt", prose("prompts"))
			r.Body().SetStr("claude_code.user_prompt " + prose("prompts"))
		}, "prompts"},
		"Spring AI's log lines": {func(r plog.LogRecord) {
			r.Body().SetStr("Chat Model Prompt Content:\n[\"" + prose("prompts") + "\"]")
		}, "prompts"},
	} {
		t.Run(name, func(t *testing.T) {
			ld, record := newRecord()
			tt.fill(record)
			newTestScrubber(t, "content: {"+tt.setting+": drop}").logs(ld)
			assert.NotContains(t, marshal(t, harness.LogsRequest(ld)), words[tt.setting])
		})
	}
	ld, record := newRecord()
	record.Body().SetStr("request took 3 ms")
	newTestScrubber(t, "content: {prompts: drop, completions: drop}").logs(ld)
	assert.Equal(t, "request took 3 ms", record.Body().Str(), "a log line of the app is no content")
}

func setJSON(v pcommon.Value, text string) {
	m := pcommon.NewMap()
	putJSON(m, "v", text)
	inner, _ := m.Get("v")
	inner.MoveTo(v)
}

// fixtureContent is what the fixtures' app says, asks and gets; see ../shared/clients/common.py.
var fixtureContent = map[string][]string{
	"prompts":     {"You are a support assistant", "what is the status of order", "When is my refund paid", "My name is Jane Doe"},
	"completions": {"Refunds are paid within 14 days to the card ending", "I could not find order A-1001 after several attempts"},
	"documents":   {"Refunds are paid within 14 days to the original card"},
}

// fixtureToolData is what the app's tool is called with and what it answers, in whatever way it is escaped.
var fixtureToolData = map[string]*regexp.Regexp{
	"tool_arguments": regexp.MustCompile(`order_id[\\"': =]+A-1001|cat no_such_file`),
	"tool_results":   regexp.MustCompile(`ERROR: OrderServiceError`),
}

func TestFixturesToolDataDropped(t *testing.T) {
	for _, f := range harness.Fixtures(t) {
		for setting, data := range fixtureToolData {
			t.Run(f.Name()+"/"+setting, func(t *testing.T) {
				s := newTestScrubber(t, "content: {"+setting+": drop}")
				for _, request := range f.Requests {
					after := copyOf(request)
					scrub(s, after)
					assert.Empty(t, data.FindAllString(marshal(t, after), 3))
				}
			})
		}
	}
}

func TestErrorsOfToolsAreToolResults(t *testing.T) {
	s := newTestScrubber(t, "content: {tool_results: drop}")
	for _, operation := range []string{"execute_tool", "chat"} {
		td, span := newSpan()
		span.Attributes().PutStr("gen_ai.operation.name", operation)
		span.Attributes().PutStr("error.type", "OrderError")
		span.Attributes().PutStr("error.message", "no order of bob")
		span.Status().SetMessage("no order of bob")
		event := span.Events().AppendEmpty()
		event.SetName("exception")
		event.Attributes().PutStr("exception.message", "no order of bob")
		event.Attributes().PutStr("exception.stacktrace", "OrderError: no order of bob\n at x.py")
		s.traces(td)
		text := marshal(t, harness.TracesRequest(td))
		assert.Equal(t, operation != "execute_tool", strings.Contains(text, "no order of bob"), operation)
		assert.Contains(t, text, "OrderError")
	}
}

func TestContentOfStructuredAnswers(t *testing.T) {
	s := newTestScrubber(t, "content: {completions: drop}")
	assert.Nil(t, attributeAfter(t, s, "ai.response.object", `{"name":"Bob","id":"x","age":42}`), "no message, so nothing in it is a label")
	assert.Nil(t, attributeAfter(t, s, "completion", map[string]any{"name": "Bob"}))
	assert.Equal(t, `[{"role":"assistant","content":""}]`, attributeAfter(t, s, "completion", `[{"role":"assistant","content":"Bob"}]`))
}

func TestFixturesContentDropped(t *testing.T) {
	for _, f := range harness.Fixtures(t) {
		for setting, sentences := range fixtureContent {
			settings := "content: {" + setting + ": drop}"
			if setting == "documents" { // the app quotes them in its prompts
				settings = "content: {documents: drop, prompts: drop}"
			}
			t.Run(f.Name()+"/"+setting, func(t *testing.T) {
				s := newTestScrubber(t, settings)
				for _, request := range f.Requests {
					after := copyOf(request)
					scrub(s, after)
					text := marshal(t, after)
					for _, sentence := range sentences {
						assertAbsent(t, text, sentence)
					}
				}
			})
		}
	}
}
