// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package harness

import (
	"fmt"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Signal is traces, logs or metrics.
type Signal string

// The three signals.
const (
	Traces  Signal = "traces"
	Logs    Signal = "logs"
	Metrics Signal = "metrics"
)

// Request is one OTLP export: Signal says which of the three holds the data.
type Request struct {
	Signal  Signal
	Traces  ptrace.Traces
	Logs    plog.Logs
	Metrics pmetric.Metrics

	// capturedJSON is the client's own JSON, where the request was captured as such.
	capturedJSON []byte
}

// TracesRequest wraps spans to send.
func TracesRequest(td ptrace.Traces) Request { return Request{Signal: Traces, Traces: td} }

// LogsRequest wraps log records to send.
func LogsRequest(ld plog.Logs) Request { return Request{Signal: Logs, Logs: ld} }

// MetricsRequest wraps metrics to send.
func MetricsRequest(md pmetric.Metrics) Request { return Request{Signal: Metrics, Metrics: md} }

func decodeRequest(signal Signal, body []byte) (Request, error) {
	r := Request{Signal: signal}
	var err error
	switch signal {
	case Traces:
		r.Traces, err = (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(body)
	case Logs:
		r.Logs, err = (&plog.JSONUnmarshaler{}).UnmarshalLogs(body)
	case Metrics:
		r.Metrics, err = (&pmetric.JSONUnmarshaler{}).UnmarshalMetrics(body)
	default:
		err = fmt.Errorf("signal is %q: want traces, logs or metrics", signal)
	}
	return r, err
}

// SpanCount is the number of spans in all requests, each counted as often as it is sent.
func SpanCount(requests []Request) int {
	n := 0
	for _, r := range requests {
		if r.Signal == Traces {
			n += r.Traces.SpanCount()
		}
	}
	return n
}

// LogRecordCount is the number of log records in all requests.
func LogRecordCount(requests []Request) int {
	n := 0
	for _, r := range requests {
		if r.Signal == Logs {
			n += r.Logs.LogRecordCount()
		}
	}
	return n
}
