// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "strings"

// The roles of the schema.
const (
	roleSystem    = "system"
	roleUser      = "user"
	roleAssistant = "assistant"
	roleTool      = "tool"
)

// roles are the words for roles, folded. LangChain and AutoGen name the class of the message instead.
var roles = map[string]string{
	"system": roleSystem, "developer": roleSystem, "systemmessage": roleSystem, "systemprompt": roleSystem,
	"systemmessagechunk": roleSystem, "developermessage": roleSystem,
	"user": roleUser, "human": roleUser, "humanmessage": roleUser, "usermessage": roleUser, "userprompt": roleUser, "humanmessagechunk": roleUser,
	"assistant": roleAssistant, "ai": roleAssistant, "model": roleAssistant, "chatbot": roleAssistant, "bot": roleAssistant,
	"aimessage": roleAssistant, "aimessagechunk": roleAssistant, "assistantmessage": roleAssistant,
	"toolcall": roleAssistant, // smolagents
	"tool":     roleTool, "function": roleTool, "toolresponse": roleTool, "toolresult": roleTool, "toolmessage": roleTool,
	"functionmessage": roleTool, "toolmessagechunk": roleTool, "functionexecutionresultmessage": roleTool, "toolexecutionresult": roleTool,
}

// normalizeRole is the schema's word for a role; a word that is none of ours stays.
func normalizeRole(word string) string {
	switch word {
	case roleSystem, roleUser, roleAssistant, roleTool:
		return word
	}
	if i := strings.LastIndexByte(word, '.'); i >= 0 && strings.HasPrefix(word, "MessageRole.") {
		word = word[i+1:]
	}
	if role, ok := lookup(roles, word); ok {
		return role
	}
	return word
}

// finishReasons are the providers' words for why a model stopped, folded: OpenAI, Anthropic, Gemini, Bedrock, Cohere, Ollama, Vercel.
var finishReasons = map[string]string{
	"stop": "stop", "endturn": "stop", "stopsequence": "stop", "complete": "stop", "completed": "stop", "finished": "stop", "eos": "stop",
	"eostoken": "stop", "endoftext": "stop", "endofturn": "stop",
	"length": "length", "maxtokens": "length", "maxoutputtokens": "length", "modellength": "length", "maxlength": "length",
	"modelcontextwindowexceeded": "length",
	"toolcall":                   "tool_call", "toolcalls": "tool_call", "tooluse": "tool_call", "functioncall": "tool_call",
	"functioncalls": "tool_call", "toolexecution": "tool_call",
	"contentfilter": "content_filter", "contentfiltered": "content_filter", "safety": "content_filter", "recitation": "content_filter",
	"blocklist": "content_filter", "prohibitedcontent": "content_filter", "spii": "content_filter", "imagesafety": "content_filter",
	"guardrailintervened": "content_filter", "refusal": "content_filter", "errortoxic": "content_filter", "blocked": "content_filter",
	"error": "error", "malformedfunctioncall": "error", "malformedtooluse": "error", "malformedmodeloutput": "error", "errorlimit": "error",
	"failed": "error",
}

// normalizeFinishReason is the schema's word for a finish reason: stop, length, tool_call, content_filter or error. A word that is none
// of the known ones stays as it is; an enumeration's name in front of it (FinishReason.STOP) does not matter.
func normalizeFinishReason(word string) string {
	switch word {
	case "stop", "length", "tool_call", "content_filter", "error", "":
		return word
	}
	last := word[strings.LastIndexByte(word, '.')+1:]
	last = strings.TrimPrefix(last, "FINISH_REASON_")
	if reason, ok := lookup(finishReasons, last); ok {
		return reason
	}
	return word
}

// messageEvents are the events that each hold one message (semantic conventions up to 1.36), by the role they stand for.
var messageEvents = map[string]string{
	"gen_ai.system.message":    roleSystem,
	"gen_ai.user.message":      roleUser,
	"gen_ai.assistant.message": roleAssistant,
	"gen_ai.tool.message":      roleTool,
	"gen_ai.choice":            roleAssistant,
}

const choiceEvent = "gen_ai.choice"
