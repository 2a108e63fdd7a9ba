// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package calls

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const ms = int64(time.Millisecond)

// at is a time so many milliseconds after some day's beginning.
func at(milliseconds int64) int64 { return 1_800_000_000_000*ms + milliseconds*ms }

func id(n int) (id [8]byte) {
	binary.BigEndian.PutUint64(id[:], uint64(n))
	return id
}

// span is a report of a call by a span that runs from start to end, in milliseconds.
func span(trace byte, n, parent int, scope string, start, end int64) Report {
	return Report{Ref: SpanRef{Trace: [16]byte{trace}, Span: id(n)}, Parent: id(parent), Scope: scope, Start: at(start), End: at(end), Input: 100, Output: 20}
}

func (r Report) with(responseID string) Report { r.ResponseID = responseID; return r }
func (r Report) using(input, output, cached int64) Report {
	r.Input, r.Output, r.Cached = input, output, cached
	return r
}

// parents is the Ancestry of a request.
type parents map[SpanRef][8]byte

func (p parents) Parent(of SpanRef) ([8]byte, bool) { parent, ok := p[of]; return parent, ok }

func ancestryOf(request []Report) parents {
	p := parents{}
	for _, r := range request {
		p[r.Ref] = r.Parent
	}
	return p
}

// deliver settles requests in order and returns the verdict of each report in the last delivery.
func deliver(t testing.TB, l *Ledger, requests ...[]Report) (verdicts [][]Verdict) {
	t.Helper()
	for i, request := range requests {
		verdicts = append(verdicts, make([]Verdict, len(request)))
		require.Zero(t, l.Settle(time.Unix(int64(i), 0), request, verdicts[i], ancestryOf(request)))
	}
	return verdicts
}

func newLedger() *Ledger { return NewLedger(time.Minute, 1000) }

// pairs are the ways in which one call is reported twice.
var pairs = map[string]struct{ outer, inner Report }{
	"child":                 {span(1, 1, 9, "framework", 0, 50), span(1, 2, 1, "sdk", 5, 40)},
	"child, ids":            {span(1, 1, 9, "framework", 0, 50).with("resp_1"), span(1, 2, 1, "sdk", 5, 40).with("resp_1")},
	"child, one id":         {span(1, 1, 9, "framework", 0, 50), span(1, 2, 1, "sdk", 5, 40).with("resp_1")},
	"child, one scope":      {span(1, 1, 9, "langfuse-sdk", 0, 50), span(1, 2, 1, "langfuse-sdk", 5, 40)},
	"sibling":               {span(1, 1, 9, "framework", 0, 50), span(1, 2, 9, "sdk", 5, 40)},
	"uncle":                 {span(1, 1, 9, "framework", 0, 50), span(1, 2, 8, "sdk", 5, 40)},
	"other trace":           {span(1, 1, 9, "framework", 0, 50).with("resp_1"), span(2, 2, 0, "sdk", 5, 60).with("resp_1")},
	"cache left out":        {span(1, 1, 9, "framework", 0, 50).with("resp_1").using(104, 20, 0), span(1, 2, 1, "sdk", 5, 40).with("resp_1").using(152, 20, 48)},
	"one miscounts":         {span(1, 1, 9, "framework", 0, 50).with("resp_1").using(100, 21, 0), span(1, 2, 1, "sdk", 5, 40).with("resp_1").using(100, 20, 0)},
	"one miscounts, alone":  {span(1, 1, 0, "framework", 0, 50).with("resp_1").using(100, 21, 0), span(2, 2, 0, "sdk", 5, 40).with("resp_1").using(100, 20, 0)},
	"child, by a gateway":   {ofModel(span(1, 1, 9, "sdk", 0, 50), "openai/gpt-4o"), ofModel(span(1, 2, 1, "gateway", 5, 40), "azure/gpt-4o")},
	"no parent, no id":      {ofService(span(1, 1, 9, "framework", 0, 50)), ofService(span(2, 2, 0, "sdk", 5, 40).with("resp_1"))},
	"no parent, id outside": {ofService(span(1, 1, 0, "framework", 0, 50).with("resp_1")), ofService(span(2, 2, 0, "sdk", 5, 40))},
	"same times":            {span(1, 1, 9, "framework", 0, 50), span(1, 2, 1, "sdk", 0, 50)},
}

