// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"bytes"
	"strings"
)

// spanNames tell an operation where attributes do not. They are asked late, and only of spans that a convention or a scope claims. None is
// of ConventionSemConv: what the normaliser adds claims every span for it, so that a second pass would read more in the name than the first.
var spanNames = []struct {
	convention     Convention // ConventionNone: any
	prefix, suffix string
	op             Operation
}{
	{ConventionNone, "chat ", "", OpChat},
	{ConventionNone, "text_completion ", "", OpTextCompletion},
	{ConventionNone, "generate_content", "", OpGenerateContent},
	{ConventionNone, "embeddings ", "", OpEmbeddings},
	{ConventionNone, "execute_tool ", "", OpExecuteTool},
	{ConventionNone, "running tool: ", "", OpExecuteTool},
	{ConventionNone, "tool_call ", "", OpExecuteTool},
	{ConventionNone, "invoke_agent", "", OpInvokeAgent},
	{ConventionNone, "agent run", "agent run", OpInvokeAgent}, // the whole name: Pydantic AI's
	{ConventionNone, "create_agent ", "", OpCreateAgent},
	{ConventionNone, "execute_agent_loop_cycle", "", OpAgentStep},
	{ConventionNone, "execute_event_loop_cycle", "", OpAgentStep},
	{ConventionNone, "retrieval ", "", OpRetrieval},
	{ConventionNone, quarkusTool, "", OpExecuteTool},
	{ConventionNone, quarkusService, "", OpInvokeAgent},
	{ConventionPydanticAI, "running tool", "", OpExecuteTool},
	{ConventionPydanticAI, "Function: ", "", OpExecuteTool},
	{ConventionPydanticAI, "Agent run: ", "", OpInvokeAgent},
	{ConventionPydanticAI, "OpenAI Agents trace: ", "", OpInvokeWorkflow},
	{ConventionPydanticAI, "Responses API with ", "", OpChat}, // a refused call of OpenAI Agents has no other sign
	{ConventionPydanticAI, "Chat completion with ", "", OpChat},
	{ConventionADK, "call_llm", "", OpGenerateContent},
	{ConventionADK, "invocation", "", OpInvokeWorkflow},
	{ConventionADK, "agent_run", "", OpInvokeAgent},
	{ConventionAnthropicSDK, "anthropic.custom_tool_use ", "", OpExecuteTool},
	{ConventionAnthropicSDK, "anthropic.tool_use ", "", OpExecuteTool},
	{ConventionAnthropicSDK, "anthropic.messages.count_tokens", "", OpOther},
	{ConventionAnthropicSDK, "anthropic.messages.batches.", "", OpOther},
	{ConventionAnthropicSDK, "anthropic.messages.", "", OpChat},
	{ConventionMistralSDK, "chat_completion", "", OpChat},
	{ConventionMistralSDK, "stream_chat", "", OpChat},
	{ConventionMistralSDK, "agents_completion", "", OpChat},
	{ConventionMistralSDK, "stream_agents", "", OpChat},
	{ConventionMistralSDK, "fim_completion", "", OpTextCompletion},
	{ConventionMistralSDK, "stream_fim", "", OpTextCompletion},
	{ConventionMistralSDK, "embeddings", "", OpEmbeddings},
	{ConventionGoose, "dispatch_tool_call", "", OpExecuteTool},
	{ConventionGoose, "reply", "", OpInvokeAgent},
	{ConventionHaystack, "haystack.agent.step.llm", "", OpChat},
	{ConventionHaystack, "haystack.agent.step.tool", "", OpExecuteTool},
	{ConventionHaystack, "haystack.agent.step", "", OpAgentStep},
	{ConventionHaystack, "haystack.agent", "", OpInvokeAgent},
	{ConventionHaystack, "haystack.pipeline", "", OpInvokeWorkflow},
	{ConventionHaystack, "haystack.async_pipeline", "", OpInvokeWorkflow},
	{ConventionLlamaIndex, "", "Tool.call", OpExecuteTool},
	{ConventionLlamaIndex, "", "Tool.acall", OpExecuteTool},
	{ConventionLlamaIndex, "", ".achat", OpChat},
	{ConventionLlamaIndex, "", ".chat", OpChat},
	{ConventionLlamaIndex, "", ".stream_chat", OpChat},
	{ConventionLlamaIndex, "", ".astream_chat", OpChat},
	{ConventionLlamaIndex, "", ".complete", OpTextCompletion},
	{ConventionLlamaIndex, "", ".acomplete", OpTextCompletion},
	{ConventionLlamaIndex, "", ".stream_complete", OpTextCompletion},
	{ConventionLlamaIndex, "", ".astream_complete", OpTextCompletion},
	{ConventionLlamaIndex, "", ".get_query_embedding", OpEmbeddings},
	{ConventionLlamaIndex, "", ".aget_query_embedding", OpEmbeddings},
	{ConventionLlamaIndex, "", ".get_text_embedding", OpEmbeddings},
	{ConventionLlamaIndex, "", ".aget_text_embedding", OpEmbeddings},
	{ConventionLlamaIndex, "", ".get_text_embedding_batch", OpEmbeddings},
	{ConventionLlamaIndex, "", ".aget_text_embedding_batch", OpEmbeddings},
	{ConventionLlamaIndex, "", "Agent.run", OpInvokeAgent},
	{ConventionLlamaIndex, "", ".retrieve", OpRetrieval},
	{ConventionLlamaIndex, "", ".aretrieve", OpRetrieval},
	{ConventionLlamaIndex, "", ".run_agent_step", OpAgentStep},
	{ConventionOpenLLMetry, "", ".tool", OpExecuteTool},
	{ConventionOpenLLMetry, "", ".agent", OpInvokeAgent},
	{ConventionOpenLLMetry, "", ".workflow", OpInvokeWorkflow},
	{ConventionOpenLLMetry, "", ".query", OpRetrieval},
	{ConventionOpenLLMetry, "", ".search", OpRetrieval},
	{ConventionOpenLLMetry, "", ".query_points", OpRetrieval},
	{ConventionOpenLLMetry, "", ".chat", OpChat},
	{ConventionOpenLLMetry, "bedrock.completion", "", OpChat},
}

