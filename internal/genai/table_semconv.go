// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

// semConv is the OTel GenAI convention as of v1.41 and its 2026 successor, both spellings where a name changed.
// Source: semantic-conventions v1.36-v1.41, semantic-conventions-genai (migration.md).
var semConv = convention{
	id: ConventionSemConv,
	keys: []key{
		{key: "gen_ai.operation.name", field: fieldOperation},
		{key: "gen_ai.provider.name", field: fieldProvider},
		{key: "gen_ai.request.model", field: fieldRequestModel},
		{key: "gen_ai.response.model", field: fieldResponseModel},
		{key: "gen_ai.usage.input_tokens", field: fieldInput, flags: counted},
		{key: "gen_ai.usage.output_tokens", field: fieldOutput, flags: counted},
		{key: "gen_ai.usage.cache_read.input_tokens", field: fieldCacheRead},
		{key: "gen_ai.usage.cache_creation.input_tokens", field: fieldCacheWrite},
		{key: "gen_ai.usage.cache_write.input_tokens", field: fieldCacheWrite},
		{key: "gen_ai.usage.reasoning.output_tokens", field: fieldReasoning},
		{key: "gen_ai.usage.audio.input_tokens", field: fieldInputAudio},
		{key: "gen_ai.usage.audio.output_tokens", field: fieldOutputAudio},
		{key: "gen_ai.usage.audio.cache_read.input_tokens", field: fieldCacheAudio},
		{key: "gen_ai.usage.image.input_tokens", field: fieldInputImage},
		{key: "gen_ai.usage.image.output_tokens", field: fieldOutputImage},
		{key: "gen_ai.request.temperature", field: fieldTemperature},
		{key: "gen_ai.request.top_p", field: fieldTopP},
		{key: "gen_ai.request.top_k", field: fieldTopK},
		{key: "gen_ai.request.max_tokens", field: fieldMaxTokens},
		{key: "gen_ai.request.stop_sequences", field: fieldStop},
		{key: "gen_ai.request.frequency_penalty", field: fieldFrequencyPenalty},
		{key: "gen_ai.request.presence_penalty", field: fieldPresencePenalty},
		{key: "gen_ai.request.seed", field: fieldSeed},
		{key: "gen_ai.request.choice.count", field: fieldChoiceCount},
		{key: "gen_ai.request.stream", field: fieldStream},
		{key: "gen_ai.response.finish_reasons", field: fieldFinishReason},
		{key: "gen_ai.response.id", field: fieldResponseID},
		{key: "gen_ai.response.time_to_first_chunk", field: fieldTimeToFirstToken},
		{key: "gen_ai.conversation.id", field: fieldConversation},
		{key: "user.id", field: fieldUser, flags: neutral},
		{key: "error.type", field: fieldErrorType, flags: neutral},
		{key: "gen_ai.agent.name", field: fieldAgentName},
		{key: "gen_ai.agent.id", field: fieldAgentID},
		{key: "gen_ai.tool.name", field: fieldToolName},
		{key: "gen_ai.tool.call.id", field: fieldToolCallID},
		{key: "gen_ai.tool.type", field: fieldToolType},
		{key: "gen_ai.data_source.id", field: fieldDataSource},
		{key: "gen_ai.retrieval.top_k", field: fieldRetrievalTopK},
		{key: "gen_ai.evaluation.name", field: fieldEvaluationName},
		{key: "gen_ai.evaluation.score.value", field: fieldEvaluationScore},
		{key: "gen_ai.evaluation.score.label", field: fieldEvaluationLabel},
		{key: "openai.response.service_tier", field: fieldServiceTier},
		{key: "openai.request.service_tier", field: fieldServiceTier},
		{key: "gen_ai.usage.cost", field: fieldCost},

		{key: "gen_ai.input.messages", role: RoleInputMessages},
		{key: "gen_ai.output.messages", role: RoleOutputMessages},
		{key: "gen_ai.system_instructions", role: RoleSystem},
		{key: "gen_ai.tool.definitions", role: RoleToolDefinitions},
		{key: "gen_ai.tool.call.arguments", role: RoleToolArguments},
		{key: "gen_ai.tool.call.result", role: RoleToolResult},
		{key: "gen_ai.retrieval.query.text", role: RoleQuery},
		{key: "gen_ai.retrieval.documents", role: RoleDocuments},
		{key: "gen_ai.tool.description", role: RoleText},
		{key: "gen_ai.agent.description", role: RoleText},
		{key: "gen_ai.evaluation.explanation", role: RoleText},
	},
}

