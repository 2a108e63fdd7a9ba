// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package summary

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/llmcol/llmcol/internal/trace"
)

// limits are those that llm_summary starts with.
var limits = Limits{
	BottleneckShare: 0.5, BottleneckMin: time.Second, RetrievalScore: 0.5, PromptShare: 0.5, PromptMin: 2000, PromptGrowth: 4, RepeatedShare: 0.5,
	TimeToFirstToken: 5 * time.Second, Cost: 1e9, MaxFindings: 8,
}

// at makes a span of a trace that begins at second 1,000; times are milliseconds from there.
func at(id, parent byte, name string, from, to uint64) Span {
	const second = 1_000_000_000
	s := Span{Name: name, Start: 1000*second + from*1e6, End: 1000*second + to*1e6}
	s.ID[0], s.Parent[0] = id, parent
	return s
}

func TestBottleneck(t *testing.T) {
	for _, c := range []struct {
		name  string
		spans []Span
		want  string
		self  time.Duration
		share float64
	}{
		{"one after the other", []Span{
			at(1, 0, "answer", 0, 5300), at(2, 1, "vector_search", 0, 300), at(3, 1, "rerank", 300, 4500), at(4, 1, "llm_call", 4500, 5200),
		}, "rerank", 4200 * time.Millisecond, 4200.0 / 5300},
		{"side by side counts once", []Span{
			at(1, 0, "root", 0, 1000), at(2, 1, "a", 0, 600), at(3, 1, "b", 100, 900), at(4, 1, "c", 200, 800),
		}, "b", 800 * time.Millisecond, 0.8},
		{"an asynchronous child only up to its parent's end", []Span{
			at(1, 0, "root", 0, 1000), at(2, 1, "send", 900, 5000), at(3, 1, "work", 100, 800),
		}, "work", 700 * time.Millisecond, 0.7},
		{"a child that starts before its parent", []Span{
			at(1, 0, "root", 100, 1100), at(2, 1, "early", 0, 800),
		}, "early", 700 * time.Millisecond, 0.7},
		{"an orphan's time is its own", []Span{
			at(1, 0, "root", 0, 1000), at(3, 9, "orphan", 100, 900),
		}, "orphan", 800 * time.Millisecond, 0.8},
		{"no root came", []Span{
			at(2, 1, "a", 0, 200), at(3, 1, "b", 200, 1000),
		}, "b", 800 * time.Millisecond, 0.8},
		{"the parent itself", []Span{
			at(1, 0, "root", 0, 1000), at(2, 1, "a", 900, 1000),
		}, "root", 900 * time.Millisecond, 0.9},
		{"nested: the leaf, not what waits for it", []Span{
			at(1, 0, "root", 0, 1000), at(2, 1, "chain", 0, 1000), at(3, 2, "tool", 100, 900),
		}, "tool", 800 * time.Millisecond, 0.8},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := Of(c.spans, limits).Bottleneck
			assert.Equal(t, c.want, b.Name)
			assert.Equal(t, c.self, b.Self)
			assert.InDelta(t, c.share, b.Share, 1e-9)
		})
	}
}

// TestOwnTimesAddUpToTheWhole: every moment of the head is some span's own, and only one's.
func TestOwnTimesAddUpToTheWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		spans := []Span{at(1, 0, "root", 0, 1000)}
		for i := range r.IntN(12) {
			from := r.Uint64N(1200)
			spans = append(spans, at(byte(i+2), byte(r.IntN(len(spans)+2)), "s", from, from+r.Uint64N(600)))
		}
		tr := newTree(spans)
		own := make([]uint64, len(spans)+1)
		steps := []step{{tr.head, tr.start, tr.end}}
		for len(steps) > 0 {
			last := steps[len(steps)-1]
			steps = tr.walk(last, own, steps[:len(steps)-1])
		}
		var sum uint64
		for _, o := range own {
			sum += o
		}
		require.Equal(t, tr.end-tr.start, sum, "%+v", spans)
	}
}

