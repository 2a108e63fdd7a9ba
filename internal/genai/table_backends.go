// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "slices"

// langSmith is what the LangSmith SDK exports over OTLP. Source: langsmith-sdk _otel_exporter.py.
var langSmith = convention{
	id: ConventionLangSmith,
	keys: append([]key{
		{key: "langsmith.span.kind", field: fieldKind},
		{key: "langsmith.trace.name", field: fieldEntityName},
		{key: "langsmith.usage_metadata", field: fieldUsageJSON},
		{key: "langsmith.metadata.usage_metadata", field: fieldUsageJSON},
		{key: "gen_ai.usage.input_token_details", field: fieldInputDetailsJSON},
		{key: "gen_ai.usage.output_token_details", field: fieldOutputDetailsJSON},
		{key: "langsmith.request.streaming", field: fieldStream},
		{key: "langsmith.metadata.ls_invocation_params", field: fieldParamsJSON},
		{key: "langsmith.trace.session_id", field: fieldNone},
		{key: "langsmith.trace.session_name", field: fieldNone},
	}, associated("langsmith.metadata.", 0)...),
	kinds: map[string]Operation{
		"llm": OpChat, "tool": OpExecuteTool, "chain": OpInvokeWorkflow, "retriever": OpRetrieval, "embedding": OpEmbeddings,
		"prompt": OpOther, "parser": OpOther, "agent": OpInvokeAgent,
	},
}

// langfuse is the Langfuse SDK's convention. Source: langfuse packages/shared/src/server/otel.
var langfuse = convention{
	id: ConventionLangfuse,
	keys: slices.Concat([]key{
		{key: "langfuse.observation.type", field: fieldKind},
		{key: "langfuse.observation.model.name", field: fieldModel},
		{key: "langfuse.observation.usage_details", field: fieldUsageJSON},
		{key: "langfuse.observation.cost_details", field: fieldCostJSON},
		{key: "langfuse.observation.model.parameters", field: fieldParamsJSON},
		{key: "langfuse.observation.completion_start_time", field: fieldFirstTokenAt, flags: quoted},
		{key: "langfuse.observation.level", field: fieldToolFailed},
		{key: "langfuse.observation.status_message", field: fieldErrorMessage},
		{key: "langfuse.session.id", field: fieldConversation},
		{key: "langfuse.user.id", field: fieldUser},
		{key: "langfuse.trace.name", field: fieldNone},
		{key: "langfuse.observation.input", role: RoleRawInput},
		{key: "langfuse.observation.output", role: RoleRawOutput},
		{key: "langfuse.trace.input", role: RoleText},
		{key: "langfuse.trace.output", role: RoleText},
	}, associated("langfuse.observation.metadata.", quoted), associated("langfuse.trace.metadata.", quoted|neutral)),
	kinds: map[string]Operation{
		"generation": OpChat, "tool": OpExecuteTool, "agent": OpInvokeAgent, "chain": OpInvokeWorkflow, "retriever": OpRetrieval,
		"embedding": OpEmbeddings, "evaluator": OpEvaluation, "guardrail": OpOther, "event": OpNone, "span": OpNone,
	},
}

