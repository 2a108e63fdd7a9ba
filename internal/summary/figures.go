// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package summary

import (
	"slices"
	"time"
)

// Summary is what there is to say of one trace.
type Summary struct {
	Head     SpanID // the span to write it on: the root, else the earliest
	Complete bool

	Spans, ModelCalls, ToolCalls, ToolErrors int64
	InputTokens, OutputTokens                int64
	Cost                                     int64 // billionths of a USD
	Duration                                 time.Duration
	Models                                   []string // sorted

	Bottleneck    Bottleneck
	HasBottleneck bool

	BestScore, WorstScore float64
	HasScores             bool
	Documents             int
	DocumentBytes         int

	LargestPrompt, SecondPrompt int64 // input tokens of single calls
	FirstPrompt, LastPrompt     int64 // by time
	RepeatedTokens              int64 // input tokens that the call before had sent already
	LargestCost                 int64 // of a single call, billionths of a USD
	SlowestFirstToken           time.Duration
	SlowestFirstTokenIn         string
	CutOff                      string // finish reason
	CutOffIn                    string
	CutOffs                     int64

	FirstError    FirstError
	HasFirstError bool

	Loop Loop

	Findings []string
}

// FirstError is the failure that came first.
type FirstError struct {
	Span                SpanID
	Name, Type, Message string
	After               time.Duration // since the trace's start
	Recovered           bool          // the run went on and ended well
}

// Of summarises the spans of one trace. It sorts nothing of the caller's and keeps nothing but strings of its spans.
func Of(spans []Span, limits Limits) Summary {
	if len(spans) == 0 {
		return Summary{}
	}
	t := newTree(spans)
	s := Summary{Complete: t.complete, Spans: int64(len(spans)), Duration: t.duration(), Head: t.headID()}
	s.Bottleneck, s.HasBottleneck = t.bottleneck()
	calls := t.inOrder(func(s *Span) bool { return s.ModelCall })
	s.countCalls(spans, calls)
	s.countPrompts(spans, calls)
	t.uniteTools()
	for i := range spans {
		s.countSpan(&spans[i])
	}
	s.findFirstError(t, calls)
	s.Findings = s.findings(limits)
	return s
}

// duration is from the first start to the last end, which asynchronous children may put behind the root's.
func (t *tree) duration() time.Duration {
	start, end := t.start, t.end
	for i := range t.spans {
		start, end = min(start, t.spans[i].Start), max(end, t.spans[i].End)
	}
	return time.Duration(end - start)
}

func (t *tree) headID() SpanID {
	if t.head < len(t.spans) {
		return t.spans[t.head].ID
	}
	earliest := 0
	for i := range t.spans {
		if t.byStart(i, earliest) < 0 {
			earliest = i
		}
	}
	return t.spans[earliest].ID
}

func (t *tree) inOrder(wanted func(*Span) bool) []int {
	var found []int
	for i := range t.spans {
		if wanted(&t.spans[i]) {
			found = append(found, i)
		}
	}
	slices.SortFunc(found, t.byStart)
	return found
}

func (s *Summary) countCalls(spans []Span, calls []int) {
	for _, i := range calls {
		c := &spans[i]
		s.ModelCalls++
		s.InputTokens += c.InputTokens
		s.OutputTokens += c.OutputTokens
		s.Cost += c.Cost
		s.LargestCost = max(s.LargestCost, c.Cost)
		if c.Model != "" && !slices.Contains(s.Models, c.Model) {
			s.Models = append(s.Models, c.Model)
		}
		if c.TimeToFirstToken > s.SlowestFirstToken {
			s.SlowestFirstToken, s.SlowestFirstTokenIn = c.TimeToFirstToken, c.Name
		}
		if c.CutOff != "" {
			s.CutOffs++
			s.CutOff, s.CutOffIn = c.CutOff, c.Name
		}
	}
	slices.Sort(s.Models)
}

// countPrompts follows the prompts of calls with usage in the order in which they were sent.
func (s *Summary) countPrompts(spans []Span, calls []int) {
	var before *Span
	for _, i := range calls {
		c := &spans[i]
		if c.InputTokens == 0 {
			continue
		}
		if before == nil {
			s.FirstPrompt = c.InputTokens
		} else if continues(c.Prompt, before.Prompt) {
			s.RepeatedTokens += min(before.InputTokens, c.InputTokens)
		}
		s.LastPrompt = c.InputTokens
		if c.InputTokens > s.LargestPrompt {
			s.LargestPrompt, s.SecondPrompt = c.InputTokens, s.LargestPrompt
		} else {
			s.SecondPrompt = max(s.SecondPrompt, c.InputTokens)
		}
		before = c
	}
}

// continues tells a prompt that begins with the whole of another, but for the bracket that closed it.
func continues(prompt, before string) bool {
	const closing = 1
	return len(before) > closing && len(prompt) >= len(before) && prompt[:len(before)-closing] == before[:len(before)-closing]
}

func (s *Summary) countSpan(span *Span) {
	if span.ToolCall {
		s.ToolCalls++
		if span.Failed {
			s.ToolErrors++
		}
	}
	s.Documents += span.Documents
	s.DocumentBytes += span.DocumentBytes
	for _, score := range span.Scores {
		if !s.HasScores {
			s.BestScore, s.WorstScore, s.HasScores = score, score, true
		}
		s.BestScore, s.WorstScore = max(s.BestScore, score), min(s.WorstScore, score)
	}
	s.Loop.worsen(&span.Loop)
}

// findFirstError takes the failure that ended first: an error goes up through the spans around it, which end later.
func (s *Summary) findFirstError(t *tree, calls []int) {
	first := -1
	for i := range t.spans {
		if t.spans[i].Failed && (first < 0 || t.failsBefore(i, first)) {
			first = i
		}
	}
	if first < 0 {
		return
	}
	e := &t.spans[first]
	s.HasFirstError = true
	s.FirstError = FirstError{Span: e.ID, Name: e.Name, Type: e.ErrorType, Message: e.ErrorMessage}
	if e.End > t.start {
		s.FirstError.After = time.Duration(e.End - t.start)
	}
	s.FirstError.Recovered = t.recovered(e, calls)
}

func (t *tree) failsBefore(a, b int) bool {
	if t.spans[a].End != t.spans[b].End {
		return t.spans[a].End < t.spans[b].End
	}
	return t.byStart(a, b) > 0 // of those that end together the inner one, which started later
}

// recovered: the head did not fail, and the last model call, sent after the error, did not either.
func (t *tree) recovered(e *Span, calls []int) bool {
	if t.head < len(t.spans) && t.spans[t.head].Failed || len(calls) == 0 {
		return false
	}
	last := &t.spans[calls[len(calls)-1]]
	return last.Start >= e.End && !last.Failed
}
