// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// CountsRunningTotals reports whether the model calls of a scope carry the usage of their whole loop of tool calls up to then. Spring
// AI 1 adds it up so; it reports through the tracer of Spring Boot 3, and Spring AI 2, which does not, through that of Boot 4. Source:
// captures (research/genai.md 8).
func CountsRunningTotals(scope pcommon.InstrumentationScope) bool {
	return scope.Name() == "org.springframework.boot" && strings.HasPrefix(scope.Version(), "3.")
}

// AsksForTools reports whether the model ended its answer to have tools called: tool_calls, TOOL_CALLS, tool_use, function_call.
func (v *View) AsksForTools() bool {
	for _, reason := range v.FinishReasons(nil) {
		if reason = strings.ToLower(reason); strings.HasPrefix(reason, "tool") || strings.HasPrefix(reason, "function") {
			return true
		}
	}
	return false
}
