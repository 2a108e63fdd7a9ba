// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const second = int64(1e9)

// epoch of all tests: 2026-11-25.
const epoch = 1_795_000_000 * second

var testKey = Key{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}

func newEngine(t testing.TB, change func(*Config)) *Engine {
	t.Helper()
	cfg := DefaultConfig()
	cfg.MaxRuns = 1000
	if change != nil {
		change(&cfg)
	}
	e, err := New(cfg)
	require.NoError(t, err)
	return e
}

func span(n int) SpanID {
	var id SpanID
	binary.BigEndian.PutUint64(id[:], uint64(n)*0x9e3779b97f4a7c15)
	return id
}

func traceOf(n int) TraceID {
	var id TraceID
	binary.BigEndian.PutUint64(id[:8], uint64(n)*0x9e3779b97f4a7c15)
	binary.BigEndian.PutUint64(id[8:], uint64(n)*0xd1342543de82ef95)
	return id
}

// script writes an agent's run down as observations, one step a second.
type script struct {
	fingerprints *Fingerprinter
	trace        TraceID
	agent        int
	at           int64
	next         int
	spans        []Observation
}

func newScript(traceNumber int) *script {
	return &script{fingerprints: NewFingerprinter(testKey), trace: traceOf(traceNumber), agent: traceNumber*1000 + 1, next: traceNumber*1000 + 2, at: epoch}
}

func (s *script) add(o Observation) *Observation {
	o.Trace, o.Span = s.trace, span(s.next)
	if o.Parent.IsZero() {
		o.Parent = span(s.agent)
	}
	o.Start, o.End = s.at, s.at+second/2
	o.Service, o.Scope = "shop", "test"
	s.next++
	s.at += second
	s.spans = append(s.spans, o)
	return &s.spans[len(s.spans)-1]
}

// call of a tool; result "!x" is the error x, "?" is none known.
func (s *script) call(tool, args, result string) *Observation {
	c := Call{Tool: tool, Args: s.fingerprints.Call(tool, args)}
	if args == "?" {
		c.NoArgs, c.Args = true, s.fingerprints.CallWithoutArgs(tool)
	}
	c.Outcome = s.outcome(result)
	return s.add(Observation{Role: Tool, Call: c})
}

func (s *script) outcome(result string) Outcome {
	switch {
	case result == "?":
		return Outcome{}
	case strings.HasPrefix(result, "!"):
		return s.fingerprints.Failure("Error", result[1:])
	default:
		return s.fingerprints.Result(result)
	}
}

func (s *script) model(tokens int64, cost float64) *Observation {
	return s.add(Observation{Role: Model, Usage: Usage{Tokens: tokens, Cost: cost}})
}

// calls are steps of the form "tool(args)=result".
func (s *script) calls(steps ...string) *script {
	for _, step := range steps {
		call, result, _ := strings.Cut(step, "=")
		tool, args, _ := strings.Cut(strings.TrimSuffix(call, ")"), "(")
		s.call(tool, args, result)
	}
	return s
}

func (s *script) root() *Observation {
	o := Observation{Role: Agent, Trace: s.trace, Span: span(s.agent), Start: epoch, End: s.at, Service: "shop", Scope: "test"}
	s.spans = append(s.spans, o)
	return &s.spans[len(s.spans)-1]
}

func observeAll(e *Engine, spans []Observation) []Verdict {
	verdicts := make([]Verdict, len(spans))
	for i := range spans {
		verdicts[i] = e.Observe(&spans[i], epoch)
	}
	return verdicts
}

func times(n int, steps ...string) []string {
	var all []string
	for range n {
		all = append(all, steps...)
	}
	return all
}

func numbered(n int, step string) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(step, i))
	}
	return all
}

// story is a sequence of verdicts in short: one letter a record, upper case for the transition.
func story(verdicts []Verdict) string {
	var b strings.Builder
	for _, v := range verdicts {
		letter := "-sdc"[v.Severity : v.Severity+1]
		if v.Transition {
			letter = strings.ToUpper(letter)
		}
		b.WriteString(letter)
	}
	return b.String()
}
