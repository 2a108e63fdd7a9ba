// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "strings"

// neutralKeys are attributes of telemetry at large that say something about an LLM app, too.
var neutralKeys = convention{
	id: ConventionNeutral,
	keys: []key{
		{key: "session.id", field: fieldConversation},
		{key: "enduser.id", field: fieldUser},
		{key: "exception.type", field: fieldErrorType},
		{key: "exception.message", field: fieldErrorMessage},
		{key: "server.address", field: fieldServerAddress},
		{key: "http.response.status_code", field: fieldHTTPStatus},
		{key: "http.status_code", field: fieldHTTPStatus},
		{key: "request.id", field: fieldRequestID},
		{key: "request_id", field: fieldRequestID},
		{key: "logrecord.event.name", field: fieldEventName}, // .NET's exporter
		{key: CostStatusKey, field: fieldCostStatus},
		{key: LoopSeverityKey, field: fieldLoopSeverity},
		{key: LoopTransitionKey, field: fieldLoopTransition},
		{key: RedactedKey, field: fieldRedacted},
		{key: DroppedBytesKey, field: fieldDroppedBytes},
		{key: replacedName, field: fieldReplaced},
		{key: "db.system", field: fieldOtherSystem},
		{key: "db.system.name", field: fieldOtherSystem},
		{key: "http.method", field: fieldOtherSystem},
		{key: "http.request.method", field: fieldOtherSystem},
		{key: "messaging.system", field: fieldOtherSystem},
		{key: "rpc.system", field: fieldOtherSystem},
		{key: "rpc.system.name", field: fieldOtherSystem},
	},
}

