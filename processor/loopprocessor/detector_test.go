// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loopprocessor

import (
	"context"
	"encoding/binary"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/llmcol/llmcol/processor/loopprocessor/internal/metadata"
	"github.com/llmcol/llmcol/processor/loopprocessor/internal/metadatatest"
)

// failingCalls are n equal calls of Calculator, each after a model call, numbered from first on.
func failingCalls(first, n int) ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "shop")
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	for i := first; i < first+n; i++ {
		chat := newSpan(spans, 2*i, "chat gpt-4o")
		chat.Attributes().PutStr("gen_ai.operation.name", "chat")
		chat.Attributes().PutInt("gen_ai.usage.input_tokens", 100)
		chat.Attributes().PutInt("gen_ai.usage.output_tokens", 10)
		chat.Attributes().PutDouble("gen_ai.usage.cost", 0.001)
		tool := newSpan(spans, 2*i+1, "execute_tool Calculator")
		tool.Attributes().PutStr("gen_ai.operation.name", "execute_tool")
		tool.Attributes().PutStr("gen_ai.tool.name", "Calculator")
		tool.Attributes().PutStr("gen_ai.tool.call.arguments", `{"expression":"2 +"}`)
		tool.Status().SetCode(ptrace.StatusCodeError)
		tool.Status().SetMessage("SyntaxError: unexpected end")
	}
	return td
}

func newSpan(spans ptrace.SpanSlice, number int, name string) ptrace.Span {
	s := spans.AppendEmpty()
	s.SetName(name)
	s.SetTraceID(pcommon.TraceID{1})
	var id pcommon.SpanID
	binary.BigEndian.PutUint64(id[:], uint64(number)+1000)
	s.SetSpanID(id)
	s.SetParentSpanID(pcommon.SpanID{9})
	at := 1_795_000_000_000_000_000 + pcommon.Timestamp(number)*50_000_000
	s.SetStartTimestamp(at)
	s.SetEndTimestamp(at + 40_000_000)
	return s
}

// TestFortySevenTimes is the story of design.md section 1.
func TestFortySevenTimes(t *testing.T) {
	d := newTestDetector(t, nil)
	for i := range 47 {
		td := failingCalls(i, 1)
		_, err := d.processTraces(context.Background(), td)
		require.NoError(t, err)
		tool := td.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(1).Attributes()
		count := i + 1
		want := map[string]any{
			"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "Calculator", "gen_ai.tool.call.arguments": `{"expression":"2 +"}`,
		}
		if count >= 3 {
			fingerprint, _ := tool.Get(attrFingerprint)
			severity := "suspected"
			switch {
			case count >= 8:
				severity = "critical"
			case count >= 4:
				severity = "detected"
			}
			want[attrSeverity], want[attrRule], want[attrPeriod], want[attrCount] = severity, "repeat_error", int64(1), int64(count)
			want[attrTools], want[attrFingerprint], want[attrFirstSpan] = []any{"Calculator"}, fingerprint.Str(), "00000000000003e9"
			want[attrWastedTokens] = int64(110 * i)
			wasted, _ := tool.Get(attrWastedCost)
			assert.InDelta(t, 0.001*float64(i), wasted.Double(), 1e-12)
			want[attrWastedCost] = wasted.Double()
			if count == 3 || count == 4 || count == 8 {
				want[attrTransition] = true
			}
		}
		require.Equal(t, want, tool.AsRaw(), "call %d", count)
	}
}

func TestWhatAnEarlierTierHasJudgedPassesOn(t *testing.T) {
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	set := processortest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = tel.NewTelemetrySettings()
	d, err := newDetector(createDefaultConfig().(*Config), set)
	require.NoError(t, err)
	td := failingCalls(0, 20)
	forEachSpan(td, func(s ptrace.Span) { s.Attributes().PutStr(attrSeverity, "suspected") })
	want := ptrace.NewTraces()
	td.CopyTo(want)
	_, err = d.processTraces(context.Background(), td)
	require.NoError(t, err)
	assert.Equal(t, want, td)
	_, err = tel.GetMetric("otelcol_processor_llm_loop_loops")
	assert.Error(t, err, "nor does it count")
}

func TestTwiceThroughIsOnce(t *testing.T) {
	d := newTestDetector(t, nil)
	td := failingCalls(0, 20)
	_, err := d.processTraces(context.Background(), td)
	require.NoError(t, err)
	once := ptrace.NewTraces()
	td.CopyTo(once)
	second := newTestDetector(t, nil)
	_, err = second.processTraces(context.Background(), td)
	require.NoError(t, err)
	assert.Equal(t, once, td)
}

