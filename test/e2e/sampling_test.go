// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"

	"github.com/llmcol/llmcol/test/harness"
)

const samplingMetric = "otelcol_processor_llm_tail_sampling_"

func startSampler(t *testing.T, settings string) *harness.Collector {
	return harness.Start(t, harness.Pipeline{Traces: []string{"llm_tail_sampling"}}.YAML(),
		"processors:\n  llm_tail_sampling: "+settings)
}

// sampled is a span of a trace to be sampled.
type sampled struct {
	operation  string
	attributes map[string]any
	lasts      time.Duration
	noRoot     bool
}

// traceFrom is trace number n of the given spans, the first of which is the root.
func traceFrom(n uint64, specs ...sampled) ptrace.Traces {
	td := ptrace.NewTraces()
	ss := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty()
	start := time.Now()
	for i, spec := range specs {
		span := ss.Spans().AppendEmpty()
		span.SetTraceID(numbered(n))
		span.SetSpanID([8]byte{byte(i + 1)})
		if i > 0 || spec.noRoot {
			span.SetParentSpanID([8]byte{99})
		}
		span.SetName(spec.operation)
		at := start.Add(time.Duration(i) * time.Millisecond)
		span.SetStartTimestamp(pcommon.NewTimestampFromTime(at))
		span.SetEndTimestamp(pcommon.NewTimestampFromTime(at.Add(spec.lasts)))
		if err := span.Attributes().FromRaw(spec.attributes); err != nil {
			panic(err)
		}
		span.Attributes().PutStr("gen_ai.operation.name", spec.operation)
	}
	return td
}

func numbered(n uint64) (id pcommon.TraceID) {
	binary.BigEndian.PutUint64(id[:], n)
	binary.BigEndian.PutUint64(id[8:], n*0x9e3779b97f4a7c15)
	return id
}

func chat(attributes map[string]any) sampled {
	return sampled{operation: "chat", attributes: attributes}
}

