// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/test/harness"
)

// eventsPipeline hands what passes the processors to llm_events, whose events go to data/events.jsonl, or to another exporter.
func eventsPipeline(settings, exporter string, processors ...string) []string {
	return []string{
		harness.Pipeline{Traces: processors, Logs: processors}.YAML(),
		fmt.Sprintf(`
connectors: {llm_events: %s}
service:
  pipelines:
    traces: {exporters: [file/traces, llm_events]}
    logs: {exporters: [file/logs, llm_events]}
    logs/events: {receivers: [llm_events], exporters: [%s]}
`, settings, exporter),
	}
}

// eventSpans are spans of one trace, one for each set of attributes.
func eventSpans(trace uint64, all ...map[string]any) harness.Request {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "shop")
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	for i, attributes := range all {
		s := spans.AppendEmpty()
		s.SetName("step")
		var traceID pcommon.TraceID
		binary.BigEndian.PutUint64(traceID[:], trace)
		s.SetTraceID(traceID)
		s.SetSpanID(pcommon.SpanID{1, byte(i)})
		s.SetEndTimestamp(pcommon.NewTimestampFromTime(time.Now()))
		if err := s.Attributes().FromRaw(attributes); err != nil {
			panic(err)
		}
	}
	return harness.TracesRequest(td)
}

// handMade are spans that each are one kind of event.
var handMade = map[string]map[string]any{
	"llmcol.loop":            {"llmcol.loop.severity": "detected", "llmcol.loop.rule": "repeat", "llmcol.loop.period": 1, "llmcol.loop.count": 4, "llmcol.loop.tools": []any{"get"}, "llmcol.loop.transition": true},
	"llmcol.cost":            {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.cost": 1.25},
	"llmcol.error":           {"gen_ai.operation.name": "chat", "error.type": "RateLimitError"},
	"llmcol.secret_redacted": {"llmcol.redaction.entities": []any{"EMAIL", "API_KEY"}, "llmcol.redaction.count": 2},
	"llmcol.truncated":       {"llmcol.truncation.keys": []any{"input"}, "llmcol.truncation.original_bytes": 200_000, "llmcol.truncation.dropped_bytes": 190_000},
	"llmcol.finish_reason":   {"gen_ai.operation.name": "chat", "gen_ai.response.finish_reasons": []any{"length"}},
	"llmcol.retrieval":       {"gen_ai.operation.name": "retrieval", "gen_ai.retrieval.documents": `[{"id":"a","score":0.42},{"id":"b","score":0.31}]`},
}

// TestEachKindOfEvent: one record for each thing that somebody should be told, of spans and of log records alike.
func TestEachKindOfEvent(t *testing.T) {
	for name, attributes := range handMade {
		t.Run(name, func(t *testing.T) {
			c := harness.Start(t, eventsPipeline("{}", "file/events")...)
			request := eventSpans(1, attributes, map[string]any{"http.request.method": "GET"})
			for range 2 { // a client that sends again is told of once
				require.NoError(t, c.Send(harness.Captured, request))
			}
			ld := plog.NewLogs()
			record := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
			record.SetEventName("gen_ai.client.inference.operation.details")
			record.SetTraceID(pcommon.TraceID{2})
			record.SetTimestamp(5)
			require.NoError(t, record.Attributes().FromRaw(attributes))
			require.NoError(t, c.Send(harness.Captured, harness.LogsRequest(ld)))
			require.NoError(t, c.Stop())

			out := c.OutboxFromStart()
			out.Spans(t, "traces", 4)
			events := out.Records(t, "events", 1)
			count := map[string]int{}
			for _, e := range events {
				count[e.EventName()]++
				assert.NotEmpty(t, e.Body().Str())
				assert.NotZero(t, e.SeverityNumber())
			}
			assert.Equal(t, map[string]int{name: 2}, count, "the span's and the record's")
			assert.Equal(t, pcommon.TraceID{0, 0, 0, 0, 0, 0, 0, 1}, events[0].TraceID())
			assert.Equal(t, pcommon.SpanID{1, 0}, events[0].SpanID())
			assert.Equal(t, "shop", events[0].Resource.AsRaw()["service.name"])
		})
	}
}

// TestSecretsAreToldOfButNotTold: through llm_redaction, with a key in the prompt.
func TestSecretsAreToldOfButNotTold(t *testing.T) {
	c := harness.Start(t, eventsPipeline("{}", "file/events", "llm_redaction")...)
	const key = "AKIAIOSFODNN7EXAMPLE"
	require.NoError(t, c.Send(harness.Captured, eventSpans(1, map[string]any{
		"gen_ai.operation.name": "chat", "gen_ai.input.messages": `[{"role":"user","parts":[{"type":"text","content":"use ` + key + `"}]}]`,
	})))
	require.NoError(t, c.Stop())
	events := c.OutboxFromStart().Records(t, "events", 1)
	require.Len(t, events, 1)
	assert.Equal(t, "llmcol.secret_redacted", events[0].EventName())
	assert.NotContains(t, fmt.Sprint(events[0].Body().AsString(), events[0].Attributes().AsRaw()), key)
}

// TestEventsAreLimited: what is too much is suppressed, counted, and told with the next event.
func TestEventsAreLimited(t *testing.T) {
	for name, attributes := range handMade {
		t.Run(name, func(t *testing.T) {
			kind := name[len("llmcol."):]
			c := harness.Start(t, eventsPipeline(fmt.Sprintf("{kinds: {%s: {max_per_minute: 2}}}", kind), "file/events")...)
			for trace := range uint64(5) {
				require.NoError(t, c.Send(harness.Captured, eventSpans(trace+1, attributes)))
			}
			c.OutboxFromStart().Spans(t, "traces", 5)
			assert.Equal(t, 3.0, c.Metric(t, "otelcol_connector_llm_events_suppressed", "kind", kind))
			assert.Equal(t, 2.0, c.Metric(t, "otelcol_connector_llm_events_events", "kind", kind))
			require.NoError(t, c.Stop())
			assert.Len(t, c.OutboxFromStart().Records(t, "events", 2), 2)
		})
	}
}

// TestARefusingEventExporterCostsNoSpan: with an exporter that refuses every event all spans are accepted, at once, and come out.
func TestARefusingEventExporterCostsNoSpan(t *testing.T) {
	settings := append(eventsPipeline("{max_per_minute: 0}", "otlp_http/refusing"), `
exporters:
  otlp_http/refusing:
    endpoint: http://127.0.0.1:1
    sending_queue: {enabled: false}
    retry_on_failure: {enabled: false}
`)
	c := harness.Start(t, settings...)
	const requests = 200
	for trace := range uint64(requests) {
		require.NoError(t, c.Send(harness.Captured, eventSpans(trace+1, handMade["llmcol.error"], handMade["llmcol.loop"])))
	}
	c.OutboxFromStart().Spans(t, "traces", 2*requests)
	assert.Equal(t, 2.0*requests, c.Metric(t, "otelcol_connector_llm_events_downstream_errors"))
	require.NoError(t, c.Stop())
	assert.Len(t, c.OutboxFromStart().Spans(t, "traces", 2*requests), 2*requests)
}