func TestTelemetry(t *testing.T) {
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	set := processortest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = tel.NewTelemetrySettings()
	cfg := createDefaultConfig().(*Config)
	cfg.MaxRuns = 1
	d, err := newDetector(cfg, set)
	require.NoError(t, err)
	other := failingCalls(1000, 1)
	forEachSpan(other, func(s ptrace.Span) {
		s.SetTraceID(pcommon.TraceID{7})
		s.Attributes().Remove("gen_ai.tool.call.arguments")
	})
	for _, td := range []ptrace.Traces{failingCalls(0, 9), other} {
		_, err = d.processTraces(context.Background(), td)
		require.NoError(t, err)
	}
	point := func(severity string) metricdata.DataPoint[int64] {
		return metricdata.DataPoint[int64]{Value: 1, Attributes: attribute.NewSet(
			attribute.String("rule", "repeat_error"), attribute.String("severity", severity), attribute.String("tool", "Calculator"))}
	}
	metadatatest.AssertEqualProcessorLlmLoopLoops(t, tel,
		[]metricdata.DataPoint[int64]{point("suspected"), point("detected"), point("critical")}, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualProcessorLlmLoopActiveRuns(t, tel, []metricdata.DataPoint[int64]{{Value: 1}}, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualProcessorLlmLoopEvictions(t, tel, []metricdata.DataPoint[int64]{
		{Value: 0, Attributes: attribute.NewSet(attribute.String("reason", "idle"))},
		{Value: 1, Attributes: attribute.NewSet(attribute.String("reason", "limit"))},
	}, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualProcessorLlmLoopCallsWithoutArguments(t, tel, []metricdata.DataPoint[int64]{{Value: 1}}, metricdatatest.IgnoreTimestamp())
}

func TestToolLabelsAreBounded(t *testing.T) {
	var l toolLabels
	for i := range maxToolLabels {
		name := string(rune('a' + i))
		assert.Equal(t, name, l.label(name))
	}
	assert.Equal(t, otherToolLabel, l.label("one more"))
	assert.Equal(t, "a", l.label("a"))
}

func create(t *testing.T, cfg *Config) (processor.Traces, processor.Logs, *consumertest.TracesSink, *consumertest.LogsSink) {
	t.Helper()
	set := processortest.NewNopSettings(metadata.Type)
	spans, records := new(consumertest.TracesSink), new(consumertest.LogsSink)
	traces, err := NewFactory().CreateTraces(context.Background(), set, cfg, spans)
	require.NoError(t, err)
	logs, err := NewFactory().CreateLogs(context.Background(), set, cfg, records)
	require.NoError(t, err)
	return traces, logs, spans, records
}

// codexCalls are n equal calls as log records of one conversation.
func codexCalls(n int) plog.Logs {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "codex")
	records := rl.ScopeLogs().AppendEmpty().LogRecords()
	for i := range n {
		r := records.AppendEmpty()
		r.SetTimestamp(1_795_000_000_000_000_000 + pcommon.Timestamp(i)*1_000_000_000)
		r.Attributes().PutStr("event.name", "codex.tool_result")
		r.Attributes().PutStr("conversation.id", "c1")
		r.Attributes().PutStr("call_id", "call_"+string(rune('a'+i)))
		r.Attributes().PutStr("tool_name", "shell")
		r.Attributes().PutStr("arguments", `{"command":["cat","no_such_file"]}`)
		r.Attributes().PutStr("output", "Chunk ID: 1f2e3d\nWall time: 0.05 seconds\nexit code 1")
		r.Attributes().PutStr("success", "true")
	}
	return ld
}

func TestTracesAndLogsShareOneState(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	traces, logs, spans, records := create(t, cfg)
	for _, c := range []component.Component{traces, logs} {
		require.NoError(t, c.Start(context.Background(), componenttest.NewNopHost()))
	}
	var wg sync.WaitGroup
	wg.Go(func() { assert.NoError(t, traces.ConsumeTraces(context.Background(), failingCalls(0, 10))) })
	wg.Go(func() { assert.NoError(t, logs.ConsumeLogs(context.Background(), codexCalls(10))) })
	wg.Wait()
	assert.Equal(t, 20, spans.SpanCount())
	assert.Equal(t, 10, records.LogRecordCount())
	d, held := detectors.Get(cfg)
	require.True(t, held)
	assert.Equal(t, 2, d.engine.Stats().Runs)
	var severities []string
	forEachRecord(records.AllLogs()[0], func(r plog.LogRecord) {
		if s, ok := r.Attributes().Get(attrSeverity); ok {
			severities = append(severities, s.Str())
		}
	})
	assert.Equal(t, []string{"suspected", "detected", "detected", "detected", "detected", "detected", "detected", "critical"}, severities)
	require.NoError(t, traces.Shutdown(context.Background()))
	_, held = detectors.Get(cfg)
	assert.True(t, held, "the logs are still there")
	require.NoError(t, logs.Shutdown(context.Background()))
	require.NoError(t, logs.Shutdown(context.Background()), "twice")
	_, held = detectors.Get(cfg)
	assert.False(t, held)
}

func TestShutdownWithoutStart(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	traces, logs, _, _ := create(t, cfg)
	require.NoError(t, traces.Shutdown(context.Background()))
	require.NoError(t, logs.Shutdown(context.Background()))
	_, held := detectors.Get(cfg)
	assert.False(t, held)
}

func TestAllSpansComeOut(t *testing.T) {
	processortest.VerifyShutdown(t, NewFactory(), createDefaultConfig())
}

// disk is a storage extension in memory.
type disk struct {
	component.StartFunc
	component.ShutdownFunc
	mu     sync.Mutex
	values map[string][]byte
	broken bool
}

func (d *disk) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	return d, nil
}
func (d *disk) Get(_ context.Context, key string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.values[key], nil
}
func (d *disk) Set(_ context.Context, key string, value []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken {
		return errors.New("full")
	}
	d.values[key] = value
	return nil
}
func (d *disk) Delete(context.Context, string) error               { return nil }
func (d *disk) Batch(context.Context, ...*storage.Operation) error { return nil }
func (d *disk) Close(context.Context) error                        { return nil }

type host struct {
	extensions map[component.ID]component.Component
}

func (h host) GetExtensions() map[component.ID]component.Component { return h.extensions }

func TestStateOutlivesARestart(t *testing.T) {
	id := component.MustNewID("file_storage")
	d := &disk{values: map[string][]byte{}}
	h := host{map[component.ID]component.Component{id: d}}
	var after *consumertest.TracesSink
	for i := range 2 {
		cfg := createDefaultConfig().(*Config)
		cfg.Storage = &id
		traces, logs, spans, _ := create(t, cfg)
		require.NoError(t, traces.Start(context.Background(), h))
		require.NoError(t, logs.Start(context.Background(), h))
		require.NoError(t, traces.ConsumeTraces(context.Background(), failingCalls(3*i, 3)))
		require.NoError(t, logs.Shutdown(context.Background()))
		require.NoError(t, traces.Shutdown(context.Background()))
		after = spans
	}
	last := after.AllTraces()[0].ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(5).Attributes()
	count, ok := last.Get(attrCount)
	require.True(t, ok)
	assert.Equal(t, int64(6), count.Int(), "three calls before the restart, three after it, under a key that was kept")
}

func TestDamagedStorage(t *testing.T) {
	id := component.MustNewID("file_storage")
	d := &disk{values: map[string][]byte{}}
	h := host{map[component.ID]component.Component{id: d}}
	start := func(cfg *Config) error {
		cfg.Storage = &id
		traces, logs, _, _ := create(t, cfg)
		err := traces.Start(context.Background(), h)
		require.NoError(t, traces.Shutdown(context.Background()))
		require.NoError(t, logs.Shutdown(context.Background()))
		return err
	}
	require.NoError(t, start(createDefaultConfig().(*Config)))
	d.values[shardName(7)] = []byte("damaged")
	assert.NoError(t, start(createDefaultConfig().(*Config)), "damage costs the shard, not the start")
	d.broken = true
	assert.ErrorContains(t, start(createDefaultConfig().(*Config)), "storage: writing the key: full")
	delete(h.extensions, id)
	assert.ErrorContains(t, start(createDefaultConfig().(*Config)), `storage: extension "file_storage" is not configured`)
	h.extensions[id] = struct {
		component.StartFunc
		component.ShutdownFunc
	}{}
	assert.ErrorContains(t, start(createDefaultConfig().(*Config)), "is no storage extension")
}

func TestAPoisonedSpanPasses(t *testing.T) {
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	set := processortest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = tel.NewTelemetrySettings()
	d, err := newDetector(createDefaultConfig().(*Config), set)
	require.NoError(t, err)
	engine := d.engine
	d.engine = nil // whatever asks it trips over that
	td := failingCalls(1, 3)
	spans := td.SpanCount()
	out, err := d.processTraces(context.Background(), td)
	require.NoError(t, err)
	assert.Equal(t, spans, out.SpanCount())
	d.engine = engine
	metadatatest.AssertEqualProcessorLlmLoopFailures(t, tel, []metricdata.DataPoint[int64]{{Value: int64(spans)}}, metricdatatest.IgnoreTimestamp())
}
