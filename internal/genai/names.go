// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "strings"

// spanNames tell an operation where attributes do not. They are asked last, and only of spans that a convention or a scope claims.
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
	{ConventionNone, "create_agent ", "", OpCreateAgent},
	{ConventionNone, "execute_agent_loop_cycle", "", OpAgentStep},
	{ConventionNone, "execute_event_loop_cycle", "", OpAgentStep},
	{ConventionNone, "retrieval ", "", OpRetrieval},
	{ConventionPydanticAI, "running tool", "", OpExecuteTool},
	{ConventionPydanticAI, "agent run", "", OpInvokeAgent},
	{ConventionPydanticAI, "Function: ", "", OpExecuteTool},
	{ConventionPydanticAI, "Agent run: ", "", OpInvokeAgent},
	{ConventionPydanticAI, "OpenAI Agents trace: ", "", OpInvokeWorkflow},
	{ConventionSemConv, "agent run", "", OpInvokeAgent},
	{ConventionADK, "call_llm", "", OpGenerateContent},
	{ConventionADK, "invocation", "", OpInvokeWorkflow},
	{ConventionADK, "agent_run", "", OpInvokeAgent},
	{ConventionAnthropicSDK, "anthropic.custom_tool_use ", "", OpExecuteTool},
	{ConventionAnthropicSDK, "anthropic.messages.", "", OpChat},
	{ConventionHaystack, "haystack.agent.step.llm", "", OpChat},
	{ConventionHaystack, "haystack.agent.step.tool", "", OpExecuteTool},
	{ConventionHaystack, "haystack.agent.step", "", OpAgentStep},
	{ConventionHaystack, "haystack.agent", "", OpInvokeAgent},
	{ConventionHaystack, "haystack.pipeline", "", OpInvokeWorkflow},
	{ConventionHaystack, "haystack.async_pipeline", "", OpInvokeWorkflow},
	{ConventionLlamaIndex, "FunctionTool.", "call", OpExecuteTool},
	{ConventionLlamaIndex, "", ".achat", OpChat},
	{ConventionLlamaIndex, "", ".chat", OpChat},
	{ConventionLlamaIndex, "", ".stream_chat", OpChat},
	{ConventionLlamaIndex, "", ".astream_chat", OpChat},
	{ConventionLlamaIndex, "", ".complete", OpTextCompletion},
	{ConventionLlamaIndex, "", ".acomplete", OpTextCompletion},
	{ConventionLlamaIndex, "", "Agent.run", OpInvokeAgent},
	{ConventionLlamaIndex, "", ".retrieve", OpRetrieval},
	{ConventionLlamaIndex, "", ".aretrieve", OpRetrieval},
	{ConventionLlamaIndex, "", ".run_agent_step", OpAgentStep},
	{ConventionOpenLLMetry, "", ".tool", OpExecuteTool},
	{ConventionOpenLLMetry, "", ".agent", OpInvokeAgent},
	{ConventionOpenLLMetry, "", ".workflow", OpInvokeWorkflow},
	{ConventionOpenLLMetry, "", ".query", OpRetrieval},
	{ConventionOpenLLMetry, "", ".search", OpRetrieval},
	{ConventionOpenLLMetry, "", ".chat", OpChat},
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

// namedBySemConv tells spans without a single attribute whose name alone is the convention's: a tool that throws in Google ADK TS.
func namedBySemConv(name string) bool {
	return strings.HasPrefix(name, "execute_tool ") || strings.HasPrefix(name, "invoke_agent ")
}

// echoes are names of spans that a framework calls LLM or TOOL although no model and no tool is called in them: they wrap a call, or
// repeat it (research/genai.md 8.1).
var echoes = []struct {
	of             Operation // OpChat: any inference
	scope          string    // its beginning
	prefix, suffix string
}{
	{OpChat, "", "", "._prepare_chat_with_tools"}, {OpChat, "", "", ".predict"}, {OpChat, "", "", ".apredict"}, {OpChat, "", "", ".stream_predict"},
	{OpChat, "", "", ".astream_predict"}, {OpChat, "", "", ".predict_and_call"}, {OpChat, "", "", ".apredict_and_call"},
	{OpChat, "openinference.instrumentation.beeai", "new_token", ""}, {OpExecuteTool, "openinference.instrumentation.beeai", "error", ""},
	{OpExecuteTool, "gcp.vertex.agent", "execute_tool (merged tools)", ""},
}

func (v *View) isEcho() bool {
	op := v.operation
	if op.IsInference() {
		op = OpChat
	}
	if v.has(fieldInput) || v.has(fieldOutput) {
		return false
	}
	for _, e := range echoes {
		if e.of == op && strings.HasPrefix(v.scopeName, e.scope) && strings.HasPrefix(v.name, e.prefix) && strings.HasSuffix(v.name, e.suffix) {
			return true
		}
	}
	return false
}

// operationOfName is what a hand-made span's name says it is: the longest of plainNames that stands in it as whole words.
func operationOfName(name string) Operation {
	op, length := OpNone, 0
	for i := range plainNames {
		n := &plainNames[i]
		if len(n.word) > length && hasWholeWord(name, n.word) {
			op, length = n.op, len(n.word)
		}
	}
	return op
}

// unmistakable reports whether a hand-made span's name alone says that it is part of an LLM app.
func unmistakable(name string) bool {
	for i := range plainNames {
		if n := &plainNames[i]; n.sure && hasWholeWord(name, n.word) {
			return true
		}
	}
	return false
}

func hasWholeWord(name, word string) bool {
	for at := 0; ; {
		i := strings.Index(name[at:], word)
		if i < 0 {
			return false
		}
		start, end := at+i, at+i+len(word)
		if (start == 0 || !isLetter(name[start-1])) && (end == len(name) || !isLetter(name[end])) {
			return true
		}
		at = end
	}
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' }
