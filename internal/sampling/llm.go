// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"slices"

	"github.com/llmcol/llmcol/internal/trace"
)

// Failed keeps traces with any sign of failure.
func Failed() Rule {
	return factRule{lasting: true, holds: func(f *trace.Facts) bool { return f.Failed }}
}

// CostOver keeps traces that cost more; nanos are billionths of a USD.
func CostOver(nanos int64) Rule {
	return factRule{lasting: true, holds: func(f *trace.Facts) bool { return f.Cost > nanos }}
}

// TokensOver keeps traces whose model calls used more tokens, input and output together.
func TokensOver(tokens int64) Rule {
	return factRule{lasting: true, holds: func(f *trace.Facts) bool { return f.Tokens() > tokens }}
}

// ToolCallsOver keeps traces with more tool calls.
func ToolCallsOver(calls int64) Rule {
	return factRule{lasting: true, holds: func(f *trace.Facts) bool { return int64(f.ToolCalls) > calls }}
}

// Looping keeps traces with a loop of at least the given severity.
func Looping(atLeast trace.Severity) Rule {
	return factRule{lasting: true, holds: func(f *trace.Facts) bool { return f.Loop >= atLeast }}
}

// Orphaned keeps traces whose root never came, and those that end in a tool call nobody answered.
func Orphaned() Rule {
	return factRule{holds: func(f *trace.Facts) bool { return !f.Rooted || f.Unfinished() }}
}

// Unfinished keeps traces that end in a tool call nobody answered.
func Unfinished() Rule {
	return factRule{holds: (*trace.Facts).Unfinished}
}

// FinishReason keeps traces with a model call that ended for one of the reasons.
func FinishReason(reasons []string) Rule {
	return AnySpan(func(s *Span) bool {
		return slices.ContainsFunc(s.Facts.FinishReasons, func(r string) bool { return slices.Contains(reasons, r) })
	})
}

// RetrievalScoreBelow keeps traces with a retrieval whose best document scored lower.
func RetrievalScoreBelow(score float64) Rule {
	return AnySpan(func(s *Span) bool { return s.Facts.HasRetrievalScore && s.Facts.RetrievalScore < score })
}

// ScoreRange selects evaluations. Empty names and labels select any; nil is no bound.
type ScoreRange struct {
	Name     string
	Labels   []string
	Min, Max *float64
}

func (r *ScoreRange) selects(e trace.Evaluation) bool {
	if r.Name != "" && r.Name != e.Name || len(r.Labels) > 0 && !slices.Contains(r.Labels, e.Label) {
		return false
	}
	if r.Min == nil && r.Max == nil {
		return true
	}
	return e.HasScore && (r.Min == nil || e.Score >= *r.Min) && (r.Max == nil || e.Score <= *r.Max)
}

// Evaluated keeps traces with an evaluation in the range, both ends included.
func Evaluated(r ScoreRange) Rule {
	return AnySpan(func(s *Span) bool { return slices.ContainsFunc(s.Facts.Evaluations, r.selects) })
}

// Redacted keeps traces out of which one of the given kinds of personal data was taken, or any where none is given.
func Redacted(entities []string) Rule {
	return AnySpan(func(s *Span) bool {
		if len(entities) == 0 {
			return len(s.Facts.Redacted) > 0
		}
		return slices.ContainsFunc(s.Facts.Redacted, func(e string) bool { return slices.Contains(entities, e) })
	})
}
