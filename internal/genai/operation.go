// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

// Operation is what a span or log record reports, in the words of the OTel GenAI conventions where those have one.
type Operation uint8

// The operations. OpNone is a span that has nothing to do with an LLM; OpOther belongs to a GenAI framework but is none of the named
// operations (its internal bookkeeping, a guardrail, a prompt template).
const (
	OpNone Operation = iota
	OpOther
	OpChat
	OpTextCompletion
	OpGenerateContent
	OpEmbeddings
	OpRerank
	OpImageGeneration
	OpSpeech
	OpTranscription
	OpModeration
	OpExecuteTool
	OpInvokeAgent
	OpCreateAgent
	OpInvokeWorkflow
	OpAgentStep
	OpPlan
	OpRetrieval
	OpEvaluation
	OpMemory
	OpMCP
	OpUserMessage
	OpMessage

	// NumOperations is how many operations there are.
	NumOperations
)

type operationTraits uint8

const (
	inference operationTraits = 1 << iota // one call of a model
	agentLike                             // a run of its own: the unit in which a loop is looked for
	semconv                               // its name is written as gen_ai.operation.name
)

var operations = [NumOperations]struct {
	name   string
	traits operationTraits
}{
	OpNone:            {"", 0},
	OpOther:           {"other", 0},
	OpChat:            {"chat", inference | semconv},
	OpTextCompletion:  {"text_completion", inference | semconv},
	OpGenerateContent: {"generate_content", inference | semconv},
	OpEmbeddings:      {"embeddings", inference | semconv},
	OpRerank:          {"rerank", inference | semconv},
	OpImageGeneration: {"image_generation", inference | semconv},
	OpSpeech:          {"speech", inference | semconv},
	OpTranscription:   {"transcription", inference | semconv},
	OpModeration:      {"moderation", semconv},
	OpExecuteTool:     {"execute_tool", semconv},
	OpInvokeAgent:     {"invoke_agent", agentLike | semconv},
	OpCreateAgent:     {"create_agent", semconv},
	OpInvokeWorkflow:  {"invoke_workflow", semconv},
	OpAgentStep:       {"agent_step", semconv},
	OpPlan:            {"plan", semconv},
	OpRetrieval:       {"retrieval", semconv},
	OpEvaluation:      {"evaluation", semconv},
	OpMemory:          {"memory", 0},
	OpMCP:             {"mcp", 0},
	OpUserMessage:     {"user_message", 0},
	OpMessage:         {"message", 0},
}

// String is the value of gen_ai.operation.name, or a word of our own for those that have none.
func (o Operation) String() string { return operations[o].name }

// IsInference reports whether the operation is one call of a model: what is priced and what is counted.
func (o Operation) IsInference() bool { return operations[o].traits&inference != 0 }

// IsAgent reports whether the operation is the run of an agent.
func (o Operation) IsAgent() bool { return operations[o].traits&agentLike != 0 }

// HasSemconvName reports whether the operation's name is one to write as gen_ai.operation.name.
func (o Operation) HasSemconvName() bool { return operations[o].traits&semconv != 0 }
