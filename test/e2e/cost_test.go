// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/test/harness"
)

// costPipeline is a collector with only llm_cost, for traces and logs, and its settings.
func costPipeline(settings string) []string {
	return []string{
		harness.Pipeline{Traces: []string{"llm_cost"}, Logs: []string{"llm_cost"}}.YAML(),
		fmt.Sprintf("processors: {llm_cost: %s}", settings),
	}
}

// TestEveryCallIsPricedOnce replays each fixture in each way, with and without its log records, each time into a fresh memory: two
// replays are the same calls.
func TestEveryCallIsPricedOnce(t *testing.T) {
	for _, f := range harness.Fixtures(t) {
		for _, way := range harness.Ways {
			t.Run(f.Name()+"/"+way.Name, func(t *testing.T) {
				requests := way.Arrange(f.Requests)
				spans, records := throughCost(t, requests)
				assertPricedOnce(t, f, spans, records)
				if len(records) > 0 {
					spans, _ = throughCost(t, onlyTraces(requests))
					assertPricedOnce(t, f, spans, nil)
				}
				assertOnBilledSpans(t, f, spans)
			})
		}
	}
}

// throughCost sends requests through a collector of their own and returns what came out.
func throughCost(t *testing.T, requests []harness.Request) ([]harness.Span, []harness.Record) {
	c := harness.Start(t, costPipeline("{}")...)
	out := c.Outbox()
	require.NoError(t, c.Send(harness.Captured, requests...))
	spans := out.Spans(t, "traces", harness.SpanCount(requests))
	records := out.Records(t, "logs", harness.LogRecordCount(requests))
	require.NoError(t, c.Stop())
	return spans, records
}

// TestCostBehindTheNormalizer: the order of the design.
func TestCostBehindTheNormalizer(t *testing.T) {
	processors := []string{"llm_normalizer", "llm_cost"}
	for _, f := range harness.Fixtures(t) {
		t.Run(f.Name(), func(t *testing.T) {
			c := harness.Start(t, harness.Pipeline{Traces: processors, Logs: processors}.YAML())
			out := harness.Replay(t, c, f, harness.AsCaptured)
			assertPricedOnce(t, f, out.Spans(t, "traces", harness.SpanCount(f.Requests)), out.Records(t, "logs", harness.LogRecordCount(f.Requests)))
			require.NoError(t, c.Stop())
		})
	}
}

func onlyTraces(requests []harness.Request) (traces []harness.Request) {
	for _, r := range requests {
		if r.Signal == harness.Traces {
			traces = append(traces, r)
		}
	}
	return traces
}

// assertPricedOnce adds up what spans and records carry; what was sent twice counts once.
func assertPricedOnce(t *testing.T, f harness.Fixture, spans []harness.Span, records []harness.Record) {
	sum, seen := 0.0, map[string]bool{}
	count := func(identity string, cost any) {
		if usd, ok := cost.(float64); ok && !seen[identity] {
			sum, seen[identity] = sum+usd, true
		}
	}
	for _, s := range spans {
		count(s.SpanID().String(), s.Attr("gen_ai.usage.cost"))
	}
	for _, r := range records {
		count(fmt.Sprint(r.Timestamp(), r.Attr("event.sequence"), r.SpanID()), r.Attr("gen_ai.usage.cost"))
	}
	assert.InDelta(t, f.Label.Billed.Cost, sum, 1e-12, "the sum is what was billed")
	assert.Len(t, seen, len(f.Label.Billed.Spans), "as many carry a cost as were billed")
}

// assertOnBilledSpans: each billed call has its cost on its span, or on another that reports the same call.
func assertOnBilledSpans(t *testing.T, f harness.Fixture, spans []harness.Span) {
	byID := map[string]harness.Span{}
	for _, s := range spans {
		byID[s.SpanID().String()] = s
	}
	for id, billed := range f.Label.Billed.Spans {
		carriers := 0
		for _, on := range append([]string{id}, f.Label.Billed.SameCallAlsoOn[id]...) {
			if cost := byID[on].Attr("gen_ai.usage.cost"); cost != nil {
				carriers++
				assert.InDelta(t, billed.Cost, cost, 1e-15, "span %s", on)
			} else {
				assert.Equal(t, "counted_elsewhere", byID[on].Attr("llmcol.cost.status"), "span %s", on)
			}
		}
		assert.Equal(t, 1, carriers, "span %s", id)
	}
}