func (v *View) nameOperation() Operation {
	if v.claims&ConventionHaystack.bit() != 0 && v.has(fieldKind) {
		if op := haystackComponent(v.slots[fieldKind].text()); op != OpNone {
			return op
		}
	}
	for i := range spanNames {
		n := &spanNames[i]
		if (n.convention == ConventionNone || v.claims&n.convention.bit() != 0) &&
			strings.HasPrefix(v.name, n.prefix) && strings.HasSuffix(v.name, n.suffix) {
			return n.op
		}
	}
	return OpNone
}

// haystackComponent tells by the class of a Haystack component, as they are named: OpenAIChatGenerator, InMemoryBM25Retriever.
func haystackComponent(class string) Operation {
	for _, c := range [...]struct {
		part string
		op   Operation
	}{
		{"Generator", OpChat}, {"Embedder", OpEmbeddings}, {"Retriever", OpRetrieval}, {"Ranker", OpRerank}, {"Agent", OpInvokeAgent},
	} {
		if strings.Contains(class, c.part) {
			return c.op
		}
	}
	return OpNone
}

// tellsByName tells spans without a single attribute whose name alone says what they are: a tool that throws in Google ADK TS, tools and
// services of Quarkus LangChain4j.
func tellsByName(name string) bool {
	return strings.HasPrefix(name, "execute_tool ") || strings.HasPrefix(name, "invoke_agent ") || strings.HasPrefix(name, quarkusTool) ||
		strings.HasPrefix(name, quarkusService)
}

const (
	quarkusTool    = "langchain4j.tools."
	quarkusService = "langchain4j.aiservices."
)

// echo is a span that a framework calls LLM or TOOL although no model and no tool is called in it: it wraps a call, or repeats one. It is
// known by how its scope's and its own name begin and its own name ends.
type echo struct{ scope, prefix, suffix string }

// The echoes of research/genai.md 8.1.
var echoesOfCalls = []echo{
	{"", "", "._prepare_chat_with_tools"}, {"", "", ".predict"}, {"", "", ".apredict"}, {"", "", ".stream_predict"}, {"", "", ".astream_predict"},
	{"", "", ".predict_and_call"}, {"", "", ".apredict_and_call"}, {"openinference.instrumentation.beeai", "new_token", ""},
	{"openinference.instrumentation.beeai", "error", ""},
}

var echoesOfTools = []echo{
	{"openinference.instrumentation.beeai", "error", ""}, {"gcp.vertex.agent", "execute_tool (merged tools)", ""},
	{"", "qwen-code.tool.execution", ""},
}

// requestsOfTools are names of spans inside a model call that tell which tool its answer asks for: the tool itself runs elsewhere.
var requestsOfTools = []echo{{"agentops.instrumentation.", "tool_call.", ""}}

// IsToolCall reports whether a tool was run.
func (v *View) IsToolCall() bool { return v.operation == OpExecuteTool && !v.isOneOf(requestsOfTools) }

// IsToolRequest reports whether the span is no run of a tool, but a model's wish for one.
func (v *View) IsToolRequest() bool {
	return v.operation == OpExecuteTool && v.isOneOf(requestsOfTools)
}

func (v *View) isEcho() bool {
	switch {
	case v.has(fieldInput), v.has(fieldOutput):
		return false
	case v.operation == OpExecuteTool:
		return v.isOneOf(echoesOfTools)
	default:
		return v.operation.IsInference() && v.isOneOf(echoesOfCalls)
	}
}

func (v *View) isOneOf(echoes []echo) bool {
	for i := range echoes {
		if e := &echoes[i]; strings.HasPrefix(v.scopeName, e.scope) && strings.HasPrefix(v.name, e.prefix) && strings.HasSuffix(v.name, e.suffix) {
			return true
		}
	}
	return false
}

// operationOfName is what a hand-made span's name says it is: the longest of plainNames that stands in it as whole words. Sure tells that
// the name can mean nothing else.
func operationOfName(name string) (op Operation, sure bool) {
	var buf [96]byte
	words := appendWordsOf(buf[:0], name)
	length := 0
	for i := range plainNames {
		n := &plainNames[i]
		if len(n.word) > length && hasWholeWord(words, n.word) {
			op, sure, length = n.op, n.sure, len(n.word)
		}
	}
	return op, sure
}

// appendWordsOf appends a name's words in lower case, joined by underscores: llm_call for llmCall, LLM call, llm-call and llm.call.
func appendWordsOf(dst []byte, name string) []byte {
	for i := 0; i < len(name) && len(dst) < cap(dst)-1; i++ {
		c := name[i]
		switch {
		case !isLetter(c):
			c = '_'
		case 'A' <= c && c <= 'Z':
			startsWord := i > 0 && (isLower(name[i-1]) || i+1 < len(name) && isLower(name[i+1]) && isLetter(name[i-1]))
			if startsWord {
				dst = append(dst, '_')
			}
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

func hasWholeWord(words []byte, word string) bool {
	for at := 0; ; {
		i := bytes.Index(words[at:], []byte(word))
		if i < 0 {
			return false
		}
		start, end := at+i, at+i+len(word)
		if (start == 0 || words[start-1] == '_') && (end == len(words) || words[end] == '_') {
			return true
		}
		at = end
	}
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' }
func isLower(c byte) bool  { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }
