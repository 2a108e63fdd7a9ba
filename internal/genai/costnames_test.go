// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

func TestCostProfiles(t *testing.T) {
	cost := Cost{Total: 1.875, Input: 1, Output: 0.5, CacheRead: 0.25, Reasoning: 0.0625, Tools: 0.0625}
	for name, want := range map[string]map[string]any{
		"gen_ai": {"gen_ai.usage.cost": 1.875},
		"openinference": {
			"llm.cost.total": 1.875, "llm.cost.prompt": 1.25, "llm.cost.completion": 0.5625, "llm.cost.prompt_details.input": 1.0,
			"llm.cost.prompt_details.cache_read": 0.25, "llm.cost.completion_details.output": 0.5, "llm.cost.completion_details.reasoning": 0.0625,
		},
		"langfuse": {"langfuse.observation.cost_details": `{"input":1,"input_cache_read":0.25,"output":0.5,"output_reasoning":0.0625,"tools":0.0625,"total":1.875}`},
		"logfire":  {"operation.cost": 1.875},
		"litellm": {
			"gen_ai.cost.total_cost": 1.875, "gen_ai.cost.input_cost": 1.25, "gen_ai.cost.output_cost": 0.5625, "gen_ai.cost.tool_usage_cost": 0.0625,
		},
		"otel_draft": {"gen_ai.usage.cost.amount": 1.875, "gen_ai.usage.cost.currency": "USD", "gen_ai.usage.cost.source": "local"},
		"mlflow":     {"mlflow.llm.cost": `{"input_cost":1.25,"output_cost":0.5625,"total_cost":1.875}`},
		"langsmith":  {"langsmith.usage_metadata": `{"input_cost":1.25,"output_cost":0.5625,"total_cost":1.875}`},
	} {
		p, ok := FindCostProfile(name)
		require.True(t, ok, name)
		attrs := pcommon.NewMap()
		p.Write(attrs, &cost)
		assert.Equal(t, want, attrs.AsRaw(), name)
		p.Write(attrs, &cost)
		assert.Equal(t, want, attrs.AsRaw(), "%s: written twice", name)
	}
	assert.Len(t, CostProfileNames(), 8)
	_, ok := FindCostProfile("datadog")
	assert.False(t, ok)
}

func TestCostInsideAnObjectKeepsTheRest(t *testing.T) {
	attrs := pcommon.NewMap()
	attrs.PutStr("langsmith.usage_metadata", `{"input_tokens":12,"input_token_details":{"cache_read":4}}`)
	p, _ := FindCostProfile("langsmith")
	p.Write(attrs, &Cost{Total: 0.5, Reported: true})
	assert.Equal(t, map[string]any{"langsmith.usage_metadata": `{"input_token_details":{"cache_read":4},"input_tokens":12,"total_cost":0.5}`}, attrs.AsRaw())
	attrs.PutStr("langsmith.usage_metadata", `broken`)
	p.Write(attrs, &Cost{})
	assert.Equal(t, map[string]any{"langsmith.usage_metadata": "broken"}, attrs.AsRaw())
}

func TestWithdraw(t *testing.T) {
	attrs := pcommon.NewMap()
	attrs.PutDouble("gen_ai.usage.cost", 0.5)
	attrs.PutStr("langsmith.usage_metadata", `{"total_cost":0.5}`)
	for _, p := range costProfiles {
		p.Withdraw(attrs)
	}
	assert.Equal(t, map[string]any{"llmcol.original.gen_ai.usage.cost": 0.5, "langsmith.usage_metadata": `{"total_cost":0.5}`}, attrs.AsRaw())
}

func TestOnlyTheDraftClashes(t *testing.T) {
	for _, a := range costProfiles {
		for _, b := range costProfiles {
			assert.Equal(t, a.name == "gen_ai" && b.name == "otel_draft" || a.name == "otel_draft" && b.name == "gen_ai", a.Clashes(b))
		}
	}
}
