// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

func shippedPolicies(percentage float64) []Policy {
	return []Policy{
		{Name: "errors", Rule: Failed()},
		{Name: "slow", Rule: SlowOver(TraceDuration, 5)},
		{Name: "loops", Rule: Looping(2)},
		{Name: "rest", Rule: Conversation(percentage, time.Hour)},
	}
}

func errorsOnly() []Policy { return shippedPolicies(0) }

func root(n uint64) spanSpec { return spanSpec{n: n, m: 1, end: time.Second} }

func child(n, m uint64) spanSpec { return spanSpec{n: n, m: m, parent: 1, end: time.Second} }

func failed(s spanSpec) spanSpec {
	s.failed = true
	return s
}

func TestTraceIsDecidedWhenItHasSettledAfterItsRoot(t *testing.T) {
	r := newRig(t, testSettings(compile(t, errorsOnly()...)))
	r.consume(batch(failed(child(1, 2)), root(1)))
	r.pass(5 * time.Second)
	r.consume(batch(child(1, 3)))
	r.pass(5900 * time.Millisecond)
	assert.Empty(t, r.kept(), "the settle time starts again with every span")
	r.pass(200 * time.Millisecond)
	spans := r.kept()[traceID(1)]
	require.Len(t, spans, 3)
	for _, s := range spans {
		assert.Equal(t, "errors", attribute(s, policyKey))
		assert.Equal(t, "root", attribute(s, triggerKey))
		assert.Equal(t, "error", attribute(s, classKey))
		assert.Equal(t, "ot=th:0", s.TraceState().AsRaw())
	}
	r.balanced()
}

func TestTraceWithoutRootIsDecidedWhenIdle(t *testing.T) {
	r := newRig(t, testSettings(compile(t, errorsOnly()...)))
	r.consume(batch(failed(child(1, 2))))
	r.pass(59 * time.Second)
	r.consume(batch(child(1, 3)))
	r.pass(59 * time.Second)
	assert.Empty(t, r.kept())
	r.pass(2 * time.Second)
	require.Len(t, r.kept()[traceID(1)], 2)
	assert.Equal(t, "idle", attribute(r.kept()[traceID(1)][0], triggerKey))
}

func TestTraceIsDecidedAtMaxAge(t *testing.T) {
	r := newRig(t, testSettings(compile(t, errorsOnly()...)))
	for i := range uint64(31 * 2) {
		r.consume(batch(failed(child(1, 2+i))))
		r.pass(30 * time.Second)
	}
	spans := r.kept()[traceID(1)]
	require.NotEmpty(t, spans)
	assert.Equal(t, "max_age", attribute(spans[0], triggerKey))
	assert.Len(t, spans, 62, "the spans after the decision follow it")
}

func TestLateSpansFollowTheDecision(t *testing.T) {
	r := newRig(t, testSettings(compile(t, errorsOnly()...)))
	r.consume(batch(failed(root(1)), root(2)))
	r.pass(7 * time.Second)
	r.consume(batch(child(1, 2), child(2, 2)))
	r.pass(TickInterval)
	require.Len(t, r.kept()[traceID(1)], 2)
	late := r.kept()[traceID(1)][1]
	assert.Equal(t, "errors", attribute(late, policyKey))
	assert.Equal(t, "ot=th:0", late.TraceState().AsRaw())
	assert.Empty(t, r.kept()[traceID(2)])
	s := r.Stats()
	assert.Equal(t, int64(1), s.Dropped[DropLate])
	assert.Equal(t, int64(1), s.LateKept)
}

func TestLateErrorBringsBackTheRest(t *testing.T) {
	policies := append(errorsOnly(), Policy{Name: "health", Rule: SpanCount(1, 0), Drop: true})
	for _, tc := range []struct {
		name     string
		policies []Policy
		want     int
	}{
		{"not kept", errorsOnly(), 2},
		{"dropped by a policy", policies, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := newRig(t, testSettings(compile(t, tc.policies...)))
			r.consume(batch(root(1)))
			r.pass(7 * time.Second)
			r.consume(batch(failed(child(1, 2))))
			r.consume(batch(child(1, 3)))
			r.pass(TickInterval)
			spans := r.kept()[traceID(1)]
			require.Len(t, spans, tc.want)
			for _, s := range spans {
				assert.Equal(t, "true", attribute(s, partialKey))
			}
		})
	}
}

