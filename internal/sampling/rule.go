// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/internal/trace"
)

// Rule says for which values of its randomness a trace is kept.
type Rule interface {
	// bind registers what the rule needs of every span.
	bind(p *Program) error
	chance(q *question) chance
	// certain tells that the trace is kept whatever its randomness and whatever spans may still come.
	certain(e *evidence) bool
}

// learner is a rule that learns from the traces that have been decided.
type learner interface {
	learn(q *question, v *Verdict)
}

// follower is a rule that wants to know of traces that are certain to be kept before they are decided.
type follower interface {
	follow(q *question)
}

// clocked is a rule that does something as time passes.
type clocked interface {
	tick(now int64)
}

// alwaysRule keeps everything.
type alwaysRule struct{}

// Always keeps every trace.
func Always() Rule { return alwaysRule{} }

func (alwaysRule) bind(*Program) error     { return nil }
func (alwaysRule) chance(*question) chance { return always }
func (alwaysRule) certain(*evidence) bool  { return true }

// probability keeps by the trace's randomness.
type probability struct{ threshold uint64 }

// Probabilistic keeps the given percentage of traces.
func Probabilistic(percentage float64) Rule { return probability{ThresholdOf(percentage)} }

func (probability) bind(*Program) error        { return nil }
func (p probability) chance(*question) chance  { return atLeast(p.threshold) }
func (p probability) certain(e *evidence) bool { return p.threshold == 0 }

// anySpan keeps a trace one of whose spans, or their resource, meets a condition. A condition once met stays met.
type anySpan struct {
	resource func(pcommon.Resource) bool
	span     func(*Span) bool
	bit      int
}

// AnySpan keeps traces with a span for which the condition holds.
func AnySpan(condition func(*Span) bool) Rule { return &anySpan{span: condition} }

func (a *anySpan) bind(p *Program) (err error) {
	a.bit, err = p.watch(a)
	return err
}

func (a *anySpan) chance(q *question) chance {
	if q.met.has(a.bit) {
		return always
	}
	return never
}

func (a *anySpan) certain(e *evidence) bool { return e.met.has(a.bit) }

// factRule keeps a trace whose facts satisfy a test.
type factRule struct {
	holds func(*trace.Facts) bool
	// lasting tells that what holds now holds however many spans are still to come.
	lasting bool
}

func (factRule) bind(*Program) error { return nil }

func (f factRule) chance(q *question) chance {
	if f.holds(&q.facts) {
		return always
	}
	return never
}

func (f factRule) certain(e *evidence) bool { return f.lasting && f.holds(&e.facts) }