func TestOneCallTwoSpans(t *testing.T) {
	for name, pair := range pairs {
		t.Run(name, func(t *testing.T) {
			if pair.outer.Ref.Trace == pair.inner.Ref.Trace || pair.outer.ResponseID != pair.inner.ResponseID { // which of two traces is the inner one cannot be told
				assert.Equal(t, [][]Verdict{{Elsewhere, Counts}}, deliver(t, newLedger(), []Report{pair.outer, pair.inner}), "in one request: the inner")
				assert.Equal(t, [][]Verdict{{Counts, Elsewhere}}, deliver(t, newLedger(), []Report{pair.inner, pair.outer}), "in one request: the inner")
			} else {
				together := deliver(t, newLedger(), []Report{pair.inner, pair.outer})[0]
				assert.ElementsMatch(t, []Verdict{Counts, Elsewhere}, together)
			}
			assert.Equal(t, [][]Verdict{{Counts}, {Elsewhere}}, deliver(t, newLedger(), []Report{pair.inner}, []Report{pair.outer}), "child first")
			assert.Equal(t, [][]Verdict{{Counts}, {Elsewhere}}, deliver(t, newLedger(), []Report{pair.outer}, []Report{pair.inner}), "parent first")
			assert.Equal(t, [][]Verdict{{Counts}, {Counts}, {Elsewhere}, {Elsewhere}},
				deliver(t, newLedger(), []Report{pair.outer}, []Report{pair.outer}, []Report{pair.inner}, []Report{pair.inner}), "every request twice")
		})
	}
}

func TestIntermediateSpans(t *testing.T) {
	outer, inner := span(1, 1, 9, "langfuse-sdk", 0, 50), span(1, 2, 5, "langfuse-sdk", 5, 40)
	between := parents{{Trace: [16]byte{1}, Span: id(5)}: id(4), {Trace: [16]byte{1}, Span: id(4)}: id(1)}
	verdicts := make([]Verdict, 2)
	newLedger().Settle(time.Unix(0, 0), []Report{outer, inner}, verdicts, between)
	assert.Equal(t, []Verdict{Elsewhere, Counts}, verdicts)
}

