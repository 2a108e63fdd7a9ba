// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

// The names under which events repeat what their subject says of itself.
const (
	AttributeConversation = "gen_ai.conversation.id"
	AttributeAgent        = "gen_ai.agent.name"
	AttributeModel        = "gen_ai.response.model"
)
