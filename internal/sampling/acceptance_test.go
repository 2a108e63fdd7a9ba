// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	otelsampling "github.com/open-telemetry/opentelemetry-collector-contrib/pkg/sampling"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/trace"
)

// tally collects what was kept of each trace, without keeping it.
type tally struct {
	*rig
	spans    map[pcommon.TraceID]int
	adjusted map[pcommon.TraceID]float64
}

func newTally(t *testing.T, set Settings) *tally {
	return &tally{rig: newRig(t, set), spans: map[pcommon.TraceID]int{}, adjusted: map[pcommon.TraceID]float64{}}
}

// collect moves what has been handed on into the tally.
func (r *tally) collect() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, td := range r.delivered {
		for _, rs := range td.ResourceSpans().All() {
			for _, ss := range rs.ScopeSpans().All() {
				for _, span := range ss.Spans().All() {
					r.spans[span.TraceID()]++
					r.adjusted[span.TraceID()] = adjustedCount(r.t, span)
				}
			}
		}
	}
	r.delivered = nil
}

// adjustedCount is how many traces a kept span stands for. That its randomness passes its threshold is part of what
// the trace state promises.
func adjustedCount(t testing.TB, span ptrace.Span) float64 {
	w3c, err := otelsampling.NewW3CTraceState(span.TraceState().AsRaw())
	require.NoError(t, err)
	threshold, ok := w3c.OTelValue().TValueThreshold()
	require.True(t, ok, "every kept span has a threshold")
	randomness, ok := w3c.OTelValue().RValueRandomness()
	if !ok {
		randomness = otelsampling.TraceIDToRandomness(span.TraceID())
	}
	require.True(t, threshold.ShouldSample(randomness), span.TraceState().AsRaw())
	return threshold.AdjustedCount()
}

// agentTrace is a trace of twelve spans, of the given kind.
func agentTrace(n uint64, kind trace.Class, conversation string) []spanSpec {
	specs := make([]spanSpec, 12)
	for i := range specs {
		specs[i] = spanSpec{n: n, m: uint64(i + 1), parent: 1, start: time.Duration(i) * 100 * time.Millisecond}
		specs[i].end = specs[i].start + 100*time.Millisecond
	}
	head := &specs[0]
	head.parent, head.end = 0, 1200*time.Millisecond
	head.attributes = map[string]any{"conversation": conversation}
	switch kind {
	case trace.Erroneous:
		specs[7].failed = true
	case trace.Looping:
		specs[9].attributes = map[string]any{"loop": int64(trace.LoopDetected)}
	case trace.Slow:
		head.end = 5200 * time.Millisecond
	}
	return specs
}

func kindOfNth(n uint64) trace.Class {
	switch n % 50 {
	case 7:
		return trace.Erroneous
	case 21:
		return trace.Slow
	case 33:
		return trace.Looping
	}
	return trace.Normal
}

func TestShippedPolicyOnAHundredThousandTraces(t *testing.T) {
	traces := uint64(100_000)
	if testing.Short() {
		traces = 10_000
	}
	r := newTally(t, testSettings(compile(t, shippedPolicies(10)...)))
	for n := uint64(0); n < traces; {
		var first, second []spanSpec
		for range 100 {
			specs := agentTrace(n, kindOfNth(n), fmt.Sprint("conversation ", n))
			first = append(first, specs[6:]...)
			second = append(second, specs[:6]...)
			n++
		}
		r.consume(batch(first...))
		r.clock.advance(TickInterval)
		r.consume(batch(second...))
		r.Tick()
		r.collect()
	}
	r.pass(7 * time.Second)
	r.collect()

	var rest, restKept, sum float64
	for n := range traces {
		spans := r.spans[traceID(n)]
		if kindOfNth(n) != trace.Normal {
			require.Equal(t, 12, spans, "trace %d is kept whole, being of class %s", n, kindOfNth(n))
			require.InDelta(t, 1, r.adjusted[traceID(n)], 0)
		} else {
			rest++
			if spans > 0 {
				require.Equal(t, 12, spans)
				restKept++
			}
		}
		sum += r.adjusted[traceID(n)]
	}
	sigma := math.Sqrt(rest * 0.1 * 0.9)
	assert.InDelta(t, 0.1*rest, restKept, 3*sigma)
	assert.InDelta(t, float64(traces), sum, 3*sigma*10)
}