// aCall is one call of gpt-4o with 1000 + 500 tokens, and further attributes; each is another one.
func aCall(attributes map[string]any) harness.Request {
	td := ptrace.NewTraces()
	s := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	costCalls++
	s.SetTraceID(pcommon.TraceID{9, byte(costCalls >> 8), byte(costCalls)})
	s.SetSpanID(pcommon.SpanID{9, byte(costCalls >> 8), byte(costCalls)})
	s.SetName("chat gpt-4o")
	start := time.Date(2026, 9, 23, 12, 0, 0, 0, time.UTC)
	s.SetStartTimestamp(pcommon.NewTimestampFromTime(start))
	s.SetEndTimestamp(pcommon.NewTimestampFromTime(start.Add(time.Second)))
	all := map[string]any{
		"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o",
		"gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 500,
	}
	for name, value := range attributes {
		all[name] = value
	}
	if err := s.Attributes().FromRaw(all); err != nil {
		panic(err)
	}
	return harness.TracesRequest(td)
}

var costCalls int

// pricedSpan sends one call through a collector and returns the attributes of its span.
func pricedSpan(t *testing.T, c *harness.Collector, attributes map[string]any) map[string]any {
	t.Helper()
	out := c.Outbox()
	require.NoError(t, c.Send(harness.Captured, aCall(attributes)))
	return out.Spans(t, "traces", 1)[0].Attributes().AsRaw()
}

func TestEachWriteProfile(t *testing.T) {
	for profile, want := range map[string]map[string]any{
		"gen_ai":        {"gen_ai.usage.cost": 0.0075},
		"openinference": {"llm.cost.total": 0.0075, "llm.cost.prompt": 0.0025, "llm.cost.completion": 0.005},
		"langfuse":      {"langfuse.observation.cost_details": `{"input":0.0025,"output":0.005,"total":0.0075}`},
		"logfire":       {"operation.cost": 0.0075},
		"litellm":       {"gen_ai.cost.total_cost": 0.0075, "gen_ai.cost.input_cost": 0.0025, "gen_ai.cost.output_cost": 0.005},
		"otel_draft":    {"gen_ai.usage.cost.amount": 0.0075, "gen_ai.usage.cost.currency": "USD", "gen_ai.usage.cost.source": "local"},
		"mlflow":        {"mlflow.llm.cost": `{"input_cost":0.0025,"output_cost":0.005,"total_cost":0.0075}`},
		"langsmith":     {"langsmith.usage_metadata": `{"input_cost":0.0025,"output_cost":0.005,"total_cost":0.0075}`},
	} {
		t.Run(profile, func(t *testing.T) {
			c := harness.Start(t, costPipeline(fmt.Sprintf("{write: [%s]}", profile))...)
			out := pricedSpan(t, c, nil)
			for name, value := range want {
				assert.Equal(t, value, out[name])
			}
			if profile != "gen_ai" {
				assert.NotContains(t, out, "gen_ai.usage.cost")
			}
			require.NoError(t, c.Stop())
		})
	}
}

func TestExistingCosts(t *testing.T) {
	for mode, want := range map[string]map[string]any{
		"keep":      {"gen_ai.usage.cost": 0.007, "llmcol.cost.status": "kept", "llmcol.cost.difference": nil},
		"overwrite": {"gen_ai.usage.cost": 0.0075, "llmcol.cost.status": "priced", "llmcol.cost.difference": nil},
		"compare":   {"gen_ai.usage.cost": 0.007, "llmcol.cost.status": "kept", "llmcol.cost.difference": 0.0005},
	} {
		c := harness.Start(t, costPipeline(fmt.Sprintf("{existing_cost: %s}", mode))...)
		out := pricedSpan(t, c, map[string]any{"gen_ai.usage.cost": 0.007})
		for name, value := range want {
			assert.Equal(t, value, out[name], mode)
		}
		assert.Equal(t, 0.0075, pricedSpan(t, c, map[string]any{"gen_ai.usage.cost": 0.0})["gen_ai.usage.cost"], "0 is not a price")
		require.NoError(t, c.Stop())
	}
}

// priceFile writes a file of prices and returns its path as a JSON string, which is YAML, too.
func priceFile(t *testing.T, name, content string) (path, quoted string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	text, err := json.Marshal(path)
	require.NoError(t, err)
	return path, string(text)
}