// TestLookAlikes are two calls each, which both count.
func TestLookAlikes(t *testing.T) {
	for name, both := range map[string][2]Report{
		"parallel, different ids":             {span(1, 1, 9, "sdk", 0, 50).with("a"), span(1, 2, 9, "sdk", 0, 50).with("b")},
		"parallel, no ids":                    {span(1, 1, 9, "sdk", 0, 50), span(1, 2, 9, "sdk", 0, 50)},
		"parallel, one id":                    {span(1, 1, 9, "sdk", 0, 50).with("a"), span(1, 2, 9, "sdk", 0, 50)},
		"other scope, different ids":          {span(1, 1, 9, "sdk", 0, 50).with("a"), span(1, 2, 1, "other", 0, 50).with("b")},
		"one after the other, by two SDKs":    {span(1, 1, 9, "sdk", 0, 50), span(1, 2, 9, "other", 60, 90)},
		"a gateway repeats an id":             {span(1, 1, 9, "sdk", 0, 50).with("req"), span(1, 2, 9, "sdk", 60, 90).with("req").using(200, 20, 0)},
		"two SDKs behind such a gateway":      {span(1, 1, 9, "sdk", 0, 50).with("req"), span(1, 2, 9, "other", 5, 40).with("req").using(200, 30, 0)},
		"and one after the other":             {span(1, 1, 9, "sdk", 0, 50).with("req"), span(1, 2, 9, "other", 60, 90).with("req").using(100, 30, 0)},
		"a gateway repeats an id and usage":   {span(1, 1, 9, "sdk", 0, 50).with("req"), span(1, 2, 9, "sdk", 60, 90).with("req")},
		"one id, an hour apart":               {span(1, 1, 9, "framework", 0, 50).with("chatcmpl_1"), span(2, 2, 9, "sdk", 3_600_000, 3_600_050).with("chatcmpl_1")},
		"two models are asked the same":       {ofModel(span(1, 1, 9, "openai", 0, 50), "openai/gpt-4o"), ofModel(span(1, 2, 9, "anthropic", 5, 40), "anthropic/claude")},
		"nested, different usage":             {span(1, 1, 9, "framework", 0, 50), span(1, 2, 1, "sdk", 5, 40).using(101, 20, 0)},
		"two traces, no ids":                  {span(1, 1, 9, "framework", 0, 50), span(2, 2, 1, "sdk", 5, 40)},
		"embeddings of one size in parallel":  {span(1, 1, 9, "a", 0, 50).using(35, 0, 0), span(1, 2, 8, "b", 5, 40).using(35, 0, 0)},
		"two traces, both with a parent":      {ofService(span(1, 1, 9, "framework", 0, 50)), ofService(span(2, 2, 8, "sdk", 5, 40))},
		"two traces, the outer has no parent": {ofService(span(1, 1, 0, "framework", 0, 50)), ofService(span(2, 2, 8, "sdk", 5, 40))},
		"two traces, one instrumentation":     {ofService(span(1, 1, 0, "sdk", 0, 50)), ofService(span(2, 2, 0, "sdk", 5, 40))},
		"two traces, two ids":                 {ofService(span(1, 1, 9, "framework", 0, 50).with("a")), ofService(span(2, 2, 0, "sdk", 5, 40).with("b"))},
		"two traces, not one in the other":    {ofService(span(1, 1, 9, "framework", 0, 50)), ofService(span(2, 2, 0, "sdk", 5, 60))},
		"two traces, other usage":             {ofService(span(1, 1, 9, "framework", 0, 50)), ofService(span(2, 2, 0, "sdk", 5, 40).using(100, 21, 0))},
		"one id of a gateway, two answers":    {ofModel(span(1, 1, 9, "a", 0, 50).with("req").using(5000, 1, 0), "openai/gpt-4o"), ofModel(span(2, 2, 9, "b", 5, 40).with("req").using(20, 1, 0), "anthropic/claude")},
		"one id of a gateway, far apart":      {span(1, 1, 9, "a", 0, 50).with("req").using(5000, 1, 0), span(1, 2, 9, "b", 5, 40).with("req").using(20, 1, 0)},
		"two traces, the root without an id":  {ofService(span(1, 1, 9, "framework", 0, 50)), ofService(span(2, 2, 0, "sdk", 5, 40))},
		"two traces, other model":             {ofService(span(1, 1, 9, "framework", 0, 50)), ofModel(ofService(span(2, 2, 0, "sdk", 5, 40)), "openai/gpt-4o-mini")},
	} {
		for _, order := range [][2]Report{both, {both[1], both[0]}} {
			assert.Equal(t, [][]Verdict{{Counts, Counts}}, deliver(t, newLedger(), order[:]), name)
			assert.Equal(t, [][]Verdict{{Counts}, {Counts}}, deliver(t, newLedger(), order[:1], order[1:]), name)
		}
	}
}

func TestWithoutUsageNothingIsRemembered(t *testing.T) {
	l := newLedger()
	refused := span(1, 1, 9, "sdk", 0, 50).using(0, 0, 0)
	assert.Equal(t, [][]Verdict{{Counts}, {Counts}}, deliver(t, l, []Report{refused}, []Report{refused}))
	assert.Zero(t, l.Len())
}

func record(kind Kind, session string, when int64) Report {
	return Report{Kind: kind, Session: session, Start: at(when), End: at(when), Input: 100, Output: 20}
}

func ofModel(r Report, model string) Report { r.Model = model; return r }

// ofService is a report of some service and model.
func ofService(r Report) Report { r.Service, r.Model = "shop", "openai/gpt-4o"; return r }

