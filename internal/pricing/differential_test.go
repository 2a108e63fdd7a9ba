// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"encoding/json"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// usageOf makes a Usage of counts by name; durations are in seconds there and in milliseconds here.
func usageOf(t testing.TB, counts map[string]int64) *Usage {
	t.Helper()
	u := &Usage{}
	for name, count := range counts {
		unit, ok := UnitNamed(name)
		require.True(t, ok, name)
		if strings.HasSuffix(name, "_seconds") {
			count *= 1000
		}
		u.Set(unit, count)
	}
	return u
}

// requireEqualTotal compares with a relative error of at most 1e-9.
func requireEqualTotal(t testing.TB, want *big.Rat, got Amount) {
	t.Helper()
	have, ok := new(big.Rat).SetString(got.String())
	require.True(t, ok)
	difference := new(big.Rat).Sub(have, want)
	limit := new(big.Rat).Mul(want, big.NewRat(1, 1e9))
	require.LessOrEqual(t, difference.Abs(difference).Cmp(limit), 0, "want %s, have %s", want.FloatString(18), got)
}

// usages are the ways to use a model that the table can price.
func usages(m *oracleModel) []map[string]int64 {
	basic := func(more map[string]int64) map[string]int64 {
		u := map[string]int64{"input_tokens": 1000, "output_tokens": 500}
		for name, count := range more {
			u[name] = count
		}
		return u
	}
	all := []map[string]int64{
		basic(nil),
		{"input_tokens": 7, "output_tokens": 3},
		basic(map[string]int64{"cache_read_tokens": 300}),
		basic(map[string]int64{"cache_read_tokens": 300, "cache_write_tokens": 200}),
		basic(map[string]int64{"cache_write_tokens": 200, "cache_write_5m_tokens": 150, "cache_write_1h_tokens": 50}),
		basic(map[string]int64{"output_reasoning_tokens": 100, "output_citation_tokens": 50}),
		basic(map[string]int64{"input_audio_tokens": 400, "output_audio_tokens": 100, "cache_read_tokens": 90, "cache_audio_read_tokens": 40}),
		basic(map[string]int64{"input_image_tokens": 400, "output_image_tokens": 100, "cache_read_tokens": 90, "cache_image_read_tokens": 40}),
		basic(map[string]int64{"input_video_tokens": 250, "output_video_tokens": 20}),
		basic(map[string]int64{"web_searches": 3, "storage_searches": 2, "input_text_messages": 5}),
		basic(map[string]int64{"audio_seconds": 3, "input_audio_seconds": 3}),
		basic(map[string]int64{"audio_seconds": 3661, "input_audio_seconds": 3661}),
		basic(map[string]int64{"input_document_pages": 7, "input_annotated_document_pages": 2}),
	}
	for _, edge := range edges(m) {
		for _, inputTokens := range []int64{edge, edge + 1} {
			all = append(all, map[string]int64{"input_tokens": inputTokens, "output_tokens": 500},
				map[string]int64{"input_tokens": inputTokens, "output_tokens": 500, "cache_read_tokens": inputTokens / 2, "cache_write_tokens": 200})
		}
	}
	return all
}

// edges are the starts of all tiers of a model.
func edges(m *oracleModel) (starts []int64) {
	for _, c := range m.conditions() {
		for _, price := range c.Prices {
			if tiered, ok := price.(map[string]any); ok {
				for _, item := range tiered["tiers"].([]any) {
					start, _ := item.(map[string]any)["start"].(json.Number).Int64()
					starts = append(starts, start)
				}
			}
		}
	}
	return starts
}

// times are a time in the middle, and both sides of every edge of a condition.
func times(m *oracleModel) []time.Time {
	all := []time.Time{time.Date(2026, 9, 23, 12, 0, 0, 0, time.UTC)}
	for _, c := range m.conditions() {
		if c.Constraint == nil {
			continue
		}
		for _, text := range []string{c.Constraint.StartDate, c.Constraint.StartTime, c.Constraint.EndTime} {
			if text == "" {
				continue
			}
			edge, err := time.Parse(time.DateOnly, text)
			if err != nil {
				edge, _ = time.Parse("2006-01-02T15:04:05Z", "2026-09-23T"+text)
			}
			all = append(all, edge.Add(-time.Second), edge, edge.In(time.FixedZone("", 9*3600)))
		}
	}
	return all
}

