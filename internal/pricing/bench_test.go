// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import "testing"

func BenchmarkPrice(b *testing.B) {
	table := load(b)
	usage := usageOf(b, map[string]int64{"input_tokens": 1200, "output_tokens": 300, "cache_read_tokens": 600, "output_reasoning_tokens": 8})
	for name, call := range map[string]Call{
		"openai":    {Provider: "openai", RequestModel: "gpt-4o-mini", ResponseModel: "gpt-4o-mini-2024-07-18", Server: "api.openai.com", ServiceTier: "default"},
		"anthropic": {Provider: "anthropic", RequestModel: "claude-sonnet-4-5", ResponseModel: "claude-sonnet-4-5"},
		"unknown":   {Provider: "openai", RequestModel: "no-such-model"},
	} {
		call.Usage, call.At = usage, someDay
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				table.Price(&call)
			}
		})
	}
}

func BenchmarkLookUp(b *testing.B) {
	table := load(b)
	call := Call{Provider: "openrouter", RequestModel: "someone/no-such-model", Usage: &Usage{}}
	b.ReportAllocs()
	for b.Loop() {
		table.look(&call)
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parseLayer(genaiPrices); err != nil {
			b.Fatal(err)
		}
	}
}
