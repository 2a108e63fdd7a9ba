// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/test/harness"
)

const tick = 10 * time.Millisecond

// spans are n spans of one trace with the given name.
func spans(n int, name string) ptrace.Traces {
	td := ptrace.NewTraces()
	ss := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty()
	for i := range n {
		span := ss.Spans().AppendEmpty()
		span.SetName(name)
		span.SetTraceID([16]byte{1})
		span.SetSpanID([8]byte{byte(i >> 8), byte(i), 1})
	}
	return td
}

func TestSIGTERMDrainsWhatIsHeld(t *testing.T) {
	c := harness.Start(t, harness.Pipeline{Traces: []string{"batch"}}.YAML(),
		`processors: {batch: {timeout: 1h, send_batch_size: 1000000}}`)
	out := c.Outbox()
	require.NoError(t, c.Send(harness.GRPC, harness.TracesRequest(spans(500, "held"))))
	require.Empty(t, out.Spans(t, "traces", 0))
	require.NoError(t, c.Stop())
	assert.Len(t, out.Spans(t, "traces", 0), 500)
}

func TestSIGTERMUnderLoadLosesNothingThatWasAcknowledged(t *testing.T) {
	c := harness.Start(t, harness.Config(t, "config/quickstart.yaml"))
	out := c.Outbox()
	var acknowledged atomic.Int64
	refused := make(chan struct{})
	go func() {
		defer close(refused)
		for c.Send(harness.GRPC, harness.TracesRequest(spans(10, "under load"))) == nil {
			acknowledged.Add(10)
		}
	}()
	harness.Eventually(t, func() bool { return acknowledged.Load() > 1000 })
	require.NoError(t, c.Stop())
	<-refused
	// What was on the wire when the receiver closed may have been written and not acknowledged.
	assert.GreaterOrEqual(t, int64(len(out.Spans(t, "traces", 0))), acknowledged.Load())
}

func TestRestartAfterSIGKILL(t *testing.T) {
	options := harness.Options{Configs: []string{harness.Config(t, "config/quickstart.yaml")}, Dir: t.TempDir()}
	c := harness.StartWith(t, options)
	c.Kill()
	require.False(t, c.Running())
	c = harness.StartWith(t, options)
	out := c.Outbox()
	require.NoError(t, c.Send(harness.HTTPJSON, harness.TracesRequest(spans(1, "after"))))
	assert.Len(t, out.Spans(t, "traces", 1), 1)
}