// mlflow is MLflow's convention; nearly every value is JSON text. Source: mlflow tracing/constant.py.
var mlflow = convention{
	id: ConventionMLflow,
	keys: []key{
		{key: "mlflow.spanType", field: fieldKind, flags: quoted},
		{key: "mlflow.llm.provider", field: fieldProvider, flags: quoted},
		{key: "mlflow.llm.model", field: fieldModel, flags: quoted},
		{key: "mlflow.chat.tokenUsage", field: fieldUsageJSON},
		{key: "mlflow.llm.cost", field: fieldCostJSON},
		{key: "mlflow.trace.session", field: fieldConversation, flags: quoted},
		{key: "mlflow.trace.user", field: fieldUser, flags: quoted},
		{key: "mlflow.traceRequestId", field: fieldRequestID, flags: quoted},
		{key: "mlflow.spanInputs", role: RoleRawInput},
		{key: "mlflow.spanOutputs", role: RoleRawOutput},
		{key: "mlflow.chat.tools", role: RoleToolDefinitions},
		{key: "mlflow.chat.messages", role: RoleInputMessages},
	},
	kinds: map[string]Operation{
		"llm": OpChat, "chat_model": OpChat, "tool": OpExecuteTool, "agent": OpInvokeAgent, "chain": OpInvokeWorkflow, "retriever": OpRetrieval,
		"embedding": OpEmbeddings, "reranker": OpRerank, "parser": OpOther, "unknown": OpNone, "memory": OpMemory, "workflow": OpInvokeWorkflow,
		"task": OpInvokeWorkflow, "guardrail": OpOther, "evaluator": OpEvaluation,
	},
}

// openLIT is what OpenLIT adds to semconv. Source: openlit sdk semcov, captures.
var openLIT = convention{
	id: ConventionOpenLIT,
	keys: []key{
		{key: "gen_ai.endpoint", field: fieldNone},
		{key: "gen_ai.request.user", field: fieldUser},
		{key: "gen_ai.usage.prompt_tokens_details.cache_read", field: fieldCacheRead},
		{key: "gen_ai.usage.prompt_tokens_details.cache_write", field: fieldCacheWrite},
		{key: "gen_ai.usage.completion_tokens_details.reasoning", field: fieldReasoning},
		{key: "function.kwargs", role: RoleText, flags: neutral}, // of any function that is traced, a tool or not
		{key: "function.output", role: RoleText, flags: neutral},
	},
}

// liteLLM is what the LiteLLM proxy and SDK add. Source: litellm integrations/opentelemetry.py.
var liteLLM = convention{
	id: ConventionLiteLLM,
	keys: []key{
		{key: "gen_ai.cost.total_cost", field: fieldCost},
		{key: "llm.litellm.model", field: fieldModel},
		{key: "litellm.call_id", field: fieldRequestID},
		{key: "litellm.provider.model", field: fieldEntityName}, // provider/model
		{key: "metadata.usage_object", field: fieldUsageJSON},   // as Python prints it; cache and reasoning stand only here
		{key: "metadata.user_api_key_user_id", field: fieldNone},
	},
}

// laminar is Laminar's SDK: its own names around semconv's, or what OpenLLMetry's instrumentations send. Sources: lmnr tracing/attributes.py,
// @lmnr-ai/lmnr.
var laminar = convention{
	id: ConventionLaminar,
	keys: slices.Concat([]key{
		{key: "lmnr.span.type", field: fieldKind},
		{key: "lmnr.span.input", role: RoleRawInput},
		{key: "lmnr.span.output", role: RoleRawOutput},
		// its span processor puts these on every span of the process
		{key: "lmnr.span.path", field: fieldNone, flags: neutral},
		{key: "lmnr.span.ids_path", field: fieldNone, flags: neutral},
		{key: "lmnr.span.instrumentation_source", field: fieldNone, flags: neutral},
		{key: "lmnr.span.sdk_version", field: fieldNone, flags: neutral},
		{key: "lmnr.span.language_version", field: fieldNone, flags: neutral},
	}, associated("lmnr.association.properties.", 0), associated("lmnr.association.properties.metadata.", 0)),
	kinds: map[string]Operation{ // what came from its cache was not asked of a model
		"llm": OpChat, "tool": OpExecuteTool, "cached": OpOther, "evaluator": OpEvaluation, "human_evaluator": OpEvaluation, "executor": OpInvokeWorkflow,
		"evaluation": OpInvokeWorkflow, "pipeline": OpInvokeWorkflow, "event": OpOther, "default": OpNone,
	},
}

