// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

// plainOperation of a hand-made span: what its keys can only mean, else what its name says.
func (v *View) plainOperation() Operation {
	named := OpNone
	if v.isSpan {
		named = operationOfName(v.name)
	}
	tokens := v.has(fieldInput) || v.has(fieldOutput) || v.has(fieldTotal)
	model := v.has(fieldModel)
	switch {
	case v.has(fieldToolName) && !tokens:
		return OpExecuteTool
	case tokens, model:
		if named.IsInference() {
			return named
		}
		if tokens || v.hasRole(RolePromptText) || v.hasRole(RoleCompletionText) || v.hasRole(RoleInputMessages) {
			return OpChat
		}
	case v.hasRole(RoleScores), v.hasRole(RoleDocuments), named == OpRerank:
		return OpRetrieval
	case v.hasRole(RolePromptText) && v.hasRole(RoleCompletionText):
		return OpChat
	case v.hasRole(RoleToolArguments) && !named.IsInference():
		return OpExecuteTool
	}
	if named == OpEmbeddings || named == OpRerank || named == OpNone {
		return OpOther
	}
	return named
}
