// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package eventsconnector

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/llmcol/llmcol/connector/eventsconnector/internal/metadata"
	"github.com/llmcol/llmcol/connector/eventsconnector/internal/metadatatest"
)

// clock stands still until it is moved.
type clock struct{ now time.Time }

func newTestConnector(t *testing.T, next consumer.Logs, change func(*Config)) (*events, *clock) {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	if change != nil {
		change(cfg)
	}
	c, err := newConnector(cfg, connectortest.NewNopSettings(metadata.Type), next)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Shutdown(context.Background())) })
	k := &clock{time.Unix(1_795_000_000, 0)}
	c.now = func() time.Time { return k.now }
	return c, k
}

// traceOf has one span for each set of attributes.
func traceOf(trace byte, spans ...map[string]any) ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "shop")
	ss := rs.ScopeSpans().AppendEmpty()
	for i, attributes := range spans {
		s := ss.Spans().AppendEmpty()
		s.SetName("a span")
		s.SetTraceID(pcommon.TraceID{trace})
		s.SetSpanID(pcommon.SpanID{trace, byte(i + 1)})
		s.SetEndTimestamp(pcommon.Timestamp(1000 + i))
		if err := s.Attributes().FromRaw(attributes); err != nil {
			panic(err)
		}
	}
	return td
}

func chat(more map[string]any) map[string]any {
	attributes := map[string]any{"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.conversation.id": "c1"}
	for k, v := range more {
		attributes[k] = v
	}
	return attributes
}

func eventsIn(all []plog.Logs) (records []plog.LogRecord) {
	for _, ld := range all {
		for _, rl := range ld.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, r := range sl.LogRecords().All() {
					records = append(records, r)
				}
			}
		}
	}
	return records
}

var looping = map[string]any{
	"llmcol.loop.severity": "detected", "llmcol.loop.rule": "repeat_error", "llmcol.loop.period": 1, "llmcol.loop.count": 4,
	"llmcol.loop.tools": []any{"Calculator"}, "llmcol.loop.wasted_tokens": 330, "llmcol.loop.wasted_cost": 0.003, "llmcol.loop.transition": true,
}

func with(base map[string]any, key string, value any) map[string]any {
	out := map[string]any{}
	for k, v := range base {
		out[k] = v
	}
	out[key] = value
	return out
}

