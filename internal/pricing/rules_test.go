// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func priceOf(t *testing.T, provider, model string, counts map[string]int64) Price {
	t.Helper()
	return load(t).Price(&Call{Provider: provider, RequestModel: model, Usage: usageOf(t, counts), At: someDay})
}

// TestFaultsOfOthers has one case for each way in which research/cost.md 2.3 saw cost tools go wrong.
func TestFaultsOfOthers(t *testing.T) {
	t.Run("cache is not counted twice, nor ignored", func(t *testing.T) {
		p := priceOf(t, "openai", "gpt-4o", map[string]int64{"input_tokens": 1000, "cache_read_tokens": 400, "output_tokens": 100})
		assert.Equal(t, "0.003", p.Total.String()) // 600 * 2.50 + 400 * 1.25 + 100 * 10
		assert.Equal(t, "0.0015", p.Input.String())
		assert.Equal(t, "0.0005", p.CacheRead.String())
		assert.Equal(t, "0.001", p.Output.String())
	})
	t.Run("an input below its cache is not negative, and says so", func(t *testing.T) {
		p := priceOf(t, "anthropic", "claude-sonnet-4-5", map[string]int64{"input_tokens": 10, "cache_read_tokens": 400, "output_tokens": 100})
		assert.Equal(t, InconsistentUsage, p.Status)
		assert.True(t, p.Input.IsZero())
		assert.Equal(t, "0.00162", p.Total.String()) // 400 * 0.30 + 100 * 15
	})
	t.Run("the cache write is not dropped", func(t *testing.T) {
		p := priceOf(t, "anthropic", "claude-sonnet-4-5", map[string]int64{"input_tokens": 74, "cache_read_tokens": 32, "cache_write_tokens": 16, "output_tokens": 19})
		assert.Equal(t, "0.0004326", p.Total.String()) // as labels.json has it
		assert.Equal(t, "0.00006", p.CacheWrite.String())
	})
	t.Run("the one hour cache has its own price", func(t *testing.T) {
		counts := map[string]int64{"input_tokens": 1000, "cache_write_tokens": 1000, "cache_write_1h_tokens": 400, "cache_write_5m_tokens": 600}
		assert.Equal(t, "0.00465", priceOf(t, "anthropic", "claude-sonnet-4-5", counts).Total.String()) // 600 * 3.75 + 400 * 6
	})
	t.Run("reasoning is not counted twice", func(t *testing.T) {
		with := priceOf(t, "openai", "gpt-4o", map[string]int64{"input_tokens": 10, "output_tokens": 100, "output_reasoning_tokens": 80})
		without := priceOf(t, "openai", "gpt-4o", map[string]int64{"input_tokens": 10, "output_tokens": 100})
		assert.Equal(t, without.Total, with.Total)
	})
	t.Run("reasoning with a price of its own has that", func(t *testing.T) {
		p := priceOf(t, "perplexity", "sonar-deep-research", map[string]int64{"input_tokens": 10, "output_tokens": 100, "output_reasoning_tokens": 80})
		assert.False(t, p.Reasoning.IsZero())
	})
	t.Run("a service tier without a price is not silently standard", func(t *testing.T) {
		for tier, status := range map[string]Status{"flex": TierUnpriced, "priority": TierUnpriced, "batch": TierUnpriced, "default": Priced, "": Priced, "on_demand": Priced} {
			p := load(t).Price(&Call{Provider: "openai", RequestModel: "gpt-4o", ServiceTier: tier, Usage: usageOf(t, someCall), At: someDay})
			assert.Equal(t, status, p.Status, tier)
			assert.Equal(t, "0.0075", p.Total.String())
		}
	})
	t.Run("a regional profile of Bedrock costs more than the global one", func(t *testing.T) {
		regional := priceOf(t, "aws.bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", someCall)
		global := priceOf(t, "aws.bedrock", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", someCall)
		assert.Equal(t, "0.0105", global.Total.String())
		assert.Equal(t, "0.01155", regional.Total.String())
	})
	t.Run("a newer model is not taken for an older one", func(t *testing.T) {
		assert.Equal(t, UnknownModel, priceOf(t, "openai", "gpt-5.9-sol", someCall).Status)
		assert.NotEqual(t, priceOf(t, "openai", "gpt-5", someCall).Entry, priceOf(t, "openai", "gpt-5.6-sol", someCall).Entry)
	})
	t.Run("an unknown model is not free", func(t *testing.T) {
		p := priceOf(t, "openai", "no-such-model", someCall)
		assert.Equal(t, UnknownModel, p.Status)
		assert.False(t, p.Status.HasAmount())
	})
	t.Run("the threshold counts the cache", func(t *testing.T) {
		counts := map[string]int64{"input_tokens": 200_001, "cache_read_tokens": 150_000, "cache_write_tokens": 50_000, "output_tokens": 1}
		assert.Equal(t, "0.4650285", priceOf(t, "anthropic", "claude-sonnet-4-5", counts).Total.String()) // 1 * 6 + 150,000 * 0.60 + 50,000 * 7.50 + 22.50
	})
	t.Run("a price is that of the call's day", func(t *testing.T) {
		call := Call{Provider: "aws", RequestModel: "global.openai.gpt-5.6-sol", Usage: usageOf(t, someCall), At: time.Date(2026, 8, 20, 23, 59, 59, 0, time.UTC)}
		assert.Equal(t, "0.02", load(t).Price(&call).Total.String())
		call.At = call.At.Add(time.Second)
		assert.Equal(t, "0.014", load(t).Price(&call).Total.String())
	})
	t.Run("a fee per request and per search", func(t *testing.T) {
		p := priceOf(t, "perplexity", "sonar", map[string]int64{"input_tokens": 1000, "output_tokens": 1000})
		assert.Equal(t, "0.014", p.Total.String()) // 0.001 + 0.001 + 12 / 1000
		assert.Equal(t, "0.012", p.Tools.String())
		p = priceOf(t, "anthropic", "claude-sonnet-4-5", map[string]int64{"input_tokens": 1000, "output_tokens": 0, "web_searches": 2})
		assert.Equal(t, "0.02", p.Tools.String())
	})
}

func TestFreeAndUnreported(t *testing.T) {
	assert.Equal(t, Priced, priceOf(t, "openrouter", "google/gemma-3-4b-it:free", someCall).Status)
	assert.True(t, priceOf(t, "openrouter", "google/gemma-3-4b-it:free", someCall).Total.IsZero())
	assert.Equal(t, NoUsage, priceOf(t, "openai", "whisper-1", someCall).Status, "priced by the hour, reported in tokens")
	assert.Equal(t, NoUsage, priceOf(t, "openai", "gpt-4o", nil).Status)
	assert.Equal(t, NoUsage, priceOf(t, "openai", "gpt-4o", map[string]int64{"input_tokens": 0, "output_tokens": 0}).Status, "no call uses nothing")
	assert.Equal(t, NoUsage, priceOf(t, "perplexity", "sonar", nil).Status, "a refused call has no fee")
	assert.Equal(t, Priced, priceOf(t, "openai", "gpt-4o", map[string]int64{"input_tokens": 5}).Status)
}

func TestUsageIsCompleted(t *testing.T) {
	u := usageOf(t, map[string]int64{"cache_write_5m_tokens": 30, "cache_write_1h_tokens": 20, "cache_read_tokens": 50})
	assert.EqualValues(t, 50, u.count(CacheWriteTokens))
	assert.EqualValues(t, 100, u.count(InputTokens))
	u = usageOf(t, map[string]int64{"input_tokens": 100, "cache_read_tokens": 70, "input_audio_tokens": 60})
	assert.EqualValues(t, 30, u.count(CacheAudioReadTokens), "the least that fits")
	u = usageOf(t, map[string]int64{"input_tokens": 200, "cache_read_tokens": 70, "input_audio_tokens": 60})
	assert.Zero(t, u.count(CacheAudioReadTokens))
	for _, absurd := range []int64{-1, math.MinInt64, math.MaxInt64} {
		u := &Usage{}
		u.Set(InputTokens, 10)
		u.Set(OutputTokens, absurd)
		p := load(t).Price(&Call{Provider: "openai", RequestModel: "gpt-4o", Usage: u, At: someDay})
		assert.Equal(t, InconsistentUsage, p.Status)
		assert.Equal(t, "0.000025", p.Total.String())
	}
}

func TestAmount(t *testing.T) {
	for _, c := range []struct {
		price, count int64
		text         string
		usd          float64
	}{
		{2_500_000_000_000, 9000, "0.0225", 0.0225},
		{1, 1, "0.000000000000000001", 1e-18},
		{83_333_333_333, 1, "0.000000083333333333", 8.3333333333e-08},
		{15_000_000_000_000, 2_000_000_000, "30000", 30000},
		{0, 12, "0", 0},
	} {
		a := rate(c.price).times(c.count)
		assert.Equal(t, c.text, a.String())
		assert.InDelta(t, c.usd, a.USD(), c.usd*1e-15)
	}
	assert.Equal(t, 0.0225, rate(2_500_000_000_000).times(9000).USD(), "to the last bit") //nolint:testifylint
}

func TestAmountIsExact(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		sum, want := Amount{}, new(big.Int)
		for range 6 {
			price, count := random.Int64N(1e16), random.Int64N(1e9)
			sum = sum.Plus(rate(price).times(count))
			want.Add(want, new(big.Int).Mul(big.NewInt(price), big.NewInt(count)))
		}
		exact := new(big.Rat).SetFrac(want, big.NewInt(attosPerDollar))
		have, _ := new(big.Rat).SetString(sum.String())
		require.Zero(t, exact.Cmp(have))
		nearest, _ := exact.Float64()
		require.InEpsilon(t, nearest, sum.USD(), 1e-15)
	}
}

func TestDecimal(t *testing.T) {
	for text, want := range map[string]int64{
		"2.5": 2_500_000_000_000, "0.08333333333333334": 83_333_333_333, "1.5e-07": 150_000, "0": 0, "-0": 0, "1E-6": 1_000_000,
		"0.0000000000005": 0, "0.0000000000015": 2, "0.0000000000025": 2, "+3": 3_000_000_000_000, ".5": 500_000_000_000,
	} {
		have, err := scaled(text, 12)
		if want == 0 && text == "0.0000000000005" {
			require.ErrorIs(t, err, errTooSmall)
			continue
		}
		require.NoError(t, err, text)
		assert.Equal(t, want, have, text)
	}
	for text, want := range map[string]error{
		"-1": errNegative, "": errNotDecimal, "1/3": errNotDecimal, "NaN": errNotDecimal, "0x10": errNotDecimal, "1e999999999": errNotDecimal,
		"1e30": errTooLarge, "1_000": errNotDecimal, "Inf": errNotDecimal, "1.2.3": errNotDecimal, "--1": errNotDecimal,
	} {
		_, err := scaled(text, 12)
		assert.ErrorIs(t, err, want, text)
	}
}
