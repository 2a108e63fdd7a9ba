// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "slices"

// pydanticAI is what Pydantic AI and Logfire add to semconv. Source: pydantic-ai _instrumentation.py.
var pydanticAI = convention{
	id: ConventionPydanticAI,
	keys: []key{
		{key: "gen_ai.aggregated_usage.input_tokens", field: fieldNone},
		{key: "gen_ai.aggregated_usage.output_tokens", field: fieldNone},
		{key: "pydantic_ai.all_messages", role: RoleText},
		{key: "all_messages_events", role: RoleText},
		{key: "events", role: RoleMessageEvents, flags: neutral},
		{key: "final_result", role: RoleText, flags: neutral},
		{key: "request_data", role: RoleRawInput, flags: neutral},
		{key: "response_data", role: RoleRawOutput, flags: neutral},
		{key: "tool_arguments", role: RoleToolArguments, flags: neutral},
		{key: "tool_response", role: RoleToolResult, flags: neutral},
		{key: "model_name", field: fieldModel, flags: neutral},
		{key: "agent_name", field: fieldAgentName, flags: neutral},
		{key: "operation.cost", field: fieldCost},
		{key: "inputs", role: RolePromptText, flags: neutral},
	},
}

// adk is Google's Agent Development Kit. Source: adk-python telemetry/tracing.py.
var adk = convention{
	id: ConventionADK,
	keys: []key{
		{key: "gcp.vertex.agent.session_id", field: fieldConversation},
		{key: "gcp.vertex.agent.invocation_id", field: fieldRequestID},
		{key: "gcp.vertex.agent.event_id", field: fieldNone},
		{key: "gcp.vertex.agent.llm_request", role: RoleRawInput},
		{key: "gcp.vertex.agent.llm_response", role: RoleRawOutput},
		{key: "gcp.vertex.agent.tool_call_args", role: RoleToolArguments},
		{key: "gcp.vertex.agent.tool_response", role: RoleToolResult},
		{key: "gcp.vertex.agent.data", role: RoleText},
	},
}

// strands is AWS's Strands Agents. Source: strands sdk-python telemetry/tracer.py.
var strands = convention{
	id: ConventionStrands,
	keys: []key{
		{key: "event_loop.cycle_id", field: fieldNone},
		{key: "event_loop.parent_cycle_id", field: fieldNone},
		{key: "system_prompt", role: RoleSystem, flags: neutral},
		{key: "agent.tools", role: RoleToolDefinitions, flags: neutral},
		{key: "gen_ai.agent.tools", role: RoleToolDefinitions},
		{key: "tool.status", field: fieldToolFailed, flags: neutral},
		{key: "tool.result", role: RoleToolResult, flags: neutral},
	},
}

// genkit is Firebase Genkit, JavaScript and Go. Source: captures.
var genkit = convention{
	id: ConventionGenkit,
	keys: []key{
		{key: "genkit:metadata:subtype", field: fieldKind},
		{key: "genkit:type", field: fieldRequestType},
		{key: "genkit:name", field: fieldEntityName},
		{key: "genkit:sessionId", field: fieldConversation},
		{key: "genkit:state", field: fieldToolFailed},
		{key: "genkit:input", role: RoleRawInput},
		{key: "genkit:output", role: RoleRawOutput},
		{key: "genkit.action.type", field: fieldKind}, // its plugin for the GenAI conventions, Go
		{key: "genkit.input", role: RoleRawInput},
		{key: "genkit.output", role: RoleRawOutput},
	},
	kinds: map[string]Operation{
		"model": OpChat, "tool": OpExecuteTool, "tool.v2": OpExecuteTool, "flow": OpInvokeAgent, "retriever": OpRetrieval, "embedder": OpEmbeddings,
		"reranker": OpRerank, "agent": OpInvokeAgent, "evaluator": OpEvaluation, "util": OpOther, "prompt": OpOther, "executable-prompt": OpOther,
		"flowstep": OpAgentStep, "indexer": OpOther, "resource": OpOther, "background-model": OpChat,
	},
}