// plain are the names that people give to attributes of spans they make by hand. They are read where the span speaks of an LLM: by another
// convention, or by two of these keys of which one is telling.
var plain = convention{
	id: ConventionPlain,
	keys: []key{
		{key: "model", field: fieldModel, flags: telling},
		{key: "llm.model", field: fieldModel, flags: telling},
		{key: "llm_model", field: fieldModel, flags: telling},
		{key: "ai.model", field: fieldModel, flags: telling},
		{key: "model.name", field: fieldModel, flags: telling},
		{key: "model_id", field: fieldModel, flags: telling},
		{key: "model_name", field: fieldModel},
		{key: "llm.model_id", field: fieldModel, flags: telling},
		{key: "llm.model.name", field: fieldModel, flags: telling},
		{key: "llm.modelName", field: fieldModel, flags: telling},
		{key: "request.model", field: fieldModel},
		{key: "response.model", field: fieldModel},
		{key: "embedding.model", field: fieldModel, flags: telling},
		{key: "provider", field: fieldProvider},
		{key: "llm.vendor_name", field: fieldProvider, flags: telling},
		{key: "model_provider", field: fieldProvider, flags: telling},
		{key: "prompt_tokens", field: fieldInput, flags: telling | counted},
		{key: "input_tokens", field: fieldInput, flags: telling | counted},
		{key: "tokens_input", field: fieldInput, flags: telling | counted},
		{key: "tokens.prompt", field: fieldInput, flags: telling | counted},
		{key: "tokens.input", field: fieldInput, flags: telling | counted},
		{key: "llm.tokens.prompt", field: fieldInput, flags: telling | counted},
		{key: "llm.tokens.input", field: fieldInput, flags: telling | counted},
		{key: "llm.prompt_tokens", field: fieldInput, flags: telling | counted},
		{key: "llm.input_tokens", field: fieldInput, flags: telling | counted},
		{key: "usage.prompt_tokens", field: fieldInput, flags: telling | counted},
		{key: "usage.input_tokens", field: fieldInput, flags: telling | counted},
		{key: "llm.token.prompt", field: fieldInput, flags: telling | counted},
		{key: "llm.token.input", field: fieldInput, flags: telling | counted},
		{key: "llm.tokens.in", field: fieldInput, flags: telling | counted},
		{key: "llm.tokens_in", field: fieldInput, flags: telling | counted},
		{key: "embedding.tokens", field: fieldInput, flags: telling | counted},
		{key: "llm.usage.prompt", field: fieldInput, flags: telling | counted},
		{key: "llm.usage.input", field: fieldInput, flags: telling | counted},
		{key: "token_count.prompt", field: fieldInput, flags: telling | counted},
		{key: "response.usage.prompt_tokens", field: fieldInput, flags: telling | counted},
		{key: "response.usage.input_tokens", field: fieldInput, flags: telling | counted},
		{key: "completion_tokens", field: fieldOutput, flags: telling | counted},
		{key: "output_tokens", field: fieldOutput, flags: telling | counted},
		{key: "tokens_output", field: fieldOutput, flags: telling | counted},
		{key: "tokens.completion", field: fieldOutput, flags: telling | counted},
		{key: "tokens.output", field: fieldOutput, flags: telling | counted},
		{key: "llm.tokens.completion", field: fieldOutput, flags: telling | counted},
		{key: "llm.tokens.output", field: fieldOutput, flags: telling | counted},
		{key: "llm.completion_tokens", field: fieldOutput, flags: telling | counted},
		{key: "llm.output_tokens", field: fieldOutput, flags: telling | counted},
		{key: "usage.completion_tokens", field: fieldOutput, flags: telling | counted},
		{key: "usage.output_tokens", field: fieldOutput, flags: telling | counted},
		{key: "llm.token.completion", field: fieldOutput, flags: telling | counted},
		{key: "llm.token.output", field: fieldOutput, flags: telling | counted},
		{key: "llm.tokens.out", field: fieldOutput, flags: telling | counted},
		{key: "llm.tokens_out", field: fieldOutput, flags: telling | counted},
		{key: "llm.usage.completion", field: fieldOutput, flags: telling | counted},
		{key: "llm.usage.output", field: fieldOutput, flags: telling | counted},
		{key: "token_count.completion", field: fieldOutput, flags: telling | counted},
		{key: "response.usage.completion_tokens", field: fieldOutput, flags: telling | counted},
		{key: "response.usage.output_tokens", field: fieldOutput, flags: telling | counted},
		{key: "llm.request.tokens", field: fieldInput, flags: telling | counted}, // agentgateway of 2025
		{key: "llm.response.tokens", field: fieldOutput, flags: telling | counted},
		{key: "tokens_in", field: fieldInput, flags: counted},
		{key: "tokens.in", field: fieldInput, flags: counted},
		{key: "input_token_count", field: fieldInput, flags: counted},
		{key: "prompt_token_count", field: fieldInput, flags: counted},
		{key: "tokens_out", field: fieldOutput, flags: counted},
		{key: "tokens.out", field: fieldOutput, flags: counted},
		{key: "output_token_count", field: fieldOutput, flags: counted},
		{key: "candidates_token_count", field: fieldOutput, flags: counted},
		{key: "total_token_count", field: fieldTotal, flags: telling},
		{key: "usage", field: fieldUsageJSON},
		{key: "token_usage", field: fieldUsageJSON, flags: telling},
		{key: "llm.usage", field: fieldUsageJSON, flags: telling},
		{key: "tokens", field: fieldTotal},
		{key: "total_tokens", field: fieldTotal, flags: telling},
		{key: "tokens_total", field: fieldTotal, flags: telling},
		{key: "tokens.total", field: fieldTotal, flags: telling},
		{key: "llm.tokens.total", field: fieldTotal, flags: telling},
		{key: "llm.total_tokens", field: fieldTotal, flags: telling},
		{key: "usage.total_tokens", field: fieldTotal, flags: telling},
		{key: "llm.usage.total", field: fieldTotal, flags: telling},
		{key: "response.usage.total_tokens", field: fieldTotal, flags: telling},
		{key: "cached_tokens", field: fieldCacheRead, flags: telling},
		{key: "tokens_cached", field: fieldCacheRead, flags: telling},
		{key: "tokens.cached", field: fieldCacheRead, flags: telling},
		{key: "usage.cached_tokens", field: fieldCacheRead, flags: telling},
		{key: "usage.cache_read_input_tokens", field: fieldCacheRead, flags: telling},
		{key: "usage.prompt_tokens_details.cached_tokens", field: fieldCacheRead, flags: telling},
		{key: "usage.input_tokens_details.cached_tokens", field: fieldCacheRead, flags: telling},
		{key: "usage.cache_creation_input_tokens", field: fieldCacheWrite, flags: telling},
		{key: "llm.tokens.cached", field: fieldCacheRead, flags: telling},
		{key: "cache_read_input_tokens", field: fieldCacheRead, flags: telling},
		{key: "cache_creation_input_tokens", field: fieldCacheWrite, flags: telling},
		{key: "cached_input_tokens", field: fieldCacheRead, flags: telling},
		{key: "cache_read_tokens", field: fieldCacheRead, flags: telling},
		{key: "cache_creation_tokens", field: fieldCacheWrite, flags: telling},
		{key: "cache_write_tokens", field: fieldCacheWrite, flags: telling},
		{key: "reasoning_tokens", field: fieldReasoning, flags: telling},
		{key: "tokens_reasoning", field: fieldReasoning, flags: telling},
		{key: "tokens.reasoning", field: fieldReasoning, flags: telling},
		{key: "reasoning_output_tokens", field: fieldReasoning, flags: telling},
		{key: "usage.reasoning_tokens", field: fieldReasoning, flags: telling},
		{key: "usage.completion_tokens_details.reasoning_tokens", field: fieldReasoning, flags: telling},
		{key: "usage.output_tokens_details.reasoning_tokens", field: fieldReasoning, flags: telling},
		{key: "llm.tokens.reasoning", field: fieldReasoning, flags: telling},
		{key: "temperature", field: fieldTemperature},
		{key: "llm.temperature", field: fieldTemperature, flags: telling},
		{key: "max_tokens", field: fieldMaxTokens, flags: telling},
		{key: "llm.max_tokens", field: fieldMaxTokens, flags: telling},
		{key: "top_p", field: fieldTopP, flags: telling},
		{key: "llm.stop", field: fieldStop, flags: telling},
		{key: "stream", field: fieldStream},
		{key: "llm.stream", field: fieldStream, flags: telling},
		{key: "finish_reason", field: fieldFinishReason, flags: telling},
		{key: "finishReason", field: fieldFinishReason, flags: telling},
		{key: "response_id", field: fieldResponseID},
		{key: "session_id", field: fieldConversation, flags: neutral},
		{key: "conversation_id", field: fieldConversation, flags: neutral},
		{key: "thread_id", field: fieldConversation, flags: neutral},
		{key: "user_id", field: fieldUser, flags: neutral},
		{key: "llm.session_id", field: fieldConversation, flags: neutral},
		{key: "llm.conversation_id", field: fieldConversation, flags: neutral},
		{key: "llm.user_id", field: fieldUser, flags: neutral},
		{key: "agent", field: fieldAgentName},
		{key: "name", field: fieldEntityName, flags: neutral},
		{key: "tool", field: fieldToolName, flags: telling},
		{key: "tool_name", field: fieldToolName, flags: telling},
		{key: "tool.name", field: fieldToolName},
		{key: "tool_call.name", field: fieldToolName, flags: telling},
		{key: "tool.call.name", field: fieldToolName, flags: telling},
		{key: "function_name", field: fieldToolName},
		{key: "tool_call_id", field: fieldToolCallID, flags: telling},
		{key: "tool.call_id", field: fieldToolCallID, flags: telling}, // docker-agent
		{key: "tool.mode", field: fieldNone, flags: telling},          // Ax's, of one value
		{key: "function.id", field: fieldToolCallID},
		{key: "tool.success", field: fieldToolSucceeded, flags: telling},
		{key: "tool_success", field: fieldToolSucceeded, flags: telling},
		{key: "tool.error", field: fieldErrorMessage, flags: telling},
		{key: "function.name", field: fieldToolName},
		{key: "top_k", field: fieldRetrievalTopK, flags: seeking},
		{key: "retrieval.top_k", field: fieldRetrievalTopK, flags: telling | seeking},
		{key: "retriever.top_k", field: fieldRetrievalTopK, flags: telling | seeking},
		{key: "rag.top_k", field: fieldRetrievalTopK, flags: telling | seeking},
		{key: "ttft", field: fieldTimeToFirstToken},
		{key: "time_to_first_token_ms", field: fieldTimeToFirstTokenMS},
		{key: "llm.ttft_ms", field: fieldTimeToFirstTokenMS, flags: telling},
		{key: "status", field: fieldStatusText},
		{key: "error", field: fieldErrorMessage},
		{key: "cost", field: fieldCost},
		{key: "llm.cost", field: fieldCost, flags: telling},
		{key: "latency_ms", field: fieldNone},
		{key: "llm.latency_ms", field: fieldNone},
		{key: "results_returned", field: fieldNone, flags: seeking},

		{key: "messages", role: RoleInputMessages},
		{key: "llm.messages", role: RoleInputMessages, flags: telling},
		{key: "prompt", role: RolePromptText, flags: telling},
		{key: "llm.prompt", role: RolePromptText, flags: telling},
		{key: "ai.prompt.text", role: RolePromptText, flags: telling},
		{key: "prompt_text", role: RolePromptText, flags: telling},
		{key: "user_message", role: RolePromptText},
		{key: "user_input", role: RolePromptText},
		{key: "system", role: RoleText},
		{key: "completion", role: RoleCompletionText, flags: telling},
		{key: "completion_text", role: RoleCompletionText, flags: telling},
		{key: "response_text", role: RoleCompletionText},
		{key: "generated_text", role: RoleCompletionText, flags: telling},
		{key: "assistant_message", role: RoleCompletionText, flags: telling},
		{key: "llm.completion", role: RoleCompletionText, flags: telling},
		{key: "llm.response", role: RoleCompletionText, flags: telling},
		{key: "response", role: RoleCompletionText},
		{key: "input", role: RoleRawInput},
		{key: "llm.input", role: RoleRawInput, flags: telling},
		{key: "llm.request", role: RoleRawInput, flags: telling},
		{key: "output", role: RoleRawOutput},
		{key: "llm.output", role: RoleRawOutput, flags: telling},
		{key: "answer", role: RoleCompletionText},
		{key: "question", role: RolePromptText},
		{key: "tool.args", role: RoleToolArguments, flags: telling},
		{key: "tool.input", role: RoleToolArguments, flags: telling},
		{key: "tool_args", role: RoleToolArguments, flags: telling},
		{key: "tool.arguments", role: RoleToolArguments, flags: telling | bracketed},
		{key: "tool.params", role: RoleToolArguments, flags: telling | bracketed},
		{key: "tool_arguments", role: RoleToolArguments, flags: telling | bracketed},
		{key: "tool_params", role: RoleToolArguments, flags: telling | bracketed},
		{key: "tool_call.arguments", role: RoleToolArguments, flags: telling},
		{key: "tool.call.arguments", role: RoleToolArguments, flags: telling},
		{key: "function_args", role: RoleToolArguments}, // also any function's, by a decorator
		{key: "function_arguments", role: RoleToolArguments},
		{key: "tool_input", role: RoleToolArguments, flags: telling},
		{key: "args", role: RoleToolArguments},
		{key: "function.arguments", role: RoleToolArguments, flags: telling | bracketed}, // decorators print those of any function
		{key: "function.result", role: RoleToolResult},
		{key: "tool.response", role: RoleToolResult, flags: telling},
		{key: "tool.result", role: RoleToolResult},
		{key: "tool_response", role: RoleToolResult, flags: telling},
		{key: "tool_call.result", role: RoleToolResult, flags: telling},
		{key: "tool.call.result", role: RoleToolResult, flags: telling},
		{key: "function_result", role: RoleToolResult},
		{key: "tool.output", role: RoleToolResult, flags: telling},
		{key: "tool_result", role: RoleToolResult, flags: telling},
		{key: "tool_output", role: RoleToolResult, flags: telling},
		{key: "result", role: RoleToolResult},
		{key: "query", role: RoleQuery, flags: seeking},
		{key: "retrieval.query", role: RoleQuery, flags: telling | seeking},
		{key: "retriever.query", role: RoleQuery, flags: telling | seeking},
		{key: "rag.query", role: RoleQuery, flags: telling | seeking},
		{key: "search_query", role: RoleQuery, flags: seeking},
		{key: "documents", role: RoleDocuments, flags: seeking},
		{key: "retrieved_documents", role: RoleDocuments, flags: telling | seeking},
		{key: "retrieved_chunks", role: RoleDocuments, flags: telling | seeking},
		{key: "retriever.documents", role: RoleDocuments, flags: telling | seeking},
		{key: "rag.documents", role: RoleDocuments, flags: telling | seeking},
		{key: "rag.context", role: RoleDocuments, flags: telling | seeking},
		{key: "rag.chunks", role: RoleDocuments, flags: telling | seeking},
		{key: "context", role: RoleDocuments},
		{key: "chunks", role: RoleDocuments, flags: seeking},
		{key: "scores", role: RoleScores, flags: seeking},
		{key: "similarity_scores", role: RoleScores, flags: telling | seeking},
		{key: "retrieval.scores", role: RoleScores, flags: telling | seeking},
		{key: "retriever.scores", role: RoleScores, flags: telling | seeking},
		{key: "rag.scores", role: RoleScores, flags: telling | seeking},
		{key: "relevance_scores", role: RoleScores, flags: telling},
		{key: "rerank_scores", role: RoleScores, flags: telling},
	},
}