// TestACallOfItsOwnBesideAPair is a framework's call, told by its SDK, too, and another one of equal usage at the same time.
func TestACallOfItsOwnBesideAPair(t *testing.T) {
	framework, sdk := ofService(span(1, 1, 9, "framework", 0, 60)), ofService(span(1, 3, 1, "sdk", 5, 50).with("b"))
	apart := ofService(span(2, 2, 0, "sdk", 10, 40).with("a"))
	assert.Equal(t, [][]Verdict{{Counts}, {Elsewhere}, {Counts}}, deliver(t, newLedger(), []Report{sdk}, []Report{framework}, []Report{apart}))
	assert.Equal(t, [][]Verdict{{Counts}, {Elsewhere}, {Counts}}, deliver(t, newLedger(), []Report{apart}, []Report{framework}, []Report{sdk}))
}

// TestPairsAcrossTraces pairs two calls of the same usage at the same time, each reported in two traces.
func TestPairsAcrossTraces(t *testing.T) {
	request := []Report{
		ofService(span(1, 1, 9, "framework", 0, 50)), ofService(span(2, 2, 9, "framework", 1, 51)),
		ofService(span(3, 3, 0, "sdk", 5, 40).with("a")), ofService(span(4, 4, 0, "sdk", 6, 41).with("b")),
	}
	assert.Equal(t, [][]Verdict{{Elsewhere, Elsewhere, Counts, Counts}}, deliver(t, newLedger(), request))
	assert.Equal(t, [][]Verdict{{Counts, Counts}, {Elsewhere, Elsewhere}}, deliver(t, newLedger(), request[2:], request[:2]))
}

func inSession(r Report, session string) Report { r.Session = session; return r }

func TestSessionRecords(t *testing.T) {
	call := inSession(span(1, 1, 9, "cli", 0, 50), "s")
	second := inSession(span(1, 2, 9, "cli", 60, 90), "s")
	log, secondLog := record(SessionRecord, "s", 50), record(SessionRecord, "s", 90)
	assert.Equal(t, [][]Verdict{{Counts}, {Elsewhere}}, deliver(t, newLedger(), []Report{call}, []Report{log}), "spans come")
	assert.Equal(t, [][]Verdict{{Counts, Counts}}, deliver(t, newLedger(), []Report{log, secondLog}), "no spans come")
	assert.Equal(t, [][]Verdict{{Counts}, {Elsewhere}, {Elsewhere}, {Counts}, {Counts}},
		deliver(t, newLedger(), []Report{log}, []Report{call}, []Report{secondLog}, []Report{second}, []Report{log}), "the first record came first")
	assert.Equal(t, [][]Verdict{{Counts, Counts}, {Elsewhere, Elsewhere}, {Elsewhere, Elsewhere}},
		deliver(t, newLedger(), []Report{log, secondLog}, []Report{call, second}, []Report{call, second}), "one span a record")
	assert.Equal(t, [][]Verdict{{Counts}, {Counts}}, deliver(t, newLedger(), []Report{log}, []Report{inSession(call, "other")}))
	late := inSession(span(1, 3, 9, "cli", 60_000, 60_100), "s")
	assert.Equal(t, [][]Verdict{{Counts}, {Counts}}, deliver(t, newLedger(), []Report{log}, []Report{late}), "another call with the same usage")
	refused := call.using(0, 0, 0)
	assert.Equal(t, [][]Verdict{{Counts}, {Elsewhere}}, deliver(t, newLedger(), []Report{refused}, []Report{log}), "a failed call says that spans come, too")
}

func TestRecordsById(t *testing.T) {
	log := Report{Kind: Record, ResponseID: "resp_1", Start: at(50), End: at(50), Input: 100, Output: 20}
	call := span(1, 1, 9, "sdk", 0, 50).with("resp_1")
	assert.Equal(t, [][]Verdict{{Counts}, {Elsewhere}, {Counts}}, deliver(t, newLedger(), []Report{log}, []Report{call}, []Report{log}))
	assert.Equal(t, [][]Verdict{{Counts}, {Elsewhere}}, deliver(t, newLedger(), []Report{call}, []Report{log}))
}