// semConvOld is the convention up to 1.36, and names that several clients put beside the current ones.
var semConvOld = convention{
	id: ConventionSemConvOld,
	keys: []key{
		{key: "gen_ai.system", field: fieldProvider},
		{key: "gen_ai.model.provider", field: fieldProvider}, // Cloudflare's AI Gateway
		{key: "gen_ai.usage.cost_usd", field: fieldCost},
		{key: "gen_ai.usage.total_cost", field: fieldCost},
		{key: "gen_ai.cost.total", field: fieldCost},
		{key: "agw.ai.usage.cost.total", field: fieldCost}, // agentgateway; 0 where it has no price
		{key: "gen_ai.usage.prompt_tokens", field: fieldInput, flags: counted},
		{key: "gen_ai.usage.completion_tokens", field: fieldOutput, flags: counted},
		{key: "gen_ai.usage.total_tokens", field: fieldTotal},
		{key: "gen_ai.usage", field: fieldUsageJSON},
		{key: "gen_ai.response.input_tokens", field: fieldInput, flags: counted}, // Microsoft.Extensions.AI of 2025, Portkey
		{key: "gen_ai.response.output_tokens", field: fieldOutput, flags: counted},
		{key: "gen_ai.response.prompt_tokens", field: fieldInput, flags: counted}, // Semantic Kernel for .NET of 2024
		{key: "gen_ai.response.completion_tokens", field: fieldOutput, flags: counted},
		{key: "gen_ai.response.total_tokens", field: fieldTotal},
		{key: "gen_ai.response.cached_tokens", field: fieldCacheRead},
		{key: "gen_ai.usage.input_audio_tokens", field: fieldInputAudio}, // Microsoft.Extensions.AI, realtime
		{key: "gen_ai.usage.output_audio_tokens", field: fieldOutputAudio},
		{key: "gen_ai.usage.cache_read_input_tokens", field: fieldCacheRead},
		{key: "gen_ai.usage.cache_creation_input_tokens", field: fieldCacheWrite},
		{key: "gen_ai.usage.cache_write_input_tokens", field: fieldCacheWrite},
		{key: "gen_ai.usage.cache_read_tokens", field: fieldCacheRead}, // traceAI
		{key: "gen_ai.usage.cache_write_tokens", field: fieldCacheWrite},
		{key: "gen_ai.usage.cached_input_tokens", field: fieldCacheRead},
		{key: "gen_ai.usage.cached_tokens", field: fieldCacheRead},
		{key: "gen_ai.usage.input_tokens.cached", field: fieldCacheRead},
		{key: "gen_ai.usage.input_tokens.cache_write", field: fieldCacheWrite},
		{key: "gen_ai.usage.output_tokens.reasoning", field: fieldReasoning},
		{key: "gen_ai.usage.reasoning_tokens", field: fieldReasoning},
		{key: "gen_ai.usage.experimental.reasoning_tokens", field: fieldReasoning}, // Google ADK
		{key: "gen_ai.usage.experimental.cached_tokens", field: fieldCacheRead},
		{key: "gen_ai.usage.details.cache_read_tokens", field: fieldCacheRead},
		{key: "gen_ai.usage.details.cache_write_tokens", field: fieldCacheWrite},
		{key: "gen_ai.usage.details.cached_tokens", field: fieldCacheRead},
		{key: "gen_ai.usage.details.reasoning_tokens", field: fieldReasoning},
		{key: "gen_ai.usage.details.thoughts_tokens", field: fieldReasoning},
		{key: "gen_ai.usage.thoughts_tokens", field: fieldThoughts}, // Ax
		{key: "gen_ai.response.finish_reason", field: fieldFinishReason},
		{key: "gen_ai.response.stop_reason", field: fieldFinishReason},
		{key: "gen_ai.request.type", field: fieldRequestType}, // AgentOps
		{key: "gen_ai.request.is_stream", field: fieldStream},
		{key: "gen_ai.request.llm_is_streaming", field: fieldStream}, // Ax
		{key: "gen_ai.request.streaming", field: fieldStream},
		{key: "gen_ai.request.choice_count", field: fieldChoiceCount},
		{key: "gen_ai.openai.request.seed", field: fieldSeed},
		{key: "gen_ai.openai.response.service_tier", field: fieldServiceTier},
		{key: "gen_ai.openai.request.service_tier", field: fieldServiceTier},
		{key: "gen_ai.response.service_tier", field: fieldServiceTier},
		{key: "gen_ai.session.id", field: fieldConversation},
		{key: "gen_ai.user.id", field: fieldUser},
		{key: "gen_ai.user", field: fieldUser},              // Langtrace
		{key: "gen_ai.response_id", field: fieldResponseID}, // Langtrace
		{key: "gen_ai.usage.search_units", field: fieldSearchUnits},
		{key: "gen_ai.server.time_to_first_token", field: fieldTimeToFirstToken},
		{key: "gen_ai.server.ttft", field: fieldTimeToFirstToken},
		{key: "gen_ai.streaming.time_to_first_token", field: fieldTimeToFirstToken},
		{key: "gen_ai.latency.time_to_first_token", field: fieldTimeToFirstToken}, // vLLM
		{key: "gen_ai.request.id", field: fieldRequestID},
		{key: "gen_ai.request.n", field: fieldChoiceCount},
		{key: "gen_ai.request.parameters", field: fieldParamsJSON}, // traceAI
		{key: "gen_ai.agent.call.id", field: fieldAgentRun},
		{key: "gen_ai.workflow.name", field: fieldEntityName},
		{key: "gen_ai.task.name", field: fieldEntityName},
		{key: "gen_ai.task.status", field: fieldToolFailed},
		{key: "gen_ai.tool.status", field: fieldToolFailed},
		{key: "gen_ai.tool.call.outcome", field: fieldToolFailed},
		{key: "gen_ai.tool.error.type", field: fieldErrorType},
		{key: "gen_ai.tool.call_id", field: fieldToolCallID},
		{key: "gen_ai.tool_call.id", field: fieldToolCallID}, // ADK for Java

		{key: "gen_ai.prompt", role: RoleRawInput},
		{key: "gen_ai.completion", role: RoleRawOutput},
		{key: "gen_ai.prompt_json", role: RoleRawInput}, // Cloudflare's AI Gateway, apps that report to Langfuse
		{key: "gen_ai.completion_json", role: RoleRawOutput},
		{key: "gen_ai.task.input", role: RoleText},
		{key: "gen_ai.task.output", role: RoleText},
		{key: "gen_ai.tool.arguments", role: RoleToolArguments},
		{key: "gen_ai.tool.args", role: RoleToolArguments},
		{key: "gen_ai.tool.response", role: RoleToolResult},
		{key: "gen_ai.tool.result", role: RoleToolResult},
		{key: "gen_ai.tool.output", role: RoleToolResult},
		{key: "code.function.return.value", role: RoleToolResult, flags: neutral}, // google-genai 0.7
		{key: "gen_ai.system.instructions", role: RoleSystem},
		{key: "system_instructions", role: RoleSystem, flags: neutral}, // Koog
		{key: "gen_ai.request.instructions", role: RoleSystem},
		{key: "gen_ai.request.system_instruction", role: RoleSystem},
		{key: "gen_ai.content.prompt", role: RolePromptText},
		{key: "gen_ai.content.completion", role: RoleCompletionText},
		{key: "gen_ai.event.content", role: RoleText},
		{key: "gen_ai.request.messages", role: RoleInputMessages},
		{key: "gen_ai.response.text", role: RoleCompletionText},
		{key: "gen_ai.response.tool_calls", role: RoleCompletionToolCalls},
		{key: "gen_ai.request.available_tools", role: RoleToolDefinitions},

		// TanStack AI's
		{key: "tanstack.ai.iterations", field: fieldCallsWithin},
		{key: "tanstack.ai.iteration", field: fieldNone},
		{key: "tanstack.ai.tool.outcome", field: fieldToolFailed},

		// Langtrace's
		{key: "langtrace.service.name", field: fieldProvider},
		{key: "langtrace.service.type", field: fieldNone},
		{key: "gen_ai.request.tools", role: RoleToolDefinitions},
		{key: "gen_ai.request.tool_results", role: RoleCompletionToolCalls}, // the calls of the answer
		{key: "gen_ai.request.embedding_inputs", role: RolePromptText},
		{key: "gen_ai.cohere.rerank.query", role: RoleQuery},
		{key: "gen_ai.cohere.rerank.results", role: RoleDocuments},
		{key: "gen_ai.tool.parameters", role: RoleToolDefinitions},

		// Sentry's, beside semconv's
		{key: "gen_ai.response.streaming", field: fieldStream},
		{key: "gen_ai.response.time_to_first_token", field: fieldTimeToFirstToken},
		{key: "gen_ai.embeddings.input", role: RolePromptText},
		{key: "gen_ai.tool.input", role: RoleToolArguments},
		{key: "gen_ai.tool.message", role: RoleText},
		{key: "gen_ai.system.message", role: RoleSystem},
		{key: "ai.model_id", field: fieldModel},
		{key: "ai.prompt_tokens.used", field: fieldInput, flags: counted},
		{key: "ai.completion_tokens.used", field: fieldOutput, flags: counted},
		{key: "ai.total_tokens.used", field: fieldTotal},
		{key: "ai.input_messages", role: RoleInputMessages},
		{key: "ai.responses", role: RoleText},
	},
}

