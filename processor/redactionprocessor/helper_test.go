// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/test/harness"
)

// testKey is a key of the least length allowed.
const testKey = "0123456789abcdef0123456789abcdef"

// testConfig is the default configuration with testKey and the settings, in YAML, laid over it.
func testConfig(t testing.TB, settings string) *Config {
	t.Helper()
	retrieved, err := confmap.NewRetrievedFromYAML([]byte("key: " + testKey + "\n" + settings))
	require.NoError(t, err)
	conf, err := retrieved.AsConf()
	require.NoError(t, err)
	c := createDefaultConfig().(*Config)
	require.NoError(t, conf.Unmarshal(c))
	require.NoError(t, c.Validate())
	return c
}

// testSettings remembers settings by their YAML: to build a scanner takes longer than most tests.
var testSettings sync.Map

func newTestScrubber(t testing.TB, yaml string) *scrubber {
	t.Helper()
	if s, built := testSettings.Load(yaml); built {
		return newScrubber(s.(*settings))
	}
	s, err := newSettings(testConfig(t, yaml))
	require.NoError(t, err)
	testSettings.Store(yaml, s)
	return newScrubber(s)
}

// newSpan returns traces with one span, and the span.
func newSpan() (ptrace.Traces, ptrace.Span) {
	td := ptrace.NewTraces()
	return td, td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
}

// newRecord returns logs with one record, and the record.
func newRecord() (plog.Logs, plog.LogRecord) {
	ld := plog.NewLogs()
	return ld, ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
}

func copyOf(r harness.Request) harness.Request {
	switch r.Signal {
	case harness.Traces:
		td := ptrace.NewTraces()
		r.Traces.CopyTo(td)
		return harness.TracesRequest(td)
	case harness.Logs:
		ld := plog.NewLogs()
		r.Logs.CopyTo(ld)
		return harness.LogsRequest(ld)
	default:
		md := pmetric.NewMetrics()
		r.Metrics.CopyTo(md)
		return harness.MetricsRequest(md)
	}
}

func marshal(t testing.TB, r harness.Request) string {
	t.Helper()
	var text []byte
	var err error
	switch r.Signal {
	case harness.Traces:
		text, err = (&ptrace.JSONMarshaler{}).MarshalTraces(r.Traces)
	case harness.Logs:
		text, err = (&plog.JSONMarshaler{}).MarshalLogs(r.Logs)
	default:
		text, err = (&pmetric.JSONMarshaler{}).MarshalMetrics(r.Metrics)
	}
	require.NoError(t, err)
	return string(text)
}

// leavesOf lists every map of attributes and every body of a request, in a fixed order.
func leavesOf(r harness.Request) []pcommon.Value {
	var all []pcommon.Value
	add := func(m pcommon.Map) {
		v := pcommon.NewValueMap()
		m.CopyTo(v.Map())
		all = append(all, v)
	}
	switch r.Signal {
	case harness.Traces:
		for _, span := range harness.SpansOf(r.Traces) {
			add(span.Resource)
			add(span.Scope.Attributes())
			add(span.Attributes())
			for _, e := range span.Events().All() {
				add(e.Attributes())
			}
			for _, l := range span.Links().All() {
				add(l.Attributes())
			}
		}
	case harness.Logs:
		for _, record := range harness.RecordsOf(r.Logs) {
			add(record.Resource)
			add(record.Attributes())
			all = append(all, record.Body())
		}
	case harness.Metrics:
		for _, rm := range r.Metrics.ResourceMetrics().All() {
			add(rm.Resource().Attributes())
		}
	}
	return all
}
