// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// under puts the script's last span under a parent of its own, which is no agent, and returns that parent.
func (s *script) under(parent int) Observation {
	last := &s.spans[len(s.spans)-1]
	step := Observation{Trace: s.trace, Span: span(s.next), Parent: last.Parent, Start: last.Start, End: last.End}
	s.next++
	last.Parent = step.Span
	return step
}

// stepped is a run of n equal failing calls, each under its own step; every step comes after its call.
func stepped(n int) *script {
	s := newScript(1)
	for range n {
		s.calls("get(1)=!refused")
		s.spans = append(s.spans, s.under(0))
	}
	return s
}

func TestStepsThatAreNoAgentsMoveTheirCallsUpward(t *testing.T) {
	s := stepped(5)
	verdicts := observeAll(newEngine(t, nil), s.spans)
	assert.Equal(t, "-----S-D-d", story(verdicts), "the step whose arrival completes the evidence says so")
}

func TestInReverse(t *testing.T) {
	s := stepped(5)
	s.root()
	slices.Reverse(s.spans)
	assert.Equal(t, "------S-D-d", story(observeAll(newEngine(t, nil), s.spans)), "the fourth call to arrive completes the evidence")
}

func TestParallelSubAgentsStayApart(t *testing.T) {
	s := newScript(1)
	for i := range 9 { // three agents that have not come yet, three failures each
		s.calls("get(1)=!refused")
		s.spans[i].Parent = span(100 + i%3)
	}
	e := newEngine(t, nil)
	assert.NotContains(t, story(observeAll(e, s.spans)), "d")
	for a := range 3 {
		agent := Observation{Role: Agent, Trace: s.trace, Span: span(100 + a), Parent: span(s.agent), Start: epoch, End: s.at}
		require.Equal(t, Suspected, e.Observe(&agent, epoch).Severity)
	}
	assert.Len(t, e.Loops(), 3)
}

func TestRunKeysKeepRunsApart(t *testing.T) {
	s := newScript(1)
	for i := range 9 {
		s.calls("get(1)=!refused")
		s.spans[i].RunKey = fmt.Sprintf("worker_%d:uuid", i%3)
	}
	e := newEngine(t, nil)
	assert.Equal(t, "------SSS", story(observeAll(e, s.spans)))
	head := Observation{Role: Agent, Trace: s.trace, Span: span(500), HeadOf: "worker_1:uuid", Start: epoch, End: s.at}
	v := e.Observe(&head, epoch)
	assert.Equal(t, Suspected, v.Severity)
	assert.Equal(t, s.spans[1].Span, v.First)
}

func TestAgentAndRootSayWhatTheirRunDid(t *testing.T) {
	s := newScript(1).calls(times(6, "get(1)=!refused")...)
	agent := *s.root()
	agent.Parent = span(7)
	root := Observation{Trace: s.trace, Span: span(7), Start: epoch, End: s.at}
	e := newEngine(t, nil)
	observeAll(e, s.spans[:6])
	for _, head := range []Observation{agent, root} {
		v := e.Observe(&head, epoch)
		assert.Equal(t, Detected, v.Severity)
		assert.Equal(t, 6, v.Count)
		assert.False(t, v.Transition)
		assert.Equal(t, v, e.Observe(&head, epoch), "seen again")
	}
}

func TestAHeadThatCameBeforeItsLoopStaysAsItWas(t *testing.T) {
	s := newScript(1)
	agent := *s.root()
	e := newEngine(t, nil)
	require.Equal(t, None, e.Observe(&agent, epoch).Severity)
	observeAll(e, s.calls(times(6, "get(1)=!refused")...).spans[1:])
	assert.Equal(t, None, e.Observe(&agent, epoch).Severity, "sent again")
}

func TestANewAgentRunBeginsAnew(t *testing.T) {
	s := newScript(1).calls(times(6, "get(1)=!refused")...)
	for i := range s.spans[3:] {
		s.spans[3+i].Parent = span(77)
	}
	assert.Equal(t, "--S--S", story(observeAll(newEngine(t, nil), s.spans)))
}

