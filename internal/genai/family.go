// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "strings"

// family is a set of attributes `prefix.N.rest` that together hold one piece of content, or a prefix whose keys are all of one kind.
type family struct {
	prefix     string
	role       Role
	layout     Layout
	convention Convention
	telling    bool // the prefix claims the span for its convention
}

// families are looked at only for keys that the index does not know.
var families = []family{
	{"llm.input_messages.", RoleInputMessages, LayoutFlattened, ConventionOpenInference, true},
	{"llm.output_messages.", RoleOutputMessages, LayoutFlattened, ConventionOpenInference, true},
	{"llm.prompts.", RolePromptText, LayoutFlattened, ConventionOpenInference, true},
	{"llm.choices.", RoleCompletionText, LayoutFlattened, ConventionOpenInference, true},
	{"llm.tools.", RoleToolDefinitions, LayoutFlattened, ConventionOpenInference, true},
	{"retrieval.documents.", RoleDocuments, LayoutFlattened, ConventionOpenInference, true},
	{"reranker.input_documents.", RoleText, LayoutFlattened, ConventionOpenInference, true},
	{"reranker.output_documents.", RoleDocuments, LayoutFlattened, ConventionOpenInference, true},
	{"embedding.embeddings.", RolePromptText, LayoutFlattened, ConventionOpenInference, true},
	{"gen_ai.input.messages.", RoleInputMessages, LayoutFlattened, ConventionOpenInference, true}, // Future AGI's traceAI, a fork of it
	{"gen_ai.output.messages.", RoleOutputMessages, LayoutFlattened, ConventionOpenInference, true},
	{"gen_ai.retrieval.documents.", RoleDocuments, LayoutFlattened, ConventionOpenInference, true},
	{"gen_ai.prompt.", RoleInputMessages, LayoutFlattened, ConventionOpenLLMetry, true},
	{"gen_ai.completion.", RoleOutputMessages, LayoutFlattened, ConventionOpenLLMetry, true},
	{"llm.completions.", RoleOutputMessages, LayoutFlattened, ConventionOpenLLMetry, true}, // of 2023, and Go
	{"llm.prompts.content", RolePromptText, LayoutFlattened, ConventionOpenLLMetry, true},
	{"llm.request.functions.", RoleToolDefinitions, LayoutFlattened, ConventionOpenLLMetry, true},
	{"db.vector.query.result.", RoleDocuments, LayoutFlattened, ConventionOpenLLMetry, false}, // JavaScript; Python has events
	{"code.function.parameters.", RoleToolArguments, LayoutFlattened, ConventionSemConv, false},
	{"honeyhive_inputs.", RoleToolArguments, LayoutFlattened, ConventionHoneyHive, false},
	{"traceloop.", RoleNone, LayoutText, ConventionOpenLLMetry, true},
	{"langsmith.", RoleNone, LayoutText, ConventionLangSmith, true},
	{"langfuse.", RoleNone, LayoutText, ConventionLangfuse, true},
	{"openinference.", RoleNone, LayoutText, ConventionOpenInference, true},
	{"mlflow.", RoleNone, LayoutText, ConventionMLflow, true},
	{"genkit:", RoleNone, LayoutText, ConventionGenkit, true},
	{"mastra.", RoleNone, LayoutText, ConventionMastra, true},
	{"gcp.vertex.agent.", RoleNone, LayoutText, ConventionADK, true},
	{"haystack.", RoleNone, LayoutText, ConventionHaystack, true},
	{"spring.ai.", RoleNone, LayoutText, ConventionSpringAI, true},
	{"pydantic_ai.", RoleNone, LayoutText, ConventionPydanticAI, true},
	{"braintrust.", RoleNone, LayoutText, ConventionBraintrust, false},
	{"lmnr.", RoleNone, LayoutText, ConventionLaminar, false},
	{"anthropic.", RoleNone, LayoutText, ConventionAnthropicSDK, true},
	{"gen_ai.", RoleNone, LayoutText, ConventionSemConv, true},
	{"ai.", RoleNone, LayoutText, ConventionVercel, false},
	{"llm.", RoleNone, LayoutText, ConventionOpenInference, false},
}

// familiesByHead finds the candidates by the first two bytes of a key.
var familiesByHead = func() (heads [1 << 16][]*family) {
	for i := range families {
		f := &families[i]
		at := uint16(f.prefix[0])<<8 | uint16(f.prefix[1])
		heads[at] = append(heads[at], f)
	}
	return heads
}()

func findFamily(k string) *family {
	if len(k) < 3 {
		return nil
	}
	for _, f := range familiesByHead[uint16(k[0])<<8|uint16(k[1])] {
		if strings.HasPrefix(k, f.prefix) {
			return f
		}
	}
	return nil
}