func TestEachPolicyKeepsAndDrops(t *testing.T) {
	c := startSampler(t, `
    settle: 300ms
    idle: 1s
    policies:
      - {name: errors, type: error}
      - {name: slow, type: slow, slow: {threshold: 5s}}
      - {name: first token, type: slow, slow: {signal: ttft, threshold: 2s}}
      - {name: costly, type: cost_over, cost_over: {threshold: 0.5}}
      - {name: long, type: tokens_over, tokens_over: {threshold: 10000}}
      - {name: busy, type: tool_calls_over, tool_calls_over: {threshold: 3}}
      - {name: loops, type: loop, loop: {severity: detected}}
      - {name: cut, type: finish_reason, finish_reason: {reasons: [length]}}
      - {name: vague, type: retrieval_score_below, retrieval_score_below: {threshold: 0.5}}
      - {name: bad, type: evaluation, evaluation: {max_score: 0.3}}
      - {name: personal, type: redacted, redacted: {entities: [CREDIT_CARD]}}
      - {name: orphans, type: orphan}
      - {name: rest, type: conversation, conversation: {sampling_percentage: 0}}
`)
	out := c.Outbox()
	tool := sampled{operation: "execute_tool"}
	cases := []struct {
		policy string
		spans  []sampled
	}{
		{"errors", []sampled{chat(map[string]any{"error.type": "timeout", "gen_ai.conversation.id": "c1"})}},
		{"slow", []sampled{{operation: "chat", lasts: 6 * time.Second}}},
		{"first token", []sampled{chat(map[string]any{"gen_ai.response.time_to_first_chunk": 2.5})}},
		{"costly", []sampled{chat(map[string]any{"gen_ai.usage.cost": 0.6})}},
		{"long", []sampled{chat(map[string]any{"gen_ai.usage.input_tokens": 10001})}},
		{"busy", []sampled{tool, tool, tool, tool}},
		{"loops", []sampled{{operation: "execute_tool", attributes: map[string]any{"llmcol.loop.severity": "critical"}}}},
		{"cut", []sampled{chat(map[string]any{"gen_ai.response.finish_reasons": []any{"max_tokens"}})}},
		{"vague", []sampled{{operation: "retrieval", attributes: map[string]any{"gen_ai.retrieval.documents": `[{"id":"a","score":0.4}]`}}}},
		{"bad", []sampled{chat(map[string]any{"gen_ai.evaluation.name": "relevance", "gen_ai.evaluation.score.value": 0.1})}},
		{"personal", []sampled{chat(map[string]any{"llmcol.redaction.entities": []any{"CREDIT_CARD"}})}},
		{"orphans", []sampled{{operation: "chat", noRoot: true}}},
		{"", []sampled{chat(map[string]any{"gen_ai.usage.cost": 0.4, "gen_ai.conversation.id": "c2"}), tool, tool, tool}},
	}
	want := map[pcommon.TraceID]string{}
	total := 0
	for i, tc := range cases {
		require.NoError(t, c.Send(harness.GRPC, harness.TracesRequest(traceFrom(uint64(i+1), tc.spans...))))
		if tc.policy != "" {
			want[numbered(uint64(i+1))] = tc.policy
			total += len(tc.spans)
		}
	}
	require.Len(t, out.Spans(t, "traces", total), total)
	require.NoError(t, c.Send(harness.GRPC, harness.TracesRequest(
		traceFrom(50, chat(map[string]any{"gen_ai.conversation.id": "c1"})), // the turn after the one that failed
	), harness.TracesRequest(traceFrom(51, chat(map[string]any{"gen_ai.conversation.id": "c2"})))))
	want[numbered(50)] = "rest"
	got := map[pcommon.TraceID]string{}
	for _, s := range out.Spans(t, "traces", total+1) {
		got[s.TraceID()] = s.Attr("llmcol.sampling.policy").(string)
		assert.Equal(t, "ot=th:0", s.TraceState().AsRaw())
	}
	harness.Eventually(t, func() bool { return c.Metric(t, samplingMetric+"held_traces") == 0 })
	assert.Equal(t, want, got)
	assertEverySpanAccounted(t, c)
	require.NoError(t, c.Stop())
	assert.Len(t, out.Spans(t, "traces", 0), total+1)
}

// assertEverySpanAccounted checks that spans in = kept + dropped + held + refused, once nothing moves any more.
func assertEverySpanAccounted(t *testing.T, c *harness.Collector) {
	t.Helper()
	harness.Eventually(t, func() bool {
		accounted := c.Metric(t, samplingMetric+"kept_spans") + c.Metric(t, samplingMetric+"refused_spans")
		for _, tier := range []string{"hot", "cold", "queued"} {
			accounted += c.Metric(t, samplingMetric+"held_spans", "tier", tier)
		}
		for _, reason := range []string{"decision", "late", "duplicate", "rejected", "shutdown", "corrupt"} {
			accounted += c.Metric(t, samplingMetric+"dropped_spans", "reason", reason)
		}
		return c.Metric(t, samplingMetric+"received_spans") == accounted
	})
}