func TestOneCallInNestedSpansCountsOnce(t *testing.T) {
	for _, way := range []string{"inner first", "outer first"} {
		t.Run(way, func(t *testing.T) {
			s := newScript(1)
			var all []Observation
			for range 4 {
				outer := *s.call("get", "1", "?")
				client := *s.call("get", "1", "!refused")
				client.Parent = outer.Span
				server := *s.call("get", "1", "?")
				server.Parent = client.Span
				nested := []Observation{server, client, outer}
				if way == "outer first" {
					slices.Reverse(nested)
				}
				all = append(all, nested...)
			}
			e := newEngine(t, nil)
			observeAll(e, all)
			loops := e.Loops()
			require.Len(t, loops, 1)
			assert.Equal(t, 4, loops[0].Count)
			assert.Equal(t, RepeatError, loops[0].Rule)
		})
	}
}

func TestCallsInsideAnotherToolAreARunOfTheirOwn(t *testing.T) {
	s := newScript(1)
	for range 3 { // an agent as a tool: three times, each time two failures and a success
		outer := s.call("ask_agent", "1", "done").Span
		s.calls("get(1)=!refused", "get(1)=!refused", "get(1)=ok")
		for i := range 3 {
			s.spans[len(s.spans)-1-i].Parent = outer
		}
	}
	e := newEngine(t, nil)
	observeAll(e, s.spans)
	for _, v := range e.Loops() {
		assert.Equal(t, []string{"ask_agent"}, v.Tools)
		assert.Equal(t, Suspected, v.Severity)
	}
}

func TestPartsTellHowACallEnded(t *testing.T) {
	s := newScript(1)
	var all []Observation
	for range 4 {
		tool := *s.call("Bash", "ls", "?")
		part := *s.add(Observation{Role: Part, Call: Call{Outcome: s.outcome("!failed")}})
		part.Parent = tool.Span
		all = append(all, part, tool)
	}
	assert.Equal(t, "-----S-D", story(observeAll(newEngine(t, nil), all)))
	for i := 0; i < len(all); i += 2 {
		all[i], all[i+1] = all[i+1], all[i]
	}
	assert.Equal(t, "-----SsD", story(observeAll(newEngine(t, nil), all)), "the part after its tool completes the evidence")
}

// orphans are n equal calls, each the only one of its trace.
func orphans(n int, session string) []Observation {
	var all []Observation
	for i := range n {
		s := newScript(i + 1)
		s.at = epoch + int64(i)*10*second
		c := *s.call("get", "1", "!refused")
		c.Session = session
		root := Observation{Trace: s.trace, Span: c.Parent, Start: c.Start, End: c.End, Service: "shop"}
		all = append(all, c, root)
	}
	return all
}

func TestOrphansBelongToTheirSession(t *testing.T) {
	verdicts := observeAll(newEngine(t, nil), orphans(4, "s1"))
	assert.Equal(t, "-----S-D", story(verdicts))
	assert.Equal(t, "--------", story(observeAll(newEngine(t, nil), orphans(4, ""))), "without a session nothing holds them together")
	byRoot := orphans(4, "")
	for i := range byRoot {
		if byRoot[i].Role == Plain {
			byRoot[i].Session = "s1"
		}
	}
	for range 2 {
		assert.Contains(t, story(observeAll(newEngine(t, nil), byRoot)), "D", "only the root names the session")
		slices.Reverse(byRoot)
	}
}

func TestRootCallsBelongToTheirSession(t *testing.T) {
	all := orphans(4, "s1")
	var roots []Observation
	for _, o := range all {
		if o.Role == Tool {
			o.Parent = SpanID{}
			roots = append(roots, o)
		}
	}
	assert.Equal(t, "--SD", story(observeAll(newEngine(t, nil), roots)))
	assert.Equal(t, "--SD", story(observeAll(newEngine(t, nil), roots)))
}

func TestATraceWithASecondCallIsNoOrphan(t *testing.T) {
	all := orphans(4, "s1")
	e := newEngine(t, nil)
	observeAll(e, all)
	require.Len(t, e.Loops(), 1)
	for i := 0; i < len(all); i += 2 {
		second := all[i]
		second.Span = span(9000 + i)
		second.Start += second.Start % 7
		second.Call.Args = second.Call.Args.plus(Hash{0, uint64(i)})
		e.Observe(&second, epoch)
	}
	assert.Empty(t, e.Loops())
}

func TestASessionThatPausesBeginsAnew(t *testing.T) {
	all := orphans(6, "s1")
	for i := range all[6:] {
		all[6+i].Start += sessionPauseNanos + second
		all[6+i].End += sessionPauseNanos + second
	}
	assert.Equal(t, "-----S-----S", story(observeAll(newEngine(t, nil), all)))
}

