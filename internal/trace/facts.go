// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package trace

import (
	"strings"
	"time"
)

// Facts are the facts of a trace, or of the part of it that has been seen.
type Facts struct {
	Spans int64
	// Start and End are the earliest start and the latest end, Unix nanoseconds.
	Start, End                uint64
	InputTokens, OutputTokens int64
	// Cost is in billionths of a USD.
	Cost int64
	// TimeToFirstToken and SecondsPerOutputToken are the worst of any model call.
	TimeToFirstToken      time.Duration
	SecondsPerOutputToken float64
	ToolCalls             uint32
	Loop                  Severity
	Failed, Rooted        bool
	// awaitsTools tells that the last model call asked for a tool.
	awaitsTools bool
	// Head is the span that stands for the trace: its root, else its earliest span.
	Head Head
	// Conversation is that of the span nearest to the head that names one.
	Conversation Conversation

	lastModelStart, lastToolStart uint64
}

// Head names what a trace is about.
type Head struct {
	place
	Service, Agent, Operation, Model string
}

// Conversation is the conversation a trace belongs to.
type Conversation struct {
	place
	ID string
}

// place orders the spans of a trace: roots first, then by start, then by id. The zero place comes last.
type place struct {
	set, root bool
	start, id uint64
}

func (p place) before(q place) bool {
	switch {
	case p.set != q.set:
		return p.set
	case p.root != q.root:
		return p.root
	case p.start != q.start:
		return p.start < q.start
	}
	return p.id < q.id
}

// Add adds a span.
func (f *Facts) Add(s *Span) {
	f.Spans++
	f.span(s.Start, s.End)
	f.InputTokens += s.InputTokens
	f.OutputTokens += s.OutputTokens
	f.Cost += s.Cost
	f.Loop = max(f.Loop, s.Loop)
	f.Failed = f.Failed || s.Failed
	f.Rooted = f.Rooted || s.Root
	at := place{set: true, root: s.Root, start: s.Start, id: s.ID}
	if at.before(f.Head.place) {
		f.Head = Head{place: at, Service: s.Service, Agent: s.Agent, Operation: s.Operation, Model: s.Model}
	}
	if s.Conversation != "" && at.before(f.Conversation.place) {
		f.Conversation = Conversation{place: at, ID: s.Conversation}
	}
	if s.ModelCall {
		f.TimeToFirstToken = max(f.TimeToFirstToken, s.TimeToFirstToken)
		f.SecondsPerOutputToken = max(f.SecondsPerOutputToken, s.SecondsPerOutputToken())
		f.modelStarted(s.Start, s.WantsTools)
	}
	if s.ToolCall {
		f.ToolCalls++
		f.lastToolStart = max(f.lastToolStart, s.Start)
	}
}

// Merge adds the facts of other spans of the same trace.
func (f *Facts) Merge(g *Facts) {
	f.Spans += g.Spans
	f.ToolCalls += g.ToolCalls
	f.span(g.Start, g.End)
	f.InputTokens += g.InputTokens
	f.OutputTokens += g.OutputTokens
	f.Cost += g.Cost
	f.TimeToFirstToken = max(f.TimeToFirstToken, g.TimeToFirstToken)
	f.SecondsPerOutputToken = max(f.SecondsPerOutputToken, g.SecondsPerOutputToken)
	f.Loop = max(f.Loop, g.Loop)
	f.Failed = f.Failed || g.Failed
	f.Rooted = f.Rooted || g.Rooted
	if g.Head.before(f.Head.place) {
		f.Head = g.Head
	}
	if g.Conversation.before(f.Conversation.place) {
		f.Conversation = g.Conversation
	}
	f.modelStarted(g.lastModelStart, g.awaitsTools)
	f.lastToolStart = max(f.lastToolStart, g.lastToolStart)
}

// Detach gives the names memory of their own: a name may be part of a text that is a thousand times as long.
func (f *Facts) Detach() {
	for _, name := range f.names() {
		*name = strings.Clone(*name)
	}
}

// NameBytes is how long the names are together.
func (f *Facts) NameBytes() int64 {
	n := 0
	for _, name := range f.names() {
		n += len(*name)
	}
	return int64(n)
}

func (f *Facts) names() [5]*string {
	return [...]*string{&f.Head.Service, &f.Head.Agent, &f.Head.Operation, &f.Head.Model, &f.Conversation.ID}
}

func (f *Facts) modelStarted(at uint64, wantsTools bool) {
	switch {
	case at > f.lastModelStart:
		f.lastModelStart, f.awaitsTools = at, wantsTools
	case at == f.lastModelStart:
		f.awaitsTools = f.awaitsTools || wantsTools
	}
}

func (f *Facts) span(start, end uint64) {
	if start != 0 && (f.Start == 0 || start < f.Start) {
		f.Start = start
	}
	f.End = max(f.End, end)
}

// Duration is the time from the earliest start to the latest end, 0 where either is unknown.
func (f *Facts) Duration() time.Duration { return between(f.Start, f.End) }

// Tokens are all tokens of the trace's model calls.
func (f *Facts) Tokens() int64 { return f.InputTokens + f.OutputTokens }

// Unfinished tells that the last model call asked for a tool, and neither a tool nor a model ran after it.
func (f *Facts) Unfinished() bool {
	return f.awaitsTools && f.lastToolStart < f.lastModelStart
}

// Limits say from where on a trace counts as slow or costly.
type Limits struct {
	Slow time.Duration
	// Costly is in billionths of a USD.
	Costly int64
}

// Class is the worst class that applies.
func (f *Facts) Class(l Limits) Class {
	switch {
	case f.Failed:
		return Erroneous
	case f.Loop >= LoopDetected:
		return Looping
	case f.Duration() > l.Slow:
		return Slow
	case f.Cost > l.Costly:
		return Costly
	}
	return Normal
}
