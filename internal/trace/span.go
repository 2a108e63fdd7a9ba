// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

// Package trace gathers the facts of whole traces from the facts of their spans.
//
// A Span says what one span is about, in terms free of any convention; Facts adds spans up. Adding is commutative
// and associative, so neither the order of the spans nor the batches they came in change the facts of a trace.
package trace

import "time"

// Span is what is known of one span. The zero value is a span that says nothing.
type Span struct {
	// ID is the span id, 0 where the client sent none.
	ID uint64
	// Start and End are Unix nanoseconds, 0 where unknown.
	Start, End uint64
	// Root tells that the trace is complete, but for stragglers, once this span has ended.
	Root bool

	Service, Agent, Operation, Model, Tool, Conversation string

	ModelCall, ToolCall bool
	// Failed is set by any sign of failure, not only by the status.
	Failed bool
	// FinishReasons are those of a model call, in the vocabulary of the OTel GenAI conventions.
	FinishReasons []string
	// WantsTools tells that the model's answer asks for a tool to be run.
	WantsTools bool

	InputTokens, OutputTokens int64
	// Cost is in billionths of a USD: integers add up to the same sum in any order.
	Cost int64
	// TimeToFirstToken is 0 where unknown.
	TimeToFirstToken time.Duration

	Loop Severity
	// Redacted names the kinds of personal data that were taken out of the span.
	Redacted []string

	Evaluations []Evaluation
	// RetrievalScore is the best document's, valid where HasRetrievalScore is set.
	RetrievalScore    float64
	HasRetrievalScore bool
}

// Evaluation is one judgement of an evaluator.
type Evaluation struct {
	Name, Label string
	Score       float64
	HasScore    bool
}

// Duration is the time from start to end, 0 where either is unknown or the clock ran backwards.
func (s *Span) Duration() time.Duration { return between(s.Start, s.End) }

// between is the time between two Unix times in nanoseconds, of which 0 is none; 0 if it is unknown or ran backwards.
func between(start, end uint64) time.Duration {
	if start == 0 || end <= start {
		return 0
	}
	return time.Duration(end - start)
}

// SecondsPerOutputToken is the pace at which a model call's answer came, 0 where it is unknown.
func (s *Span) SecondsPerOutputToken() float64 {
	if !s.ModelCall || s.OutputTokens <= 0 {
		return 0
	}
	return s.Duration().Seconds() / float64(s.OutputTokens)
}
