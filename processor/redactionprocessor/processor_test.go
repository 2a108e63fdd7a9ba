// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/ptracetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/llmcol/llmcol/processor/redactionprocessor/internal/metadata"
	"github.com/llmcol/llmcol/processor/redactionprocessor/internal/metadatatest"
)

func TestVerifyShutdown(t *testing.T) {
	processortest.VerifyShutdown(t, NewFactory(), createDefaultConfig())
}

func TestGolden(t *testing.T) {
	in, err := golden.ReadTraces(filepath.Join("testdata", "golden", "in.yaml"))
	require.NoError(t, err)
	want := filepath.Join("testdata", "golden", "out.yaml")
	sink := new(consumertest.TracesSink)
	p, err := NewFactory().CreateTraces(context.Background(), processortest.NewNopSettings(metadata.Type), testConfig(t, ""), sink)
	require.NoError(t, err)
	require.NoError(t, p.ConsumeTraces(context.Background(), in))
	expected, err := golden.ReadTraces(want)
	require.NoError(t, err)
	require.NoError(t, ptracetest.CompareTraces(expected, sink.AllTraces()[0]))

	require.NoError(t, p.ConsumeTraces(context.Background(), sink.AllTraces()[0]))
	require.NoError(t, ptracetest.CompareTraces(expected, sink.AllTraces()[1]), "second pass")
}

func TestTelemetry(t *testing.T) {
	tel := componenttest.NewTelemetry()
	ctx := context.Background()
	c := testConfig(t, `
max_value_bytes: 100
drop_keys: [gone]
actions: {EMAIL: partial}
content: {completions: drop}`)
	p, err := NewFactory().CreateTraces(ctx, metadatatest.NewSettings(tel), c, consumertest.NewNop())
	require.NoError(t, err)
	td, span := newSpan()
	for key, value := range map[string]string{
		"a": mail + " " + mail, "b": "4111-1111-1111-1111", "password": "x", "gone": "x", "long": strings.Repeat("x", 101), "cut": `{"a":"b`, "completion": "x",
		"gen_ai.request.model": "m", "session.id": mail,
	} {
		span.Attributes().PutStr(key, value)
	}
	require.NoError(t, p.ConsumeTraces(ctx, td))

	signal := attribute.String("signal", "traces")
	point := func(n int64, attributes ...attribute.KeyValue) metricdata.DataPoint[int64] {
		return metricdata.DataPoint[int64]{Value: n, Attributes: attribute.NewSet(append(attributes, signal)...)}
	}
	match := func(n int64, entity, action string) metricdata.DataPoint[int64] {
		return point(n, attribute.String("entity", entity), attribute.String("action", action))
	}
	ignore := metricdatatest.IgnoreTimestamp()
	metadatatest.AssertEqualProcessorLlmRedactionMatches(t, tel, []metricdata.DataPoint[int64]{
		match(2, "EMAIL", "partial"), match(1, "EMAIL", "pseudonym"), match(1, "CREDIT_CARD", "label"), match(1, "SECRET", "mask"),
	}, ignore)
	metadatatest.AssertEqualProcessorLlmRedactionRuledValues(t, tel, []metricdata.DataPoint[int64]{
		point(1, attribute.String("rule", "drop_keys")), point(1, attribute.String("rule", "completions")),
	}, ignore)
	metadatatest.AssertEqualProcessorLlmRedactionStubs(t, tel, []metricdata.DataPoint[int64]{
		point(1, attribute.String("reason", "too_large")),
	}, ignore)
	metadatatest.AssertEqualProcessorLlmRedactionJSONFallbacks(t, tel, []metricdata.DataPoint[int64]{point(1)}, ignore)
	metadatatest.AssertEqualProcessorLlmRedactionScannedBytes(t, tel, []metricdata.DataPoint[int64]{
		point(int64(len(mail+" "+mail) + len(card) + len(`{"a":"b`) + len("m") + len(mail))),
	}, ignore)
	require.NoError(t, p.Shutdown(ctx))
	require.NoError(t, tel.Shutdown(ctx))
}

// TestConcurrentBatches is for the race detector: batches share nothing but what does not change.
func TestConcurrentBatches(t *testing.T) {
	ctx := context.Background()
	sink := new(consumertest.TracesSink)
	p, err := NewFactory().CreateTraces(ctx, processortest.NewNopSettings(metadata.Type), testConfig(t, "actions: {EMAIL: pseudonym}"), sink)
	require.NoError(t, err)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				td, span := newSpan()
				span.Attributes().PutStr("a", mail)
				span.Attributes().PutStr("b", `{"c":"`+card+`"}`)
				assert.NoError(t, p.ConsumeTraces(ctx, td))
			}
		})
	}
	wg.Wait()
	texts := make(map[string]int)
	for _, td := range sink.AllTraces() {
		v, _ := td.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).Attributes().Get("a")
		texts[v.Str()]++
	}
	assert.Len(t, texts, 1, "deterministic")
	assert.Equal(t, 160, sink.SpanCount())
}

// TestHostileInput holds that nothing that can be sent makes the processor crash.
func TestHostileInput(t *testing.T) {
	s := newTestScrubber(t, "content: {prompts: drop, completions: hash}")
	td := ptrace.NewTraces()
	td.ResourceSpans().AppendEmpty()
	td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty()
	span := td.ResourceSpans().At(1).ScopeSpans().At(0).Spans().AppendEmpty()
	for i, value := range []string{"", "\x00", "\xff\xfe", `"`, `{"`, "[[[[", `{"a":"\ud800"}`, `["\u0000"]`, strings.Repeat("[", 20_000), strings.Repeat("9", 5000)} {
		span.Attributes().PutStr("gen_ai.input.messages", value)
		span.Attributes().PutStr(strings.Repeat("k", i), value)
		span.SetName(value)
		e := span.Events().AppendEmpty()
		e.SetName("new_token")
		e.Attributes().PutStr("token", value)
	}
	span.Attributes().PutEmpty("empty")
	span.Attributes().PutEmptyMap("m").PutEmptySlice("").AppendEmpty()
	s.traces(td)
	md := pmetric.NewMetrics()
	md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	s.metrics(md)
	assert.Empty(t, s.tally.stubs[reasonPanic])
}
