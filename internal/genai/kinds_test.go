// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// kinds are the words by which conventions say what a span is, and what each means: `none` where the word itself says nothing.
var kinds = []struct{ key, words, operation string }{
	{"openinference.span.kind", "LLM", "chat"},
	{"openinference.span.kind", "EMBEDDING", "embeddings"},
	{"openinference.span.kind", "RERANKER", "rerank"},
	{"openinference.span.kind", "RETRIEVER", "retrieval"},
	{"openinference.span.kind", "TOOL", "execute_tool"},
	{"openinference.span.kind", "AGENT", "invoke_agent"},
	{"openinference.span.kind", "CHAIN", "invoke_workflow"},
	{"openinference.span.kind", "EVALUATOR", "evaluation"},
	{"openinference.span.kind", "GUARDRAIL PROMPT UNKNOWN", "other"},

	{"traceloop.span.kind", "workflow task session", "invoke_workflow"},
	{"traceloop.span.kind", "agent", "invoke_agent"},
	{"traceloop.span.kind", "tool", "execute_tool"},
	{"traceloop.span.kind", "server", "mcp"},
	{"traceloop.span.kind", "unknown", "other"},

	{"ai.operationId", "ai.generateText ai.streamText ai.generateObject ai.streamObject", "invoke_agent"},
	{"ai.operationId", "ai.generateText.doGenerate ai.streamText.doStream ai.generateObject.doGenerate ai.streamObject.doStream", "chat"},
	{"ai.operationId", "ai.toolCall", "execute_tool"},
	{"ai.operationId", "ai.embed ai.embedMany ai.rerank", "invoke_workflow"},
	{"ai.operationId", "ai.embed.doEmbed ai.embedMany.doEmbed", "embeddings"},
	{"ai.operationId", "ai.rerank.doRerank", "rerank"},
	{"ai.operationId", "ai.generateImage", "image_generation"},
	{"ai.operationId", "ai.generateSpeech", "speech"},
	{"ai.operationId", "ai.transcribe", "transcription"},

	{"langsmith.span.kind", "llm", "chat"},
	{"langsmith.span.kind", "tool", "execute_tool"},
	{"langsmith.span.kind", "chain", "invoke_workflow"},
	{"langsmith.span.kind", "retriever", "retrieval"},
	{"langsmith.span.kind", "embedding", "embeddings"},
	{"langsmith.span.kind", "agent", "invoke_agent"},
	{"langsmith.span.kind", "prompt parser", "other"},

	{"langfuse.observation.type", "generation", "chat"},
	{"langfuse.observation.type", "tool", "execute_tool"},
	{"langfuse.observation.type", "agent", "invoke_agent"},
	{"langfuse.observation.type", "chain", "invoke_workflow"},
	{"langfuse.observation.type", "retriever", "retrieval"},
	{"langfuse.observation.type", "embedding", "embeddings"},
	{"langfuse.observation.type", "evaluator", "evaluation"},
	{"langfuse.observation.type", "guardrail event span", "other"},

	{"mlflow.spanType", "LLM CHAT_MODEL", "chat"},
	{"mlflow.spanType", "TOOL", "execute_tool"},
	{"mlflow.spanType", "AGENT", "invoke_agent"},
	{"mlflow.spanType", "CHAIN WORKFLOW TASK", "invoke_workflow"},
	{"mlflow.spanType", "RETRIEVER", "retrieval"},
	{"mlflow.spanType", "EMBEDDING", "embeddings"},
	{"mlflow.spanType", "RERANKER", "rerank"},
	{"mlflow.spanType", "EVALUATOR", "evaluation"},
	{"mlflow.spanType", "MEMORY", "memory"},
	{"mlflow.spanType", "PARSER GUARDRAIL UNKNOWN", "other"},

	{"genkit:metadata:subtype", "model background-model", "chat"},
	{"genkit:metadata:subtype", "tool tool.v2", "execute_tool"},
	{"genkit:metadata:subtype", "flow agent", "invoke_agent"},
	{"genkit:metadata:subtype", "flowStep", "agent_step"},
	{"genkit:metadata:subtype", "retriever", "retrieval"},
	{"genkit:metadata:subtype", "embedder", "embeddings"},
	{"genkit:metadata:subtype", "reranker", "rerank"},
	{"genkit:metadata:subtype", "evaluator", "evaluation"},
	{"genkit:metadata:subtype", "util prompt executable-prompt indexer resource", "other"},
	{"genkit.action.type", "model background-model", "chat"},
	{"genkit.action.type", "tool tool.v2", "execute_tool"},
	{"genkit.action.type", "flow agent", "invoke_agent"},
	{"genkit.action.type", "flowStep", "agent_step"},
	{"genkit.action.type", "retriever", "retrieval"},
	{"genkit.action.type", "embedder", "embeddings"},
	{"genkit.action.type", "reranker", "rerank"},
	{"genkit.action.type", "evaluator", "evaluation"},
	{"genkit.action.type", "util prompt executable-prompt indexer resource", "other"},

	{"mastra.span.type", "model_inference", "chat"},
	{"mastra.span.type", "tool_call mcp_tool_call", "execute_tool"},
	{"mastra.span.type", "agent_run", "invoke_agent"},
	{"mastra.span.type", "model_generation llm_generation workflow_run", "invoke_workflow"},
	{"mastra.span.type", "model_step workflow_step", "agent_step"},
	{"mastra.span.type", "model_chunk processor_run generic", "other"},

	{"gen_ai.span.kind", "LLM chatmodel GENERATION", "chat"},
	{"gen_ai.span.kind", "TOOL", "execute_tool"},
	{"gen_ai.span.kind", "AGENT", "invoke_agent"},
	{"gen_ai.span.kind", "CHAIN graph TASK workflow ENTRY", "invoke_workflow"},
	{"gen_ai.span.kind", "STEP", "agent_step"},
	{"gen_ai.span.kind", "RETRIEVER", "retrieval"},
	{"gen_ai.span.kind", "EMBEDDING", "embeddings"},
	{"gen_ai.span.kind", "RERANKER", "rerank"},
	{"gen_ai.span.kind", "tools toolsnode lambda", "other"},

	{"ag2.span.type", "llm model_call", "chat"},
	{"ag2.span.type", "tool code_execution", "execute_tool"},
	{"ag2.span.type", "agent", "invoke_agent"},
	{"ag2.span.type", "conversation multi_conversation", "invoke_workflow"},
	{"ag2.span.type", "usage speaker_selection human_input", "other"},

	{"netra.span.type", "GENERATION", "chat"},
	{"netra.span.type", "TOOL", "execute_tool"},
	{"netra.span.type", "AGENT", "invoke_agent"},
	{"netra.span.type", "EMBEDDING", "embeddings"},
	{"netra.span.type", "SPAN USAGE", "other"},

	{"judgment.span_kind", "llm", "chat"},
	{"judgment.span_kind", "tool", "execute_tool"},
	{"judgment.span_kind", "agent", "invoke_agent"},
	{"judgment.span_kind", "retriever", "retrieval"},
	{"judgment.span_kind", "chain", "invoke_workflow"},
	{"judgment.span_kind", "span generator generator_item", "other"},

	{"braintrust.span_attributes", "task function eval", "invoke_workflow"},
	{"braintrust.span_attributes", "score classifier", "evaluation"},
	{"braintrust.span_attributes", "facet preprocessor automation review", "other"},
	{"braintrust.span_attributes", `{"type":"llm"}`, "chat"},
	{"braintrust.span_attributes", `{"type":"tool"}`, "execute_tool"},
	{"braintrust.span_attributes.type", "llm", "chat"},
	{"braintrust.span_attributes.type", "tool", "execute_tool"},
	{"braintrust.span_attributes.type", "task function eval", "invoke_workflow"},
	{"braintrust.span_attributes.type", "score classifier", "evaluation"},
	{"braintrust.span_attributes.type", "facet preprocessor automation review", "other"},

	{"honeyhive_event_type", "model", "chat"},
	{"honeyhive_event_type", "tool", "execute_tool"},
	{"honeyhive_event_type", "chain session", "invoke_workflow"},
	{"honeyhive_event_type_raw", "model", "chat"},
	{"honeyhive_event_type_raw", "tool", "execute_tool"},
	{"honeyhive_event_type_raw", "chain session", "invoke_workflow"},

	{"lmnr.span.type", "TOOL", "execute_tool"},
	{"lmnr.span.type", "EVALUATOR HUMAN_EVALUATOR", "evaluation"},
	{"lmnr.span.type", "EXECUTOR EVALUATION PIPELINE", "invoke_workflow"},
	{"lmnr.span.type", "LLM EVENT DEFAULT CACHED", "other"}, // without a model

	{"langwatch.span.type", "llm", "chat"},
	{"langwatch.span.type", "tool", "execute_tool"},
	{"langwatch.span.type", "agent", "invoke_agent"},
	{"langwatch.span.type", "rag", "retrieval"},
	{"langwatch.span.type", "chain workflow task component module", "invoke_workflow"},
	{"langwatch.span.type", "evaluation", "evaluation"},
	{"langwatch.span.type", "guardrail", "other"},

	{"agentops.span.kind", "llm llm.call", "chat"},
	{"agentops.span.kind", "tool", "execute_tool"},
	{"agentops.span.kind", "agent", "invoke_agent"},
	{"agentops.span.kind", "session workflow task operation chain", "invoke_workflow"},
	{"agentops.span.kind", "workflow.step", "agent_step"},
	{"agentops.span.kind", "agent.thinking", "plan"},
	{"agentops.span.kind", "guardrail text http", "other"},

	{"spring.ai.kind", "tool_call", "execute_tool"},
	{"spring.ai.kind", "chat_client", "invoke_workflow"},
	{"spring.ai.kind", "vector_store", "retrieval"},
	{"spring.ai.kind", "advisor", "other"},

	{"gen_ai.operation.name", "chat chat_completion chat.completions messages responses response llm_call llm generation generate_text stream_text", "chat"},
	{"gen_ai.operation.name", "generate_object chat_model model_inference inference realtime", "chat"},
	{"gen_ai.operation.name", "text_completion completion text.completions", "text_completion"},
	{"gen_ai.operation.name", "generate_content call_llm", "generate_content"},
	{"gen_ai.operation.name", "embeddings embedding embed", "embeddings"},
	{"gen_ai.operation.name", "rerank reranker", "rerank"},
	{"gen_ai.operation.name", "image_generation image", "image_generation"},
	{"gen_ai.operation.name", "speech audio audio_generation", "speech"},
	{"gen_ai.operation.name", "transcription", "transcription"},
	{"gen_ai.operation.name", "moderation", "moderation"},
	{"gen_ai.operation.name", "execute_tool tool_call tool call_tool", "execute_tool"},
	{"gen_ai.operation.name", "invoke_agent agent agent_run", "invoke_agent"},
	{"gen_ai.operation.name", "create_agent", "create_agent"},
	{"gen_ai.operation.name", "invoke_workflow workflow chain workflow.run execute_task task", "invoke_workflow"},
	{"gen_ai.operation.name", "agent_step step execute_agent_loop_cycle execute_event_loop_cycle", "agent_step"},
	{"gen_ai.operation.name", "plan planning", "plan"},
	{"gen_ai.operation.name", "retrieval retriever retrieve vector_db_retrieve vectordb query", "retrieval"},
	{"gen_ai.operation.name", "evaluation evaluator", "evaluation"},
	{"gen_ai.operation.name", "search_memory create_memory update_memory upsert_memory delete_memory", "memory"},
	{"gen_ai.operation.name", "schedule_tool_calls orchestrate_tools framework handoff guardrail fetch_response count_tokens", "other"},

	{"openai.resource", "chat/create chat/createStreamed edits/create", "chat"},
	{"openai.resource", "completions/create completions/createStreamed", "text_completion"},
	{"openai.resource", "embeddings/create", "embeddings"},
	{"openai.resource", "images/create images/edit images/variation", "image_generation"},
	{"openai.resource", "audio/speech", "speech"},
	{"openai.resource", "audio/transcribe audio/translate", "transcription"},
	{"openai.resource", "models/list models/retrieve models/delete", "other"},

	{"llm.request.type", "chat acompletion responses aresponses anthropic_messages", "chat"},
	{"llm.request.type", "completion text_completion atext_completion", "text_completion"},
	{"llm.request.type", "embedding embeddings aembedding", "embeddings"},
	{"llm.request.type", "rerank arerank", "rerank"},
	{"llm.request.type", "image image_generation", "image_generation"},
}

func TestKinds(t *testing.T) {
	tested := make(map[string]int)
	for _, c := range kinds {
		for word := range strings.FieldsSeq(c.words) {
			tested[c.key]++
			assert.Equal(t, c.operation, viewOf("work", map[string]any{c.key: word}).Operation().String(), "%s = %s", c.key, word)
		}
	}
	for _, c := range conventions {
		for _, k := range c.keys {
			if k.field == fieldKind && k.flags&neutral == 0 && len(c.kinds) > 0 {
				assert.Equal(t, len(c.kinds), tested[k.key], "words of %s", k.key)
			}
		}
	}
	assert.Equal(t, len(operationWords), tested["gen_ai.operation.name"], "words of gen_ai.operation.name")
	assert.Equal(t, len(requestTypes), tested["llm.request.type"], "words of llm.request.type")
}