func TestFigures(t *testing.T) {
	first := at(2, 1, "chat a", 0, 100)
	first.ModelCall, first.Model, first.InputTokens, first.OutputTokens, first.Cost, first.Prompt = true, "b", 100, 10, 5, `[{"a":1}]`
	second := at(3, 1, "chat b", 300, 400)
	second.ModelCall, second.Model, second.InputTokens, second.OutputTokens, second.Cost, second.Prompt = true, "a", 250, 20, 7, `[{"a":1},{"b":2}]`
	tool := at(4, 1, "get", 100, 200)
	tool.ToolCall, tool.Failed, tool.ErrorType, tool.ErrorMessage = true, true, "Refused", "connect"
	search := at(5, 1, "search", 200, 300)
	search.Scores, search.Documents, search.DocumentBytes = []float64{0.3, 0.9, 0.4}, 3, 1200
	late := at(6, 1, "log", 900, 1500)
	s := Of([]Span{second, late, tool, at(1, 0, "agent", 0, 1000), search, first}, limits)

	assert.Equal(t, SpanID{1}, s.Head)
	assert.True(t, s.Complete)
	assert.Equal(t, []int64{6, 2, 1, 1, 350, 30, 12}, []int64{s.Spans, s.ModelCalls, s.ToolCalls, s.ToolErrors, s.InputTokens, s.OutputTokens, s.Cost})
	assert.Equal(t, 1500*time.Millisecond, s.Duration)
	assert.Equal(t, []string{"a", "b"}, s.Models)
	assert.Equal(t, []float64{0.9, 0.3}, []float64{s.BestScore, s.WorstScore})
	assert.Equal(t, []int64{250, 100, 100, 250, 100}, []int64{s.LargestPrompt, s.SecondPrompt, s.FirstPrompt, s.LastPrompt, s.RepeatedTokens})
	assert.Equal(t, FirstError{Span: SpanID{4}, Name: "get", Type: "Refused", Message: "connect", After: 200 * time.Millisecond, Recovered: true}, s.FirstError)
}

// AutoGen's own span of a tool call stands inside that of its OpenInference instrumentation.
func TestAToolCallToldTwiceCountsOnce(t *testing.T) {
	outer, inner, other := at(2, 1, "get", 0, 100), at(3, 2, "get", 10, 90), at(4, 2, "lookup", 20, 30)
	again := at(5, 1, "get", 200, 300)
	for _, s := range []*Span{&outer, &inner, &other, &again} {
		s.ToolCall = true
	}
	inner.Failed = true
	s := Of([]Span{at(1, 0, "agent", 0, 1000), inner, again, other, outer}, limits)
	assert.Equal(t, []int64{3, 1}, []int64{s.ToolCalls, s.ToolErrors}, "a tool that calls another one makes two calls")
}

func TestFindings(t *testing.T) {
	call := func(id byte, from, to uint64, in int64) Span {
		s := at(id, 1, "llm_call", from, to)
		s.ModelCall, s.InputTokens = true, in
		return s
	}
	retrieval := at(2, 1, "vector_search", 0, 100)
	retrieval.Scores, retrieval.Documents, retrieval.DocumentBytes = []float64{0.42, 0.37, 0.31}, 3, 2100
	failed := at(2, 1, "get_order_status", 100, 1200)
	failed.ToolCall, failed.Failed, failed.ErrorType = true, true, "ConnectionError"
	looping := at(2, 1, "Calculator", 0, 100)
	looping.Loop = Loop{Severity: trace.LoopCritical, Count: 47, Tool: "Calculator", WastedTokens: 12345, WastedCost: 31e6}
	cut := call(2, 0, 100, 10)
	cut.CutOff = "length"
	slow := call(2, 0, 100, 10)
	slow.TimeToFirstToken = 7200 * time.Millisecond
	dear := call(2, 0, 100, 10)
	dear.Cost = 1.5e9
	for _, c := range []struct {
		name  string
		spans []Span
		want  []string
	}{
		{"nothing to say", []Span{at(1, 0, "root", 0, 900), call(2, 0, 800, 500)}, nil},
		{"slow", []Span{at(1, 0, "root", 0, 5300), at(2, 1, "rerank", 300, 4500)}, []string{"bottleneck: rerank took 4.20 s of 5.30 s (79 %)"}},
		{"poor retrieval", []Span{at(1, 0, "root", 0, 300), retrieval},
			[]string{"retrieval: best score 0.42 is below 0.50 (worst 0.31); the context held 3 documents, 2.1 KB of weakly related text"}},
		{"one large prompt", []Span{at(1, 0, "root", 0, 400), call(2, 0, 100, 3000), call(3, 100, 200, 12800), call(4, 200, 300, 3000)},
			[]string{"prompt: one call took 12,800 of 18,800 input tokens (68 %), the next largest 3,000"}},
		{"a loop", []Span{at(1, 0, "root", 0, 400), looping},
			[]string{"loop: Calculator 47 times without progress (critical), 12,345 tokens and 0.03 USD wasted"}},
		{"an error", []Span{at(1, 0, "root", 0, 1300), failed},
			[]string{"error: get_order_status failed first, after 1.20 s, with ConnectionError; the run did not recover", "bottleneck: get_order_status took 1.10 s of 1.30 s (85 %)"}},
		{"cut off", []Span{at(1, 0, "root", 0, 400), cut}, []string{"cut off: the answer of llm_call was stopped at the token limit (length, once)"}},
		{"first token", []Span{at(1, 0, "root", 0, 400), slow}, []string{"time to first token: 7.20 s in llm_call"}},
		{"cost", []Span{at(1, 0, "root", 0, 400), dear}, []string{"cost: 1.50 USD in 1 model calls, 1.50 USD of it in the dearest"}},
		{"growth", []Span{at(1, 0, "root", 0, 400), call(2, 0, 100, 500), call(3, 100, 200, 1500), call(4, 200, 300, 2400)},
			[]string{"prompt: one call took 2,400 of 4,400 input tokens (55 %), the next largest 1,500", "context: the prompt grew from 500 to 2,400 tokens in 3 calls (4.8 times)"}},
		{"incomplete", []Span{at(2, 1, "a", 0, 400)}, []string{"incomplete: spans of this trace are missing"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, Of(c.spans, limits).Findings)
		})
	}
}

