// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"os"
	"strings"
	"testing"
)

// fuzzFormat feeds a parser what resembles one of its files; a table that it accepts must price without a panic.
func fuzzFormat(f *testing.F, is func(*node) bool, seeds ...string) {
	for _, seed := range seeds {
		data, err := os.ReadFile(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	compiledIn, err := embedded()
	if err != nil {
		f.Fatal(err)
	}
	usage := usageOf(f, map[string]int64{"input_tokens": 300_000, "output_tokens": 500, "cache_read_tokens": 400_000, "output_reasoning_tokens": 7})
	f.Fuzz(func(t *testing.T, data []byte) {
		root, err := parse(data)
		if err != nil || !is(root) {
			return
		}
		l, err := parseLayer(data)
		if err != nil {
			if err.Error() == "" {
				t.Fatal("an error says nothing")
			}
			return
		}
		table := &Table{layers: []*layer{l, compiledIn}}
		for _, tier := range []string{"", "flex"} {
			p := table.Price(&Call{Provider: "openai", RequestModel: "gpt-4o", ServiceTier: tier, Usage: usage, At: someDay})
			if !p.Status.HasAmount() && !p.Total.IsZero() {
				t.Fatalf("%s with %s", p.Status, p.Total)
			}
		}
	})
}

func FuzzOwn(f *testing.F) {
	fuzzFormat(f, func(n *node) bool { return n.kind == mapNode && !isLiteLLM(n) && !isModelsDev(n) && !isGenAIPrices(n) }, "testdata/own.yaml")
}
func FuzzLiteLLM(f *testing.F)     { fuzzFormat(f, isLiteLLM, "testdata/litellm.json") }
func FuzzModelsDev(f *testing.F)   { fuzzFormat(f, isModelsDev, "testdata/modelsdev.json") }
func FuzzGenAIPrices(f *testing.F) { fuzzFormat(f, isGenAIPrices, "testdata/genai-prices.json") }

// FuzzSpellings: no name of a model, however odd, makes the search fail or grow.
func FuzzSpellings(f *testing.F) {
	for _, seed := range []string{"gpt-4o", "arn:aws:bedrock:x/us.anthropic.claude", "publishers/google/models/gemini@1", "a/b/c:free", strings.Repeat("ai/", 80) + "gpt-4o-20240806@1", "-20261231-", "İ/ſ"} {
		f.Add("openai", seed)
	}
	f.Fuzz(func(t *testing.T, provider, model string) {
		if names := spellings(model); len(names) > (3+maxVendors)*12 {
			t.Fatalf("%d spellings", len(names))
		}
		load(t).Price(&Call{Provider: provider, RequestModel: model, Usage: &Usage{}})
	})
}
