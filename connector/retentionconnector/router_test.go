// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package retentionconnector

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/llmcol/llmcol/connector/retentionconnector/internal/metadatatest"
)

var names = []string{"errors", "slow", "normal"}

// rig is the connector between a sender and three pipelines of each signal.
type rig struct {
	tel    *componenttest.Telemetry
	traces connector.Traces
	logs   connector.Logs
	spans  map[string]*consumertest.TracesSink
	recs   map[string]*consumertest.LogsSink
	// refuse is what the pipeline of that name answers; nil: it takes all.
	refuse map[string]*atomic.Pointer[error]
}

// gate is a pipeline that can refuse.
type gate struct {
	*consumertest.TracesSink
	refuse *atomic.Pointer[error]
}

func (g gate) ConsumeTraces(ctx context.Context, td ptrace.Traces) error {
	if err := g.refuse.Load(); err != nil {
		return *err
	}
	return g.TracesSink.ConsumeTraces(ctx, td)
}

type logGate struct {
	*consumertest.LogsSink
	refuse *atomic.Pointer[error]
}

func (g logGate) ConsumeLogs(ctx context.Context, ld plog.Logs) error {
	if err := g.refuse.Load(); err != nil {
		return *err
	}
	return g.LogsSink.ConsumeLogs(ctx, ld)
}

func start(t *testing.T, cfg *Config) *rig {
	r := &rig{
		tel: componenttest.NewTelemetry(), spans: map[string]*consumertest.TracesSink{}, recs: map[string]*consumertest.LogsSink{},
		refuse: map[string]*atomic.Pointer[error]{},
	}
	t.Cleanup(func() { assert.NoError(t, r.tel.Shutdown(context.Background())) })
	traces, logs := map[pipeline.ID]consumer.Traces{}, map[pipeline.ID]consumer.Logs{}
	for _, name := range names {
		r.spans[name], r.recs[name], r.refuse[name] = new(consumertest.TracesSink), new(consumertest.LogsSink), new(atomic.Pointer[error])
		traces[pipeline.NewIDWithName(pipeline.SignalTraces, name)] = gate{r.spans[name], r.refuse[name]}
		logs[pipeline.NewIDWithName(pipeline.SignalLogs, name)] = logGate{r.recs[name], r.refuse[name]}
	}
	f, set := NewFactory(), metadatatest.NewSettings(r.tel)
	var err error
	r.traces, err = f.CreateTracesToTraces(t.Context(), set, cfg, connector.NewTracesRouter(traces))
	require.NoError(t, err)
	r.logs, err = f.CreateLogsToLogs(t.Context(), set, cfg, connector.NewLogsRouter(logs))
	require.NoError(t, err)
	require.NoError(t, r.traces.Start(t.Context(), componenttest.NewNopHost()))
	require.NoError(t, r.logs.Start(t.Context(), componenttest.NewNopHost()))
	return r
}

func (r *rig) stop(t *testing.T) {
	require.NoError(t, r.traces.Shutdown(t.Context()))
	require.NoError(t, r.logs.Shutdown(t.Context()))
	require.NoError(t, r.logs.Shutdown(t.Context()), "twice does no harm")
}

// add appends a span of the trace with the sampling class, under a resource of its own.
func add(td ptrace.Traces, trace byte, class string) {
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "shop")
	s := rs.ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	s.SetTraceID(pcommon.TraceID{trace})
	if class != "" {
		s.Attributes().PutStr(samplingClassName, class)
	}
}

func record(trace byte, severity plog.SeverityNumber) plog.Logs {
	ld := plog.NewLogs()
	rec := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	rec.SetSeverityNumber(severity)
	if trace != 0 {
		rec.SetTraceID(pcommon.TraceID{trace})
	}
	return ld
}

// days are the stamps of what a pipeline got, one a resource.
func days(td []ptrace.Traces) (stamps []int64) {
	for _, t := range td {
		for _, rs := range t.ResourceSpans().All() {
			v, _ := rs.Resource().Attributes().Get(daysName)
			stamps = append(stamps, v.Int())
		}
	}
	return stamps
}

