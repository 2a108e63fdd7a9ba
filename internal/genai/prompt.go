// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

// PromptText is the text of a model call's input as it stands in one attribute, to compare it with another call's; empty if it stands in
// several attributes or as a structure.
func (v *View) PromptText() string {
	if !v.operation.IsInference() {
		return ""
	}
	return v.firstText(RoleInputMessages, RolePromptText, RoleRawInput)
}