func TestAPriceOfItsOwnIsPreferred(t *testing.T) {
	outer, inner := span(1, 1, 9, "gateway", 0, 50), span(1, 2, 1, "sdk", 5, 40)
	outer.Owned = true
	assert.Equal(t, [][]Verdict{{Counts, Elsewhere}}, deliver(t, newLedger(), []Report{outer, inner}))
	assert.Equal(t, [][]Verdict{{Elsewhere, Counts}}, deliver(t, newLedger(), []Report{inner, outer}))
}

func TestSettledReportsStaySo(t *testing.T) {
	outer, inner := span(1, 1, 9, "framework", 0, 50), span(1, 2, 1, "sdk", 5, 40)
	outer.Settled = true
	assert.Equal(t, [][]Verdict{{Counts, Elsewhere}}, deliver(t, newLedger(), []Report{outer, inner}))
	assert.Equal(t, [][]Verdict{{Elsewhere, Counts}}, deliver(t, newLedger(), []Report{inner, outer}))
	assert.Equal(t, [][]Verdict{{Counts}, {Elsewhere}}, deliver(t, newLedger(), []Report{outer}, []Report{inner}))
	inner.Settled = true
	assert.Equal(t, [][]Verdict{{Counts, Counts}}, deliver(t, newLedger(), []Report{outer, inner}), "it is not for us to say")
}

func TestMemoryIsBounded(t *testing.T) {
	l := NewLedger(time.Minute, 700)
	verdict, forgotten := make([]Verdict, 1), 0
	for i := range 5000 {
		r := span(1, i+1, 0, "sdk", int64(i), int64(i)+1).with("req")
		r.Session = time.Duration(i).String()
		forgotten += l.Settle(time.Unix(0, 0), []Report{r.using(int64(i), 1, 0)}, verdict, nil)
	}
	assert.Equal(t, 700, l.Len())
	assert.Equal(t, 5000-700, forgotten)
	l.Settle(time.Unix(61, 0), []Report{span(2, 1, 0, "sdk", 0, 1)}, verdict, nil)
	assert.Equal(t, 1, l.Len(), "after the window nothing is left")
	for i := range 3 * maxSessions {
		l.sessions.add(uint64(i))
	}
	assert.LessOrEqual(t, len(l.sessions.young)+len(l.sessions.old), 2*maxSessions)
}

func TestSpansWithoutIds(t *testing.T) {
	nameless := Report{Start: at(0), End: at(50), Input: 100, Output: 20}
	assert.Equal(t, [][]Verdict{{Counts, Counts}, {Counts}}, deliver(t, newLedger(), []Report{nameless, nameless}, []Report{nameless}))
	assert.Equal(t, [][]Verdict{{Counts, Elsewhere}}, deliver(t, newLedger(), []Report{nameless.with("a"), nameless.with("a")}), "but for the response")
}

func TestARequestLargerThanTheMemory(t *testing.T) {
	l := NewLedger(time.Minute, 10)
	var request []Report
	for i := range 100 {
		request = append(request, span(1, i+1, 999, "sdk", 0, 10))
	}
	verdicts := make([]Verdict, len(request))
	l.Settle(time.Unix(0, 0), request, verdicts, nil)
	assert.NotContains(t, verdicts, Elsewhere)
}

