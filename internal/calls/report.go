// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package calls

// Kind is what reports a call.
type Kind uint8

// The kinds.
const (
	Span          Kind = iota
	Record             // a log record that reports a call by itself
	SessionRecord      // a log record of a client that may send spans of the same calls, too
)

// SpanRef names a span.
type SpanRef struct {
	Trace [16]byte
	Span  [8]byte
}

// Report is one report of one call.
type Report struct {
	Kind       Kind
	Ref        SpanRef // of the span; of a log record the span it belongs to, if any
	Parent     [8]byte // of the span
	Scope      string  // the instrumentation that reports
	Model      string  // which model it is, in one spelling; empty: not known
	ResponseID string
	Service    string // of the app that made the call; empty: not known
	Session    string
	Start, End int64 // nanoseconds since 1970; of a log record both its time
	Input      int64 // tokens, with Cached
	Output     int64
	Cached     int64 // read from or written to a cache
	Owned      bool  // the report states a price that is to be kept
	Settled    bool  // somebody before has let it count, and it still does
}

// Verdict says whether a report is the one that counts.
type Verdict uint8

// The verdicts.
const (
	Counts    Verdict = iota
	Elsewhere         // another report of the same call counts
)

// Ancestry tells the parents of the spans that came in the same request, the other kinds of span included.
type Ancestry interface {
	Parent(SpanRef) (parent [8]byte, ok bool)
}