// mastra is Mastra's convention. Source: captures.
var mastra = convention{
	id: ConventionMastra,
	keys: slices.Concat([]key{
		{key: "mastra.span.type", field: fieldKind},
		{key: "mastra.completion_start_time", field: fieldFirstTokenAt},
		{key: "mastra.metadata.runId", field: fieldRequestID},
		{key: "mastra.model_generation.input", role: RoleRawInput},
		{key: "mastra.model_generation.output", role: RoleRawOutput},
		{key: "mastra.model_inference.input", role: RoleRawInput},
		{key: "mastra.model_inference.output", role: RoleRawOutput},
		{key: "mastra.model_step.input", role: RoleRawInput},
		{key: "mastra.model_step.output", role: RoleRawOutput},
		{key: "mastra.model_chunk.output", role: RoleText},
		{key: "mastra.agent_run.input", role: RoleRawInput},
		{key: "mastra.agent_run.output", role: RoleRawOutput},
		{key: "mastra.workflow_run.input", role: RoleRawInput},
		{key: "mastra.workflow_run.output", role: RoleRawOutput},
		{key: "mastra.tool_call.input", role: RoleToolArguments},
		{key: "mastra.tool_call.output", role: RoleToolResult},
		{key: "mastra.metadata.body", role: RoleText},
		{key: "error.message", field: fieldErrorMessage, flags: neutral},
	}, associated("mastra.metadata.", 0)),
	kinds: map[string]Operation{
		"model_inference": OpChat, "tool_call": OpExecuteTool, "mcp_tool_call": OpExecuteTool, "agent_run": OpInvokeAgent,
		"model_generation": OpInvokeWorkflow, "llm_generation": OpInvokeWorkflow, "model_step": OpAgentStep, "model_chunk": OpOther, "workflow_run": OpInvokeWorkflow,
		"workflow_step": OpAgentStep, "processor_run": OpOther, "generic": OpOther,
	},
}

// haystack is deepset Haystack 3. Source: captures.
var haystack = convention{
	id: ConventionHaystack,
	keys: []key{
		{key: "haystack.component.type", field: fieldKind},
		{key: "haystack.component.name", field: fieldEntityName},
		{key: "haystack.tool.name", field: fieldToolName},
		{key: "haystack.tool.error", field: fieldToolFailed},
		{key: "haystack.agent.step.llm.input", role: RoleRawInput},
		{key: "haystack.agent.step.llm.output", role: RoleRawOutput},
		{key: "haystack.component.input", role: RoleRawInput},
		{key: "haystack.component.output", role: RoleRawOutput},
		{key: "haystack.agent.step.tool.input", role: RoleToolArguments},
		{key: "haystack.agent.step.tool.output", role: RoleToolResult},
		{key: "haystack.agent.input", role: RoleText},
		{key: "haystack.agent.output", role: RoleText},
		{key: "haystack.pipeline.input_data", role: RoleText},
		{key: "haystack.pipeline.output_data", role: RoleText},
		{key: "haystack.pipeline.metadata", field: fieldMetadataJSON},
	},
	kinds: map[string]Operation{},
}

// llamaIndex is LlamaIndex's own OTel instrumentation, most of it in span events. Source: captures.
var llamaIndex = convention{
	id: ConventionLlamaIndex,
	keys: []key{
		{key: "llamaindex.step.input_summary", role: RoleText},
		{key: "llamaindex.step.output_summary", role: RoleText},
		{key: "llamaindex.step.name", field: fieldNone},
		{key: "llamaindex.workflow.name", field: fieldNone},
	},
}

// springAI is Spring AI 1 and 2; every value is a string. Source: captures.
var springAI = convention{
	id: ConventionSpringAI,
	keys: []key{
		{key: "spring.ai.kind", field: fieldKind},
		{key: "spring.ai.tool.call.arguments", role: RoleToolArguments},
		{key: "spring.ai.tool.call.result", role: RoleToolResult},
		{key: "spring.ai.tool.definition.name", field: fieldToolName},
		{key: "spring.ai.chat.client.conversation.id", field: fieldConversation},
		{key: "spring.ai.chat.client.stream", field: fieldNone},
		{key: "outcome", field: fieldToolFailed, flags: neutral}, // Micrometer's word, which LangChain4j uses, too
		{key: "db.vector.query.content", role: RoleQuery, flags: neutral},
		{key: "db.vector.query.top_k", field: fieldRetrievalTopK, flags: neutral},
	},
	kinds: map[string]Operation{
		"tool_call": OpExecuteTool, "chat_client": OpInvokeWorkflow, "advisor": OpOther, "vector_store": OpRetrieval,
	},
}

