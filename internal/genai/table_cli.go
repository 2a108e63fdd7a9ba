// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

// The coding agents name most things in bare words (`model`, `input_tokens`): those stand in the plain table and count here because the
// scope or the event's name claims the span or record.

// claudeCode is Claude Code's beta traces and its log events. Source: captures, its monitoring documentation.
var claudeCode = convention{
	id: ConventionClaudeCode,
	keys: []key{
		{key: "span.type", field: fieldKind, flags: neutral},
		{key: "full_command", role: RoleToolArguments, flags: neutral},
		{key: "tool_input", role: RoleToolArguments, flags: neutral},
		{key: "tool_parameters", role: RoleToolArguments, flags: neutral},
		{key: "user_prompt", role: RolePromptText, flags: neutral},
		{key: "cost_usd", field: fieldCost, flags: neutral},
		{key: "cache_creation_tokens", field: fieldCacheWrite, flags: neutral},
		{key: "cache_read_tokens", field: fieldCacheRead, flags: neutral},
		{key: "stop_reason", field: fieldFinishReason, flags: neutral},
		{key: "ttft_ms", field: fieldTimeToFirstTokenMS, flags: neutral},
		{key: "tool_use_id", field: fieldToolCallID, flags: neutral},
		{key: "success", field: fieldToolSucceeded, flags: neutral},
		{key: "error_type", field: fieldErrorType, flags: neutral},
	},
	kinds: map[string]Operation{
		"llm_request": OpChat, "tool": OpExecuteTool, "tool.execution": OpOther, "tool.blocked_on_user": OpOther, "interaction": OpInvokeAgent,
		"hook": OpOther, "llm": OpChat, "agent": OpInvokeAgent,
		// VoltAgent's words under the same name
		"memory": OpMemory, "retriever": OpRetrieval, "embedding": OpEmbeddings, "vector": OpOther, "guardrail": OpOther, "middleware": OpOther,
		"summary": OpOther, "scorer": OpEvaluation, "workflow-step": OpAgentStep,
	},
}

// geminiCLI is Google's gemini-cli and its forks. Source: captures.
var geminiCLI = convention{
	id: ConventionGeminiCLI,
	keys: []key{
		{key: "input_token_count", field: fieldInput, flags: neutral | counted},
		{key: "output_token_count", field: fieldOutput, flags: neutral | counted},
		{key: "cached_content_token_count", field: fieldCacheRead, flags: neutral},
		{key: "thoughts_token_count", field: fieldThoughts, flags: neutral},
		{key: "total_token_count", field: fieldTotal, flags: neutral},
		{key: "finish_reasons", field: fieldFinishReason, flags: neutral},
		{key: "function_name", field: fieldToolName, flags: neutral},
		{key: "function_args", role: RoleToolArguments, flags: neutral},
		{key: "request_text", role: RoleRawInput, flags: neutral},
		{key: "response_text", role: RoleRawOutput, flags: neutral},
		{key: "prompt_id", field: fieldNone, flags: neutral},
	},
}

// copilotChat are GitHub Copilot's own names beside semconv's, in VS Code. Source: vscode-copilot-chat genAiAttributes.ts.
var copilotChat = convention{
	id: ConventionCopilotChat,
	keys: []key{
		{key: "copilot_chat.time_to_first_token", field: fieldTimeToFirstTokenMS},
		{key: "copilot_chat.session_id", field: fieldConversation},
		{key: "copilot_chat.server_request_id", field: fieldRequestID},
		{key: "copilot_chat.user_request", role: RoleText},
		{key: "copilot_chat.prompt_context", role: RoleText},
		{key: "copilot_chat.prompt_instructions", role: RoleText},
		{key: "copilot_chat.markdown_content", role: RoleText},
		{key: "copilot_chat.reasoning_content", role: RoleText},
	},
}

// goose is Block's agent; its other names are bare words. Source: crates/goose, #[instrument] of agents and providers.
var goose = convention{
	id: ConventionGoose,
	keys: []key{
		{key: "model_config", field: fieldParamsJSON, flags: scoped},
	},
}

// cline is Cline, which reports in log records whose body is the event's name. Source: @cline/core services/telemetry.
var cline = convention{
	id: ConventionCline,
	keys: []key{
		{key: "ulid", field: fieldConversation, flags: scoped},
		{key: "totalCost", field: fieldCost, flags: scoped},
	},
}

// codex is OpenAI's Codex CLI, which reports in log events. Source: captures.
var codex = convention{
	id: ConventionCodex,
	keys: []key{
		{key: "event.name", field: fieldEventName, flags: neutral},
		{key: "event.kind", field: fieldEventKind, flags: neutral},
		{key: "conversation.id", field: fieldConversation, flags: neutral},
		{key: "cached_token_count", field: fieldCacheRead, flags: neutral},
		{key: "reasoning_token_count", field: fieldReasoning, flags: neutral},
		{key: "tool_token_count", field: fieldTotal, flags: neutral},
		{key: "call_id", field: fieldToolCallID, flags: neutral},
		{key: "arguments", role: RoleToolArguments, flags: neutral},
	},
}