// names are the references that a model is listed under.
func names(m *oracleModel) []string {
	all := []string{m.ID}
	var walk func(match map[string]any)
	walk = func(match map[string]any) {
		for op, value := range match {
			if text, ok := value.(string); ok && op != "regex" {
				all = append(all, text)
			}
			if list, ok := value.([]any); ok {
				for _, item := range list {
					walk(item.(map[string]any))
				}
			}
		}
	}
	walk(m.Match)
	return all
}

func TestPricesEveryModelLikeGenAIPrices(t *testing.T) {
	o := loadOracle(t)
	table, err := Load()
	require.NoError(t, err)
	compared := 0
	for i := range o.providers {
		p := &o.providers[i]
		for j := range p.Models {
			m := &p.Models[j]
			for k, name := range names(m) {
				want := o.find(p.ID, name)
				if want == nil {
					require.Equal(t, m.ID, name, "a model must be found by what its clauses say") // an id need not match its own clauses
					continue
				}
				uses, at := usages(want), times(want)
				if k > 1 { // the prices of this model have been compared, what remains is that the name finds it
					uses, at = uses[:1], at[:1]
				}
				for _, when := range at {
					for _, use := range uses {
						compared += compare(t, table, p.ID, name, want, when, use)
					}
				}
			}
		}
	}
	require.Greater(t, compared, 45_000)
	t.Logf("%d prices compared", compared)
}

func compare(t *testing.T, table *Table, provider, name string, want *oracleModel, at time.Time, use map[string]int64) int {
	billed := use
	if provider == "groq" && strings.HasPrefix(want.ID, "whisper-large-v3") && use["audio_seconds"] > 0 && use["audio_seconds"] < 10 {
		billed = map[string]int64{"audio_seconds": 10, "input_audio_seconds": 10}
	}
	prices := want.prices(at)
	total, err := want.total(prices, billed)
	require.NoError(t, err)
	got := table.Price(&Call{Provider: provider, RequestModel: name, Usage: usageOf(t, use), At: at})
	require.Equal(t, want.ID, got.Model, "%s at %s", name, provider)
	if !reports(prices, use) {
		require.Equal(t, NoUsage, got.Status, "%s/%s %v", provider, name, use)
		return 1
	}
	require.Equal(t, Priced, got.Status, "%s/%s %v", provider, name, use)
	requireEqualTotal(t, total, got.Total)
	sum := Amount{}
	for _, part := range []Amount{got.Input, got.Output, got.CacheRead, got.CacheWrite, got.Reasoning, got.Tools} {
		sum = sum.Plus(part)
	}
	require.Equal(t, got.Total, sum)
	return 1
}

// reports tells whether a usage has something that is priced; nothing at all is priced for free.
func reports(prices map[string]any, use map[string]int64) bool {
	for key := range prices {
		if use[oracleUnits[key].usage] > 0 {
			return true
		}
	}
	return len(prices) == 0
}

// TestPricesLikeTheLibrary compares with what genai-prices 0.1.8 itself answered (testdata/golden.py).
func TestPricesLikeTheLibrary(t *testing.T) {
	data, err := os.ReadFile("testdata/golden.json")
	require.NoError(t, err)
	var cases []struct {
		Provider, Model, At, Found, Total string
		Usage                             map[string]int64
	}
	require.NoError(t, json.Unmarshal(data, &cases))
	require.Greater(t, len(cases), 500)
	table, err := Load()
	require.NoError(t, err)
	for _, c := range cases {
		at, err := time.Parse(time.RFC3339, c.At)
		require.NoError(t, err)
		got := table.Price(&Call{Provider: c.Provider, RequestModel: c.Model, Usage: usageOf(t, c.Usage), At: at})
		want, ok := new(big.Rat).SetString(c.Total)
		require.True(t, ok)
		assert.Equal(t, c.Found, got.Entry, "%s/%s", c.Provider, c.Model)
		if want.Sign() == 0 && got.Status == NoUsage {
			continue
		}
		require.Equal(t, Priced, got.Status, "%s/%s %v", c.Provider, c.Model, c.Usage)
		requireEqualTotal(t, want, got.Total)
	}
}