func TestLearningPoliciesKeepAndDrop(t *testing.T) {
	for name, policy := range map[string]string{
		"diverse":            `{name: p, type: diverse, diverse: {window: 1h}}`,
		"adaptive":           `{name: p, type: adaptive, adaptive: {traces_per_second: 5}}`,
		"latency_percentile": `{name: p, type: slow, slow: {threshold: 1m, latency_percentile: {p: 0.95, min_count: 50}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			c := startSampler(t, `{settle: 200ms, policies: [`+policy+`]}`)
			out := c.Outbox()
			n := uint64(0)
			const rounds, traces = 8, 40
			pace := time.NewTicker(time.Second) // what is learnt is learnt by the second
			defer pace.Stop()
			for range rounds {
				for i := range traces {
					n++
					spec := sampled{operation: "chat", lasts: time.Duration(i+1) * 100 * time.Millisecond}
					require.NoError(t, c.Send(harness.GRPC, harness.TracesRequest(traceFrom(n, spec))))
				}
				harness.Eventually(t, func() bool { return c.Metric(t, samplingMetric+"held_traces") == 0 })
				<-pace.C
			}
			require.NoError(t, c.Stop())
			kept := len(out.Spans(t, "traces", 0))
			assert.Positive(t, kept)
			assert.Less(t, kept, rounds*traces/2)
		})
	}
}

// keptTraces are the numbers of the traces that have come out.
func keptTraces(t *testing.T, out *harness.Outbox) map[uint64]bool {
	kept := map[uint64]bool{}
	for _, s := range out.Spans(t, "traces", 0) {
		id := s.TraceID()
		kept[binary.BigEndian.Uint64(id[:])] = true
	}
	return kept
}

// When a service becomes a hundred times slower, all of its traces are slow; before long only the slowest are.
func TestLearntThresholdFollowsAShift(t *testing.T) {
	c := startSampler(t, `
    settle: 200ms
    policies: [{name: p, type: slow, slow: {threshold: 1h, latency_percentile: {p: 0.95, min_count: 100, half_life: 2s}}}]
`)
	out := c.Outbox()
	n := uint64(0)
	pace := time.NewTicker(time.Second) // what is learnt is learnt by the second
	defer pace.Stop()
	const perRound = 40
	// rounds sends traces of unit, 2 unit ... and returns the share of them that is kept, and the number of the first.
	rounds := func(count int, unit time.Duration) (share float64, first uint64) {
		first = n + 1
		for range count {
			for i := range perRound {
				n++
				spec := sampled{operation: "chat", lasts: time.Duration(i+1) * unit}
				require.NoError(t, c.Send(harness.GRPC, harness.TracesRequest(traceFrom(n, spec))))
			}
			harness.Eventually(t, func() bool { return c.Metric(t, samplingMetric+"held_traces") == 0 })
			<-pace.C
		}
		kept := keptTraces(t, out)
		for i := first; i <= n; i++ {
			if kept[i] {
				share += 1 / float64(count*perRound)
			}
		}
		return share, first
	}
	rounds(8, 100*time.Millisecond)
	share, _ := rounds(2, 100*time.Millisecond)
	assert.InDelta(t, 0.05, share, 0.05, "of what is usual")
	share, _ = rounds(1, 10*time.Second)
	assert.InDelta(t, 1, share, 0.1, "all are slower than what was usual")
	rounds(12, 10*time.Second)
	share, first := rounds(3, 10*time.Second)
	assert.InDelta(t, 0.05, share, 0.05, "of what has become usual")
	kept := keptTraces(t, out)
	for i := first; i <= n; i += perRound {
		assert.False(t, kept[i], "the fastest is not slow any more")
		assert.True(t, kept[i+perRound-1], "the slowest still is")
	}
	require.NoError(t, c.Stop())
}

// A minute after the load has become five times what it was, as much is kept as before.
func TestAdaptiveKeepsItsTargetAfterAStepOfTheLoad(t *testing.T) {
	const target, low, high = 20, 40, 200 // traces a second
	c := startSampler(t, `{settle: 200ms, policies: [{name: p, type: adaptive, adaptive: {traces_per_second: 20}}]}`)
	out := c.Outbox()
	n := uint64(0)
	send := func(perSecond int, until time.Time) {
		const perBatch = 20
		pace := time.NewTicker(perBatch * time.Second / time.Duration(perSecond))
		defer pace.Stop()
		for time.Now().Before(until) {
			batch := make([]harness.Request, perBatch)
			for i := range batch {
				n++
				batch[i] = harness.TracesRequest(traceFrom(n, chat(nil)))
			}
			require.NoError(t, c.Send(harness.GRPC, batch...))
			<-pace.C
		}
	}
	begin := time.Now()
	send(low, begin.Add(10*time.Second))
	step := time.Now()
	send(high, step.Add(time.Minute))
	before, from := n, time.Now()
	send(high, from.Add(20*time.Second))
	took := time.Since(from).Seconds()
	last := n
	harness.Eventually(t, func() bool { return c.Metric(t, samplingMetric+"held_traces") == 0 })
	require.NoError(t, c.Stop())
	kept := 0
	for id := range keptTraces(t, out) {
		if before < id && id <= last {
			kept++
		}
	}
	sent := float64(last-before) / took
	require.Greater(t, sent, 2.*target, "the load must be well above the target")
	t.Logf("of %.0f traces a second %.1f were kept", sent, float64(kept)/took)
	assert.InEpsilon(t, target, float64(kept)/took, 0.1)
}

func TestSIGTERMUnderLoadLosesNoSpanThatWaitsForItsDecision(t *testing.T) {
	c := startSampler(t, `{policies: [{name: all, type: always_sample}]}`)
	out := c.Outbox()
	var acknowledged atomic.Int64
	refused := make(chan struct{})
	go func() {
		defer close(refused)
		for n := uint64(1); c.Send(harness.GRPC, harness.TracesRequest(traceFrom(n, chat(nil), chat(nil), chat(nil)))) == nil; n++ {
			acknowledged.Add(3)
		}
	}()
	harness.Eventually(t, func() bool { return acknowledged.Load() > 3000 })
	require.Empty(t, out.Spans(t, "traces", 0), "everything waits for its decision")
	require.NoError(t, c.Stop())
	<-refused
	assert.GreaterOrEqual(t, int64(len(out.Spans(t, "traces", 0))), acknowledged.Load())
}

// refusing is an OTLP receiver that is busy for a while.
type refusing struct {
	*httptest.Server
	busy  atomic.Bool
	mu    sync.Mutex
	spans map[string]int
}

func newRefusing(t *testing.T) *refusing {
	r := &refusing{spans: map[string]int{}}
	r.busy.Store(true)
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if r.busy.Load() || err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		export := ptraceotlp.NewExportRequest()
		if export.UnmarshalProto(body) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, s := range harness.SpansOf(export.Traces()) {
			r.spans[fmt.Sprint(s.TraceID(), s.SpanID())]++
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *refusing) seen() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.spans)
}

func TestADownstreamThatRefusesForTenSecondsLosesNothing(t *testing.T) {
	downstream := newRefusing(t)
	c := harness.Start(t, harness.Pipeline{Traces: []string{"llm_tail_sampling"}}.YAML(), fmt.Sprintf(`
processors: {llm_tail_sampling: {settle: 200ms, policies: [{name: all, type: always_sample}]}}
exporters: {otlp_http: {endpoint: %q, compression: none, sending_queue: {enabled: false}, retry_on_failure: {enabled: false}}}
service: {pipelines: {traces: {exporters: [otlp_http]}}}
`, downstream.URL))
	sent := 0
	began := time.Now()
	for n := uint64(1); time.Since(began) < 10*time.Second; n++ {
		require.NoError(t, c.Send(harness.GRPC, harness.TracesRequest(traceFrom(n, chat(nil), chat(nil)))))
		sent += 2
		time.Sleep(5 * time.Millisecond)
	}
	require.Zero(t, downstream.seen())
	assert.Positive(t, c.Metric(t, samplingMetric+"retries"))
	downstream.busy.Store(false)
	harness.Eventually(t, func() bool { return downstream.seen() == sent })
	assertEverySpanAccounted(t, c)
	assert.Zero(t, c.Metric(t, samplingMetric+"dropped_spans", "reason", "rejected"))
	require.NoError(t, c.Stop())
}

var peakMemory = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

func TestMemoryStaysWithinItsLimitAtTwiceTheLoadItCanHold(t *testing.T) {
	const limit = 64 << 20
	c := harness.StartWith(t, harness.Options{
		Dir: t.TempDir(),
		Env: []string{fmt.Sprintf("GOMEMLIMIT=%d", limit*5/4+150<<20)},
		Configs: []string{harness.Pipeline{Traces: []string{"llm_tail_sampling"}}.YAML(), `
processors:
  llm_tail_sampling:
    memory_limit: 64MiB
    max_trace_bytes: 16MiB
    policies: [{name: errors, type: error}, {name: share, type: probabilistic, probabilistic: {sampling_percentage: 5}}]
`}})
	random := rand.New(rand.NewPCG(1, 2))
	prompt := make([]byte, 20_000)
	refusals := 0
	sent := 0
	for n := uint64(1); sent < 4*limit; n++ {
		for i := range prompt {
			prompt[i] = byte(' ' + random.IntN(95))
		}
		// No root: each would be held for a minute.
		spec := sampled{operation: "chat", noRoot: true, attributes: map[string]any{"gen_ai.input.messages": string(prompt)}}
		if c.Send(harness.GRPC, harness.TracesRequest(traceFrom(n, spec, spec, spec))) != nil {
			refusals++
			time.Sleep(10 * time.Millisecond)
			continue
		}
		sent += 3 * len(prompt)
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.Pid()))
	require.NoError(t, err)
	peak, err := strconv.Atoi(string(peakMemory.FindSubmatch(status)[1]))
	require.NoError(t, err)
	t.Logf("peak RSS %d MiB, %d refusals", peak>>10, refusals)
	assert.LessOrEqual(t, peak<<10, (limit*5/4+150<<20)*11/10)
	assert.Positive(t, c.Metric(t, samplingMetric+"relief", "step", "decided"))
	assert.InDelta(t, 3*refusals, c.Metric(t, samplingMetric+"refused_spans"), 0)
	held := 0.0
	for _, tier := range []string{"hot", "cold", "queued"} {
		held += c.Metric(t, samplingMetric+"held_bytes", "tier", tier)
	}
	assert.LessOrEqual(t, held, float64(limit)+1<<20)
	assertEverySpanAccounted(t, c)
	require.NoError(t, c.Stop())
}

// What llm_loop and llm_cost find out, the sampler decides on: of a real client that loops, the looping trace is kept.
func TestRealClientsThatLoopAreKept(t *testing.T) {
	for _, f := range harness.Fixtures(t) {
		if f.Label.Loop == nil || !f.Label.Loop.Expected {
			continue
		}
		t.Run(f.Name(), func(t *testing.T) {
			c := harness.Start(t, harness.Pipeline{
				Traces: []string{"llm_normalizer", "llm_cost", "llm_loop", "llm_tail_sampling"},
				Logs:   []string{"llm_normalizer", "llm_cost", "llm_loop"},
			}.YAML(), `
processors:
  llm_tail_sampling:
    policies:
      - {name: loops, type: loop, loop: {severity: detected}}
      - {name: rest, type: conversation, conversation: {sampling_percentage: 0}}
`)
			out := c.Outbox()
			require.NoError(t, c.Send(harness.Captured, f.Requests...))
			require.NoError(t, c.Stop())
			marked, byPolicy := map[pcommon.TraceID]bool{}, map[pcommon.TraceID]bool{}
			for _, s := range out.Spans(t, "traces", 0) {
				if s.Attr("llmcol.loop.severity") != nil {
					marked[s.TraceID()] = true
				}
				// Later traces of the same conversation are kept as well, by the other policy.
				if s.Attr("llmcol.sampling.policy") == "loops" {
					byPolicy[s.TraceID()] = true
				}
			}
			require.NotEmpty(t, byPolicy)
			for id := range byPolicy {
				assert.Contains(t, marked, id)
			}
		})
	}
}
