// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package costprocessor

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/llmcol/llmcol/processor/costprocessor/internal/metadata"
	"github.com/llmcol/llmcol/processor/costprocessor/internal/metadatatest"
	"github.com/llmcol/llmcol/test/harness"
)

func TestShutdownDrains(t *testing.T) {
	processortest.VerifyShutdown(t, NewFactory(), createDefaultConfig())
}

// TestLifecycle stops without a start, twice, and lets the last instance end what the first one started.
func TestLifecycle(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	cfg.Prices = []string{"testdata/prices.yaml"}
	set := processortest.NewNopSettings(metadata.Type)
	traces, err := NewFactory().CreateTraces(t.Context(), set, cfg, consumertest.NewNop())
	require.NoError(t, err)
	logs, err := NewFactory().CreateLogs(t.Context(), set, cfg, consumertest.NewNop())
	require.NoError(t, err)
	_, held := pricers.Get(cfg)
	assert.True(t, held)
	require.NoError(t, traces.Shutdown(t.Context()))
	require.NoError(t, traces.Start(t.Context(), componenttest.NewNopHost()))
	require.NoError(t, logs.Start(t.Context(), componenttest.NewNopHost()))
	require.NoError(t, traces.Shutdown(t.Context()))
	require.NoError(t, logs.Shutdown(t.Context()))
	require.NoError(t, logs.Shutdown(t.Context()))
	_, held = pricers.Get(cfg)
	assert.False(t, held)
}

func TestACreatedPricerHasLoadedItsFiles(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	cfg.Prices = []string{"testdata/missing.yaml"}
	_, err := NewFactory().CreateTraces(t.Context(), processortest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
	require.ErrorContains(t, err, "testdata/missing.yaml: cannot be opened")
}

func TestReload(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	core, logged := observer.New(zap.InfoLevel)
	set := metadatatest.NewSettings(telemetry)
	set.Logger = zap.New(core)
	file := filepath.Join(t.TempDir(), "prices.yaml")
	write := func(content string) { require.NoError(t, os.WriteFile(file, []byte(content), 0o600)) }
	write("models: {openai/gpt-4o: {input: 1, output: 1}}")
	i := startWith(t, set, func(cfg *Config) { cfg.Prices = []string{file} })
	assert.Equal(t, 0.0015, i.one(t, nil)["gen_ai.usage.cost"])

	write("models: {openai/gpt-4o: {input: 2, output: 2}}")
	require.Eventually(t, func() bool { return i.one(t, nil)["gen_ai.usage.cost"] == 0.003 }, 10*time.Second, 10*time.Millisecond)
	write("models: {openai/gpt-4o: {input: -2}}")
	require.Eventually(t, func() bool { return logged.FilterLevelExact(zap.ErrorLevel).Len() == 1 }, 10*time.Second, 10*time.Millisecond)
	assert.Contains(t, logged.FilterLevelExact(zap.ErrorLevel).All()[0].ContextMap()["error"], `prices.yaml:1: models.openai/gpt-4o.input: "-2" is negative`)
	assert.Equal(t, 0.003, i.one(t, nil)["gen_ai.usage.cost"])
	metadatatest.AssertEqualProcessorLlmCostTableReloads(t, telemetry, []metricdata.DataPoint[int64]{
		{Attributes: attribute.NewSet(attribute.String("result", "loaded")), Value: 1},
		{Attributes: attribute.NewSet(attribute.String("result", "failed")), Value: 1},
	}, metricdatatest.IgnoreTimestamp())
}

// TestRequestsAtOnce sends traces and logs from several goroutines while the prices change.
func TestRequestsAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "prices.yaml")
	require.NoError(t, os.WriteFile(file, []byte("models: {openai/gpt-4o: {input: 1, output: 1}}"), 0o600))
	i := start(t, func(cfg *Config) { cfg.Prices = []string{file} })
	var senders sync.WaitGroup
	for g := range 4 {
		senders.Go(func() {
			for n := range 50 {
				i.send(t, request(testSpan{id: byte(n + 1), trace: byte(g + 1), to: 50}), testRecord("codex_otel", "", 0, map[string]any{
					"event.name": "codex.sse_event", "event.kind": "response.completed", "model": "gpt-5", "input_token_count": 10, "output_token_count": 5,
				}))
			}
		})
	}
	require.NoError(t, os.WriteFile(file, []byte("models: {openai/gpt-4o: {input: 2, output: 2}}"), 0o600))
	senders.Wait()
	require.Equal(t, 200, i.traceSink.SpanCount())
	for _, td := range i.traceSink.AllTraces() {
		for _, s := range harness.SpansOf(td) {
			assert.Contains(t, []any{0.0015, 0.003}, s.Attr("gen_ai.usage.cost"))
		}
	}
	for _, r := range i.records() {
		assert.Equal(t, "priced", r.Attr(attrStatus))
	}
}

func TestTelemetry(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	i := startWith(t, metadatatest.NewSettings(telemetry), func(cfg *Config) { cfg.Memory.MaxCalls = 2 })
	for range 4 {
		i.one(t, nil)
	}
	i.one(t, map[string]any{"gen_ai.request.model": "gpt-99"})
	point := func(signal, status string, n int64) metricdata.DataPoint[int64] {
		return metricdata.DataPoint[int64]{Attributes: attribute.NewSet(attribute.String("signal", signal), attribute.String("status", status)), Value: n}
	}
	metadatatest.AssertEqualProcessorLlmCostCalls(t, telemetry, []metricdata.DataPoint[int64]{
		point("traces", "priced", 4), point("traces", "unknown_model", 1),
	}, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualProcessorLlmCostForgotten(t, telemetry, []metricdata.DataPoint[int64]{{Value: 2}}, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualProcessorLlmCostRemembered(t, telemetry, []metricdata.DataPoint[int64]{{Value: 2}}, metricdatatest.IgnoreTimestamp())
	published := time.Date(2026, 9, 23, 0, 0, 0, 0, time.UTC)
	metadatatest.AssertEqualProcessorLlmCostTableAge(t, telemetry, []metricdata.DataPoint[int64]{{Value: int64(time.Since(published).Hours() / 24)}}, metricdatatest.IgnoreTimestamp())
}

func TestUnknownModelsAreNamedOnceAMinute(t *testing.T) {
	core, logged := observer.New(zap.WarnLevel)
	u := newUnknownModels(zap.New(core))
	now := time.Now()
	u.now = func() time.Time { return now }
	u.count("openai", "first")
	require.Equal(t, 1, logged.Len(), "the first one at once")
	for range 3 {
		u.count("openai", "often")
	}
	u.count("openai", "once")
	for i := range 2 * maxUnknown {
		u.count("x", time.Duration(i).String())
	}
	u.count("openai", string(make([]byte, 1000)))
	require.Equal(t, 1, logged.Len())
	assert.LessOrEqual(t, len(u.counts), maxUnknown)
	now = now.Add(time.Minute)
	u.count("openai", "often")
	require.Equal(t, 2, logged.Len())
	fields := logged.All()[1].ContextMap()
	most := fields["most_frequent"].([]any)
	assert.Equal(t, "openai/often (4)", most[0])
	assert.Len(t, most, reportedUnknown)
	assert.Greater(t, fields["other_calls"], int64(0))
	now = now.Add(time.Hour)
	u.report()
	assert.Equal(t, 2, logged.Len(), "nothing new")
}
