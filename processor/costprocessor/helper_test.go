// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package costprocessor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/llmcol/llmcol/processor/costprocessor/internal/metadata"
	"github.com/llmcol/llmcol/test/harness"
)

// instance is the component under test: its traces and its logs instance, and what they let through.
type instance struct {
	traces    processor.Traces
	logs      processor.Logs
	traceSink *consumertest.TracesSink
	logSink   *consumertest.LogsSink
}

func asItIs(*Config) {}

func start(t testing.TB, change func(*Config)) *instance {
	return startWith(t, processortest.NewNopSettings(metadata.Type), change)
}

func startWith(t testing.TB, set processor.Settings, change func(*Config)) *instance {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	change(cfg)
	require.NoError(t, cfg.Validate())
	i := &instance{traceSink: new(consumertest.TracesSink), logSink: new(consumertest.LogsSink)}
	var err error
	i.traces, err = NewFactory().CreateTraces(t.Context(), set, cfg, i.traceSink)
	require.NoError(t, err)
	i.logs, err = NewFactory().CreateLogs(t.Context(), set, cfg, i.logSink)
	require.NoError(t, err)
	for _, c := range []component.Component{i.traces, i.logs} {
		require.NoError(t, c.Start(t.Context(), componenttest.NewNopHost()))
	}
	t.Cleanup(func() {
		require.NoError(t, i.traces.Shutdown(t.Context()))
		require.NoError(t, i.logs.Shutdown(t.Context()))
	})
	return i
}

// send hands over copies: what was sent stays apart from what came out.
func (i *instance) send(t testing.TB, requests ...harness.Request) {
	t.Helper()
	for _, r := range requests {
		switch r.Signal {
		case harness.Traces:
			td := ptrace.NewTraces()
			r.Traces.CopyTo(td)
			require.NoError(t, i.traces.ConsumeTraces(t.Context(), td))
		case harness.Logs:
			ld := plog.NewLogs()
			r.Logs.CopyTo(ld)
			require.NoError(t, i.logs.ConsumeLogs(t.Context(), ld))
		}
	}
}

// spans are what came out, each span once.
func (i *instance) spans() map[string]harness.Span {
	spans := map[string]harness.Span{}
	for _, td := range i.traceSink.AllTraces() {
		for _, s := range harness.SpansOf(td) {
			spans[s.SpanID().String()] = s
		}
	}
	return spans
}

func (i *instance) records() (records []harness.Record) {
	for _, ld := range i.logSink.AllLogs() {
		records = append(records, harness.RecordsOf(ld)...)
	}
	return records
}

func only(signal harness.Signal, requests []harness.Request) (some []harness.Request) {
	for _, r := range requests {
		if r.Signal == signal {
			some = append(some, r)
		}
	}
	return some
}

var day = time.Date(2026, 9, 23, 12, 0, 0, 0, time.UTC)

// testSpan is a span of a request; without attributes of its own it is a call of gpt-4o with 1000 + 500 tokens.
type testSpan struct {
	id, parent byte
	trace      byte
	scope      string
	version    string // of the scope
	from, to   int    // milliseconds
	attributes map[string]any
}

func (s testSpan) with(more map[string]any) testSpan {
	all := map[string]any{
		"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o",
		"gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 500,
	}
	for k, v := range more {
		if all[k] = v; v == nil {
			delete(all, k)
		}
	}
	s.attributes = all
	return s
}

// request makes one request of spans.
func request(spans ...testSpan) harness.Request {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	for _, s := range spans {
		ss := rs.ScopeSpans().AppendEmpty()
		ss.Scope().SetName(s.scope)
		ss.Scope().SetVersion(s.version)
		span := ss.Spans().AppendEmpty()
		span.SetTraceID([16]byte{max(s.trace, 1)})
		span.SetSpanID([8]byte{s.id})
		span.SetParentSpanID([8]byte{s.parent})
		span.SetStartTimestamp(at(s.from))
		span.SetEndTimestamp(at(s.to))
		if s.attributes == nil {
			s = s.with(nil)
		}
		if err := span.Attributes().FromRaw(s.attributes); err != nil {
			panic(err)
		}
	}
	return harness.TracesRequest(td)
}

func at(ms int) pcommon.Timestamp {
	return pcommon.NewTimestampFromTime(day.Add(time.Duration(ms) * time.Millisecond))
}

// one sends one call and returns what its span carries then.
func (i *instance) one(t testing.TB, attributes map[string]any) map[string]any {
	t.Helper()
	s := testSpan{id: 1, to: 50, trace: byte(i.traceSink.SpanCount() + 1)}
	i.send(t, request(s.with(attributes)))
	all := i.traceSink.AllTraces()
	return harness.SpansOf(all[len(all)-1])[0].Attributes().AsRaw()
}
