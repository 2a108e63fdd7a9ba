// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.uber.org/zap"

	"github.com/llmcol/llmcol/processor/tailsamplingprocessor/internal/metadata"
)

// moody is a consumer that does with the n-th batch as it is told.
type moody struct {
	consumertest.TracesSink
	mutates bool
	calls   atomic.Int64
	do      func(call int64, td ptrace.Traces) error
}

func (m *moody) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: m.mutates}
}

func (m *moody) ConsumeTraces(ctx context.Context, td ptrace.Traces) error {
	if err := m.do(m.calls.Add(1), td); err != nil {
		return err
	}
	return m.TracesSink.ConsumeTraces(ctx, td)
}

func testSink(t testing.TB, next consumer.Traces) *sink {
	telemetry, err := metadata.NewTelemetryBuilder(processortest.NewNopSettings(metadata.Type).TelemetrySettings)
	require.NoError(t, err)
	return newSink(next, zap.NewNop(), telemetry)
}

var errBusy = errors.New("busy")

func TestDeliverTriesAgain(t *testing.T) {
	for _, mutates := range []bool{false, true} {
		next := &moody{mutates: mutates, do: func(call int64, td ptrace.Traces) error {
			if mutates {
				td.ResourceSpans().RemoveIf(func(ptrace.ResourceSpans) bool { return call < 3 })
			}
			if call < 3 {
				return errBusy
			}
			return nil
		}}
		assert.Zero(t, testSink(t, next).deliver(t.Context(), plainTraces(2, 3, nil)[0]))
		assert.Equal(t, 6, next.SpanCount(), "what the next component spoilt before it refused is whole again")
		assert.Equal(t, int64(3), next.calls.Load())
	}
}

func TestDeliverTriesAgainWithWhatWasRefused(t *testing.T) {
	next := &moody{do: func(call int64, _ ptrace.Traces) error {
		if call == 1 {
			return consumererror.NewTraces(errBusy, plainTraces(1, 2, nil)[0])
		}
		return nil
	}}
	assert.Zero(t, testSink(t, next).deliver(t.Context(), plainTraces(5, 2, nil)[0]))
	assert.Equal(t, 2, next.SpanCount())
}

func TestDeliverGivesUpOnAPermanentError(t *testing.T) {
	next := &moody{do: func(int64, ptrace.Traces) error { return consumererror.NewPermanent(errBusy) }}
	assert.Equal(t, 6, testSink(t, next).deliver(t.Context(), plainTraces(2, 3, nil)[0]))
	assert.Equal(t, int64(1), next.calls.Load())
}

func TestDeliverEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	next := &moody{do: func(int64, ptrace.Traces) error { cancel(); return errBusy }}
	assert.Equal(t, 6, testSink(t, next).deliver(ctx, plainTraces(2, 3, nil)[0]))
}

// A downstream that refuses for a while and recovers loses nothing; meanwhile senders are refused once memory is full.
func TestARefusingDownstreamLosesNothing(t *testing.T) {
	var refusing atomic.Bool
	refusing.Store(true)
	next := &moody{do: func(int64, ptrace.Traces) error {
		if refusing.Load() {
			return errBusy
		}
		return nil
	}}
	cfg := createDefaultConfig().(*Config)
	cfg.Settle, cfg.MemoryLimit, cfg.MaxTraceBytes = 50*time.Millisecond, 2*mebibyte, mebibyte
	cfg.Policies = []PolicyConfig{{Name: "all", Type: "always_sample"}}
	s, err := newSampler(processortest.NewNopSettings(metadata.Type), cfg, next)
	require.NoError(t, err)
	require.NoError(t, s.Start(t.Context(), host{}))
	accepted, refused := 0, 0
	for i := range plainTraces(3000, 2, nil)[0].SpanCount() / 2 {
		td := ptrace.NewTraces()
		for _, src := range []byte{1, 2} {
			span := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
			span.SetTraceID([16]byte{byte(i), byte(i >> 8), 7})
			span.SetSpanID([8]byte{src})
			span.Attributes().PutStr("text", "a text that takes some room while it waits to be handed on")
		}
		if s.ConsumeTraces(t.Context(), td) != nil {
			refused += 2
			require.Equal(t, 2, td.SpanCount(), "what is refused is left alone")
		} else {
			accepted += 2
		}
	}
	assert.Positive(t, refused)
	refusing.Store(false)
	require.Eventually(t, func() bool { return next.SpanCount() == accepted }, 20*time.Second, 10*time.Millisecond)
	require.NoError(t, s.Shutdown(context.Background()))
	stats := s.engine.Stats()
	assert.Equal(t, int64(accepted), stats.Kept)
	assert.Equal(t, int64(refused), stats.Refused)
	assert.Equal(t, stats.Received, stats.Accounted())
}