func TestRepeatedContextIsAFinding(t *testing.T) {
	prompt := "["
	spans := []Span{at(1, 0, "root", 0, 900)}
	for i := range 4 {
		prompt += `{"m":"one more message"},`
		s := at(byte(i+2), 1, "chat", uint64(i)*100, uint64(i)*100+50)
		s.ModelCall, s.InputTokens, s.Prompt = true, int64(1000*(i+1)), prompt[:len(prompt)-1]+"]"
		spans = append(spans, s)
	}
	assert.Contains(t, Of(spans, limits).Findings, "repeated context: 6,000 of 10,000 input tokens (60 %) had been sent before")
}

func TestWorstFindingsComeFirstAndNoMoreThanAsked(t *testing.T) {
	s := at(2, 9, "x", 0, 2000)
	s.Failed, s.Loop = true, Loop{Severity: trace.LoopDetected, Count: 4, Tool: "x"}
	one := limits
	one.MaxFindings = 2
	found := Of([]Span{s}, one).Findings
	require.Len(t, found, 2)
	assert.Contains(t, found[0], "loop: ")
	assert.Contains(t, found[1], "error: ")
}

// TestOddTraces: nothing a client can send makes the walk run for ever or fail.
func TestOddTraces(t *testing.T) {
	self := at(1, 1, "self", 0, 10)
	a, b := at(1, 2, "a", 0, 10), at(2, 1, "b", 0, 10)
	twice := at(3, 0, "twice", 0, 10)
	backwards := at(4, 0, "backwards", 10, 0)
	for name, spans := range map[string][]Span{
		"its own parent": {self}, "a ring": {a, b}, "a ring beside a root": {a, b, at(5, 0, "root", 0, 20)}, "an id twice": {twice, twice},
		"time runs backwards": {backwards}, "no ids": {{}, {}, {Name: "x", End: 5}}, "nothing": nil,
	} {
		t.Run(name, func(t *testing.T) {
			s := Of(spans, limits)
			assert.Equal(t, int64(len(spans)), s.Spans)
		})
	}
}

func BenchmarkOf(b *testing.B) {
	spans := []Span{at(1, 0, "agent", 0, 10_000)}
	for i := range 11 {
		s := at(byte(i+2), 1, "chat", uint64(i)*800, uint64(i)*800+700)
		s.ModelCall, s.Model, s.InputTokens = true, "gpt-4o", 500
		spans = append(spans, s)
	}
	b.ReportAllocs()
	for b.Loop() {
		if Of(spans, limits).ModelCalls != 11 {
			b.Fatal("miscounted")
		}
	}
}
