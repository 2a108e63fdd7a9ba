// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEqualCallsAtOnceAreOneRound(t *testing.T) {
	s := newScript(1)
	for range 5 {
		s.calls("get(1)=x")
		s.at -= second // the next one starts at the same time
	}
	assert.Equal(t, "-----", story(observeAll(newEngine(t, nil), s.spans)))
}

func TestCallsThatTouchAreTwoRounds(t *testing.T) {
	s := newScript(1)
	for range 4 {
		s.calls("get(1)=x")
		s.at -= second/2 + overlapNanos // overlaps by a millisecond
	}
	assert.Equal(t, "--SD", story(observeAll(newEngine(t, nil), s.spans)))
}

func TestTheSameFanOutEachTurnIsALoop(t *testing.T) {
	s := newScript(1)
	for range 4 {
		s.calls("get(1)=x")
		s.at -= second
		s.calls("get(2)=y")
	}
	slices.SortStableFunc(s.spans, func(a, b Observation) int { return cmp.Compare(a.Start, b.Start) })
	e := newEngine(t, nil)
	observeAll(e, s.spans)
	loops := e.Loops()
	require.Len(t, loops, 1)
	assert.Equal(t, Verdict{Severity: Detected, Rule: Repeat, Period: 1, Count: 4, Tools: []string{"get"}, Fingerprint: loops[0].Fingerprint, First: loops[0].First}, loops[0])
}

func TestCallsOfOneMessageAreOneRound(t *testing.T) {
	s := newScript(1)
	m := s.model(1, 0)
	m.Together = []string{"c1", "c2", "c3", "c4"}
	for _, id := range m.Together {
		s.call("get", "1", "x").Call.ID = id
	}
	for range 2 {
		assert.Equal(t, "-----", story(observeAll(newEngine(t, nil), s.spans))[:5])
		e := newEngine(t, nil)
		observeAll(e, s.spans)
		assert.Empty(t, e.Loops())
		slices.Reverse(s.spans) // the message comes last: what was told cannot be taken back, but the state is right
		e = newEngine(t, nil)
		observeAll(e, s.spans)
		assert.Empty(t, e.Loops())
		slices.Reverse(s.spans)
	}
}

func TestCallsThatOneMessageAskedForAreOneRoundWithoutIDs(t *testing.T) {
	turn := func(s *script, asked, made int) {
		m := s.model(1, 0)
		m.End = m.Start + 2*second - second/4
		for i := range asked {
			m.Together = append(m.Together, fmt.Sprint("c", i))
		}
		s.add(Observation{Role: Model, Parent: m.Span}) // the same call by the provider's library
		s.calls(times(made, "get(1)=x")...)
	}
	for name, c := range map[string]struct {
		asked, made, turns int
		story              string
	}{
		"three in one turn":                 {3, 3, 1, "-----"},
		"two in one turn, two in the next":  {2, 2, 2, "--------"},
		"the same two in each of four":      {2, 2, 4, "----------Ss--Dd"},
		"more calls than were asked for":    {2, 6, 1, "------Ss"},
		"one in a turn, whatever was asked": {0, 1, 4, "--------S--D"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScript(1)
			for range c.turns {
				turn(s, c.asked, c.made)
			}
			assert.Equal(t, c.story, story(observeAll(newEngine(t, nil), s.spans)))
		})
	}
}

func TestANewUserMessageBeginsAnew(t *testing.T) {
	s := newScript(1)
	turn := func(n uint64) { s.model(1, 0).UserTurn = Hash{1, n} }
	turn(1)
	s.calls(times(3, "get(1)=x")...)
	turn(2)
	s.calls(times(3, "get(1)=x")...)
	turn(2) // an observation that is told as a user's message, and is the same as before
	s.calls("get(1)=x")
	assert.Equal(t, "---S---S-D", story(observeAll(newEngine(t, nil), s.spans)))

	slices.Reverse(s.spans)
	e := newEngine(t, nil)
	observeAll(e, s.spans)
	require.Len(t, e.Loops(), 1)
	assert.Equal(t, 4, e.Loops()[0].Count)
}

