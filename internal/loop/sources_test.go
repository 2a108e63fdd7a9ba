// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// seenThreeTimes is a run of n equal failing calls, each told by its span, by a log record of its session, and by the messages of the model
// calls before and after it.
func seenThreeTimes(n int) []Observation {
	s := newScript(1)
	var all []Observation
	for i := range n {
		id := fmt.Sprintf("call_%03d", i)
		chat := *s.model(10, 0.1)
		chat.Calls = []Call{{Tool: "get", ID: id, Args: s.fingerprints.Call("get", `{"a":1}`)}}
		if i > 0 {
			chat.Results = []Result{{ID: fmt.Sprintf("call_%03d", i-1), Outcome: s.outcome("error: refused")}}
		}
		tool := *s.call("get", `{"a":1}`, "!refused")
		tool.Call.ID, tool.Session = id, "s1"
		record := tool
		record.Record, record.Span, record.Parent = uint64(i)+1, SpanID{}, SpanID{}
		record.Call.Outcome = s.outcome("!refused, says the log")
		all = append(all, chat, tool, record)
	}
	return all
}

func TestACallSeenInThreePlacesCountsOnce(t *testing.T) {
	all := seenThreeTimes(6)
	inOrder := newEngine(t, nil)
	observeAll(inOrder, all)
	want := final(inOrder)
	require.Len(t, want, 1)
	loops := inOrder.Loops()
	assert.Equal(t, 6, loops[0].Count)
	assert.Equal(t, RepeatError, loops[0].Rule)
	assert.Equal(t, int64(50), loops[0].WastedTokens)
	for seed := range uint64(50) {
		e := newEngine(t, nil)
		observeAll(e, shuffled(rand.New(rand.NewPCG(seed, 3)), all))
		require.Equal(t, want, final(e), "seed %d", seed)
	}
}

func TestCallsThatOnlyLogRecordsTell(t *testing.T) {
	var records []Observation
	for _, o := range seenThreeTimes(5) {
		if o.Record != 0 {
			records = append(records, o)
		}
	}
	e := newEngine(t, nil)
	assert.Equal(t, "--SDd", story(observeAll(e, records)))
	assert.Equal(t, "--SDd", story(observeAll(e, records)), "seen again")
	assert.Equal(t, 5, e.Loops()[0].Count)
}

func TestCallsThatOnlyMessagesTell(t *testing.T) {
	var chats []Observation
	for _, o := range seenThreeTimes(6) {
		if o.Role == Model {
			chats = append(chats, o)
		}
	}
	verdicts := observeAll(newEngine(t, nil), chats)
	assert.Equal(t, "---SDd", story(verdicts), "the result of a call comes with the next prompt")
	assert.Equal(t, MessagesOnly, verdicts[4].Rule)
	assert.Equal(t, chats[0].Span, verdicts[4].First)

	slices.Reverse(chats)
	e := newEngine(t, nil)
	observeAll(e, chats)
	assert.Equal(t, 6, e.Loops()[0].Count, "the last one's result is not known yet")
	assert.Equal(t, Detected, e.Loops()[0].Severity)

	for i := range chats {
		for j := range chats[i].Calls {
			chats[i].Calls[j].ID = "X_0" // some clients count their calls anew in every message
		}
		for j := range chats[i].Results {
			chats[i].Results[j].ID = "X_0"
		}
	}
	slices.Reverse(chats)
	assert.Equal(t, "---SDd", story(observeAll(newEngine(t, nil), chats)), "ids that are used again")
}

func TestResultsWithoutIDsComeInTheOrderOfTheCalls(t *testing.T) {
	for name, c := range map[string]struct {
		asked   int
		results func(turn int) []string
		story   string
	}{
		"the same":                {1, func(int) []string { return []string{"down"} }, "---SDd"},
		"a job that goes on":      {1, func(turn int) []string { return []string{fmt.Sprint("at ", turn)} }, "------"},
		"two calls, one goes on":  {2, func(turn int) []string { return []string{"down", fmt.Sprint("at ", turn)} }, "------"},
		"two calls, both refused": {2, func(int) []string { return []string{"down", "down"} }, "---SDd"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScript(1)
			for turn := range 6 {
				m := s.model(1, 0)
				for i := range c.asked {
					m.Calls = append(m.Calls, Call{Tool: "get", Args: s.fingerprints.Call("get", fmt.Sprint(i))})
				}
				if turn > 0 {
					for _, r := range c.results(turn) {
						m.Results = append(m.Results, Result{Outcome: s.outcome(r)})
					}
				}
			}
			assert.Equal(t, c.story, story(observeAll(newEngine(t, nil), s.spans)))
		})
	}
}

