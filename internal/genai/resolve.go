// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// resolveOperation asks in the order of research/genai.md 7.3: the vendor's kind, gen_ai.operation.name, what else marks an operation,
// the span's name.
func (v *View) resolveOperation() Operation {
	if !v.isSpan {
		if op := v.eventOperation(); op != OpNone {
			return op
		}
	}
	word := v.operationWord()
	if op, known := v.kindOperation(); known {
		return v.refine(op, word)
	}
	if word != OpNone {
		return word
	}
	for _, operation := range operationSigns {
		if op := operation(v); op != OpNone {
			return op
		}
	}
	if v.claims == 0 {
		return OpNone
	}
	return OpOther
}

// operationSigns are asked in order where neither a vendor's kind nor gen_ai.operation.name tells. Last comes what the normaliser itself
// may have written, a model and its usage: whatever told it to write them tells again.
var operationSigns = [...]func(*View) Operation{
	(*View).requestTypeOperation, (*View).mcpOperation, (*View).markedOperation, (*View).nameOperation, (*View).handMadeOperation, (*View).countedOperation,
}

// kindsOf are each convention's words for a span.
var kindsOf = func() (kinds [numConventions]map[string]Operation) {
	for _, c := range conventions {
		if kinds[c.id] == nil {
			kinds[c.id] = c.kinds
		}
	}
	return kinds
}()

func kindOf(c Convention, word string) (Operation, bool) {
	op, known := lookupFold(kindsOf[c], word)
	return op, known && op != OpNone
}

// kindOperation is the meaning of the vendor's own word for the span.
func (v *View) kindOperation() (Operation, bool) {
	if !v.has(fieldKind) {
		return OpNone, false
	}
	s := &v.slots[fieldKind]
	if s.rule.flags&neutral != 0 && v.claims&(s.rule.convention.bit()|ConventionVoltAgent.bit()) == 0 {
		return OpNone, false // a name that others have, too
	}
	return kindOf(s.rule.convention, s.text())
}

// refine lets the more specific word win where the vendor's kind leaves room.
func (v *View) refine(kind, word Operation) Operation {
	switch {
	case kind == OpChat && word.IsInference():
		return word
	case kind == OpChat && v.wrapsCall():
		return OpOther
	case kind == OpChat && word == OpNone && v.hasEmbeddingModel():
		return OpEmbeddings
	case (kind == OpInvokeAgent || kind == OpInvokeWorkflow) && (word == OpExecuteTool || v.hasBareToolName() && word == OpNone):
		return OpExecuteTool
	case kind == OpInvokeWorkflow && word == OpNone && v.countsInOpenInference():
		return OpChat
	case kind == OpInvokeWorkflow && word == OpNone && v.isTracedRetriever():
		return OpRetrieval
	case kind == OpInvokeWorkflow && word != OpNone && word != OpOther:
		return word
	case kind == OpInvokeWorkflow && v.has(fieldRequestType) && v.requestTypeOperation() != OpNone:
		return v.requestTypeOperation()
	}
	return kind
}

// hasBareToolName: OpenInference calls every LangChain run an AGENT whose name contains "agent", and OpenLLMetry a LlamaIndex tool a
// task; only tool.name tells.
func (v *View) hasBareToolName() bool {
	return v.has(fieldToolName) && v.slots[fieldToolName].rule.key == "tool.name"
}

// isTracedRetriever: OpenLLMetry calls a LlamaIndex retriever a task, and the query engine around it another one.
func (v *View) isTracedRetriever() bool {
	return v.claims&ConventionOpenLLMetry.bit() != 0 && strings.HasSuffix(v.name, "etriever.retrieve")
}

// countsInOpenInference: Mastra's exporter for Arize puts the usage on its generation alone, the calls within have neither usage nor model.
func (v *View) countsInOpenInference() bool {
	return v.slots[fieldKind].rule.convention == ConventionMastra && v.has(fieldInput) && v.slots[fieldInput].rule.convention == ConventionOpenInference
}

// wrapsCall: Laminar's users mark functions as LLM around calls that are spans of their own, and exporters the steps and chunks of one.
func (v *View) wrapsCall() bool {
	return v.slots[fieldKind].rule.convention == ConventionLaminar && !v.has(fieldRequestModel) && !v.has(fieldResponseModel) && !v.has(fieldModel)
}

// hasEmbeddingModel: wrappers of an SDK call every one of its methods a generation, as text-embedding-3-small, Cohere-embed-v3 or
// Qwen3-Embedding-8B.
func (v *View) hasEmbeddingModel() bool {
	for _, f := range [...]Field{fieldRequestModel, fieldModel} {
		if v.has(f) && namesEmbedding(v.slots[f].text()) {
			return true
		}
	}
	return false
}

