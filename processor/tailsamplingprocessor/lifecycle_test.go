// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/llmcol/llmcol/internal/sampling"
)

func keepAll(c *Config) { c.Policies = []PolicyConfig{{Name: "all", Type: "always_sample"}} }

// processortest.VerifyShutdown sends one span ten times over, which is held once here; so this does what it does
// with ten different ones.
func TestShutdownHandsOnWhatIsHeld(t *testing.T) {
	s, next := startSampler(t, keepAll)
	const batches = 10
	for i := range byte(batches) {
		td := plainTraces(1, 3, func(_ int, span ptrace.Span) { span.SetTraceID(pcommon.TraceID{i + 1}) })[0]
		require.NoError(t, s.ConsumeTraces(t.Context(), td))
	}
	require.NoError(t, s.Shutdown(t.Context()))
	assert.Equal(t, 3*batches, next.SpanCount())
	require.ErrorIs(t, s.ConsumeTraces(t.Context(), plainTraces(1, 1, nil)[0]), sampling.ErrClosed)
}

func TestShutdownTwiceAndWithoutStart(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	keepAll(cfg)
	p, err := NewFactory().CreateTraces(t.Context(), processortest.NewNopSettings(NewFactory().Type()), cfg, consumertest.NewNop())
	require.NoError(t, err)
	require.NoError(t, p.Shutdown(t.Context()))
	require.NoError(t, p.Shutdown(t.Context()))
}

func TestShutdownHonoursTheEarlierDeadline(t *testing.T) {
	for name, limit := range map[string]struct{ timeout, deadline time.Duration }{
		"shutdown_timeout": {100 * time.Millisecond, time.Hour}, "context": {time.Hour, 100 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			next := &moody{do: func(int64, ptrace.Traces) error { return errBusy }}
			cfg := createDefaultConfig().(*Config)
			keepAll(cfg)
			cfg.ShutdownTimeout = limit.timeout
			s, err := newSampler(processortest.NewNopSettings(NewFactory().Type()), cfg, next)
			require.NoError(t, err)
			require.NoError(t, s.Start(t.Context(), host{}))
			require.NoError(t, s.ConsumeTraces(t.Context(), plainTraces(3, 2, nil)[0]))
			ctx, cancel := context.WithTimeout(context.Background(), limit.deadline)
			defer cancel()
			began := time.Now()
			require.NoError(t, s.Shutdown(ctx))
			assert.Less(t, time.Since(began), 10*time.Second)
			stats := s.engine.Stats()
			assert.Equal(t, stats.Received, stats.Accounted())
			assert.Zero(t, stats.Kept)
		})
	}
}

func TestRootCondition(t *testing.T) {
	s, next := startSampler(t, func(c *Config) {
		keepAll(c)
		c.Settle = 20 * time.Millisecond
		c.Root = `resource.attributes["gateway"] == true and span.attributes["first"] == true`
	})
	td := traceOf(spans(orphan(chat(settings{"first": true})), chat(nil)))[0]
	td.ResourceSpans().At(0).Resource().Attributes().PutBool("gateway", true)
	require.NoError(t, s.ConsumeTraces(t.Context(), td))
	other := plainTraces(1, 2, func(_ int, span ptrace.Span) { span.SetTraceID(pcommon.TraceID{1}) })[0]
	require.NoError(t, s.ConsumeTraces(t.Context(), other))
	require.Eventually(t, func() bool { return next.SpanCount() == 2 }, 10*time.Second, time.Millisecond)
	trigger, _ := next.AllTraces()[0].ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).Attributes().Get("llmcol.sampling.trigger")
	assert.Equal(t, "root", trigger.Str())
	assert.Equal(t, int64(1), s.engine.Stats().OpenTraces, "a span without a parent is no root here")
}
