// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

// NormalizeFinishReason is the conventions' word for why a model stopped: stop, length, tool_call, content_filter or error. A word that
// none of the known providers uses stays as it is.
func NormalizeFinishReason(word string) string { return normalizeFinishReason(word) }