func TestEachClassGoesToItsOwnPipelineWithTheStamp(t *testing.T) {
	r := start(t, loadConfig(t, ""))
	td := ptrace.NewTraces()
	for i, class := range []string{"error", "loop", "slow", "costly", "normal", ""} {
		add(td, byte(i+1), class)
	}
	require.NoError(t, r.traces.ConsumeTraces(t.Context(), td))
	r.stop(t)
	assert.Equal(t, []int64{90, 90}, days(r.spans["errors"].AllTraces()))
	assert.Equal(t, []int64{30, 30}, days(r.spans["slow"].AllTraces()))
	assert.Equal(t, []int64{7, 7}, days(r.spans["normal"].AllTraces()))
	metadatatest.AssertEqualConnectorLlmRetentionSpans(t, r.tel, []metricdata.DataPoint[int64]{
		{Value: 2, Attributes: attribute.NewSet(attribute.String("class", "errors"))},
		{Value: 2, Attributes: attribute.NewSet(attribute.String("class", "slow"))},
		{Value: 2, Attributes: attribute.NewSet(attribute.String("class", "normal"))},
	}, metricdatatest.IgnoreTimestamp())
}

// TestAWholeTraceGoesOneWay: the longest class among its spans, in whatever order and batches they come.
func TestAWholeTraceGoesOneWay(t *testing.T) {
	r := start(t, loadConfig(t, ""))
	td := ptrace.NewTraces()
	add(td, 1, "normal")
	add(td, 1, "error")
	add(td, 1, "slow")
	require.NoError(t, r.traces.ConsumeTraces(t.Context(), td))
	late := ptrace.NewTraces()
	add(late, 1, "normal")
	add(late, 2, "normal")
	require.NoError(t, r.traces.ConsumeTraces(t.Context(), late))
	r.stop(t)
	assert.Equal(t, 4, r.spans["errors"].SpanCount())
	assert.Zero(t, r.spans["slow"].SpanCount())
	assert.Equal(t, 1, r.spans["normal"].SpanCount())
}

func TestResourcesAndScopesStay(t *testing.T) {
	r := start(t, loadConfig(t, ""))
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.SetSchemaUrl("https://r")
	rs.Resource().Attributes().PutStr("service.name", "shop")
	ss := rs.ScopeSpans().AppendEmpty()
	ss.SetSchemaUrl("https://s")
	ss.Scope().SetName("lib")
	for i, class := range []string{"error", "normal", "error"} {
		s := ss.Spans().AppendEmpty()
		s.SetTraceID(pcommon.TraceID{byte(i + 1)})
		s.SetName(fmt.Sprint(i))
		s.Attributes().PutStr(samplingClassName, class)
	}
	require.NoError(t, r.traces.ConsumeTraces(t.Context(), td))
	r.stop(t)
	got := r.spans["errors"].AllTraces()[0].ResourceSpans()
	require.Equal(t, 1, got.Len())
	assert.Equal(t, "https://r", got.At(0).SchemaUrl())
	assert.Equal(t, map[string]any{"service.name": "shop", daysName: int64(90)}, got.At(0).Resource().Attributes().AsRaw())
	require.Equal(t, 1, got.At(0).ScopeSpans().Len())
	scope := got.At(0).ScopeSpans().At(0)
	assert.Equal(t, []string{"https://s", "lib", "0", "2"}, []string{scope.SchemaUrl(), scope.Scope().Name(), scope.Spans().At(0).Name(), scope.Spans().At(1).Name()})
}

func TestConditions(t *testing.T) {
	cfg := loadConfig(t, "")
	cfg.Classes[0].SpanConditions = []string{`resource.attributes["tier"] == "gold"`, `Len(span.name) > 100`}
	cfg.Classes[0].SamplingClass = nil
	r := start(t, cfg)
	td := ptrace.NewTraces()
	add(td, 1, "error")
	td.ResourceSpans().At(0).Resource().Attributes().PutStr("tier", "gold")
	add(td, 2, "error")
	require.NoError(t, r.traces.ConsumeTraces(t.Context(), td))
	r.stop(t)
	assert.Equal(t, 1, r.spans["errors"].SpanCount())
	assert.Equal(t, 1, r.spans["normal"].SpanCount())
}