// operationWords are the values of gen_ai.operation.name, those of the convention and those that clients invented.
var operationWords = map[string]Operation{
	"chat": OpChat, "chat_completion": OpChat, "chat.completions": OpChat, "messages": OpChat, "responses": OpChat, "response": OpChat,
	"llm_call": OpChat, "llm": OpChat, "generation": OpChat, "generate_text": OpChat, "stream_text": OpChat, "generate_object": OpChat,
	"chat_model": OpChat, "model_inference": OpChat, "inference": OpChat, "realtime": OpChat,
	"text_completion": OpTextCompletion, "completion": OpTextCompletion, "text.completions": OpTextCompletion, "generate_content": OpGenerateContent,
	"call_llm":   OpGenerateContent, // ADK for Java, by whichever model
	"embeddings": OpEmbeddings, "embedding": OpEmbeddings, "embed": OpEmbeddings,
	"rerank": OpRerank, "reranker": OpRerank,
	"image_generation": OpImageGeneration, "image": OpImageGeneration, "speech": OpSpeech, "audio": OpSpeech, "audio_generation": OpSpeech, "transcription": OpTranscription,
	"moderation":   OpModeration,
	"execute_tool": OpExecuteTool, "tool_call": OpExecuteTool, "tool": OpExecuteTool, "call_tool": OpExecuteTool,
	"invoke_agent": OpInvokeAgent, "agent": OpInvokeAgent, "agent_run": OpInvokeAgent, "create_agent": OpCreateAgent,
	"invoke_workflow": OpInvokeWorkflow, "workflow": OpInvokeWorkflow, "chain": OpInvokeWorkflow, "workflow.run": OpInvokeWorkflow,
	"execute_task": OpInvokeWorkflow, "task": OpInvokeWorkflow,
	"agent_step": OpAgentStep, "step": OpAgentStep, "execute_agent_loop_cycle": OpAgentStep, "execute_event_loop_cycle": OpAgentStep, "plan": OpPlan, "planning": OpPlan,
	"retrieval": OpRetrieval, "retriever": OpRetrieval, "retrieve": OpRetrieval, "vector_db_retrieve": OpRetrieval, "vectordb": OpRetrieval, "query": OpRetrieval,
	"evaluation": OpEvaluation, "evaluator": OpEvaluation,
	"search_memory": OpMemory, "create_memory": OpMemory, "update_memory": OpMemory, "upsert_memory": OpMemory, "delete_memory": OpMemory,
	"schedule_tool_calls": OpOther, "orchestrate_tools": OpOther, "framework": OpOther, "handoff": OpOther, "guardrail": OpOther, "fetch_response": OpOther, "count_tokens": OpOther,
}
