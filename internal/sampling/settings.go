// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Clock tells the time. Nothing in the engine asks any other.
type Clock interface{ Now() time.Time }

// Settings are what an engine is made of.
type Settings struct {
	Program *Program
	// NewDescriber makes a Describer for one goroutine.
	NewDescriber func() Describer
	// NewClassifier makes a Describer of what the class of a trace depends on, which is asked about kept traces only. It is
	// nil where the other has told that already, because policies need it.
	NewClassifier func() Describer
	// IsRoot tells the root of a trace; where it is nil, the Describer does.
	IsRoot func(*Span) bool
	// Deliver hands spans on. It keeps trying while that makes sense and ctx lasts, and returns how many spans are
	// lost for good. It owns td. Several goroutines call it.
	Deliver func(ctx context.Context, td ptrace.Traces) (lost int)
	// Decided, if not nil, is told of every decision about a trace that was held: how long after its first span it fell,
	// and how long after it was due. It is called under a lock.
	Decided func(age, lag time.Duration)
	// Clock is the system's where it is nil.
	Clock Clock

	// Settle is how long after its root, or after the last span since, a trace is decided; Idle how long after its
	// last span where no root came; MaxAge how long after its first span in any case.
	Settle, Idle, MaxAge time.Duration
	// FlushEarly hands a trace on as soon as nothing can change the decision to keep it.
	FlushEarly bool

	// MemoryLimit bounds the bytes held: traces that wait for a decision and spans that wait to be handed on.
	MemoryLimit int64
	// SpareAbove is the share of it in use from where on memory is worth more than time: every list is trimmed, and large spans
	// are packed as they come.
	SpareAbove float64
	// MaxTraceSpans and MaxTraceBytes are the most one trace may hold before it is decided.
	MaxTraceSpans, MaxTraceBytes int64
	// DecisionsTTL is how long decisions are remembered, unless that takes more than DecisionsMemory bytes.
	DecisionsTTL    time.Duration
	DecisionsMemory int64
	// MaxBatchBytes is the most that is handed on at once; a larger span goes alone.
	MaxBatchBytes int64
	// Senders is how many goroutines hand spans on.
	Senders int
}

// systemClock is the system's clock without its jumps: what has been set back does not make traces wait.
type systemClock struct{ start time.Time }

func (c systemClock) Now() time.Time { return c.start.Add(time.Since(c.start)) }

// marks are the fills, as shares of the memory limit, at which the engine acts, and to which it then goes back.
const (
	packAbove, packTo     = 0.70, 0.60 // packs the largest traces
	decideAbove, decideTo = 0.90, 0.80 // decides the largest and oldest traces
	overload, overloadEnd = 0.97, 0.85 // decides new traces on their first batch
)
