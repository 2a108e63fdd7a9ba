// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

// openLLMetry is Traceloop's convention, old and new. Source: openllmetry opentelemetry-semantic-conventions-ai.
var openLLMetry = convention{
	id: ConventionOpenLLMetry,
	keys: append([]key{
		{key: "traceloop.span.kind", field: fieldKind},
		{key: "llm.request.type", field: fieldRequestType},
		{key: "traceloop.entity.name", field: fieldEntityName},
		{key: "llm.vendor", field: fieldProvider},
		{key: "llm.request.model", field: fieldRequestModel},
		{key: "llm.response.model", field: fieldResponseModel},
		{key: "llm.usage.prompt_tokens", field: fieldInput, flags: counted},
		{key: "llm.usage.completion_tokens", field: fieldOutput, flags: counted},
		{key: "llm.usage.total_tokens", field: fieldTotal},
		{key: "llm.usage.cache_read_input_tokens", field: fieldCacheRead},
		{key: "llm.usage.cache_creation_input_tokens", field: fieldCacheWrite},
		{key: "llm.usage.reasoning_tokens", field: fieldReasoning},
		{key: "llm.request.temperature", field: fieldTemperature},
		{key: "llm.temperature", field: fieldTemperature, flags: neutral},
		{key: "llm.request.max_tokens", field: fieldMaxTokens},
		{key: "llm.top_p", field: fieldTopP, flags: neutral},
		{key: "llm.top_k", field: fieldTopK, flags: neutral},
		{key: "llm.frequency_penalty", field: fieldFrequencyPenalty},
		{key: "llm.presence_penalty", field: fieldPresencePenalty},
		{key: "llm.chat.stop_sequences", field: fieldStop},
		{key: "llm.is_streaming", field: fieldStream},
		{key: "gen_ai.is_streaming", field: fieldStream},
		{key: "llm.response.finish_reason", field: fieldFinishReason},
		{key: "llm.response.stop_reason", field: fieldFinishReason},
		{key: "llm.user", field: fieldUser},

		{key: "traceloop.entity.input", role: RoleRawInput},
		{key: "traceloop.entity.output", role: RoleRawOutput},
		{key: "tool.arguments", role: RoleToolArguments, flags: neutral},
	}, associated("traceloop.association.properties.", 0)...),
	kinds: map[string]Operation{
		"workflow": OpInvokeWorkflow, "task": OpInvokeWorkflow, "agent": OpInvokeAgent, "tool": OpExecuteTool, "unknown": OpNone,
		"session": OpInvokeWorkflow, "server": OpMCP,
	},
}

// requestTypes are the values of llm.request.type.
var requestTypes = map[string]Operation{
	"chat": OpChat, "completion": OpTextCompletion, "rerank": OpRerank, "embedding": OpEmbeddings, "embeddings": OpEmbeddings,
	"image": OpImageGeneration, "image_generation": OpImageGeneration, "responses": OpChat, "acompletion": OpChat,
	"aresponses": OpChat, "anthropic_messages": OpChat, "text_completion": OpTextCompletion, "atext_completion": OpTextCompletion, "aembedding": OpEmbeddings,
	"arerank": OpRerank,
}

// associated are the keys that an app or framework hangs on every span under a vendor's prefix.
func associated(prefix string, flags keyFlags) []key {
	return []key{
		{key: prefix + "session_id", field: fieldConversation, flags: flags},
		{key: prefix + "sessionId", field: fieldConversation, flags: flags},
		{key: prefix + "conversation_id", field: fieldConversation, flags: flags},
		{key: prefix + "conversationId", field: fieldConversation, flags: flags},
		{key: prefix + "thread_id", field: fieldConversation, flags: flags},
		{key: prefix + "threadId", field: fieldConversation, flags: flags},
		{key: prefix + "chat_id", field: fieldConversation, flags: flags},
		{key: prefix + "chatId", field: fieldConversation, flags: flags},
		{key: prefix + "user_id", field: fieldUser, flags: flags},
		{key: prefix + "userId", field: fieldUser, flags: flags},
		{key: prefix + "request_id", field: fieldRequestID, flags: flags},
		{key: prefix + "requestId", field: fieldRequestID, flags: flags},
		{key: prefix + "langgraph_checkpoint_ns", field: fieldCheckpoint, flags: flags},
		{key: prefix + "lc_agent_name", field: fieldAgentName, flags: flags},
		{key: prefix + "ls_provider", field: fieldProvider, flags: flags},
		{key: prefix + "ls_model_name", field: fieldRequestModel, flags: flags},
		{key: prefix + "ls_temperature", field: fieldTemperature, flags: flags},
		{key: prefix + "ls_max_tokens", field: fieldMaxTokens, flags: flags},
	}
}