func TestEachPriceFormat(t *testing.T) {
	for name, content := range map[string]string{
		"own.yaml":          "models: {openai/gpt-4o: {input: 4, output: 6}}",
		"genai-prices.json": `[{"id": "openai", "models": [{"id": "gpt-4o", "match": {"equals": "gpt-4o"}, "prices": {"input_mtok": 4, "output_mtok": 6}}]}]`,
		"litellm.json":      `{"gpt-4o": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 4e-06, "output_cost_per_token": 6e-06}}`,
		"models-dev.json":   `{"openai": {"id": "openai", "models": {"gpt-4o": {"id": "gpt-4o", "cost": {"input": 4, "output": 6}}}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, file := priceFile(t, name, content)
			c := harness.Start(t, costPipeline(fmt.Sprintf("{prices: [%s]}", file))...)
			out := pricedSpan(t, c, nil)
			assert.Equal(t, 0.007, out["gen_ai.usage.cost"])
			assert.Equal(t, "openai/gpt-4o", out["llmcol.cost.model"])
			assert.Equal(t, "file:"+name, out["llmcol.cost.table"])
			out = pricedSpan(t, c, map[string]any{"gen_ai.request.model": "gpt-4o-mini"})
			assert.Equal(t, "genai-prices/0.1.8", out["llmcol.cost.table"], "what the file does not have")
			require.NoError(t, c.Stop())
		})
	}
}

func TestPriceFilesAreReloaded(t *testing.T) {
	path, file := priceFile(t, "prices.yaml", "models: {openai/gpt-4o: {input: 1, output: 1}}")
	c := harness.Start(t, costPipeline(fmt.Sprintf("{prices: [%s], poll_interval: 1s}", file))...)
	assert.Equal(t, 0.0015, pricedSpan(t, c, nil)["gen_ai.usage.cost"])

	require.NoError(t, os.WriteFile(path, []byte("models: {openai/gpt-4o: {input: 2, output: 2}}"), 0o600))
	harness.Eventually(t, func() bool { return pricedSpan(t, c, nil)["gen_ai.usage.cost"] == 0.003 })
	assert.EqualValues(t, 1, c.Metric(t, "otelcol_processor_llm_cost_table_reloads", "result", "loaded"))

	require.NoError(t, os.WriteFile(path, []byte("models: {openai/gpt-4o: {input: 3, outptu: 3}}"), 0o600))
	harness.Eventually(t, func() bool {
		return c.Metric(t, "otelcol_processor_llm_cost_table_reloads", "result", "failed") == 1
	})
	assert.Equal(t, 0.003, pricedSpan(t, c, nil)["gen_ai.usage.cost"], "the last good prices stay")
	assert.Contains(t, c.Logs(), "models.openai/gpt-4o.outptu: unknown unit")

	require.NoError(t, os.WriteFile(path, []byte("models: {openai/gpt-4o: {input: 4, output: 4}}"), 0o600))
	harness.Eventually(t, func() bool { return pricedSpan(t, c, nil)["gen_ai.usage.cost"] == 0.006 })
	require.NoError(t, c.Stop())
}

func TestWrongPricesAreNamed(t *testing.T) {
	for content, want := range map[string]string{
		"modles: {}\n": `wrong.yaml:1: modles: unknown key; did you mean "models"?`,
		"models:\n  openai/gpt-4o: {input: 1, speed: 3}\n":                           `wrong.yaml:2: models.openai/gpt-4o.speed: unknown unit`,
		"models:\n  openai/gpt-4o:\n    input: -0.5\n":                               `wrong.yaml:3: models.openai/gpt-4o.input: "-0.5" is negative`,
		`{"gpt-4o": {"litellm_provider": "openai", "input_cost_per_token": "free"}}`: `wrong.yaml:1: gpt-4o.input_cost_per_token: "free" is not a decimal number`,
	} {
		_, file := priceFile(t, "wrong.yaml", content)
		err := harness.Validate(costPipeline(fmt.Sprintf("{prices: [%s]}", file)))
		assert.ErrorContains(t, err, want)
	}
	assert.ErrorContains(t, harness.Validate(costPipeline("{prices: [/no/such/prices.yaml]}")), "/no/such/prices.yaml: cannot be opened: no such file or directory")
	assert.ErrorContains(t, harness.Validate(costPipeline("{write: [gen_ai, otel_draft]}")), `"gen_ai" and "otel_draft" cannot be written together`)
	assert.ErrorContains(t, harness.Validate(costPipeline("{existing_cost: drop}")), `"drop" is none of keep, overwrite, compare`)
	assert.ErrorContains(t, harness.Validate(costPipeline("{price: []}")), "price")
}

func TestUnknownModelsAreCountedAndNamed(t *testing.T) {
	c := harness.Start(t, costPipeline("{}")...)
	out := pricedSpan(t, c, map[string]any{"gen_ai.request.model": "gpt-99-nova"})
	assert.Equal(t, "unknown_model", out["llmcol.cost.status"])
	assert.NotContains(t, out, "gen_ai.usage.cost")
	assert.EqualValues(t, 1, c.Metric(t, "otelcol_processor_llm_cost_calls", "signal", "traces", "status", "unknown_model"))
	assert.Greater(t, c.Metric(t, "otelcol_processor_llm_cost_table_age"), 60.0)
	assert.Contains(t, c.Logs(), "openai/gpt-99-nova (1)")
	require.NoError(t, c.Stop())
}