func TestDuplicatesAreHeldOnce(t *testing.T) {
	r := newRig(t, testSettings(compile(t, Policy{Name: "three", Rule: SpanCount(3, 0)})))
	r.consume(batch(root(1), child(1, 2)))
	r.consume(batch(root(1), child(1, 2), child(1, 2)))
	r.consume(batch(root(2), child(2, 2), child(2, 2), child(2, 3), root(3)))
	r.pass(7 * time.Second)
	assert.Empty(t, r.kept()[traceID(1)], "two spans, however often they come")
	assert.Len(t, r.kept()[traceID(2)], 3)
	assert.Equal(t, int64(4), r.Stats().Dropped[DropDuplicate])
}

func TestFlushEarlyHandsOnAtOnce(t *testing.T) {
	set := testSettings(compile(t, errorsOnly()...))
	set.FlushEarly = true
	r := newRig(t, set)
	r.consume(batch(child(1, 2)))
	r.consume(batch(failed(child(1, 3))))
	r.pass(TickInterval)
	require.Len(t, r.kept()[traceID(1)], 2)
	assert.Equal(t, "early", attribute(r.kept()[traceID(1)][0], triggerKey))
	r.consume(batch(root(1)))
	r.pass(TickInterval)
	assert.Len(t, r.kept()[traceID(1)], 3)
}

func TestATraceAtItsLimitIsDecidedAndPassesThrough(t *testing.T) {
	set := testSettings(compile(t, errorsOnly()...))
	set.MaxTraceSpans = 100
	r := newRig(t, set)
	const all = 50_000
	for i := uint64(0); i < all; i += 50 {
		specs := make([]spanSpec, 0, 100)
		for j := range uint64(50) {
			specs = append(specs, failed(child(1, 2+i+j)), child(2, 2+i+j))
		}
		r.consume(batch(specs...))
		r.pass(TickInterval)
	}
	spans := r.kept()[traceID(1)]
	require.Len(t, spans, all)
	assert.Equal(t, "limit", attribute(spans[0], triggerKey))
	assert.Empty(t, r.kept()[traceID(2)])
	s := r.Stats()
	assert.Equal(t, int64(0), s.OpenTraces)
	assert.Equal(t, int64(all), s.Dropped[DropLate]+s.Dropped[DropDecision])
}

func TestQuietTracesArePackedAndComeOutWhole(t *testing.T) {
	r := newRig(t, testSettings(compile(t, errorsOnly()...)))
	first := failed(child(1, 2))
	first.attributes = map[string]any{"tool": "search", "answer": int64(42), "nested": []any{"a", 1.5}}
	r.consume(batch(first, child(2, 2)))
	want := batch(first).ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
	r.pass(19 * time.Second)
	s := r.Stats()
	assert.Equal(t, int64(2), s.ColdSpans)
	assert.Zero(t, s.HotSpans)
	r.consume(batch(child(1, 3), child(1, 2)))
	assert.Equal(t, int64(1), r.Stats().HotSpans)
	assert.Equal(t, int64(1), r.Stats().Dropped[DropDuplicate], "what is packed is still known")
	r.pass(61 * time.Second)
	spans := r.kept()[traceID(1)]
	require.Len(t, spans, 2)
	got := spans[0]
	for _, key := range []string{policyKey, triggerKey, classKey} {
		assert.True(t, got.Attributes().Remove(key))
	}
	got.TraceState().FromRaw("")
	assert.Equal(t, want.Attributes().AsRaw(), got.Attributes().AsRaw())
	require.NoError(t, got.Attributes().FromRaw(nil))
	require.NoError(t, want.Attributes().FromRaw(nil))
	assert.Equal(t, want, got)
	s = r.Stats()
	assert.Zero(t, s.HotBytes)
	assert.Zero(t, s.ColdBytes)
	assert.Zero(t, s.QueuedBytes)
}

func TestAnOrdinaryTraceIsNeverPacked(t *testing.T) {
	r := newRig(t, testSettings(compile(t, shippedPolicies(100)...)))
	for i := range uint64(100) {
		r.consume(batch(child(i, 2), child(i, 3)))
		r.consume(batch(root(i)))
		r.pass(TickInterval)
	}
	r.pass(10 * time.Second)
	assert.Len(t, r.kept(), 100)
	assert.Zero(t, r.Stats().Packed)
}

func TestShutdownDecidesAndDelivers(t *testing.T) {
	r := newRig(t, testSettings(compile(t, errorsOnly()...)))
	r.consume(batch(failed(child(1, 2)), child(2, 2)))
	r.Shutdown(context.Background())
	require.Len(t, r.kept(), 1)
	assert.Equal(t, "shutdown", attribute(r.kept()[traceID(1)][0], triggerKey))
	assert.ErrorIs(t, r.Consume(batch(root(3))), ErrClosed)
	r.balanced()
}

