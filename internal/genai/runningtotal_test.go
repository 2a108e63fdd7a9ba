// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

func TestOnlySpringAI1CountsRunningTotals(t *testing.T) {
	for name, want := range map[[2]string]bool{
		{"org.springframework.boot", "3.5.7"}: true, {"org.springframework.boot", "4.0.0"}: false, {"org.springframework.boot", ""}: false,
		{"ai", "3.0.0"}: false,
	} {
		scope := pcommon.NewInstrumentationScope()
		scope.SetName(name[0])
		scope.SetVersion(name[1])
		assert.Equal(t, want, CountsRunningTotals(scope), name)
	}
}

func TestAsksForTools(t *testing.T) {
	for reason, want := range map[string]bool{
		"tool_calls": true, `["TOOL_CALLS"]`: true, "tool_use": true, "function_call": true, "stop": false, `["STOP"]`: false, "": false,
	} {
		s := ptrace.NewSpan()
		s.Attributes().PutStr("gen_ai.operation.name", "chat")
		s.Attributes().PutStr("gen_ai.response.finish_reasons", reason)
		assert.Equal(t, want, NewReader(nil).Span(s).AsksForTools(), reason)
	}
}
