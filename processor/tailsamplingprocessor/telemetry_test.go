// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/llmcol/llmcol/processor/tailsamplingprocessor/internal/metadata"
	"github.com/llmcol/llmcol/processor/tailsamplingprocessor/internal/metadatatest"
)

// point is a value of a metric with its attributes, given in pairs.
func point(value int64, attributes ...string) metricdata.DataPoint[int64] {
	var set []attribute.KeyValue
	for i := 0; i < len(attributes); i += 2 {
		set = append(set, attribute.String(attributes[i], attributes[i+1]))
	}
	return metricdata.DataPoint[int64]{Value: value, Attributes: attribute.NewSet(set...)}
}

func TestTelemetry(t *testing.T) {
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	cfg := createDefaultConfig().(*Config)
	cfg.Settle = 20 * time.Millisecond
	cfg.Policies = []PolicyConfig{
		{Name: "errors", Type: "error"},
		{Name: "broken", Type: "ottl_condition", OTTLCondition: OTTLConditionConfig{Span: []string{`ParseJSON(attributes["x"])["a"] == 1`}}},
	}
	set := processortest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = tel.NewTelemetrySettings()
	s, err := newSampler(set, cfg, consumertest.NewNop())
	require.NoError(t, err)
	require.NoError(t, s.Start(t.Context(), host{}))

	errored := traceOf(spans(func(span ptrace.Span) { span.Status().SetCode(ptrace.StatusCodeError) }, chat(nil)))[0]
	again := ptrace.NewTraces()
	errored.CopyTo(again)
	fine := traceOf(spans(chat(settings{"x": "{"}), chat(nil), chat(nil)))[0]
	for _, ss := range fine.ResourceSpans().At(0).ScopeSpans().At(0).Spans().All() {
		ss.SetTraceID(pcommon.TraceID{1})
	}
	require.NoError(t, s.ConsumeTraces(t.Context(), errored))
	require.NoError(t, s.ConsumeTraces(t.Context(), again))
	require.NoError(t, s.ConsumeTraces(t.Context(), fine))
	require.Eventually(t, func() bool {
		stats := s.engine.Stats()
		return stats.OpenTraces == 0 && stats.QueuedSpans == 0
	}, 10*time.Second, time.Millisecond)

	ignore := metricdatatest.IgnoreTimestamp()
	metadatatest.AssertEqualProcessorLlmTailSamplingReceivedSpans(t, tel, []metricdata.DataPoint[int64]{point(7)}, ignore)
	metadatatest.AssertEqualProcessorLlmTailSamplingRefusedSpans(t, tel, []metricdata.DataPoint[int64]{point(0)}, ignore)
	metadatatest.AssertEqualProcessorLlmTailSamplingKeptSpans(t, tel, []metricdata.DataPoint[int64]{point(2)}, ignore)
	metadatatest.AssertEqualProcessorLlmTailSamplingDroppedSpans(t, tel, []metricdata.DataPoint[int64]{
		point(3, "reason", "decision"), point(0, "reason", "late"), point(2, "reason", "duplicate"),
		point(0, "reason", "rejected"), point(0, "reason", "shutdown"), point(0, "reason", "corrupt"),
	}, ignore)
	metadatatest.AssertEqualProcessorLlmTailSamplingHeldTraces(t, tel, []metricdata.DataPoint[int64]{point(0)}, ignore)
	metadatatest.AssertEqualProcessorLlmTailSamplingHeldSpans(t, tel, []metricdata.DataPoint[int64]{
		point(0, "tier", "hot"), point(0, "tier", "cold"), point(0, "tier", "queued"),
	}, ignore)
	metadatatest.AssertEqualProcessorLlmTailSamplingHeldBytes(t, tel, []metricdata.DataPoint[int64]{
		point(0, "tier", "hot"), point(0, "tier", "cold"), point(0, "tier", "queued"),
	}, ignore)
	metadatatest.AssertEqualProcessorLlmTailSamplingDecidedTraces(t, tel, []metricdata.DataPoint[int64]{
		point(1, "policy", "errors", "decision", "kept", "trigger", "root"),
		point(1, "policy", "", "decision", "dropped", "trigger", "root"),
	}, ignore)
	metadatatest.AssertEqualProcessorLlmTailSamplingDecidedSpans(t, tel, []metricdata.DataPoint[int64]{
		point(2, "policy", "errors", "decision", "kept", "trigger", "root"),
		point(3, "policy", "", "decision", "dropped", "trigger", "root"),
	}, ignore)
	metadatatest.AssertEqualProcessorLlmTailSamplingLateSpans(t, tel, []metricdata.DataPoint[int64]{
		point(0, "outcome", "kept"), point(0, "outcome", "dropped"), point(0, "outcome", "upgraded"),
	}, ignore)
	metadatatest.AssertEqualProcessorLlmTailSamplingRelief(t, tel, []metricdata.DataPoint[int64]{
		point(0, "step", "packed"), point(0, "step", "decided"), point(0, "step", "decided_at_arrival"), point(0, "step", "decisions_forgotten"),
		point(0, "step", "keys_forgotten"),
	}, ignore)
	metadatatest.AssertEqualProcessorLlmTailSamplingTracestateConflicts(t, tel, []metricdata.DataPoint[int64]{point(0)}, ignore)
	metadatatest.AssertEqualProcessorLlmTailSamplingDecisionsMemory(t, tel, []metricdata.DataPoint[int64]{point(0)},
		ignore, metricdatatest.IgnoreValue())
	for _, name := range []string{"decision_age", "decision_lag"} {
		m, err := tel.GetMetric("otelcol_processor_llm_tail_sampling_" + name)
		require.NoError(t, err)
		assert.Equal(t, uint64(2), m.Data.(metricdata.Histogram[float64]).DataPoints[0].Count)
	}
	errs, err := tel.GetMetric("otelcol_processor_llm_tail_sampling_condition_errors")
	require.NoError(t, err)
	assert.Positive(t, errs.Data.(metricdata.Sum[int64]).DataPoints[0].Value)
	require.NoError(t, s.Shutdown(context.Background()))
}
