// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "strings"

// The schema's words for why a model stopped.
const (
	FinishStop          = "stop"
	FinishLength        = "length"
	FinishToolCall      = "tool_call"
	FinishContentFilter = "content_filter"
	FinishError         = "error"
)

// finishReasons are the providers' words, folded: OpenAI, Anthropic, Gemini, Bedrock, Cohere, Ollama, Vercel.
var finishReasons = map[string]string{
	"stop": FinishStop, "endturn": FinishStop, "stopsequence": FinishStop, "complete": FinishStop, "completed": FinishStop,
	"finished": FinishStop, "eos": FinishStop, "eostoken": FinishStop, "endoftext": FinishStop, "endofturn": FinishStop,
	"length": FinishLength, "maxtokens": FinishLength, "maxoutputtokens": FinishLength, "modellength": FinishLength,
	"maxlength": FinishLength, "modelcontextwindowexceeded": FinishLength,
	"toolcall": FinishToolCall, "toolcalls": FinishToolCall, "tooluse": FinishToolCall, "functioncall": FinishToolCall,
	"functioncalls": FinishToolCall, "toolexecution": FinishToolCall,
	"contentfilter": FinishContentFilter, "contentfiltered": FinishContentFilter, "safety": FinishContentFilter,
	"recitation": FinishContentFilter, "blocklist": FinishContentFilter, "prohibitedcontent": FinishContentFilter,
	"spii": FinishContentFilter, "imagesafety": FinishContentFilter, "guardrailintervened": FinishContentFilter,
	"refusal": FinishContentFilter, "errortoxic": FinishContentFilter, "blocked": FinishContentFilter,
	"error": FinishError, "malformedfunctioncall": FinishError, "malformedtooluse": FinishError, "malformedmodeloutput": FinishError,
	"errorlimit": FinishError, "failed": FinishError,
}

// NormalizeFinishReason is the schema's word for why a model stopped: stop, length, tool_call, content_filter or error. A word that is
// none of the known ones stays as it is; an enumeration's name in front of it (FinishReason.STOP) does not matter.
func NormalizeFinishReason(word string) string {
	switch word {
	case FinishStop, FinishLength, FinishToolCall, FinishContentFilter, FinishError, "":
		return word
	}
	last := word[strings.LastIndexByte(word, '.')+1:]
	last = strings.TrimPrefix(last, "FINISH_REASON_")
	if reason, ok := lookup(finishReasons, last); ok {
		return reason
	}
	return word
}
