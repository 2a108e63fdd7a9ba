// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package summaryprocessor

import (
	"math"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/internal/summary"
	"github.com/llmcol/llmcol/internal/trace"
)

const ownPrefix = "llmcol."

// own is what earlier components of llmcol have written on a span.
type own struct {
	costStatus string
	loop       summary.Loop
	summarized bool
}

func readOwn(attrs pcommon.Map) (o own) {
	for k, v := range attrs.All() {
		name, is := strings.CutPrefix(k, ownPrefix)
		if !is {
			continue
		}
		switch name {
		case "cost.status":
			o.costStatus = v.Str()
		case "loop.severity":
			o.loop.Severity, _ = trace.ParseSeverity(v.Str()) // what is no severity is no loop
		case "loop.count":
			o.loop.Count = v.Int()
		case "loop.tools":
			o.loop.Tool = toolNames(v)
		case "loop.wasted_tokens":
			o.loop.WastedTokens = v.Int()
		case "loop.wasted_cost":
			o.loop.WastedCost = int64(math.Round(v.Double() * nanoUSD))
		case "trace.spans":
			o.summarized = true
		}
	}
	return o
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