// mcp is the OTel convention for the Model Context Protocol (1.39).
var mcp = convention{
	id: ConventionMCP,
	keys: []key{
		{key: "mcp.method.name", field: fieldMCPMethod},
		{key: "mcp.tool.name", field: fieldToolName},
		{key: "mcp.session.id", field: fieldNone},
		{key: "mcp.request.argument", role: RoleToolArguments},
		{key: "mcp.request.arguments", role: RoleToolArguments},
		{key: "mcp.response.value", role: RoleToolResult},
		{key: "jsonrpc.request.id", field: fieldRequestID, flags: neutral},
	},
}

// anthropicSDK is what Anthropic's own Python SDK 2 adds to semconv. Source: captures.
var anthropicSDK = convention{
	id: ConventionAnthropicSDK,
	keys: []key{
		{key: "anthropic.message.stop_reason", field: fieldFinishReason},
		{key: "anthropic.request.id", field: fieldRequestID},
		{key: "anthropic.usage.cache_creation.ephemeral_5m_input_tokens", field: fieldCacheWrite5m},
		{key: "anthropic.usage.cache_creation.ephemeral_1h_input_tokens", field: fieldCacheWrite1h},
		{key: "anthropic.usage.server_tool_use.web_search_requests", field: fieldWebSearches},
		{key: "anthropic.response.service_tier", field: fieldServiceTier},
		{key: "anthropic.tool_result.content", role: RoleToolResult},
	},
}

// eino is ByteDance's Go framework with apmplus; Dify, Alibaba's and Tencent's agents name kinds of spans in the same way. Sources: captures,
// dify api/extensions/otel and api/core/ops.
var eino = convention{
	id: ConventionEino,
	keys: []key{
		{key: "gen_ai.span.kind", field: fieldKind},
		{key: "gen_ai.entity.input", role: RoleRawInput},
		{key: "gen_ai.entity.output", role: RoleRawOutput},
		{key: "retrieval.document", role: RoleDocuments, flags: neutral},
	},
	kinds: map[string]Operation{
		"tool": OpExecuteTool, "llm": OpChat, "chatmodel": OpChat, "generation": OpChat, "agent": OpInvokeAgent, "chain": OpInvokeWorkflow, "graph": OpInvokeWorkflow,
		"retriever": OpRetrieval, "embedding": OpEmbeddings, "reranker": OpRerank, "tools": OpOther, "toolsnode": OpOther, "lambda": OpOther,
		"task": OpInvokeWorkflow, "workflow": OpInvokeWorkflow, "step": OpAgentStep, "entry": OpInvokeWorkflow,
	},
}

// voltAgent is VoltAgent; span.type tells its spans but the run's, entity.type stands on all of them. Source: @voltagent/core.
var voltAgent = convention{
	id: ConventionVoltAgent,
	keys: []key{
		{key: "entity.type", field: fieldKind, flags: neutral},
		{key: "entity.name", field: fieldAgentName, flags: neutral},
		{key: "voltagent.conversation_id", field: fieldConversation},
		{key: "voltagent.operation_id", field: fieldNone},
		{key: "ai.model.name", field: fieldModel, flags: neutral},
		{key: "ai.response.finish_reason", field: fieldFinishReason, flags: neutral},
		{key: "llm.usage.cached_tokens", field: fieldCacheRead},
		{key: "agent.instructions", role: RoleSystem, flags: neutral},
		{key: "agent.messages", role: RoleText, flags: neutral},
		{key: "agent.stateSnapshot", role: RoleText, flags: neutral},
	},
	kinds: map[string]Operation{"agent": OpInvokeAgent, "workflow": OpInvokeWorkflow},
}

// ag2 is AG2's own instrumentation, which repeats each call on a usage span. Source: captures.
var ag2 = convention{
	id: ConventionAG2,
	keys: []key{
		{key: "ag2.span.type", field: fieldKind},
	},
	kinds: map[string]Operation{
		"usage": OpOther, "llm": OpChat, "tool": OpExecuteTool, "agent": OpInvokeAgent, "conversation": OpInvokeWorkflow, "speaker_selection": OpOther,
		"multi_conversation": OpInvokeWorkflow, "human_input": OpOther, "code_execution": OpExecuteTool, "model_call": OpChat,
	},
}