// TestEveryCallCountsOnce delivers the reports of many calls in any order and split, some of them twice: one report of each counts, and
// the same one each time.
func TestEveryCallCountsOnce(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		calls := map[string][]Report{}
		var all []Report
		for i := range 20 {
			name := time.Duration(i).String()
			start := int64(i * 100) // the calls of this app follow each other, its usage repeats
			outer := span(1, 10*i+1, 5, "framework", start, start+90).using(int64(random.IntN(2)+1), 20, 0)
			inner := span(1, 10*i+2, 10*i+1, "sdk", start+10, start+80).using(outer.Input, 20, 0)
			if random.IntN(2) == 0 {
				inner.Parent = id(5)
			}
			if random.IntN(2) == 0 {
				outer, inner = outer.with(name), inner.with(name)
				if random.IntN(2) == 0 {
					inner.Ref.Trace = [16]byte{byte(i + 2)}
				}
			}
			calls[name] = []Report{outer, inner}
			all = append(all, outer, inner)
		}
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		verdicts := map[SpanRef]Verdict{}
		l := newLedger()
		for len(all) > 0 {
			size := min(len(all), 1+random.IntN(7))
			request := all[:size]
			for range 1 + random.IntN(2) {
				got := make([]Verdict, size)
				l.Settle(time.Unix(0, 0), request, got, ancestryOf(request))
				for i, r := range request {
					before, again := verdicts[r.Ref]
					require.True(t, !again || before == got[i], "a verdict stays")
					verdicts[r.Ref] = got[i]
				}
			}
			all = all[size:]
		}
		for name, reports := range calls {
			count := 0
			for _, r := range reports {
				if verdicts[r.Ref] == Counts {
					count++
				}
			}
			require.Equal(t, 1, count, "seed %d call %s", seed, name)
		}
	}
}

func TestNoReportIsLostInAFullTable(t *testing.T) {
	const many = 1 << 14
	l := NewLedger(time.Minute, 2*many)
	random := rand.New(rand.NewPCG(1, 1))
	all := make([]Report, many)
	for i := range all {
		all[i] = span(1, i+1, 0, "sdk", int64(i), int64(i)+1).using(int64(i)+1, 20, 0)
		binary.LittleEndian.PutUint64(all[i].Ref.Span[:], random.Uint64())
	}
	for range 2 {
		verdicts := make([]Verdict, many)
		forgotten := l.Settle(time.Unix(0, 0), all, verdicts, nil)
		assert.Zero(t, forgotten)
		assert.NotContains(t, verdicts, Elsewhere)
		assert.Equal(t, many, l.Len(), "what comes again is known")
	}
}

func TestWhatIsForgottenWithinItsRequestKeepsItsVerdict(t *testing.T) {
	l := NewLedger(time.Minute, 2)
	var request []Report
	for i, id := range []string{"x", "x", "y", "z"} {
		request = append(request, span(1, i+1, 0, string(rune('a'+i)), 0, 1).with(id))
	}
	verdicts := make([]Verdict, len(request))
	assert.Equal(t, 2, l.Settle(time.Unix(0, 0), request, verdicts, nil))
	assert.Equal(t, []Verdict{Counts, Elsewhere, Counts, Counts}, verdicts)
}

func TestConcurrentUse(t *testing.T) {
	l := newLedger()
	done := make(chan struct{})
	for g := range 4 {
		go func() {
			defer func() { done <- struct{}{} }()
			for i := range 200 {
				request := []Report{span(byte(g+1), i+1, 0, "sdk", 0, 1)}
				l.Settle(time.Unix(0, 0), request, make([]Verdict, 1), nil)
			}
		}()
	}
	for range 4 {
		<-done
	}
	assert.Equal(t, 800, l.Len())
}

func BenchmarkSettle(b *testing.B) {
	for name, ids := range map[string]int{"ids": 1 << 16, "a gateway's one id": 1} {
		b.Run(name, func(b *testing.B) {
			responses := make([]string, ids)
			for i := range responses {
				responses[i] = "chatcmpl-" + time.Duration(i).String()
			}
			l, n := NewLedger(time.Minute, 100_000), 0
			request, verdicts := make([]Report, 8), make([]Verdict, 8)
			b.ReportAllocs()
			for b.Loop() {
				for i := range request {
					n++
					request[i] = inSession(span(byte(n), n, 99, "openai", int64(i), int64(i)+5).with(responses[n%ids]).using(int64(n), 20, 0), "session")
				}
				l.Settle(time.Unix(0, int64(n)*1_000_000), request, verdicts, nil)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/call")
			require.True(b, slices.Contains(verdicts, Counts))
		})
	}
}
