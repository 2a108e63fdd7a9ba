// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package summaryprocessor

import (
	"encoding/hex"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/internal/summary"
	"github.com/llmcol/llmcol/internal/trace"
)

const prefix = "llmcol.trace."

// attributesOfASummary is how many attributes a summary has at most.
const attributesOfASummary = 24

// write puts the summary on the head span. What there is nothing to say of has no attribute.
func write(attrs pcommon.Map, s *summary.Summary) {
	attrs.EnsureCapacity(attrs.Len() + attributesOfASummary)
	attrs.PutInt(prefix+"spans", s.Spans)
	attrs.PutInt(prefix+"llm_calls", s.ModelCalls)
	attrs.PutInt(prefix+"tool_calls", s.ToolCalls)
	attrs.PutInt(prefix+"tool_errors", s.ToolErrors)
	attrs.PutInt(prefix+"input_tokens", s.InputTokens)
	attrs.PutInt(prefix+"output_tokens", s.OutputTokens)
	attrs.PutDouble(prefix+"cost", float64(s.Cost)/nanoUSD)
	attrs.PutDouble(prefix+"duration_ms", milliseconds(s.Duration))
	attrs.PutBool(prefix+"complete", s.Complete)
	putList(attrs, prefix+"models", s.Models)
	if s.LargestPrompt > 0 {
		attrs.PutInt(prefix+"context_tokens_max", s.LargestPrompt)
	}
	writeDetails(attrs, s)
	putList(attrs, prefix+"findings", s.Findings)
}

func writeDetails(attrs pcommon.Map, s *summary.Summary) {
	if s.HasBottleneck {
		attrs.PutStr(prefix+"bottleneck.span_id", hex.EncodeToString(s.Bottleneck.Span[:]))
		attrs.PutStr(prefix+"bottleneck.name", s.Bottleneck.Name)
		attrs.PutDouble(prefix+"bottleneck.self_ms", milliseconds(s.Bottleneck.Self))
		attrs.PutDouble(prefix+"bottleneck.share", s.Bottleneck.Share)
	}
	if s.HasScores {
		attrs.PutDouble(prefix+"retrieval.best_score", s.BestScore)
		attrs.PutDouble(prefix+"retrieval.worst_score", s.WorstScore)
	}
	if s.HasFirstError {
		attrs.PutStr(prefix+"first_error.span_id", hex.EncodeToString(s.FirstError.Span[:]))
		attrs.PutStr(prefix+"first_error.message", s.FirstError.Message)
	}
	if s.Loop.Severity > trace.NoLoop {
		attrs.PutStr(prefix+"loop.severity", s.Loop.Severity.String())
		attrs.PutInt(prefix+"loop.count", s.Loop.Count)
	}
}

func milliseconds[D ~int64](d D) float64 { return float64(d) / 1e6 }

func putList(attrs pcommon.Map, name string, words []string) {
	if len(words) == 0 {
		return
	}
	list := attrs.PutEmptySlice(name)
	list.EnsureCapacity(len(words))
	for _, w := range words {
		list.AppendEmpty().SetStr(w)
	}
}