func TestParentsInACircle(t *testing.T) {
	e := newEngine(t, nil)
	a := Observation{Trace: traceOf(1), Span: span(1), Parent: span(2)}
	b := Observation{Trace: traceOf(1), Span: span(2), Parent: span(1)}
	e.Observe(&a, epoch)
	e.Observe(&b, epoch)
	s := newScript(1)
	c := s.call("get", "1", "x")
	c.Parent = span(1)
	assert.Equal(t, None, e.Observe(c, epoch).Severity)
}

// turns are n runs of agents with one equal failing call each, in one trace and session: a model call, the tool's, the agent's span.
func turns(n int) *script {
	s := newScript(1)
	for i := range n {
		agent := span(100 + i)
		s.model(10, 0.1)
		s.call("get", "1", "!refused")
		for j := len(s.spans) - 2; j < len(s.spans); j++ {
			s.spans[j].Parent, s.spans[j].Session = agent, "s1"
		}
		head := s.add(Observation{Role: Agent})
		head.Span, head.Session = agent, "s1"
	}
	return s
}

func TestTurnsThatAreRunsOfTheirOwnBelongToTheirSession(t *testing.T) {
	s := turns(4)
	e := newEngine(t, nil)
	assert.Equal(t, "--------S--D", story(observeAll(e, s.spans)))
	assert.Equal(t, "--------s--d", strings.ToLower(story(observeAll(e, s.spans))), "sent again")
	slices.Reverse(s.spans)
	assert.Contains(t, story(observeAll(newEngine(t, nil), s.spans)), "D", "the agents first")
}

func TestTurnsThatAreWholeRunsStayApart(t *testing.T) {
	none := strings.Repeat("-", 12)
	t.Run("the model is told the result", func(t *testing.T) {
		s := turns(4)
		for i := 2; i < len(s.spans); i += 3 {
			told := s.spans[i-2]
			told.Span, told.Start = span(500+i), s.spans[i-1].End
			s.spans = append(s.spans, told)
		}
		e := newEngine(t, nil)
		observeAll(e, s.spans)
		assert.Empty(t, e.Loops())
	})
	t.Run("at the same time", func(t *testing.T) {
		s := turns(4)
		for i := range s.spans {
			s.spans[i].Start, s.spans[i].End = epoch, epoch+second
		}
		assert.Equal(t, none, story(observeAll(newEngine(t, nil), s.spans)))
	})
	t.Run("a user asks between them", func(t *testing.T) {
		s := turns(4)
		for i := 0; i < len(s.spans); i += 3 {
			s.spans[i].UserTurn = Hash{1, uint64(i) + 1}
		}
		assert.Equal(t, none, story(observeAll(newEngine(t, nil), s.spans)))
	})
	t.Run("a timer asks the same", func(t *testing.T) {
		s := turns(8)
		for i := range s.spans {
			s.spans[i].Start += int64(i/3) * 300 * second
			s.spans[i].End += int64(i/3) * 300 * second
			s.spans[i].UserTurn = Hash{1, 1}
		}
		assert.Empty(t, strings.Trim(story(observeAll(newEngine(t, nil), s.spans)), "-"))
	})
	t.Run("no model", func(t *testing.T) {
		s := turns(8)
		s.spans = slices.DeleteFunc(s.spans, func(o Observation) bool { return o.Role == Model })
		assert.Empty(t, strings.Trim(story(observeAll(newEngine(t, nil), s.spans)), "-"))
	})
	t.Run("the models in a scope of their own, after the agents", func(t *testing.T) {
		s := turns(6)
		for i := 2; i < 18; i += 3 {
			told := s.spans[i-2]
			told.Span, told.Start = span(500+i), s.spans[i-1].End
			s.spans = append(s.spans, told)
		}
		slices.SortStableFunc(s.spans, func(a, b Observation) int {
			rank := map[Role]int{Tool: 0, Agent: 1, Model: 2}
			return cmp.Or(cmp.Compare(rank[a.Role], rank[b.Role]), cmp.Compare(a.Start, b.Start))
		})
		assert.Empty(t, strings.Trim(story(observeAll(newEngine(t, nil), s.spans)), "-"))
	})
	t.Run("no session", func(t *testing.T) {
		s := turns(4)
		for i := range s.spans {
			s.spans[i].Session = ""
		}
		assert.Equal(t, none, story(observeAll(newEngine(t, nil), s.spans)))
	})
}