// langWatch is LangWatch's SDK. Source: langwatch attributes.py.
var langWatch = convention{
	id: ConventionLangWatch,
	keys: []key{
		{key: "langwatch.span.type", field: fieldKind},
		{key: "langwatch.thread.id", field: fieldConversation},
		{key: "langwatch.session.id", field: fieldConversation},
		{key: "langwatch.user.id", field: fieldUser},
		{key: "langwatch.metadata", field: fieldMetadataJSON},
		{key: "langwatch.metrics", field: fieldUsageJSON, flags: framed},
		{key: "langwatch.params", field: fieldParamsJSON},
		{key: "langwatch.input", role: RoleRawInput},
		{key: "langwatch.output", role: RoleRawOutput},
		{key: "langwatch.rag_contexts", role: RoleDocuments},
		{key: "langwatch.contexts", role: RoleDocuments},
	},
	kinds: map[string]Operation{
		"llm": OpChat, "tool": OpExecuteTool, "agent": OpInvokeAgent, "rag": OpRetrieval, "chain": OpInvokeWorkflow, "workflow": OpInvokeWorkflow,
		"task": OpInvokeWorkflow, "component": OpInvokeWorkflow, "module": OpInvokeWorkflow, "evaluation": OpEvaluation, "guardrail": OpOther,
	},
}

// braintrust is what Braintrust's SDKs for Go, Java, Ruby and .NET send, in nothing but JSON, and what its users set by hand. Sources: their
// tests, its documentation of OTel attributes.
var braintrust = convention{
	id: ConventionBraintrust,
	keys: slices.Concat([]key{
		{key: "braintrust.span_attributes", field: fieldKind, flags: typed},
		{key: "braintrust.span_attributes.type", field: fieldKind},
		{key: "braintrust.metadata", field: fieldParamsJSON},
		{key: "braintrust.metadata.model", field: fieldModel},
		{key: "braintrust.metadata.provider", field: fieldProvider},
		{key: "braintrust.metrics", field: fieldUsageJSON},
		{key: "braintrust.metrics.prompt_tokens", field: fieldInput, flags: counted},
		{key: "braintrust.metrics.completion_tokens", field: fieldOutput, flags: counted},
		{key: "braintrust.metrics.tokens", field: fieldTotal},
		{key: "braintrust.metrics.prompt_cached_tokens", field: fieldCacheRead},
		{key: "braintrust.metrics.prompt_cache_creation_tokens", field: fieldCacheWrite},
		{key: "braintrust.metrics.completion_reasoning_tokens", field: fieldReasoning},
		{key: "braintrust.metrics.time_to_first_token", field: fieldTimeToFirstToken},
		{key: "braintrust.input_json", role: RoleRawInput},
		{key: "braintrust.input", role: RoleRawInput},
		{key: "braintrust.output_json", role: RoleRawOutput},
		{key: "braintrust.output", role: RoleRawOutput},
		{key: "braintrust.expected", role: RoleText},
		{key: "braintrust.parent", field: fieldNone, flags: neutral}, // its exporter puts it on every span
	}, associated("braintrust.metadata.", 0)),
	kinds: map[string]Operation{
		"llm": OpChat, "tool": OpExecuteTool, "task": OpInvokeWorkflow, "function": OpInvokeWorkflow, "eval": OpInvokeWorkflow,
		"score": OpEvaluation, "classifier": OpEvaluation, "facet": OpOther, "preprocessor": OpOther, "automation": OpOther, "review": OpOther,
	},
}