// namesEmbedding finds embed and embedding in a model's name, but not embedded.
func namesEmbedding(model string) bool {
	_, rest, found := strings.Cut(model, "mbed")
	return found && (rest == "" || rest[0] < 'A' || strings.HasPrefix(rest, "ding") || strings.HasPrefix(rest, "_"))
}

func (v *View) operationWord() Operation {
	if !v.has(fieldOperation) {
		return OpNone
	}
	word := v.slots[fieldOperation].text()
	for _, op := range usualOperations {
		if word == op.String() {
			return op
		}
	}
	op, _ := lookupFold(operationWords, word)
	return op
}

// usualOperations are nearly all that current clients send: a comparison costs less than a look into the table.
var usualOperations = [...]Operation{OpChat, OpExecuteTool, OpInvokeAgent, OpEmbeddings, OpAgentStep}

// namesItsOwnOperation tells that the client names an operation that nobody knows, as the convention allows, and nothing but its usage or
// model says what it is like.
func (v *View) namesItsOwnOperation() bool {
	if !v.has(fieldOperation) || v.operationWord() != OpNone {
		return false
	}
	_, known := v.kindOperation()
	return !known
}

func (v *View) requestTypeOperation() Operation {
	if !v.has(fieldRequestType) {
		return OpNone
	}
	op, _ := lookupFold(requestTypes, v.slots[fieldRequestType].text())
	if op == OpTextCompletion && (v.claims&ConventionLiteLLM.bit() != 0 || strings.HasSuffix(v.name, ".chat")) {
		return OpChat // LiteLLM's own function for a chat is called completion, and so was Anthropic's chat by OpenLLMetry once
	}
	return op
}

func (v *View) mcpOperation() Operation {
	if !v.has(fieldMCPMethod) {
		return OpNone
	}
	if v.slots[fieldMCPMethod].text() == "tools/call" {
		return OpExecuteTool
	}
	return OpMCP
}

// markedOperation is told by attributes that only one kind of span has.
func (v *View) markedOperation() Operation {
	switch {
	case v.claims&ConventionADK.bit() != 0 && v.hasRole(RoleRawInput):
		return OpGenerateContent
	case v.hasUsage() && v.claims != 0:
		if containsFold(v.name, "embed") {
			return OpEmbeddings
		}
	case v.claims != 0 && (v.has(fieldToolName) || v.hasRole(RoleToolArguments)):
		return OpExecuteTool
	case v.has(fieldEvaluationName):
		return OpEvaluation
	case v.claims&ConventionLangfuse.bit() != 0 && v.findsDocuments():
		return OpRetrieval
	}
	return OpNone
}

// findsDocuments tells LangChain's retrievers, which Langfuse's JavaScript SDK calls spans: from a text to documents. What hands documents on
// was given more than a text.
func (v *View) findsDocuments() bool {
	asked, found := v.content(RoleRawInput), v.content(RoleRawOutput)
	if asked == nil || found == nil || asked.Value.Type() != pcommon.ValueTypeStr || found.Value.Type() != pcommon.ValueTypeStr {
		return false
	}
	return strings.HasPrefix(found.Value.Str(), `[{"pageContent":`) && !strings.HasPrefix(asked.Value.Str(), "{") && !strings.HasPrefix(asked.Value.Str(), "[")
}

// handMadeOperation is that of a span made by hand, whether or not an SDK that marks every span has touched it.
func (v *View) handMadeOperation() Operation {
	if v.claims != 0 && !v.saysPlainly() {
		return OpNone
	}
	return v.plainOperation()
}

// countedOperation is a chat where a model and usage are all that is known.
func (v *View) countedOperation() Operation {
	if v.hasUsage() && (v.has(fieldModel) || v.has(fieldRequestModel) || v.has(fieldResponseModel)) {
		return OpChat
	}
	return OpNone
}

func (v *View) hasUsage() bool {
	return v.has(fieldInput) || v.has(fieldOutput) || v.has(fieldUsageJSON)
}

func (v *View) hasRole(r Role) bool {
	for i := range v.contents {
		if v.contents[i].Role == r {
			return true
		}
	}
	return false
}

// lookupFold looks a word up in a table of lower-case words without allocating.
func lookupFold[T any](table map[string]T, word string) (T, bool) {
	var buf [40]byte
	if len(word) > len(buf) {
		var none T
		return none, false
	}
	lower := buf[:len(word)]
	for i := range len(word) {
		c := word[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower[i] = c
	}
	found, known := table[string(lower)]
	return found, known
}
