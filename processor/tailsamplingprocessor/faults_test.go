// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"testing"
	"time"

	contrib "github.com/open-telemetry/opentelemetry-collector-contrib/processor/tailsamplingprocessor"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"
)

// The faults B1 to B6 of contrib's tail_sampling v0.158 (research/tail-sampling.md 1.9): that it has them, and that
// llm_tail_sampling has not.

type host struct{}

func (host) GetExtensions() map[component.ID]component.Component { return nil }

// B1: latency with an upper bound tests every prefix of the spans.
func TestLatencyBoundsAreThoseOfTheWholeTrace(t *testing.T) {
	policies := []any{settings{"name": "p", "type": "latency", "latency": settings{"threshold_ms": 1000, "upper_threshold_ms": 5000}}}
	traces := plainTraces(1, 2, func(i int, span ptrace.Span) {
		end := []time.Duration{2 * time.Second, 20 * time.Second}[i]
		span.SetStartTimestamp(pcommon.NewTimestampFromTime(time.Unix(1000, 0)))
		span.SetEndTimestamp(pcommon.NewTimestampFromTime(time.Unix(1000, 0).Add(end)))
	})
	assert.Len(t, keptByContrib(t, policies, traces), 1, "contrib keeps 20 s, its first span lasting 2 s")
	assert.Empty(t, keptByUs(t, policies, traces))
}

// B2: numeric_attribute reads doubles as 0.
func TestDoublesAreNumbers(t *testing.T) {
	traces := plainTraces(1, 1, func(_ int, span ptrace.Span) { span.Attributes().PutDouble("cost", 99.5) })
	for _, tc := range []struct {
		bound string
		value int
		want  int
	}{{"max_value", 10, 0}, {"min_value", 50, 1}} {
		policies := []any{settings{"name": "p", "type": "numeric_attribute", "numeric_attribute": settings{"key": "cost", tc.bound: tc.value}}}
		assert.Len(t, keptByContrib(t, policies, traces), 1-tc.want)
		assert.Len(t, keptByUs(t, policies, traces), tc.want)
	}
}

// B3: numeric_attribute without a bound is accepted at the start and panics at the first decision.
func TestNumericAttributeWithoutBoundsIsRefused(t *testing.T) {
	conf := confmap.NewFromStringMap(settings{"policies": []any{
		settings{"name": "p", "type": "numeric_attribute", "numeric_attribute": settings{"key": "cost"}},
	}})
	theirs := contrib.NewFactory().CreateDefaultConfig()
	require.NoError(t, conf.Unmarshal(theirs))
	require.NoError(t, confmap.Validate(theirs))
	ours := createDefaultConfig()
	require.NoError(t, conf.Unmarshal(ours))
	assert.ErrorContains(t, confmap.Validate(ours), `policy "p": numeric_attribute::min_value and max_value are both 0`)
}

// B4: composite checks each part against the total alone.
func TestCompositeKeepsWithinItsTotal(t *testing.T) {
	policies := []any{settings{"name": "p", "type": "composite", "composite": settings{
		"max_total_spans_per_second": 10,
		"composite_sub_policy": []any{
			settings{"name": "errors", "type": "status_code", "status_code": settings{"status_codes": []any{"ERROR"}}},
			settings{"name": "rest", "type": "always_sample"},
		},
		"rate_allocation": []any{settings{"policy": "errors", "percent": 100}, settings{"policy": "rest", "percent": 100}},
	}}}
	traces := plainTraces(100, 1, func(_ int, span ptrace.Span) {
		if span.TraceID()[0]%2 == 0 {
			span.Status().SetCode(ptrace.StatusCodeError)
		}
	})
	assert.Equal(t, 20, spansOf(keptByContrib(t, policies, traces)))
	assert.Equal(t, 10, spansOf(keptByUs(t, policies, traces)))
}

// B5: contrib blocks for ever after num_traces traces, and panics when it is shut down meanwhile. Here, however many
// traces come, and with the smallest memory, no call blocks.
func TestManyTracesBlockNobody(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	cfg.MemoryLimit, cfg.MaxTraceBytes = mebibyte, mebibyte
	cfg.Policies = []PolicyConfig{{Name: "none", Type: "probabilistic"}}
	p, err := NewFactory().CreateTraces(t.Context(), processortest.NewNopSettings(NewFactory().Type()), cfg, consumertest.NewNop())
	require.NoError(t, err)
	require.NoError(t, p.Start(t.Context(), host{}))
	done := make(chan int)
	go func() {
		refused := 0
		for _, td := range plainTraces(20_000, 1, nil) {
			for _, rs := range td.ResourceSpans().All() {
				for _, span := range rs.ScopeSpans().At(0).Spans().All() {
					one := ptrace.NewTraces()
					span.CopyTo(one.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty())
					if p.ConsumeTraces(t.Context(), one) != nil {
						refused++
					}
				}
			}
		}
		done <- refused
	}()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Fatal("ConsumeTraces blocks")
	}
	require.NoError(t, p.Shutdown(t.Context()))
}

// B6: contrib goes on holding what it had of a trace that it has given up for its size.
func TestATraceAtItsLimitIsLetGo(t *testing.T) {
	s, _ := startSampler(t, func(c *Config) {
		c.MaxTraceSpans = 10
		c.Policies = []PolicyConfig{{Name: "none", Type: "probabilistic"}}
	})
	require.NoError(t, s.ConsumeTraces(t.Context(), plainTraces(1, 100, nil)[0]))
	require.Eventually(t, func() bool {
		stats := s.engine.Stats()
		return stats.OpenTraces == 0 && stats.HotBytes == 0 && stats.HotSpans == 0
	}, 10*time.Second, time.Millisecond)
}
