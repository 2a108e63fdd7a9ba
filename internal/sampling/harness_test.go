// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"context"
	"encoding/binary"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/trace"
)

// fakeClock stands still until it is moved.
type fakeClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// plainDescriber reads facts from attributes that only these tests know.
type plainDescriber struct{ service string }

func (d *plainDescriber) Enter(r pcommon.Resource, _ pcommon.InstrumentationScope) {
	d.service = ""
	if v, ok := r.Attributes().Get("service"); ok {
		d.service = v.Str()
	}
}

func (d *plainDescriber) Describe(span ptrace.Span, f *trace.Span) {
	f.Start, f.End = uint64(span.StartTimestamp()), uint64(span.EndTimestamp())
	f.Root = span.ParentSpanID().IsEmpty()
	f.Failed = span.Status().Code() == ptrace.StatusCodeError
	f.Service, f.Operation = d.service, span.Name()
	for k, v := range span.Attributes().All() {
		switch k {
		case "conversation":
			f.Conversation = v.Str()
		case "agent":
			f.Agent = v.Str()
		case "tool":
			f.Tool, f.ToolCall = v.Str(), true
		case "loop":
			f.Loop = trace.Severity(v.Int())
		case "tokens":
			f.ModelCall, f.InputTokens = true, v.Int()
		case "output_tokens":
			f.OutputTokens = v.Int()
		case "ttft":
			f.TimeToFirstToken = time.Duration(v.Int())
		case "wants_tools":
			f.WantsTools = v.Bool()
		case "cost":
			f.Cost = v.Int()
		case "finish":
			f.FinishReasons = append(f.FinishReasons, v.Str())
		case "redacted":
			f.Redacted = append(f.Redacted, v.Str())
		case "retrieval":
			f.RetrievalScore, f.HasRetrievalScore = v.Double(), true
		case "evaluation":
			f.Evaluations = append(f.Evaluations, trace.Evaluation{Name: "quality", Score: v.Double(), HasScore: true})
		}
	}
}

// rig is an engine whose clock and ticks the test drives, and all that it has handed on.
type rig struct {
	*Engine
	t     testing.TB
	clock *fakeClock

	mu        sync.Mutex
	delivered []ptrace.Traces
	refuse    func() bool
}

func testSettings(p *Program) Settings {
	return Settings{
		Program: p, NewDescriber: func() Describer { return &plainDescriber{} },
		Settle: 6 * time.Second, Idle: time.Minute, MaxAge: 30 * time.Minute,
		MemoryLimit: 1 << 30, MaxTraceSpans: 10_000, MaxTraceBytes: 64 << 20,
		DecisionsTTL: time.Hour, DecisionsMemory: 64 << 20, MaxBatchBytes: 3 << 20, Senders: 2,
	}
}

func compile(t testing.TB, policies ...Policy) *Program {
	p, err := Compile(policies, trace.Limits{Slow: 5 * time.Second, Costly: 1e9})
	require.NoError(t, err)
	return p
}

func newRig(t testing.TB, set Settings) *rig {
	r := &rig{t: t, clock: &fakeClock{now: time.Unix(1_700_000_000, 0)}}
	set.Clock = r.clock
	set.Deliver = func(ctx context.Context, td ptrace.Traces) int {
		for r.refuse != nil && r.refuse() {
			select {
			case <-ctx.Done():
				return td.SpanCount()
			case <-time.After(time.Millisecond):
			}
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.delivered = append(r.delivered, td)
		return 0
	}
	r.Engine = New(set)
	r.Start(false)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		r.Shutdown(ctx)
		r.balanced()
	})
	return r
}

// pass lets time pass, tick by tick, and waits until what was decided has been handed on.
func (r *rig) pass(d time.Duration) {
	for ; d > 0; d -= TickInterval {
		r.clock.advance(min(d, TickInterval))
		r.Tick()
	}
	r.drained()
}

func (r *rig) drained() {
	for deadline := time.Now().Add(20 * time.Second); r.count.queuedSpans.Load() > 0; runtime.Gosched() {
		require.True(r.t, time.Now().Before(deadline), "what was decided is not handed on")
	}
}

// balanced asserts that no span is unaccounted for.
func (r *rig) balanced() {
	s := r.Stats()
	require.Equal(r.t, s.Received, s.Accounted(), "spans in = kept + dropped + held + refused: %+v", s)
}

func (r *rig) consume(td ptrace.Traces) { require.NoError(r.t, r.Consume(td)) }

// kept returns the spans handed on, by trace.
func (r *rig) kept() map[pcommon.TraceID][]ptrace.Span {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := map[pcommon.TraceID][]ptrace.Span{}
	for _, td := range r.delivered {
		for _, rs := range td.ResourceSpans().All() {
			for _, ss := range rs.ScopeSpans().All() {
				for _, span := range ss.Spans().All() {
					out[span.TraceID()] = append(out[span.TraceID()], span)
				}
			}
		}
	}
	return out
}

func attribute(s ptrace.Span, key string) string {
	v, _ := s.Attributes().Get(key)
	return v.AsString()
}

func traceID(n uint64) (id pcommon.TraceID) {
	// Ids as clients make them: random enough for sampling, and the same in every run.
	binary.BigEndian.PutUint64(id[:], n*0x9e3779b97f4a7c15)
	h := (n + 0x632be59bd9b4e019) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>29) * 0x94d049bb133111eb
	binary.BigEndian.PutUint64(id[8:], h^h>>32)
	return id
}

func spanID(n uint64) (id pcommon.SpanID) {
	binary.BigEndian.PutUint64(id[:], n)
	return id
}

// spanSpec is a span of a test: of trace n, with id m, a root where the parent is 0, seconds long.
type spanSpec struct {
	n, m, parent uint64
	start, end   time.Duration
	failed       bool
	attributes   map[string]any
	state        string
	name         string
}

var epoch = time.Unix(1_700_000_000, 0)

func (s spanSpec) fill(span ptrace.Span) {
	span.SetTraceID(traceID(s.n))
	span.SetSpanID(spanID(s.m))
	if s.parent != 0 {
		span.SetParentSpanID(spanID(s.parent))
	}
	span.SetName(s.name)
	span.SetStartTimestamp(pcommon.NewTimestampFromTime(epoch.Add(s.start)))
	span.SetEndTimestamp(pcommon.NewTimestampFromTime(epoch.Add(s.end)))
	span.TraceState().FromRaw(s.state)
	if s.failed {
		span.Status().SetCode(ptrace.StatusCodeError)
	}
	_ = span.Attributes().FromRaw(s.attributes)
	if s.attributes == nil {
		span.Attributes().Clear()
	}
}

// batch is a batch of one resource and scope.
func batch(specs ...spanSpec) ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service", "shop")
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	for _, s := range specs {
		s.fill(spans.AppendEmpty())
	}
	return td
}