func TestShutdownWithinItsTime(t *testing.T) {
	r := newRig(t, testSettings(compile(t, errorsOnly()...)))
	r.refuse = func() bool { return true }
	r.consume(batch(failed(root(1))))
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	r.Shutdown(ctx)
	assert.Equal(t, int64(1), r.Stats().Dropped[DropShutdown])
	r.balanced()
}

func TestShutdownWithoutStart(t *testing.T) {
	set := testSettings(compile(t, errorsOnly()...))
	e := New(set)
	e.Shutdown(context.Background())
	e.Shutdown(context.Background())
	assert.ErrorIs(t, e.Consume(batch(root(1))), ErrClosed)
}

func TestRefusesAtTheLimitAndForgetsNothing(t *testing.T) {
	set := testSettings(compile(t, errorsOnly()...))
	set.MemoryLimit = 1 << 20
	r := newRig(t, set)
	stalled := true
	r.refuse = func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return stalled
	}
	var refused ptrace.Traces
	for i := uint64(0); ; i++ {
		td := batch(failed(root(i)))
		if err := r.Consume(td); err != nil {
			require.ErrorIs(t, err, ErrFull)
			require.Equal(t, 1, td.SpanCount(), "what is refused is left alone")
			refused = td
			break
		}
		r.clock.advance(time.Millisecond)
		r.Tick()
	}
	s := r.Stats()
	assert.LessOrEqual(t, s.HotBytes+s.ColdBytes+s.QueuedBytes, int64(1<<20)+10_000)
	assert.Positive(t, s.DecidedByMemory)
	r.mu.Lock()
	stalled = false
	r.mu.Unlock()
	r.pass(time.Minute)
	r.consume(refused)
	r.pass(7 * time.Second)
	s = r.Stats()
	assert.Equal(t, s.Received-s.Refused, s.Kept)
	assert.Equal(t, int64(1), s.Refused)
}

func TestSpansWithoutIDsAreNotTakenForOneAnother(t *testing.T) {
	r := newRig(t, testSettings(compile(t, shippedPolicies(100)...)))
	a, b := child(1, 0), child(1, 0)
	r.consume(batch(a, b))
	r.pass(61 * time.Second)
	assert.Len(t, r.kept()[traceID(1)], 2)
}

func TestSpansWithoutATraceIDPassUnchanged(t *testing.T) {
	r := newRig(t, testSettings(compile(t, errorsOnly()...)))
	td := batch(child(1, 2), child(1, 3), child(2, 4))
	spans := td.ResourceSpans().At(0).ScopeSpans().At(0).Spans()
	spans.At(0).SetTraceID(pcommon.NewTraceIDEmpty())
	spans.At(2).SetTraceID(pcommon.NewTraceIDEmpty())
	r.consume(td)
	r.pass(TickInterval)
	passed := r.kept()[pcommon.NewTraceIDEmpty()]
	require.Len(t, passed, 2)
	assert.Zero(t, passed[0].Attributes().Len())
	assert.Empty(t, passed[0].TraceState().AsRaw())
	assert.Equal(t, int64(2), r.Stats().Untraced)
}

func TestResourcesAndScopesStay(t *testing.T) {
	r := newRig(t, testSettings(compile(t, shippedPolicies(100)...)))
	td := ptrace.NewTraces()
	for _, service := range []string{"a", "b"} {
		rs := td.ResourceSpans().AppendEmpty()
		rs.Resource().Attributes().PutStr("service", service)
		rs.SetSchemaUrl("schema-" + service)
		for _, scope := range []string{"x", "y"} {
			ss := rs.ScopeSpans().AppendEmpty()
			ss.Scope().SetName(scope)
			for n := range uint64(2) {
				s := root(n)
				s.name = service + scope
				s.m = uint64(ss.Spans().Len()) + uint64(len(service+scope)) + uint64(service[0])<<8 + uint64(scope[0])
				s.fill(ss.Spans().AppendEmpty())
			}
		}
	}
	r.consume(td)
	r.pass(7 * time.Second)
	n := 0
	for _, out := range r.delivered {
		for _, rs := range out.ResourceSpans().All() {
			service, _ := rs.Resource().Attributes().Get("service")
			assert.Equal(t, "schema-"+service.Str(), rs.SchemaUrl())
			for _, ss := range rs.ScopeSpans().All() {
				for _, s := range ss.Spans().All() {
					assert.Equal(t, service.Str()+ss.Scope().Name(), s.Name())
					n++
				}
			}
		}
	}
	assert.Equal(t, 8, n)
}
