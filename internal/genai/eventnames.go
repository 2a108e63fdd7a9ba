// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

// The names under which events repeat what their subject says of itself.
const (
	AttributeConversation = "gen_ai.conversation.id"
	AttributeAgent        = "gen_ai.agent.name"
	AttributeModel        = "gen_ai.response.model"
)

// The finish reasons with which an answer was cut off.
const (
	FinishLength        = "length"
	FinishContentFilter = "content_filter"
)

// FinishReason is the schema's word for a finish reason, whatever the provider's: stop, length, tool_call, content_filter or error. A word
// that is none of them stays as it is.
func FinishReason(word string) string { return normalizeFinishReason(word) }
