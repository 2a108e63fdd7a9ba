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

// messageEvents are the events that each hold one message (semantic conventions up to 1.36), by the role they stand for.
var messageEvents = map[string]string{
	"gen_ai.system.message":    roleSystem,
	"gen_ai.user.message":      roleUser,
	"gen_ai.assistant.message": roleAssistant,
	"gen_ai.tool.message":      roleTool,
	"gen_ai.choice":            roleAssistant,
}

const (
	choiceEvent    = "gen_ai.choice"
	assistantEvent = "gen_ai.assistant.message"
)