// TestARefusingPipelineIsPassedOnAndLosesNothing: the sender hears of what was refused, and of that only.
func TestARefusingPipelineIsPassedOnAndLosesNothing(t *testing.T) {
	busy := errors.New("queue is full")
	for _, refusal := range []error{busy, consumererror.NewPermanent(busy)} {
		r := start(t, loadConfig(t, ""))
		r.refuse["slow"].Store(&refusal)
		td := ptrace.NewTraces()
		add(td, 1, "error")
		add(td, 2, "slow")
		add(td, 3, "slow")
		err := r.traces.ConsumeTraces(t.Context(), td)
		require.ErrorIs(t, err, busy)
		assert.Equal(t, consumererror.IsPermanent(refusal), consumererror.IsPermanent(err))
		var left consumererror.Traces
		require.ErrorAs(t, err, &left)
		assert.Equal(t, 2, left.Data().SpanCount())
		assert.Equal(t, 1, r.spans["errors"].SpanCount())

		r.refuse["slow"].Store(nil)
		require.NoError(t, r.traces.ConsumeTraces(t.Context(), left.Data()))
		assert.Equal(t, 2, r.spans["slow"].SpanCount())
		assert.Equal(t, 1, r.spans["errors"].SpanCount())
		r.stop(t)
	}
}

func TestAClassWithoutAPipelineOfTheSignalIsAnError(t *testing.T) {
	cfg := loadConfig(t, "")
	cfg.Classes[1].Pipelines = []pipeline.ID{pipeline.NewIDWithName(pipeline.SignalTraces, "slow")}
	_, err := NewFactory().CreateLogsToLogs(t.Context(), metadatatest.NewSettings(componenttest.NewTelemetry()), cfg,
		connector.NewLogsRouter(map[pipeline.ID]consumer.Logs{pipeline.NewIDWithName(pipeline.SignalLogs, "errors"): consumertest.NewNop()}))
	require.ErrorContains(t, err, "classes: slow: pipelines: there is none of logs")
}

func TestLogsFollowTheirTrace(t *testing.T) {
	r := start(t, loadConfig(t, ""))
	td := ptrace.NewTraces()
	add(td, 1, "slow")
	require.NoError(t, r.traces.ConsumeTraces(t.Context(), td))
	for _, ld := range []plog.Logs{
		record(1, plog.SeverityNumberError), // its trace is slow
		record(2, plog.SeverityNumberError), // no trace known: its own condition
		record(0, plog.SeverityNumberInfo),
	} {
		require.NoError(t, r.logs.ConsumeLogs(t.Context(), ld))
	}
	r.stop(t)
	for _, name := range names {
		assert.Equal(t, 1, r.recs[name].LogRecordCount(), name)
	}
	stamp, _ := r.recs["errors"].AllLogs()[0].ResourceLogs().At(0).Resource().Attributes().Get(daysName)
	assert.Equal(t, int64(90), stamp.Int())
}

func waitingConfig(t *testing.T, wait time.Duration) *Config {
	cfg := loadConfig(t, "")
	cfg.LogWait = wait
	return cfg
}

func TestLogsWaitForTheirTrace(t *testing.T) {
	r := start(t, waitingConfig(t, time.Minute))
	require.NoError(t, r.logs.ConsumeLogs(t.Context(), record(1, plog.SeverityNumberInfo)))
	require.NoError(t, r.logs.ConsumeLogs(t.Context(), record(0, plog.SeverityNumberInfo)))
	assert.Equal(t, 1, r.recs["normal"].LogRecordCount(), "a record without a trace waits for nothing")
	td := ptrace.NewTraces()
	add(td, 1, "error")
	require.NoError(t, r.traces.ConsumeTraces(t.Context(), td))
	router := r.logs.(*logsRouter)
	router.waiting.release(t.Context(), router.waiting.take(router.waiting.due(time.Now())), router.waiting.putBack)
	assert.Equal(t, 1, r.recs["errors"].LogRecordCount())
	r.stop(t)
}

func TestLogsWaitNoLongerThanTheyMay(t *testing.T) {
	r := start(t, waitingConfig(t, 10*time.Millisecond))
	require.NoError(t, r.logs.ConsumeLogs(t.Context(), record(1, plog.SeverityNumberError)))
	require.Eventually(t, func() bool { return r.recs["errors"].LogRecordCount() == 1 }, 10*time.Second, time.Millisecond)
	r.stop(t)
}