func TestKinds(t *testing.T) {
	tests := []struct {
		name       string
		attributes map[string]any
		event      string
		severity   plog.SeverityNumber
		body       string
		has        map[string]any
	}{
		{"loop", looping, "llmcol.loop", plog.SeverityNumberWarn,
			"agent loop detected (repeat_error): Calculator was called 4 times with the same outcome; 330 tokens (0.0030 USD) wasted so far",
			map[string]any{"llmcol.loop.count": int64(4), "llmcol.loop.severity": "detected", "llmcol.event.subject": "a span"}},
		{"critical loop", with(looping, "llmcol.loop.severity", "critical"), "llmcol.loop", plog.SeverityNumberError,
			"agent loop critical (repeat_error): Calculator was called 4 times with the same outcome; 330 tokens (0.0030 USD) wasted so far", nil},
		{"cycle", with(with(with(looping, "llmcol.loop.rule", "cycle"), "llmcol.loop.period", 2), "llmcol.loop.tools", []any{"a", "b"}), "llmcol.loop", plog.SeverityNumberWarn,
			"agent loop detected (cycle): a, b were called in turn 4 times with the same outcome; 330 tokens (0.0030 USD) wasted so far", nil},
		{"runaway", with(looping, "llmcol.loop.rule", "runaway"), "llmcol.loop", plog.SeverityNumberWarn,
			"agent loop detected (runaway): an agent run has made 4 steps; 330 tokens (0.0030 USD) wasted so far", nil},
		{"repeated output", with(looping, "llmcol.loop.rule", "repeat_output"), "llmcol.loop", plog.SeverityNumberWarn,
			"agent loop detected (repeat_output): a model was asked the same and answered the same 4 times; 330 tokens (0.0030 USD) wasted so far", nil},
		{"same result", with(looping, "llmcol.loop.rule", "same_result"), "llmcol.loop", plog.SeverityNumberWarn,
			"agent loop detected (same_result): Calculator was called 4 times with different arguments and had the same outcome; 330 tokens (0.0030 USD) wasted so far", nil},
		{"no transition", with(looping, "llmcol.loop.transition", false), "", 0, "", nil},
		{"cost", chat(map[string]any{"gen_ai.usage.cost": 1.5}), "llmcol.cost", plog.SeverityNumberWarn, "a call of gpt-4o cost 1.5000 USD, more than 1 USD",
			map[string]any{"llmcol.event.cost": 1.5, "llmcol.event.cost_of": "call", "gen_ai.conversation.id": "c1"}},
		{"cost within the limit", chat(map[string]any{"gen_ai.usage.cost": 1.0}), "", 0, "", nil},
		{"cost of a call that is counted elsewhere", chat(map[string]any{"gen_ai.usage.cost": 1.5, "llmcol.cost.status": "counted_elsewhere"}), "", 0, "", nil},
		{"error", chat(map[string]any{"error.type": "RateLimitError"}), "llmcol.error", plog.SeverityNumberError, "chat failed: RateLimitError",
			map[string]any{"llmcol.event.error_type": "RateLimitError"}},
		{"failed tool", map[string]any{"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "get", "error.type": "Timeout"}, "llmcol.error", plog.SeverityNumberError, "tool get failed: Timeout", nil},
		{"secret", map[string]any{"llmcol.redaction.entities": []any{"EMAIL", "API_KEY"}, "llmcol.redaction.count": 2}, "llmcol.secret_redacted", plog.SeverityNumberWarn,
			"a secret was redacted: API_KEY", map[string]any{"llmcol.redaction.count": int64(2)}},
		{"personal data only", map[string]any{"llmcol.redaction.entities": []any{"EMAIL"}}, "", 0, "", nil},
		{"truncation", map[string]any{"llmcol.truncation.dropped_bytes": 70_000, "llmcol.truncation.keys": []any{"k"}}, "llmcol.truncated", plog.SeverityNumberInfo,
			"70000 bytes of content were cut, more than 65536", map[string]any{"llmcol.truncation.keys": []any{"k"}}},
		{"small truncation", map[string]any{"llmcol.truncation.dropped_bytes": 65_536}, "", 0, "", nil},
		{"length", chat(map[string]any{"gen_ai.response.finish_reasons": []any{"max_tokens"}}), "llmcol.finish_reason", plog.SeverityNumberWarn,
			"an answer was cut off at the maximum of its tokens", map[string]any{"llmcol.event.finish_reason": "length", "gen_ai.response.model": "gpt-4o"}},
		{"content filter", chat(map[string]any{"gen_ai.response.finish_reasons": []any{"SAFETY"}}), "llmcol.finish_reason", plog.SeverityNumberWarn,
			"an answer was stopped by a content filter", map[string]any{"llmcol.event.finish_reason": "content_filter"}},
		{"stop", chat(map[string]any{"gen_ai.response.finish_reasons": []any{"stop"}}), "", 0, "", nil},
		{"bad retrieval", map[string]any{"gen_ai.operation.name": "retrieval", "gen_ai.retrieval.documents": `[{"id":"a","score":0.42},{"id":"b","score":0.31}]`}, "llmcol.retrieval", plog.SeverityNumberWarn,
			"a retrieval found nothing good: the best of 2 scores is 0.42, below 0.5", map[string]any{"llmcol.event.best_score": 0.42}},
		{"one good document", map[string]any{"gen_ai.operation.name": "retrieval", "gen_ai.retrieval.documents": `[{"id":"a","score":0.31},{"id":"b","score":0.5}]`}, "", 0, "", nil},
		{"a span like any other", map[string]any{"http.request.method": "GET"}, "", 0, "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sink := new(consumertest.LogsSink)
			c, clock := newTestConnector(t, sink, nil)
			td := traceOf(1, tt.attributes)
			td.MarkReadOnly()
			require.NoError(t, c.ConsumeTraces(context.Background(), td))
			records := eventsIn(sink.AllLogs())
			if tt.event == "" {
				require.Empty(t, records)
				return
			}
			require.Len(t, records, 1)
			r := records[0]
			assert.Equal(t, tt.event, r.EventName())
			assert.Equal(t, tt.severity, r.SeverityNumber())
			assert.NotEmpty(t, r.SeverityText())
			assert.Equal(t, tt.body, r.Body().Str())
			assert.Equal(t, pcommon.TraceID{1}, r.TraceID())
			assert.Equal(t, pcommon.SpanID{1, 1}, r.SpanID())
			assert.Equal(t, pcommon.Timestamp(1000), r.Timestamp())
			assert.Equal(t, pcommon.NewTimestampFromTime(clock.now), r.ObservedTimestamp())
			for k, v := range tt.has {
				assert.Equal(t, v, r.Attributes().AsRaw()[k], k)
			}
			service, _ := sink.AllLogs()[0].ResourceLogs().At(0).Resource().Attributes().Get("service.name")
			assert.Equal(t, "shop", service.Str())

			require.NoError(t, c.ConsumeTraces(context.Background(), td))
			assert.Len(t, eventsIn(sink.AllLogs()), 1, "sent again, told once")
		})
	}
}

func TestEachKindCanBeSwitchedOff(t *testing.T) {
	all := map[string]any{}
	for _, m := range []map[string]any{
		looping, chat(map[string]any{"gen_ai.usage.cost": 2.0, "error.type": "X", "gen_ai.response.finish_reasons": []any{"length"}}),
		{"llmcol.redaction.entities": []any{"API_KEY"}, "llmcol.truncation.dropped_bytes": 1 << 20},
	} {
		for k, v := range m {
			all[k] = v
		}
	}
	retrieval := map[string]any{"gen_ai.operation.name": "retrieval", "gen_ai.retrieval.documents": `[{"id":"a","score":0.1}]`}
	count := func(off string) map[string]int {
		sink := new(consumertest.LogsSink)
		no := false
		c, _ := newTestConnector(t, sink, func(cfg *Config) {
			if off != "" {
				cfg.Kinds = map[string]KindConfig{off: {Enabled: &no}}
			}
		})
		require.NoError(t, c.ConsumeTraces(context.Background(), traceOf(1, all, retrieval)))
		names := map[string]int{}
		for _, r := range eventsIn(sink.AllLogs()) {
			names[r.EventName()]++
		}
		return names
	}
	require.Len(t, count(""), int(numKinds))
	for k := range kinds {
		names := count(kinds[k].name)
		assert.Len(t, names, int(numKinds)-1)
		assert.NotContains(t, names, kinds[k].event)
	}
}

func TestTheCostOfATrace(t *testing.T) {
	sink := new(consumertest.LogsSink)
	c, _ := newTestConnector(t, sink, nil)
	call := chat(map[string]any{"gen_ai.usage.cost": 0.4})
	for range 2 {
		require.NoError(t, c.ConsumeTraces(context.Background(), traceOf(1, call, call)))
	}
	require.Empty(t, sink.AllLogs(), "sent twice, but 0.8 USD in sum")
	require.NoError(t, c.ConsumeTraces(context.Background(), traceOf(1, call, call, call, call)))
	records := eventsIn(sink.AllLogs())
	require.Len(t, records, 1, "once a trace")
	assert.Equal(t, "a trace cost 1.2000 USD, more than 1 USD", records[0].Body().Str())
	assert.Equal(t, "trace", records[0].Attributes().AsRaw()[attrCostOf])
}

func TestEachKindOfErrorOnceATrace(t *testing.T) {
	sink := new(consumertest.LogsSink)
	c, _ := newTestConnector(t, sink, nil)
	a, b := chat(map[string]any{"error.type": "A"}), chat(map[string]any{"error.type": "B"})
	require.NoError(t, c.ConsumeTraces(context.Background(), traceOf(1, a, a, b, a)))
	require.NoError(t, c.ConsumeTraces(context.Background(), traceOf(2, a)))
	assert.Len(t, eventsIn(sink.AllLogs()), 3)
}

func TestLimit(t *testing.T) {
	sink := new(consumertest.LogsSink)
	c, clock := newTestConnector(t, sink, func(cfg *Config) { cfg.MaxPerMinute = 2 })
	failed := chat(map[string]any{"error.type": "A"})
	for trace := range byte(7) {
		require.NoError(t, c.ConsumeTraces(context.Background(), traceOf(trace+1, failed)))
	}
	require.Len(t, eventsIn(sink.AllLogs()), 2)
	require.NoError(t, c.ConsumeTraces(context.Background(), traceOf(50, looping)))
	require.Len(t, eventsIn(sink.AllLogs()), 3, "another kind has a limit of its own")
	other := traceOf(51, failed)
	other.ResourceSpans().At(0).Resource().Attributes().PutStr("service.name", "other")
	require.NoError(t, c.ConsumeTraces(context.Background(), other))
	require.Len(t, eventsIn(sink.AllLogs()), 4, "another service, too")
	clock.now = clock.now.Add(time.Minute)
	require.NoError(t, c.ConsumeTraces(context.Background(), traceOf(60, failed)))
	records := eventsIn(sink.AllLogs())
	require.Len(t, records, 5)
	assert.Equal(t, int64(5), records[4].Attributes().AsRaw()[attrSuppressed], "the next one says how many were suppressed")
	require.NoError(t, c.ConsumeTraces(context.Background(), traceOf(61, failed)))
	_, again := eventsIn(sink.AllLogs())[5].Attributes().Get(attrSuppressed)
	assert.False(t, again)
}

func TestLogsToLogs(t *testing.T) {
	sink := new(consumertest.LogsSink)
	c, _ := newTestConnector(t, sink, nil)
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	sl := rl.ScopeLogs().AppendEmpty()
	r := sl.LogRecords().AppendEmpty()
	r.SetEventName("codex.tool_result")
	r.SetObservedTimestamp(77)
	require.NoError(t, r.Attributes().FromRaw(looping))
	ld.MarkReadOnly()
	require.NoError(t, c.ConsumeLogs(context.Background(), ld))
	records := eventsIn(sink.AllLogs())
	require.Len(t, records, 1)
	assert.Equal(t, "llmcol.loop", records[0].EventName())
	assert.Equal(t, pcommon.Timestamp(77), records[0].Timestamp())
	assert.Equal(t, "codex.tool_result", records[0].Attributes().AsRaw()[attrSubject])
	require.NoError(t, c.ConsumeLogs(context.Background(), sink.AllLogs()[0]))
	assert.Len(t, eventsIn(sink.AllLogs()), 1, "an event is no subject of another")
}

// TestRecordsThatLookAlike: records without a trace, of two conversations at one time or of no known time, are not one another.
func TestRecordsThatLookAlike(t *testing.T) {
	for name, tt := range map[string]struct {
		at            pcommon.Timestamp
		conversations [2]string
		want          int
	}{
		"two conversations":           {77, [2]string{"a", "b"}, 2},
		"no time":                     {0, [2]string{"a", "a"}, 2},
		"one record that came twice":  {77, [2]string{"a", "a"}, 1},
		"two conversations, no times": {0, [2]string{"a", "b"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			sink := new(consumertest.LogsSink)
			c, _ := newTestConnector(t, sink, nil)
			ld := plog.NewLogs()
			records := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
			for _, conversation := range tt.conversations {
				r := records.AppendEmpty()
				r.SetEventName("codex.tool_result")
				r.SetTimestamp(tt.at)
				require.NoError(t, r.Attributes().FromRaw(with(looping, "conversation.id", conversation)))
			}
			require.NoError(t, c.ConsumeLogs(context.Background(), ld))
			assert.Len(t, eventsIn(sink.AllLogs()), tt.want)
		})
	}
}

func TestRefusedEventsCostNoSpan(t *testing.T) {
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	set := connectortest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = tel.NewTelemetrySettings()
	cfg := createDefaultConfig().(*Config)
	cfg.MaxPerMinute = 1
	c, err := newConnector(cfg, set, consumertest.NewErr(errors.New("refused")))
	require.NoError(t, err)
	failed := chat(map[string]any{"error.type": "A"})
	require.NoError(t, c.ConsumeTraces(context.Background(), traceOf(1, failed, looping)))
	require.NoError(t, c.ConsumeTraces(context.Background(), traceOf(2, failed)))
	metadatatest.AssertEqualConnectorLlmEventsDownstreamErrors(t, tel, []metricdata.DataPoint[int64]{{Value: 2}}, metricdatatest.IgnoreTimestamp())
	kindPoint := func(kind string) metricdata.DataPoint[int64] {
		return metricdata.DataPoint[int64]{Value: 1, Attributes: attribute.NewSet(attribute.String("kind", kind))}
	}
	metadatatest.AssertEqualConnectorLlmEventsEvents(t, tel, []metricdata.DataPoint[int64]{kindPoint("error"), kindPoint("loop")}, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualConnectorLlmEventsSuppressed(t, tel, []metricdata.DataPoint[int64]{kindPoint("error")}, metricdatatest.IgnoreTimestamp())
	require.NoError(t, c.Shutdown(context.Background()))
	require.NoError(t, c.Shutdown(context.Background()), "twice")
}

func TestMemoryIsBounded(t *testing.T) {
	g := newGenerations[int](100)
	for i := range uint64(10_000) {
		g.put(i, int(i))
		assert.LessOrEqual(t, len(g.young)+len(g.old), 100)
	}
	v, known := g.get(9_999)
	assert.True(t, known)
	assert.Equal(t, 9_999, v)
	_, known = g.get(1)
	assert.False(t, known)
}

func TestTracesAndLogsShareOneMemory(t *testing.T) {
	sink := new(consumertest.LogsSink)
	cfg := createDefaultConfig().(*Config)
	traces, err := NewFactory().CreateTracesToLogs(context.Background(), connectortest.NewNopSettings(metadata.Type), cfg, sink)
	require.NoError(t, err)
	logs, err := NewFactory().CreateLogsToLogs(context.Background(), connectortest.NewNopSettings(metadata.Type), cfg, sink)
	require.NoError(t, err)
	assert.Same(t, traces.(*events).memory, logs.(*events).memory)
	assert.False(t, traces.Capabilities().MutatesData)
	require.NoError(t, traces.Shutdown(context.Background()))
	require.NoError(t, logs.Shutdown(context.Background()))
	_, held := memories.Get(cfg)
	assert.False(t, held)
}

func TestAPoisonedSpanCostsNoOther(t *testing.T) {
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	set := connectortest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = tel.NewTelemetrySettings()
	c, err := newConnector(createDefaultConfig().(*Config), set, consumertest.NewNop())
	require.NoError(t, err)
	c.memory = nil // whatever asks it trips over that
	failed := chat(map[string]any{"error.type": "A"})
	require.NoError(t, c.ConsumeTraces(context.Background(), traceOf(1, failed, chat(nil), failed)))
	metadatatest.AssertEqualConnectorLlmEventsFailures(t, tel, []metricdata.DataPoint[int64]{{Value: 2}}, metricdatatest.IgnoreTimestamp())
}
