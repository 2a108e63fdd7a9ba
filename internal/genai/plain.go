// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// saysPlainly decides whether a span that no convention claims was made by hand to report an LLM app: two of the plain keys of which one
// is telling, two that only a search has, or one and a name that can mean nothing else. What it then does not turn out to do anything of
// an LLM app is none, after all.
func (v *View) saysPlainly() bool {
	switch {
	case v.plainKeys == 0:
		return false
	case v.plainKeys >= 2 && v.tellings >= 1, v.seekings >= v.searchWords(), v.has(fieldModel) && v.has(fieldInput) && v.has(fieldOutput):
		return true
	case !v.isSpan:
		return false
	}
	_, sure := operationOfName(v.name)
	return sure
}

// searchWords are how many words of a search speak of a retrieval: a database has queries that return results, too.
func (v *View) searchWords() int {
	if v.has(fieldOtherSystem) {
		return 3
	}
	return 2
}

// isPlausible tells whether a value under a bare name can be what the name means to an LLM app: a sensor's temperature is none, and a
// token that is no number is somebody's credential, and documents are no number.
func isPlausible(ru *rule, val pcommon.Value) bool {
	f := ru.field
	switch {
	case ru.flags&bracketed != 0:
		return val.Type() == pcommon.ValueTypeMap || val.Type() == pcommon.ValueTypeStr && strings.HasPrefix(val.Str(), "{")
	case ru.key == "tool.mode": // of a machine, too
		return val.Type() == pcommon.ValueTypeStr && val.Str() == "native"
	case ru.role != RoleNone && ru.role != RoleScores:
		return val.Type() == pcommon.ValueTypeStr || val.Type() == pcommon.ValueTypeSlice || val.Type() == pcommon.ValueTypeMap
	case f == fieldUsageJSON:
		return countsTokens(val)
	case f == fieldTemperature:
		t, ok := number(val)
		return ok && t >= 0 && t <= 2
	case f >= fieldInput && f <= fieldSearchUnits, f == fieldMaxTokens, f == fieldTopP, f == fieldTopK, f == fieldRetrievalTopK:
		n, ok := number(val)
		return ok && n >= 0
	case f == fieldModel, f == fieldProvider, f == fieldToolName, f == fieldAgentName:
		return val.Type() == pcommon.ValueTypeStr
	}
	return true
}

// isReadAnyway tells a name that a convention has, too: there it may hold anything.
func (ru *rule) isReadAnyway() bool {
	return ru.flags&bracketed != 0 && ru.convention != ConventionPlain
}

// providerCounts are what providers call the tokens of a call: an object of usage without one is a machine's or a customer's.
var providerCounts = []string{
	"prompt_tokens", "input_tokens", "promptTokens", "inputTokens", "promptTokenCount", "prompt_token_count", "completion_tokens", "output_tokens",
	"completionTokens", "outputTokens", "candidatesTokenCount", "candidates_token_count", "PromptTokens", "InputTokens", "CompletionTokens", "OutputTokens",
	"InputTokenCount", "OutputTokenCount", "PromptTokenCount", "CandidatesTokenCount",
}

func countsTokens(val pcommon.Value) bool {
	switch val.Type() {
	case pcommon.ValueTypeMap:
		for _, name := range providerCounts {
			if _, has := val.Map().Get(name); has {
				return true
			}
		}
	case pcommon.ValueTypeStr:
		text := val.Str()
		return mayName(text, providerCounts...) && (hasCounts(parseObject(val)) || hasCounts(printedCounts(text)))
	}
	return false
}

// plainOperation of a hand-made span: what its keys can only mean, else what its name says.
func (v *View) plainOperation() Operation {
	named := OpNone
	if v.isSpan {
		named, _ = operationOfName(v.name)
	}
	counts := v.hasUsage()
	switch {
	case v.has(fieldToolName) && !counts && !v.has(fieldTotal):
		return OpExecuteTool
	case named.IsInference() && (counts || v.has(fieldTotal) || v.has(fieldModel) || v.hasExchange()):
		return named
	case !counts && (named == OpRetrieval || named == OpRerank || named == OpEmbeddings):
		return OpRetrieval
	case !counts && named == OpInvokeAgent:
		return named
	case counts, v.has(fieldModel) && v.asksModel(), v.hasRole(RolePromptText) && v.hasRole(RoleCompletionText):
		return modelOperation(v.text(fieldModel))
	case v.seekings >= v.searchWords(), v.hasRole(RoleScores):
		return OpRetrieval
	case v.hasRole(RoleToolArguments) && v.tellings > 0 && !named.IsInference():
		return OpExecuteTool
	}
	return named
}

// hasExchange tells that there is text that went to a model or came from it.
func (v *View) hasExchange() bool {
	for i := range v.contents {
		switch v.contents[i].Role {
		case RolePromptText, RoleCompletionText, RoleInputMessages, RoleOutputMessages, RoleRawInput, RoleRawOutput:
			return true
		}
	}
	return false
}

// asksModel tells that a model stands beside something that only a language model has, or is known by its name.
func (v *View) asksModel() bool {
	for _, f := range [...]Field{fieldTotal, fieldTemperature, fieldMaxTokens, fieldTopP, fieldFinishReason, fieldStream, fieldTimeToFirstToken, fieldTimeToFirstTokenMS} {
		if v.has(f) {
			return true
		}
	}
	return v.hasExchange() || knownModel(v.slots[fieldModel].text())
}

// modelFamilies begin the names of models, behind a vendor's prefix. wordFamilies are names of cars and sensors, too, unless they are
// written as the provider writes them, in lower case.
var (
	modelFamilies = []string{
		"gpt-", "chatgpt", "claude", "gemini", "gemma", "llama", "mistral", "mixtral", "codestral", "ministral", "magistral", "deepseek", "qwen", "qwq",
		"grok", "kimi", "glm-", "phi-", "text-embedding", "jamba",
	}
	wordFamilies = []string{"o1", "o3", "o4-", "command-", "nova-", "titan", "sonar", "embed-", "voyage", "rerank"}
)

func knownModel(name string) bool {
	name = name[strings.LastIndexByte(name, '/')+1:]
	return slices.ContainsFunc(modelFamilies, func(family string) bool {
		return isOfFamily(name, family) && strings.EqualFold(name[:len(family)], family)
	}) ||
		slices.ContainsFunc(wordFamilies, func(family string) bool { return isOfFamily(name, family) && strings.HasPrefix(name, family) })
}

// isOfFamily tells that a name that begins with the family's does not go on with the word: llama3 and llama-3 are of llama's, llamas is not.
func isOfFamily(name, family string) bool {
	n := len(family)
	return len(name) == n || len(name) > n && (family[n-1] == '-' || name[n] != '_' && (!isLetter(name[n]) || isDigit(name[n])))
}

// modelOperation is what a model is asked for, by its name.
func modelOperation(model string) Operation {
	switch {
	case containsFold(model, "embed"):
		return OpEmbeddings
	case containsFold(model, "rerank"):
		return OpRerank
	}
	return OpChat
}