func TestConversationsAreKeptOrDroppedAsOne(t *testing.T) {
	const conversations, turns = 1000, 10
	r := newTally(t, testSettings(compile(t, shippedPolicies(10)...)))
	id := func(c, turn int) uint64 { return uint64(c*turns + turn) }
	failsAt := func(c int) int {
		if c%20 == 3 {
			return c / 20 % turns
		}
		return turns
	}
	for turn := range turns {
		for c := range conversations {
			kind := trace.Normal
			if failsAt(c) == turn {
				kind = trace.Erroneous
			}
			r.consume(batch(agentTrace(id(c, turn), kind, fmt.Sprint("c", c))...))
		}
		r.pass(10 * time.Second)
		r.collect()
	}
	whole := 0
	for c := range conversations {
		kept := 0
		for turn := range turns {
			if r.spans[traceID(id(c, turn))] > 0 {
				kept++
				continue
			}
			require.Less(t, turn, failsAt(c), "from the turn that failed on, every turn is kept")
		}
		if failsAt(c) == turns {
			require.Contains(t, []int{0, turns}, kept, "all turns or none")
			whole += kept / turns
		}
	}
	n := 0.95 * conversations
	assert.InDelta(t, 0.1*n, whole, 3*math.Sqrt(n*0.1*0.9))
}

// mixes are sets of policies under which adjusted counts must add up to all traces.
func mixes() map[string][]Policy {
	anyOf := func(rules ...Rule) (out []Policy) {
		for i, rule := range rules {
			out = append(out, Policy{Name: fmt.Sprint("p", i), Rule: rule})
		}
		return out
	}
	return map[string][]Policy{
		"probabilistic":        anyOf(Probabilistic(10)),
		"shipped":              shippedPolicies(10),
		"two probabilities":    anyOf(Probabilistic(5), Probabilistic(20)),
		"not probabilistic":    anyOf(Not(Probabilistic(30))),
		"band":                 anyOf(And(Probabilistic(60), Not(Probabilistic(30)))),
		"low or high":          anyOf(Probabilistic(10), Not(Probabilistic(90))),
		"by conversation, too": anyOf(Conversation(10, time.Hour), Probabilistic(20)),
		"error and a share":    anyOf(And(Failed(), Probabilistic(50)), Probabilistic(10)),
		"dropped by chance":    append(anyOf(Always()), Policy{Name: "d", Rule: Not(Probabilistic(25)), Drop: true}),
		"spans a second":       anyOf(RateLimit(300, 0)),
		"errors and a rate":    anyOf(Failed(), RateLimit(200, 0)),
		"rate of a share":      anyOf(And(Probabilistic(50), RateLimit(200, 0))),
		"bytes a second":       anyOf(BytesLimit(20_000, 0)),
		"composite":            anyOf(Composite(400, []Share{{Failed(), 25}, {Always(), 75}})),
		"adaptive traces":      anyOf(AdaptiveTraces(100, []Field{ByService})),
		"adaptive bytes":       anyOf(AdaptiveBytes(20_000, []Field{ByService})),
		"diverse and a share":  anyOf(Diverse(time.Minute), Probabilistic(10)),
	}
}

func TestAdjustedCountsAddUp(t *testing.T) {
	for name := range mixes() {
		for _, upstream := range []string{"", "ot=th:8"} {
			t.Run(name+upstream, func(t *testing.T) {
				r := newTally(t, testSettings(compile(t, mixes()[name]...)))
				random := rand.New(rand.NewPCG(11, 12))
				var want float64
				for n := uint64(0); n < 10_000; {
					var specs []spanSpec
					for range 50 {
						n++
						head := root(n)
						head.failed = n%20 == 0
						head.attributes = map[string]any{"conversation": fmt.Sprint("c", n)}
						head.state = upstream
						if upstream != "" && traceRandomness(traceID(n)) < maxRandomness/2 {
							continue // an earlier sampler has dropped it
						}
						specs = append(specs, head)
						for m := range uint64(random.IntN(5)) {
							c := child(n, m+2)
							c.state = upstream
							specs = append(specs, c)
						}
					}
					want += 50
					r.consume(batch(specs...))
					r.pass(TickInterval)
					r.collect()
				}
				r.pass(10 * time.Second)
				r.collect()
				var sum, variance float64
				for _, a := range r.adjusted {
					sum += a
					variance += a * (a - 1)
				}
				require.Positive(t, sum)
				assert.InDelta(t, want, sum, 3*math.Sqrt(variance), "kept %d", len(r.adjusted))
			})
		}
	}
}