func TestNoMoreLogsWaitThanThereIsRoomFor(t *testing.T) {
	cfg := waitingConfig(t, time.Hour)
	cfg.LogWaitBytes = 100
	r := start(t, cfg)
	for range 50 {
		require.NoError(t, r.logs.ConsumeLogs(t.Context(), record(1, plog.SeverityNumberInfo)))
	}
	held := r.logs.(*logsRouter).waiting.bytes
	assert.LessOrEqual(t, held, 100)
	assert.Positive(t, held)
	assert.Positive(t, r.recs["normal"].LogRecordCount())
	r.stop(t)
	assert.Equal(t, 50, r.recs["normal"].LogRecordCount(), "shutdown hands on what still waits")
}

// TestHeldLogsSurviveARefusal: nobody else has them any more.
func TestHeldLogsSurviveARefusal(t *testing.T) {
	busy := errors.New("queue is full")
	r := start(t, waitingConfig(t, time.Millisecond))
	r.refuse["errors"].Store(&busy)
	require.NoError(t, r.logs.ConsumeLogs(t.Context(), record(1, plog.SeverityNumberError)))
	require.Eventually(t, func() bool {
		m, err := r.tel.GetMetric("otelcol_connector_llm_retention_refused_log_records")
		return err == nil && m.Data.(metricdata.Sum[int64]).DataPoints[0].Value > 1
	}, 10*time.Second, time.Millisecond)
	r.refuse["errors"].Store(nil)
	require.Eventually(t, func() bool { return r.recs["errors"].LogRecordCount() == 1 }, 10*time.Second, time.Millisecond)
	r.stop(t)
	metadatatest.AssertEqualConnectorLlmRetentionHeldLogRecords(t, r.tel, []metricdata.DataPoint[int64]{{Value: 0}}, metricdatatest.IgnoreTimestamp())
}

func TestWhatIsRefusedAtShutdownIsCounted(t *testing.T) {
	busy := errors.New("gone")
	r := start(t, waitingConfig(t, time.Hour))
	r.refuse["errors"].Store(&busy)
	require.NoError(t, r.logs.ConsumeLogs(t.Context(), record(1, plog.SeverityNumberError)))
	r.stop(t)
	metadatatest.AssertEqualConnectorLlmRetentionDroppedLogRecords(t, r.tel, []metricdata.DataPoint[int64]{
		{Value: 1, Attributes: attribute.NewSet(attribute.String("class", "errors"))},
	}, metricdatatest.IgnoreTimestamp())
}

// TestNothingIsLostWhateverComes: what comes in goes out, each trace whole in one class.
func TestNothingIsLostWhateverComes(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	r := start(t, loadConfig(t, ""))
	sent := 0
	classOf := map[byte]string{}
	for range 200 {
		td := ptrace.NewTraces()
		for range rng.IntN(6) {
			trace := byte(1 + rng.IntN(200))
			if classOf[trace] == "" {
				classOf[trace] = []string{"error", "slow", "normal"}[rng.IntN(3)]
			}
			add(td, trace, classOf[trace])
			sent++
		}
		require.NoError(t, r.traces.ConsumeTraces(t.Context(), td))
	}
	r.stop(t)
	got, where := 0, map[pcommon.TraceID]string{}
	for _, name := range names {
		got += r.spans[name].SpanCount()
		for _, td := range r.spans[name].AllTraces() {
			for _, rs := range td.ResourceSpans().All() {
				id := rs.ScopeSpans().At(0).Spans().At(0).TraceID()
				if before, seen := where[id]; seen {
					require.Equal(t, before, name)
				}
				where[id] = name
			}
		}
	}
	assert.Equal(t, sent, got)
}

func BenchmarkOneClass(b *testing.B) {
	cfg := createDefaultConfig().(*Config)
	cs, err := newClasses(cfg, nil)
	require.NoError(b, err)
	td := ptrace.NewTraces()
	for range 12 {
		add(td, 1, "slow")
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, rs := range td.ResourceSpans().All() {
			ss := rs.ScopeSpans().At(0)
			if cs.ofSpan(b.Context(), rs, ss, ss.Spans().At(0)) != 1 {
				b.Fatal("wrong class")
			}
		}
	}
}