// honeyHive is HoneyHive's decorator; its model calls come from other instrumentations. Source: honeyhive instrumentation/decorators.py.
var honeyHive = convention{
	id: ConventionHoneyHive,
	keys: []key{
		{key: "honeyhive_event_type", field: fieldKind},
		{key: "honeyhive_event_type_raw", field: fieldKind},
		{key: "honeyhive_event_name", field: fieldEntityName},
		{key: "honeyhive.session_id", field: fieldConversation, flags: neutral},
		{key: "honeyhive_session_id", field: fieldConversation, flags: neutral},
		{key: "honeyhive_user_id", field: fieldUser, flags: neutral},
		{key: "honeyhive_inputs", role: RoleRawInput},
		{key: "honeyhive_outputs", role: RoleRawOutput},
		{key: "honeyhive_outputs.result", role: RoleRawOutput},
		{key: "honeyhive_error", field: fieldErrorMessage},
	},
	kinds: map[string]Operation{"model": OpChat, "tool": OpExecuteTool, "chain": OpInvokeWorkflow, "session": OpInvokeWorkflow},
}

// judgeval is Judgment Labs' tracer. Its counts leave the cache out of the input; the provider's own object beside them has all of it.
// Source: judgeval judgment_attribute_keys.py.
var judgeval = convention{
	id: ConventionJudgeval,
	keys: []key{
		{key: "judgment.span_kind", field: fieldKind},
		{key: "judgment.llm.provider", field: fieldProvider},
		{key: "judgment.llm.model", field: fieldModel},
		{key: "judgment.usage.metadata", field: fieldUsageJSON},
		{key: "judgment.usage.non_cached_input_tokens", field: fieldNone},
		{key: "judgment.usage.output_tokens", field: fieldNone},
		{key: "judgment.usage.total_cost_usd", field: fieldCost},
		{key: "judgment.input", role: RoleRawInput},
		{key: "judgment.output", role: RoleRawOutput},
		{key: "judgment.agent_instance_name", field: fieldAgentName, flags: neutral},
		{key: "judgment.session_id", field: fieldConversation, flags: neutral}, // its span processor puts these on every span
		{key: "judgment.customer_user_id", field: fieldUser, flags: neutral},
		{key: "judgment.state_before", role: RoleText, flags: neutral},
		{key: "judgment.state_after", role: RoleText, flags: neutral},
	},
	kinds: map[string]Operation{
		"llm": OpChat, "tool": OpExecuteTool, "agent": OpInvokeAgent, "retriever": OpRetrieval, "chain": OpInvokeWorkflow, "span": OpNone,
		"generator": OpNone, "generator_item": OpOther,
	},
}

// mirascope is what Mirascope 2 adds to semconv. Source: mirascope ops/_internal.
var mirascope = convention{
	id: ConventionMirascope,
	keys: []key{
		{key: "mirascope.response.usage", field: fieldUsageJSON},
		{key: "mirascope.response.provider_id", field: fieldNone, flags: neutral}, // of a function around a call, too
		{key: "mirascope.response.model_id", field: fieldNone, flags: neutral},
		{key: "mirascope.response.messages", role: RoleText},
		{key: "mirascope.response.content", role: RoleText},
		{key: "mirascope.ops.session.id", field: fieldConversation, flags: neutral},
		{key: "mirascope.trace.arg_values", role: RoleText, flags: neutral},
		{key: "mirascope.trace.output", role: RoleText, flags: neutral},
	},
}

// netra is Netra's decorators; its model calls are OpenLLMetry's early names. Source: netra-sdk decorators.py.
var netra = convention{
	id: ConventionNetra,
	keys: []key{
		{key: "netra.span.type", field: fieldKind},
		{key: "netra.entity.error", field: fieldErrorMessage, flags: neutral},
		{key: "netra.agent.name", field: fieldAgentName, flags: neutral}, // these stand on every span within
		{key: "netra.session_id", field: fieldConversation, flags: neutral},
		{key: "netra.user_id", field: fieldUser, flags: neutral},
		{key: "gen_ai.performance.time_to_first_token", field: fieldTimeToFirstToken},
	},
	kinds: map[string]Operation{
		"generation": OpChat, "tool": OpExecuteTool, "agent": OpInvokeAgent, "embedding": OpEmbeddings, "span": OpNone, "usage": OpOther,
	},
}
