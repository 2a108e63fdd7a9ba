// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
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

// backend is an OTLP/HTTP server that can refuse, and remembers which spans it took under which headers.
type backend struct {
	*httptest.Server
	refuse atomic.Bool

	mu      sync.Mutex
	dataset map[pcommon.SpanID][]string
	refused int
}

func newBackend(t *testing.T) *backend {
	b := &backend{dataset: map[pcommon.SpanID][]string{}}
	b.Server = httptest.NewServer(http.HandlerFunc(b.take))
	t.Cleanup(b.Close)
	return b
}

func (b *backend) take(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuse.Load() {
		b.refused++
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	body, err := io.ReadAll(r.Body)
	request := ptraceotlp.NewExportRequest()
	if err != nil || request.UnmarshalProto(body) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	for _, s := range harness.SpansOf(request.Traces()) {
		b.dataset[s.SpanID()] = append(b.dataset[s.SpanID()], r.Header.Get("x-dataset"))
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

func (b *backend) refusals() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.refused
}

func (b *backend) took() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.dataset)
}

// classified are ten traces of each class: failed, slow, plain.
func classified() (td ptrace.Traces, want map[pcommon.SpanID]string) {
	td, want = ptrace.NewTraces(), map[pcommon.SpanID]string{}
	for i := range 10 {
		for j, dataset := range []string{"llm-errors", "llm-slow", "llm"} {
			trace, id := pcommon.TraceID{0x61, byte(i), byte(j), 1}, byte(10*i+2*j+1)
			root := span(td, trace, id, 0, "root", 0, []time.Duration{time.Second, 7 * time.Second, time.Second}[j])
			root.SetSpanID(pcommon.SpanID{byte(j), id})
			child := span(td, trace, id+1, 0, "child", 0, time.Second/2)
			child.SetSpanID(pcommon.SpanID{byte(j), id + 1})
			child.SetParentSpanID(root.SpanID())
			if j == 0 {
				child.Status().SetCode(ptrace.StatusCodeError)
			}
			want[root.SpanID()], want[child.SpanID()] = dataset, dataset
		}
	}
	return td, want
}

// TestRetentionSendsEachClassItsWay runs the shipped configuration against a back end that tells the classes by their headers. The back
// end refuses at first: nothing is lost.
func TestRetentionSendsEachClassItsWay(t *testing.T) {
	b := newBackend(t)
	b.refuse.Store(true)
	c := harness.StartWith(t, harness.Options{
		Configs: []string{harness.Config(t, "config/retention.yaml"), `
processors: {llm_tail_sampling: {settle: 1s, idle: 2s, policies: [{name: errors, type: error}, {name: slow, type: slow, slow: {threshold: 5s}}, {name: rest, type: always_sample}]}}
exporters:
  otlp_http/errors: {compression: none, sending_queue: {enabled: false}, retry_on_failure: {enabled: false}}
  otlp_http/slow: {compression: none, sending_queue: {enabled: false}, retry_on_failure: {enabled: false}}
  otlp_http/normal: {compression: none, sending_queue: {enabled: false}, retry_on_failure: {enabled: false}}
`},
		Env: []string{"LLMCOL_ERRORS_ENDPOINT=" + b.URL, "LLMCOL_SLOW_ENDPOINT=" + b.URL, "LLMCOL_NORMAL_ENDPOINT=" + b.URL},
	})
	td, want := classified()
	require.NoError(t, c.Send(harness.GRPC, harness.TracesRequest(td)))
	harness.Eventually(t, func() bool { return b.refusals() > 2 }, "the back end is asked, and asked again")
	b.refuse.Store(false)
	harness.Eventually(t, func() bool { return b.took() == len(want) }, "all spans arrive once it takes them")
	require.NoError(t, c.Stop())
	for id, dataset := range want {
		assert.Equal(t, []string{dataset}, b.dataset[id], "span %s goes one way, once", id)
	}
}

// TestRetentionHandsRefusalsUpstream: without a sampler between, the sender itself is told.
func TestRetentionHandsRefusalsUpstream(t *testing.T) {
	b := newBackend(t)
	b.refuse.Store(true)
	c := harness.Start(t, `
receivers: {otlp: {protocols: {grpc: {}, http: {}}}}
connectors: {llm_retention: {classes: [{name: errors, pipelines: [traces/errors]}, {name: normal, pipelines: [traces/normal]}]}}
exporters:
  otlp_http: {endpoint: "`+b.URL+`", compression: none, sending_queue: {enabled: false}, retry_on_failure: {enabled: false}}
  nop: {}
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [llm_retention]}
    traces/errors: {receivers: [llm_retention], exporters: [nop]}
    traces/normal: {receivers: [llm_retention], exporters: [otlp_http]}
`)
	td, want := classified()
	require.ErrorContains(t, c.Send(harness.HTTPProtobuf, harness.TracesRequest(td)), "503")
	b.refuse.Store(false)
	require.NoError(t, c.Send(harness.HTTPProtobuf, harness.TracesRequest(td)))
	assert.Equal(t, len(want), b.took(), "without a sampler every trace is normal")
	require.NoError(t, c.Stop())
}

func TestRetentionConfigErrorsNameTheSetting(t *testing.T) {
	err := harness.Validate([]string{`
receivers: {otlp: {protocols: {grpc: {}}}}
connectors: {llm_retention: {classes: [{name: errors, pipelines: [traces/errors]}, {name: normal}]}}
exporters: {nop: {}}
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [llm_retention]}
    traces/errors: {receivers: [llm_retention], exporters: [nop]}
`})
	require.ErrorContains(t, err, "llm_retention")
	assert.ErrorContains(t, err, "classes: normal: pipelines: there is none, give at least one")
}