func TestWaste(t *testing.T) {
	s := newScript(1)
	s.model(1000, 1) // before the loop
	for i := range 5 {
		s.calls("get(1)=!refused")
		s.model(int64(10+i), 0.5)
	}
	e := newEngine(t, nil)
	verdicts := observeAll(e, s.spans)
	calls := []Verdict{verdicts[5], verdicts[7], verdicts[9]}
	assert.Equal(t, []int64{10 + 11, 10 + 11 + 12, 10 + 11 + 12 + 13}, []int64{calls[0].WastedTokens, calls[1].WastedTokens, calls[2].WastedTokens})
	assert.InDeltaSlice(t, []float64{1, 1.5, 2}, []float64{calls[0].WastedCost, calls[1].WastedCost, calls[2].WastedCost}, 1e-12)

	late := *s.model(500, 0.25)
	late.Start = s.spans[1].End + 1
	e.Observe(&late, epoch)
	next := *s.call("get", "1", "!refused")
	v := e.Observe(&next, epoch)
	assert.Equal(t, int64(10+11+12+13+14+500), v.WastedTokens, "late model calls correct the next annotation")
	assert.InDelta(t, 2.75, v.WastedCost, 1e-12)
}

func TestALongLoopIsCountedBeyondTheRing(t *testing.T) {
	s := newScript(1)
	for range 300 {
		s.calls("get(1)=!refused")
		s.model(7, 0.001)
	}
	e := newEngine(t, nil)
	verdicts := observeAll(e, s.spans)
	last := verdicts[len(verdicts)-2]
	assert.Equal(t, 300, last.Count)
	assert.Equal(t, s.spans[0].Span, last.First)
	assert.Equal(t, int64(7*299), last.WastedTokens)
	assert.InDelta(t, 0.299, last.WastedCost, 1e-9)
}

func TestALongCycleIsCountedBeyondTheRing(t *testing.T) {
	s := newScript(1).calls(times(100, "a(1)=x", "b(1)=y", "c(1)=z")...)
	verdicts := observeAll(newEngine(t, nil), s.spans)
	last := verdicts[len(verdicts)-1]
	assert.Equal(t, Verdict{
		Severity: Critical, Rule: Cycle, Period: 3, Count: 100, Tools: last.Tools, Fingerprint: last.Fingerprint, First: s.spans[0].Span,
	}, last)
	assert.ElementsMatch(t, []string{"a", "b", "c"}, last.Tools)
}

func TestALoopThatHasLeftTheRingIsNotForgotten(t *testing.T) {
	s := newScript(1).calls(times(9, "get(1)=!refused")...)
	s.calls(numbered(200, "find(%d)=page %[1]d")...)
	e := newEngine(t, nil)
	observeAll(e, s.spans)
	loops := e.Loops()
	require.Len(t, loops, 1)
	assert.Equal(t, Critical, loops[0].Severity)
	assert.Equal(t, 9, loops[0].Count)
}

func TestSeenAgain(t *testing.T) {
	s := newScript(1)
	for range 6 {
		s.calls("get(1)=!refused")
		s.spans = append(s.spans, s.under(0))
		s.model(10, 0.5)
	}
	s.root()
	e := newEngine(t, nil)
	first := observeAll(e, s.spans)
	again := observeAll(e, s.spans)
	assert.Equal(t, first, again)
	assert.Equal(t, 6, e.Loops()[0].Count)
}

func TestRepeatedOutput(t *testing.T) {
	s := newScript(1)
	for i := range 12 {
		m := s.model(5, 0)
		m.Exchange = Hash{7, 7}
		if i == 5 {
			m.Exchange = Hash{8, 8}
		}
	}
	verdicts := observeAll(newEngine(t, nil), s.spans)
	assert.Equal(t, "--SDd---SDdd", story(verdicts))
	assert.Equal(t, RepeatOutput, verdicts[3].Rule)
	assert.Equal(t, int64(10), verdicts[3].WastedTokens)

	parallel := newScript(1)
	for range 6 {
		parallel.model(5, 0).Exchange = Hash{7, 7}
		parallel.at -= second
	}
	assert.Equal(t, "------", story(observeAll(newEngine(t, nil), parallel.spans)), "votes are no loop")
}

