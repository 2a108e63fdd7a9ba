// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package summary

import (
	"time"
)

// SpanID is a span's id; the zero id is none.
type SpanID [8]byte

// Span is what a summary needs to know of one span. Times are Unix nanoseconds.
type Span struct {
	ID, Parent SpanID
	Name       string
	Start, End uint64

	ModelCall, ToolCall bool
	Model               string
	// InputTokens and OutputTokens are 0 on a span whose call another span carries.
	InputTokens, OutputTokens int64
	Cost                      int64 // billionths of a USD
	TimeToFirstToken          time.Duration
	// Prompt is the text of a model call's input, to see what of it was sent before. It is read, never kept.
	Prompt string
	// CutOff is the finish reason that cut the answer off: length or content_filter.
	CutOff string

	Failed       bool
	ErrorType    string
	ErrorMessage string

	Scores        []float64 // of what a retrieval found
	Documents     int
	DocumentBytes int

	Loop Loop
}