func TestAModelCallInTwoSpansAsksOnce(t *testing.T) {
	var chats []Observation
	for _, o := range seenThreeTimes(3) {
		if o.Role == Model {
			inner := o
			inner.Span[0] ^= 0x80
			inner.End -= 1_000_000
			chats = append(chats, inner, o)
		}
	}
	assert.NotContains(t, story(observeAll(newEngine(t, nil), chats)), "D")
}

func TestOneCallUnderTwoNamesCountsOnce(t *testing.T) {
	all := seenThreeTimes(3)
	for i := range all {
		if all[i].Role == Tool && all[i].Record == 0 {
			all[i].Call.Tool = "DynamicStructuredTool"
			all[i].Call.Args = NewFingerprinter(testKey).Call("DynamicStructuredTool", `{"a":1}`)
		}
	}
	e := newEngine(t, nil)
	assert.NotContains(t, story(observeAll(e, all)), "D")
	require.Len(t, e.Loops(), 1)
	assert.Equal(t, 3, e.Loops()[0].Count)
}

func TestMessagesTellArgumentsThatTheSpanDoesNot(t *testing.T) {
	all := seenThreeTimes(4)
	for i := range all {
		if all[i].Role == Tool && all[i].Record == 0 {
			all[i].Call.NoArgs, all[i].Call.Args = true, NewFingerprinter(testKey).CallWithoutArgs("get")
		}
	}
	e := newEngine(t, nil)
	observeAll(e, all)
	require.Len(t, e.Loops(), 1)
	assert.Equal(t, RepeatError, e.Loops()[0].Rule)
}

func TestAToolThatDoesNotExist(t *testing.T) {
	s := newScript(1)
	for i := range 5 {
		m := s.model(1, 0)
		m.Calls = []Call{{Tool: "frobnicate", ID: fmt.Sprint("c", i), Args: s.fingerprints.Call("frobnicate", "{}")}}
		if i > 0 {
			m.Results = []Result{{ID: fmt.Sprint("c", i-1), Outcome: s.outcome("no such tool")}}
		}
		s.calls(fmt.Sprintf("get(%d)=x%[1]d", i)) // another tool has spans
	}
	e := newEngine(t, nil)
	observeAll(e, s.spans)
	var tools []string
	for _, v := range e.Loops() {
		tools = append(tools, v.Tools...)
	}
	assert.Contains(t, tools, "frobnicate")
}

func TestAUsersPromptInTheLogBeginsAnew(t *testing.T) {
	var all []Observation
	for i, o := range seenThreeTimes(6) {
		if o.Record == 0 {
			continue
		}
		if len(all) == 3 {
			all = append(all, Observation{Record: 999, Role: Message, Service: "shop", Session: "s1", Start: o.Start - 1, UserTurn: Hash{1, uint64(i)}})
		}
		all = append(all, o)
	}
	assert.Equal(t, "--S---S", story(observeAll(newEngine(t, nil), all)))
}

func TestScopesThatSendToolSpansAreNotSearched(t *testing.T) {
	e := newEngine(t, nil)
	assert.True(t, e.SearchMessages("shop", "test"))
	observeAll(e, newScript(1).calls("get(1)=x").spans)
	assert.False(t, e.SearchMessages("shop", "test"))
	assert.True(t, e.SearchMessages("shop", "another"))
	assert.True(t, e.SearchMessages("another", "test"))
}

// TestAModelCallAroundTheSDKsOwnSpanBelongsToItsSession: each call is a trace of two spans, and only the outer one tells the messages.
func TestAModelCallAroundTheSDKsOwnSpanBelongsToItsSession(t *testing.T) {
	for _, way := range []string{"inner first", "outer first"} {
		t.Run(way, func(t *testing.T) {
			var all []Observation
			for i := range 5 {
				s := newScript(i + 1)
				s.at = epoch + int64(i)*10*second
				inner := *s.model(10, 0.1)
				outer := *s.model(10, 0.1)
				outer.Start, outer.End, outer.Session = inner.Start, inner.End+1, "s1"
				outer.Parent, inner.Parent = SpanID{}, outer.Span
				outer.Calls = []Call{{Tool: "get", ID: fmt.Sprint("call_", i), Args: s.fingerprints.Call("get", "1")}}
				if i > 0 {
					outer.Results = []Result{{ID: fmt.Sprint("call_", i-1), Outcome: s.outcome("!refused")}}
				}
				pair := []Observation{inner, outer}
				if way == "outer first" {
					slices.Reverse(pair)
				}
				all = append(all, pair...)
			}
			e := newEngine(t, nil)
			observeAll(e, all)
			loops := e.Loops()
			require.Len(t, loops, 1)
			assert.Equal(t, Detected, loops[0].Severity)
		})
	}
}
