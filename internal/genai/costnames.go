// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"encoding/json"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// Cost is what one call of a model costs, in USD. The parts are 0 where they are not known; Total is always the whole.
type Cost struct {
	Total, Input, Output, CacheRead, CacheWrite, Reasoning, Tools float64
	Reported                                                      bool // the client said so; otherwise it was worked out from a table
}

func (c *Cost) prompt() float64     { return c.Input + c.CacheRead + c.CacheWrite }
func (c *Cost) completion() float64 { return c.Output + c.Reasoning }

// CostProfile is the way in which one back end or convention expects the cost of a call.
type CostProfile struct {
	name   string
	values []costValue
	object string // the attribute that holds all values as one JSON text; empty: each is an attribute
	more   func(attrs pcommon.Map, c *Cost)
}

// costValue is one number of a profile. Numbers that are 0 are left out, but for the total, which is the first.
type costValue struct {
	key string
	of  func(*Cost) float64
}

func total(c *Cost) float64 { return c.Total }

// costProfiles: sources in research/cost.md 4.
var costProfiles = []*CostProfile{
	{name: "gen_ai", values: []costValue{{"gen_ai.usage.cost", total}}},
	{name: "openinference", values: []costValue{
		{"llm.cost.total", total},
		{"llm.cost.prompt", (*Cost).prompt},
		{"llm.cost.completion", (*Cost).completion},
		{"llm.cost.prompt_details.input", func(c *Cost) float64 { return c.Input }},
		{"llm.cost.prompt_details.cache_read", func(c *Cost) float64 { return c.CacheRead }},
		{"llm.cost.prompt_details.cache_write", func(c *Cost) float64 { return c.CacheWrite }},
		{"llm.cost.completion_details.output", func(c *Cost) float64 { return c.Output }},
		{"llm.cost.completion_details.reasoning", func(c *Cost) float64 { return c.Reasoning }},
	}},
	{name: "langfuse", object: "langfuse.observation.cost_details", values: []costValue{
		{"total", total},
		{"input", func(c *Cost) float64 { return c.Input }},
		{"input_cache_read", func(c *Cost) float64 { return c.CacheRead }},
		{"input_cache_creation", func(c *Cost) float64 { return c.CacheWrite }},
		{"output", func(c *Cost) float64 { return c.Output }},
		{"output_reasoning", func(c *Cost) float64 { return c.Reasoning }},
		{"tools", func(c *Cost) float64 { return c.Tools }},
	}},
	{name: "logfire", values: []costValue{{"operation.cost", total}}},
	{name: "litellm", values: []costValue{
		{"gen_ai.cost.total_cost", total},
		{"gen_ai.cost.input_cost", (*Cost).prompt},
		{"gen_ai.cost.output_cost", (*Cost).completion},
		{"gen_ai.cost.tool_usage_cost", func(c *Cost) float64 { return c.Tools }},
	}},
	{name: "otel_draft", values: []costValue{{"gen_ai.usage.cost.amount", total}}, more: putCurrencyAndSource},
	{name: "mlflow", object: "mlflow.llm.cost", values: []costValue{
		{"total_cost", total}, {"input_cost", (*Cost).prompt}, {"output_cost", (*Cost).completion},
	}},
	{name: "langsmith", object: "langsmith.usage_metadata", values: []costValue{
		{"total_cost", total}, {"input_cost", (*Cost).prompt}, {"output_cost", (*Cost).completion},
	}},
}

// CostProfileNames lists the profiles.
func CostProfileNames() []string {
	names := make([]string, len(costProfiles))
	for i, p := range costProfiles {
		names[i] = p.name
	}
	return names
}

// FindCostProfile is the profile of a name.
func FindCostProfile(name string) (p *CostProfile, ok bool) {
	for _, p := range costProfiles {
		if p.name == name {
			return p, true
		}
	}
	return nil, false
}

// Clashes reports whether two profiles cannot be written together: a back end that nests attributes by their dots can hold
// gen_ai.usage.cost or gen_ai.usage.cost.amount, not both.
func (p *CostProfile) Clashes(q *CostProfile) bool { return p.nests(q) || q.nests(p) }

// nests reports whether an attribute of p is also the first part of one of q.
func (p *CostProfile) nests(q *CostProfile) bool {
	for _, outer := range p.values {
		for _, inner := range q.values {
			if p.object == "" && q.object == "" && strings.HasPrefix(inner.key, outer.key+".") {
				return true
			}
		}
	}
	return false
}

// Write puts the cost into the attributes of a span or log record.
func (p *CostProfile) Write(attrs pcommon.Map, c *Cost) {
	if p.object != "" {
		p.writeObject(attrs, c)
		return
	}
	for i, v := range p.values {
		if usd := v.of(c); usd != 0 || i == 0 {
			attrs.PutDouble(v.key, usd)
		}
	}
	if p.more != nil {
		p.more(attrs, c)
	}
}

// Withdraw moves a cost that the client has sent out of the way of sums, to llmcol.original.*: the call's cost stands on another span. A
// JSON object is left alone, it holds more than the cost.
func (p *CostProfile) Withdraw(attrs pcommon.Map) {
	if p.object != "" {
		return
	}
	for _, v := range p.values {
		if sent, ok := attrs.Get(v.key); ok {
			kept := pcommon.NewValueEmpty()
			sent.CopyTo(kept)
			kept.CopyTo(attrs.PutEmpty(OriginalPrefix + v.key))
			attrs.Remove(v.key)
		}
	}
}

// writeObject adds the numbers to the JSON object that the attribute may hold: LangSmith's has the token counts, too. What else it holds
// is left alone.
func (p *CostProfile) writeObject(attrs pcommon.Map, c *Cost) {
	object := make(map[string]any)
	if held, ok := attrs.Get(p.object); ok && !isAbsent(held) {
		var existing map[string]json.RawMessage
		if json.Unmarshal([]byte(held.AsString()), &existing) != nil {
			return
		}
		for key, value := range existing {
			object[key] = value
		}
	}
	for i, v := range p.values {
		if usd := v.of(c); usd != 0 || i == 0 {
			object[v.key] = usd
		}
	}
	if text, err := json.Marshal(object); err == nil {
		attrs.PutStr(p.object, string(text))
	}
}

// putCurrencyAndSource completes the draft of semantic-conventions-genai PR #443.
func putCurrencyAndSource(attrs pcommon.Map, c *Cost) {
	attrs.PutStr("gen_ai.usage.cost.currency", "USD")
	if c.Reported {
		attrs.PutStr("gen_ai.usage.cost.source", "provider")
	} else {
		attrs.PutStr("gen_ai.usage.cost.source", "local")
	}
}