func TestRunaway(t *testing.T) {
	s := newScript(1)
	for i := range 300 {
		s.call("get", string(rune('a'+i%26))+string(rune('a'+i/26)), string(rune('A'+i%26))+string(rune('a'+i/26)))
		s.model(10, 0.01)
	}
	limit := func(l Limits) string {
		return story(observeAll(newEngine(t, func(c *Config) { c.Limits = l }), s.spans))
	}
	assert.NotContains(t, limit(DefaultLimits()), "D")
	steps := limit(Limits{Steps: 200})
	assert.Equal(t, 200, indexOf(steps, 'D'))
	assert.Equal(t, 400, indexOf(steps, 'C'))
	assert.Equal(t, 2*150+1, indexOf(limit(Limits{Tokens: 1500}), 'D'))
	assert.Equal(t, 2*50+1, indexOf(limit(Limits{Cost: 0.5}), 'D'))
	assert.NotContains(t, limit(Limits{}), "D")
	slices.Reverse(s.spans)
	assert.Contains(t, limit(Limits{Steps: 200}), "D", "in reverse")
}

func indexOf(s string, b byte) int {
	for i := range len(s) {
		if s[i] == b {
			return i
		}
	}
	return -1
}

func TestToolsThatWait(t *testing.T) {
	tools, err := newToolTable(DefaultThresholds(), DefaultConfig().Tools)
	require.NoError(t, err)
	for _, name := range []string{"wait", "Sleep", "poll_job", "job-wait", "waitForJob", "status", "check_status", "statusOfJob", "mcp.heartbeat", "wait_for_user"} {
		assert.True(t, tools.of(tools.number(name)).poll, name)
	}
	for _, name := range []string{"get_order_status", "pollution_index", "list_waiters", "await", "statusbar", "search"} {
		assert.False(t, tools.of(tools.number(name)).poll, name)
	}
}

func TestToolRules(t *testing.T) {
	s := newScript(1).calls(times(12, "get_rate(1)=x", "log(1)=ok")...)
	rules := func(r ...ToolRule) string {
		return story(observeAll(newEngine(t, func(c *Config) { c.Tools = r }), s.spans))
	}
	assert.Contains(t, rules(), "D")
	assert.NotContains(t, rules(ToolRule{Pattern: "log|rate", Exempt: true}), "D")
	assert.Equal(t, 2*3, indexOf(rules(ToolRule{Pattern: "log", Exempt: true}), 'D'), "without log it is one tool four times")
	assert.Equal(t, 2*5, indexOf(rules(ToolRule{Pattern: "log", Exempt: true}, ToolRule{Pattern: "rate", Thresholds: map[Rule]Threshold{Repeat: {2, 6, 9}}}), 'D'))
	assert.NotContains(t, rules(ToolRule{Pattern: "log", Exempt: true}, ToolRule{Pattern: "rate", Poll: true}), "D")
	_, err := New(Config{MaxRuns: 1, Tools: []ToolRule{{Pattern: "("}}})
	assert.ErrorContains(t, err, "tools[0]")
	_, err = New(Config{})
	assert.ErrorContains(t, err, "max_runs is 0")
}

func TestALoopThatIsMergedIsNotTakenForOneOfTheCallsThatAreThere(t *testing.T) {
	into, from := &run{calls: []call{{tool: 7}}}, &run{}
	into.extra().heard = []heard{{tool: 7, told: Critical}}
	from.extra().loops = []loopRecord{{rule: Repeat, told: Suspected, period: 1, count: 3}}
	new(Engine).mergeMore(into, from)
	require.Len(t, into.more.loops, 1)
	assert.Equal(t, Suspected, into.more.loops[0].told)
}
