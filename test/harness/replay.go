// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package harness

import (
	"slices"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Way is one way to send the same telemetry: whatever the order and the batching, the same must come out.
type Way struct {
	Name    string
	arrange func([]Request) []Request
}

// Arrange returns the requests as this way sends them; what it is given stays as it is.
func (w Way) Arrange(requests []Request) []Request { return w.arrange(requests) }

// Ways are the five ways in which fixtures are replayed.
var Ways = []Way{
	AsCaptured,
	{"in reverse", reversed},
	{"one span a request", oneItemEach},
	{"all in one request", allInOne},
	{"every request twice", twice},
}

// AsCaptured keeps the client's own order, batching and encoding.
var AsCaptured = Way{"as captured", func(r []Request) []Request { return r }}

// reversed turns round the order of the requests and of the items in each.
func reversed(requests []Request) []Request {
	singles := oneItemEach(requests)
	slices.Reverse(singles)
	var out []Request
	for _, request := range slices.Backward(requests) {
		n := itemCount(request)
		out = append(out, allInOne(singles[:n])...)
		singles = singles[n:]
	}
	return out
}

// twice sends each request and then the same again, as a client does that saw no answer to the first.
func twice(requests []Request) []Request {
	var out []Request
	for _, r := range requests {
		out = append(out, r, r)
	}
	return out
}

// allInOne sends one request a signal.
func allInOne(requests []Request) []Request {
	traces, logs, metrics := ptrace.NewTraces(), plog.NewLogs(), pmetric.NewMetrics()
	for _, r := range requests {
		switch r.Signal {
		case Traces:
			for _, rs := range r.Traces.ResourceSpans().All() {
				rs.CopyTo(traces.ResourceSpans().AppendEmpty())
			}
		case Logs:
			for _, rl := range r.Logs.ResourceLogs().All() {
				rl.CopyTo(logs.ResourceLogs().AppendEmpty())
			}
		case Metrics:
			for _, rm := range r.Metrics.ResourceMetrics().All() {
				rm.CopyTo(metrics.ResourceMetrics().AppendEmpty())
			}
		}
	}
	var out []Request
	for _, r := range []Request{TracesRequest(traces), LogsRequest(logs), MetricsRequest(metrics)} {
		if itemCount(r) > 0 {
			out = append(out, r)
		}
	}
	return out
}

// oneItemEach sends every span, log record and metric in a request of its own.
func oneItemEach(requests []Request) []Request {
	var out []Request
	for _, r := range requests {
		switch r.Signal {
		case Traces:
			for _, rs := range r.Traces.ResourceSpans().All() {
				for _, ss := range rs.ScopeSpans().All() {
					for _, span := range ss.Spans().All() {
						out = append(out, oneSpan(rs, ss, span))
					}
				}
			}
		case Logs:
			for _, rl := range r.Logs.ResourceLogs().All() {
				for _, sl := range rl.ScopeLogs().All() {
					for _, record := range sl.LogRecords().All() {
						out = append(out, oneRecord(rl, sl, record))
					}
				}
			}
		case Metrics:
			for _, rm := range r.Metrics.ResourceMetrics().All() {
				for _, sm := range rm.ScopeMetrics().All() {
					for _, metric := range sm.Metrics().All() {
						out = append(out, oneMetric(rm, sm, metric))
					}
				}
			}
		}
	}
	return out
}

func oneSpan(rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, span ptrace.Span) Request {
	td := ptrace.NewTraces()
	toRS := td.ResourceSpans().AppendEmpty()
	rs.Resource().CopyTo(toRS.Resource())
	toRS.SetSchemaUrl(rs.SchemaUrl())
	toSS := toRS.ScopeSpans().AppendEmpty()
	ss.Scope().CopyTo(toSS.Scope())
	toSS.SetSchemaUrl(ss.SchemaUrl())
	span.CopyTo(toSS.Spans().AppendEmpty())
	return TracesRequest(td)
}

func oneRecord(rl plog.ResourceLogs, sl plog.ScopeLogs, record plog.LogRecord) Request {
	ld := plog.NewLogs()
	toRL := ld.ResourceLogs().AppendEmpty()
	rl.Resource().CopyTo(toRL.Resource())
	toRL.SetSchemaUrl(rl.SchemaUrl())
	toSL := toRL.ScopeLogs().AppendEmpty()
	sl.Scope().CopyTo(toSL.Scope())
	toSL.SetSchemaUrl(sl.SchemaUrl())
	record.CopyTo(toSL.LogRecords().AppendEmpty())
	return LogsRequest(ld)
}

func oneMetric(rm pmetric.ResourceMetrics, sm pmetric.ScopeMetrics, metric pmetric.Metric) Request {
	md := pmetric.NewMetrics()
	toRM := md.ResourceMetrics().AppendEmpty()
	rm.Resource().CopyTo(toRM.Resource())
	toRM.SetSchemaUrl(rm.SchemaUrl())
	toSM := toRM.ScopeMetrics().AppendEmpty()
	sm.Scope().CopyTo(toSM.Scope())
	toSM.SetSchemaUrl(sm.SchemaUrl())
	metric.CopyTo(toSM.Metrics().AppendEmpty())
	return MetricsRequest(md)
}

// itemCount is the number of spans, log records or metrics in a request.
func itemCount(r Request) int {
	switch r.Signal {
	case Traces:
		return r.Traces.SpanCount()
	case Logs:
		return r.Logs.LogRecordCount()
	default:
		return r.Metrics.MetricCount()
	}
}