// plainStyled are the same names in other styles: promptTokens, PromptTokens, openai.prompt_tokens, gpt.usage.prompt_tokens, ai.tokens.prompt.
var plainStyled = convention{id: ConventionPlain, keys: stylesOf(plain.keys), fillsIn: true}

var (
	plainPrefixes = []string{"llm.", "ai.", "openai.", "gpt.", "genai.", "anthropic.", "gemini.", "bedrock.", ofChats}
	// ofCalls are the names that stand behind a prefix; those of counts also behind its usage.
	ofCalls = newWordSet("model", "provider", "prompt_tokens", "completion_tokens", "input_tokens", "output_tokens", "total_tokens", "cached_tokens",
		"cached_input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "reasoning_tokens", "temperature", "max_tokens", "finish_reason", "prompt", "completion", "response", "messages", "cost")
)

// ofPascal are the names that stand in Pascal case, too, as .NET's properties have it.
var ofPascal = newWordSet("model", "prompt_tokens", "completion_tokens", "input_tokens", "output_tokens", "total_tokens", "cached_tokens",
	"cached_input_tokens", "reasoning_tokens", "finish_reason", "tool_name", "tool_input", "tool_arguments", "tool_output", "tool_result",
	"session_id", "conversation_id", "user_id")

// ofOthers are names that in camel or Pascal case are also those of vehicles, tools of a workshop and searches of a shop.
var ofOthers = newWordSet("model", "model_id", "tool_name", "tool_input", "max_tokens", "search_query", "top_k", "results_returned")

// betweenPeople are names that tell nothing behind chat., where people write to each other.
var betweenPeople = newWordSet("provider", "prompt", "completion", "response", "messages", "cost")

const ofChats = "chat."

func stylesOf(keys []key) (styled []key) {
	seen := make(map[string]bool)
	as := func(k key, name string) {
		if k.key = name; !seen[name] {
			seen[name] = true
			styled = append(styled, k)
		}
	}
	for _, k := range keys {
		if camel := camelCase(k.key); camel != k.key && camel != "threadId" { // that is Java's number of a thread
			as(lessTelling(k), camel)
		}
		isTokens := strings.HasPrefix(k.key, "tokens.")
		if ofPascal.has(k.key) {
			as(lessTelling(k), pascalCase(k.key))
		}
		if !ofCalls.has(k.key) && !isTokens {
			continue
		}
		for _, prefix := range plainPrefixes {
			k.flags |= telling
			if prefix == ofChats && betweenPeople.has(k.key) {
				k.flags &^= telling
			}
			as(k, prefix+k.key)
			if isTokens {
				continue
			}
			if camel := camelCase(k.key); camel != k.key {
				as(k, prefix+camel)
			}
			if strings.HasSuffix(k.key, "_tokens") && k.key != "max_tokens" {
				as(k, prefix+"usage."+k.key)
			}
		}
	}
	return styled
}

// lessTelling takes its weight from a name that others have.
func lessTelling(k key) key {
	if ofOthers.has(k.key) {
		k.flags &^= telling | seeking
	}
	return k
}

// camelCase is promptTokens for prompt_tokens.
func camelCase(name string) string {
	var b strings.Builder
	upper := false
	for i := range len(name) {
		switch c := name[i]; {
		case c == '_':
			upper = true
		case upper && 'a' <= c && c <= 'z':
			b.WriteByte(c - 'a' + 'A')
			upper = false
		default:
			b.WriteByte(c)
			upper = false
		}
	}
	return b.String()
}

// pascalCase is PromptTokens for prompt_tokens.
func pascalCase(name string) string {
	camel := camelCase(name)
	return strings.ToUpper(camel[:1]) + camel[1:]
}

// plainNames are names of hand-made spans that say what the span is, as whole words of the name. Those that are sure say so beside a
// single plain key; the others also stand in the names of spans that have nothing to do with an LLM app.
var plainNames = []struct {
	word string
	op   Operation
	sure bool
}{
	{"llm_call", OpChat, true}, {"llm", OpChat, true}, {"chat_completion", OpChat, true}, {"model_call", OpChat, true}, {"call_llm", OpChat, true},
	{"call_model", OpChat, true}, {"openai", OpChat, true}, {"anthropic", OpChat, true}, {"chat", OpChat, false}, {"completion", OpChat, false},
	{"generate", OpChat, false}, {"generation", OpChat, false},
	{"tool_call", OpExecuteTool, true}, {"call_tool", OpExecuteTool, true}, {"execute_tool", OpExecuteTool, true}, {"run_tool", OpExecuteTool, true},
	{"tool", OpExecuteTool, false},
	{"vector_search", OpRetrieval, true}, {"similarity_search", OpRetrieval, true}, {"semantic_search", OpRetrieval, true}, {"hybrid_search", OpRetrieval, true},
	{"retriever", OpRetrieval, true}, {"retrieval", OpRetrieval, true},
	{"retrieve", OpRetrieval, false}, {"search", OpRetrieval, false},
	{"rerank", OpRerank, true}, {"reranker", OpRerank, true}, {"reranking", OpRerank, true},
	{"embed", OpEmbeddings, false}, {"embedding", OpEmbeddings, true}, {"embeddings", OpEmbeddings, true},
	{"agent_run", OpInvokeAgent, true}, {"run_agent", OpInvokeAgent, true}, {"agent", OpInvokeAgent, false},
}
