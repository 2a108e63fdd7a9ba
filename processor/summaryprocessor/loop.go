// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package summaryprocessor

import (
	"math"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/summary"
	"github.com/llmcol/llmcol/internal/trace"
)

const loopPrefix = "llmcol.loop."

// readLoop reads what llm_loop has found out.
func readLoop(v *genai.View, attrs pcommon.Map) (l summary.Loop) {
	word := v.LoopSeverity()
	if word == "" {
		return l
	}
	l.Severity, _ = trace.ParseSeverity(word) // what is no severity is no loop
	for k, v := range attrs.All() {
		name, is := strings.CutPrefix(k, loopPrefix)
		if !is {
			continue
		}
		switch name {
		case "count":
			l.Count = v.Int()
		case "tools":
			l.Tool = toolNames(v)
		case "wasted_tokens":
			l.WastedTokens = v.Int()
		case "wasted_cost":
			l.WastedCost = int64(math.Round(v.Double() * nanoUSD))
		}
	}
	return l
}

// toolNames are the tools of a loop: one, or those that take turns.
func toolNames(v pcommon.Value) string {
	if v.Type() != pcommon.ValueTypeSlice {
		return v.Str()
	}
	names := make([]string, 0, v.Slice().Len())
	for _, n := range v.Slice().All() {
		names = append(names, n.Str())
	}
	return strings.Join(names, ", ")
}