// bedrock are AWS's own names beside semconv. Source: botocore instrumentation.
var bedrock = convention{
	id: ConventionBedrock,
	keys: []key{
		{key: "aws.bedrock.guardrail.id", field: fieldNone, flags: neutral},
		{key: "aws.bedrock.agent.id", field: fieldAgentID},
	},
}

// mistralSDK are the spans that Mistral's own Python SDK 1 makes as soon as a tracer provider is set. Source: mistralai extra/observability.
var mistralSDK = convention{
	id: ConventionMistralSDK,
	keys: []key{
		{key: "mistral_ai.operation.id", field: fieldNone},
		{key: "mistral_ai.request.total_tokens", field: fieldTotal},
		{key: "mistral_ai.error.type", field: fieldErrorType},
		{key: "mistral_ai.error.message", field: fieldErrorMessage},
	},
}

// openAIPHP is OTel's instrumentation of openai-php, which names what it reports after the provider's API; model and counts have the plain
// names. Source: opentelemetry-php-contrib OpenAIPHP.
var openAIPHP = convention{
	id: ConventionOpenAIPHP,
	keys: []key{
		{key: "openai.resource", field: fieldKind}, // the others also stand in the settings of an app
		{key: "openai.frequency_penalty", field: fieldFrequencyPenalty, flags: neutral},
		{key: "openai.presence_penalty", field: fieldPresencePenalty, flags: neutral},
		{key: "openai.n", field: fieldChoiceCount, flags: neutral},
		{key: "openai.seed", field: fieldSeed, flags: neutral},
		{key: "openai.stream", field: fieldStream, flags: neutral},
		{key: "openai.top_p", field: fieldTopP, flags: neutral},
		{key: "openai.user", field: fieldUser, flags: neutral},
	},
	kinds: map[string]Operation{
		"chat/create": OpChat, "chat/createstreamed": OpChat, "edits/create": OpChat, "completions/create": OpTextCompletion,
		"completions/createstreamed": OpTextCompletion, "embeddings/create": OpEmbeddings, "images/create": OpImageGeneration,
		"images/edit": OpImageGeneration, "images/variation": OpImageGeneration, "audio/speech": OpSpeech, "audio/transcribe": OpTranscription,
		"audio/translate": OpTranscription, "models/list": OpOther, "models/retrieve": OpOther, "models/delete": OpOther,
	},
}

// agentOps are the decorators of AgentOps; its model calls are semconv's early names. Source: agentops semconv.
var agentOps = convention{
	id: ConventionAgentOps,
	keys: slices.Concat([]key{
		{key: "agentops.span.kind", field: fieldKind},
		{key: "agentops.entity.name", field: fieldEntityName},
		{key: "agentops.entity.input", role: RoleRawInput},
		{key: "agentops.entity.output", role: RoleRawOutput},
		{key: "agentops.session.end_state", field: fieldNone},
		{key: "tool.call.id", field: fieldToolCallID, flags: neutral},
	}, agentOpsEntities("session", "workflow", "task", "operation", "agent", "tool", "llm", "chain", "guardrail", "http")),
	kinds: map[string]Operation{
		"session": OpInvokeWorkflow, "workflow": OpInvokeWorkflow, "task": OpInvokeWorkflow, "operation": OpInvokeWorkflow, "chain": OpInvokeWorkflow,
		"agent": OpInvokeAgent, "tool": OpExecuteTool, "llm": OpChat, "llm.call": OpChat, "workflow.step": OpAgentStep, "agent.thinking": OpPlan,
		"guardrail": OpOther, "text": OpOther, "http": OpOther,
	},
}

// agentOpsEntities are the attributes that each kind of decorated function has under its own name.
func agentOpsEntities(kinds ...string) (keys []key) {
	for _, kind := range kinds {
		keys = append(keys, key{key: "agentops." + kind + ".input", role: RoleRawInput}, key{key: "agentops." + kind + ".output", role: RoleRawOutput})
	}
	return keys
}
