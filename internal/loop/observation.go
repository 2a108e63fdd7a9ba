// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

// TraceID and SpanID are OTLP's ids; all zero stands for none.
type (
	TraceID [16]byte
	SpanID  [8]byte
)

// Role is what a span or log record is to loop detection.
type Role uint8

// The roles. A Part is a span inside a tool's span that tells how the call ended (Claude Code's tool.execution). A Message is a log record
// or a span with one message of a model call: it may carry calls, results and a user's turn, but is no model call of its own.
const (
	Plain Role = iota
	Agent
	Tool
	Part
	Model
	Message
)

// Source is where a tool call was seen. The lower one counts where a run has calls of the same tool from several.
type Source uint8

// The sources of a tool call.
const (
	FromSpan Source = iota
	FromLog
	FromMessage
)

// Observation is one span or log record, as far as loops are concerned.
type Observation struct {
	Trace        TraceID
	Span, Parent SpanID
	// Record is not zero for a log record: an id that tells it from other records. Span is then the span that the record belongs to, if any.
	Record uint64
	Role   Role

	Start, End int64 // ns since 1970

	Told bool // an earlier engine has given the record a verdict

	Service string
	Scope   string // name of the instrumentation scope
	Session string // session or conversation id
	RunKey  string // tells runs of one trace apart that their parents do not (LangGraph's checkpoint namespace, Pydantic AI's run id)
	HeadOf  string // the RunKey of the run whose head this span is

	Call  Call  // Tool and Part
	Usage Usage // Model

	Calls    []Call   // Model and Message: the tool calls of the answer, where they have to be looked for in messages
	Results  []Result // Model and Message: the results of tools that are new in the prompt
	Together []string // Model and Message: the ids of calls that one answer asks for, where Calls is not told
	UserTurn Hash     // Model and Message: hash of the prompt's last message, if a user wrote it

	Exchange Hash // Model: hash of prompt and answer, both known
}

// Call is a tool call.
type Call struct {
	Tool    string
	ID      string // the call's id, as the model gave it; empty if unknown
	Args    Hash   // of the tool's name and its arguments, see [Fingerprinter.Call]
	NoArgs  bool   // the arguments are not known
	Outcome Outcome
}

// Result is how a tool call ended, told by a message.
type Result struct {
	ID      string // of the call
	Outcome Outcome
}

// Outcome is how a tool call ended. The zero value stands for unknown.
type Outcome struct {
	Hash   Hash // of the result or of the error; zero if there was an error of which nothing is known
	Known  bool
	Failed bool
	Empty  bool // the result says nothing
}

// Usage is what a model call used.
type Usage struct {
	Tokens int64   // input and output
	Cost   float64 // USD
}

// IsZero reports whether the id is none.
func (id SpanID) IsZero() bool { return id == SpanID{} }

// IsZero reports whether the id is none.
func (id TraceID) IsZero() bool { return id == TraceID{} }
