// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "strings"

// RoleOf is what an attribute of that name holds of content, by its name alone; RoleNone if nothing is known.
func RoleOf(key string) Role {
	if ru := builtin.find(key); ru != nil {
		return ru.role
	}
	if f := findFamily(key); f != nil {
		return f.role
	}
	return RoleNone
}

// IsMessageContent reports whether the role is text that people and models write to each other, as opposed to the data of tools.
func (r Role) IsMessageContent() bool {
	switch r {
	case RoleInputMessages, RoleOutputMessages, RoleMessageEvents, RoleSystem, RolePromptText, RoleCompletionText, RoleRawInput, RoleRawOutput, RoleQuery,
		RoleDocuments, RoleText:
		return true
	}
	return false
}

// Endings of names, without case and separators, under which clients and apps put the ids of users and of conversations.
var (
	userEndings         = []string{"userid", "enduser"}
	conversationEndings = []string{"sessionid", "conversationid", "threadid", "chatid"}
)

// IsUserKey reports whether an attribute or JSON member of that name holds the id of a user.
func IsUserKey(name string) bool { return isIdentityKey(name, fieldUser, userEndings) }

// IsConversationKey reports whether an attribute or JSON member of that name holds the id of a session, conversation or thread.
func IsConversationKey(name string) bool {
	return isIdentityKey(name, fieldConversation, conversationEndings)
}

func isIdentityKey(name string, field Field, endings []string) bool {
	if ru := builtin.find(name); ru != nil && ru.field == field {
		return true
	}
	return endsInAny(name, endings)
}

// IsIdentifierKey reports whether a convention has an attribute of that name for a model, or for the id of a response, a tool call or an
// agent: what identifies a thing and not a person.
func IsIdentifierKey(key string) bool {
	ru := builtin.find(key)
	if ru == nil || ru.convention == ConventionPlain || ru.convention == ConventionNeutral {
		return false
	}
	switch ru.field {
	case fieldRequestModel, fieldResponseModel, fieldModel, fieldResponseID, fieldToolCallID, fieldAgentID, fieldAgentRun:
		return true
	}
	return false
}

// countWords are parts of names, in lower case and without separators, of counts that no convention lists.
var countWords = []string{"usage", "tokens", "tokencount"}

// IsCountKey reports whether an attribute or JSON member of that name holds a count, such as one of tokens.
func IsCountKey(name string) bool {
	if ru := builtin.find(name); ru != nil {
		return ru.field >= fieldInput && ru.field <= fieldInputDetailed
	}
	return containsAny(name, countWords)
}

// appendPlainName appends a name in lower case and without separators.
func appendPlainName(dst []byte, name string) []byte {
	for i := range len(name) {
		switch c := name[i]; {
		case 'A' <= c && c <= 'Z':
			dst = append(dst, c+'a'-'A')
		case c != '_' && c != '-' && c != '.':
			dst = append(dst, c)
		}
	}
	return dst
}

// chunkWords mark span events that carry one piece of a streamed answer: MLflow's new_token and mlflow.chunk.item.N, OpenLLMetry's
// llm.content.completion.chunk, the AI SDK's ai.stream.chunk.
var chunkWords = []string{"chunk", "token", "delta"}

// IsChunkEvent reports whether a span event of that name carries one piece of a streamed answer.
func IsChunkEvent(name string) bool { return containsAny(name, chunkWords) }

// endsInAny reports whether the name, in lower case and without separators, ends in one of the words.
func endsInAny(name string, words []string) bool {
	var buf [64]byte
	plain := appendPlainName(buf[:0], name)
	for _, word := range words {
		if strings.HasSuffix(string(plain), word) {
			return true
		}
	}
	return false
}

// containsAny reports whether the name, in lower case and without separators, has one of the words in it.
func containsAny(name string, words []string) bool {
	var buf [64]byte
	plain := appendPlainName(buf[:0], name)
	for _, word := range words {
		if strings.Contains(string(plain), word) {
			return true
		}
	}
	return false
}
