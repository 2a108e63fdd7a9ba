// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The oracle prices by the published rules of genai-prices 0.1.8, from its raw data, in exact rationals. It shares no code with the
// package: no unit table, no matching, no arithmetic.

const rawData = "../../../shared/data/genai-prices-0.1.8.json.gz"

type oracle struct{ providers []oracleProvider }

type oracleProvider struct {
	ID       string        `json:"id"`
	Fallback []string      `json:"fallback_model_providers"`
	Models   []oracleModel `json:"models"`
}

type oracleModel struct {
	ID     string          `json:"id"`
	Match  map[string]any  `json:"match"`
	Prices json.RawMessage `json:"prices"`
}

type oracleCondition struct {
	Constraint *struct {
		StartDate string `json:"start_date"`
		StartTime string `json:"start_time"`
		EndTime   string `json:"end_time"`
	} `json:"constraint"`
	Prices map[string]any `json:"prices"`
}

func loadOracle(t *testing.T) oracle {
	t.Helper()
	f, err := os.Open(rawData)
	if err != nil {
		t.Skipf("the raw price data is not beside the repository: %v", err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	require.NoError(t, err)
	decoder := json.NewDecoder(unzipped)
	decoder.UseNumber()
	var o oracle
	require.NoError(t, decoder.Decode(&o.providers))
	return o
}

func (o oracle) provider(id string) *oracleProvider {
	for i := range o.providers {
		if o.providers[i].ID == id {
			return &o.providers[i]
		}
	}
	return nil
}

func (o oracle) find(providerID, name string) *oracleModel {
	p := o.provider(providerID)
	for _, owner := range append([]string{p.ID}, p.Fallback...) {
		for i, m := range o.provider(owner).Models {
			if oracleMatches(m.Match, strings.ToLower(name)) {
				return &o.provider(owner).Models[i]
			}
		}
	}
	return nil
}

func oracleMatches(match map[string]any, name string) bool {
	for op, value := range match {
		text, _ := value.(string)
		switch op {
		case "equals":
			return name == strings.ToLower(text)
		case "starts_with":
			return strings.HasPrefix(name, strings.ToLower(text))
		case "ends_with":
			return strings.HasSuffix(name, strings.ToLower(text))
		case "contains":
			return strings.Contains(name, strings.ToLower(text))
		case "regex":
			if text == `^(?!.*-[tT][tT][sS](?:$|-))` {
				return !regexp.MustCompile(`-[tT][tT][sS](?:$|-)`).MatchString(name)
			}
			return regexp.MustCompile(text).MatchString(name)
		}
		for _, item := range value.([]any) {
			if oracleMatches(item.(map[string]any), name) == (op == "or") {
				return op == "or"
			}
		}
		return op == "and"
	}
	return false
}

// conditions are the model's sets of prices; one without conditions is a list of one.
func (m oracleModel) conditions() (list []oracleCondition) {
	decode := func(into any) error {
		decoder := json.NewDecoder(strings.NewReader(string(m.Prices)))
		decoder.UseNumber()
		return decoder.Decode(into)
	}
	if decode(&list) == nil {
		return list
	}
	single := oracleCondition{}
	if err := decode(&single.Prices); err != nil {
		panic(err)
	}
	return []oracleCondition{single}
}

func (m oracleModel) prices(at time.Time) map[string]any {
	list := m.conditions()
	for _, c := range slices.Backward(list) {
		if c.Constraint == nil {
			return c.Prices
		}
		if day := c.Constraint.StartDate; day != "" {
			if at.UTC().Format(time.DateOnly) >= day {
				return c.Prices
			}
			continue
		}
		now := at.UTC().Format("15:04:05Z")
		opens, closes := c.Constraint.StartTime, c.Constraint.EndTime
		if opens <= closes && opens <= now && now < closes || closes < opens && (now >= opens || now < closes) {
			return c.Prices
		}
	}
	return list[0].Prices
}

// oracleUnits are the dimensions of what is counted, by the key of its price.
var oracleUnits = map[string]struct{ usage, dims string }{
	"input_mtok": {"input_tokens", "in"}, "output_mtok": {"output_tokens", "out"},
	"cache_read_mtok": {"cache_read_tokens", "in read"}, "cache_write_mtok": {"cache_write_tokens", "in write"},
	"cache_write_1h_mtok":   {"cache_write_1h_tokens", "in write 1h"},
	"cache_audio_read_mtok": {"cache_audio_read_tokens", "in read audio"}, "cache_image_read_mtok": {"cache_image_read_tokens", "in read image"},
	"input_audio_mtok": {"input_audio_tokens", "in audio"}, "output_audio_mtok": {"output_audio_tokens", "out audio"},
	"input_image_mtok": {"input_image_tokens", "in image"}, "output_image_mtok": {"output_image_tokens", "out image"},
	"input_video_mtok": {"input_video_tokens", "in video"}, "output_video_mtok": {"output_video_tokens", "out video"},
	"output_reasoning_mtok": {"output_reasoning_tokens", "out reasoning"}, "output_citation_mtok": {"output_citation_tokens", "out citation"},
	"audio_hours": {"audio_seconds", "duration"}, "input_audio_hours": {"input_audio_seconds", "duration heard"},
	"input_document_kpages":           {"input_document_pages", "page"},
	"input_annotated_document_kpages": {"input_annotated_document_pages", "page annotated"},
	"input_text_messages_kcount":      {"input_text_messages", "message"}, "requests_kcount": {"requests", "request"},
	"web_searches_kcount": {"web_searches", "web"}, "storage_searches_kcount": {"storage_searches", "storage"},
}

func per(priceKey string) *big.Rat {
	for suffix, n := range map[string]int64{"_mtok": 1e6, "_kcount": 1e3, "_kpages": 1e3, "_hours": 3600} {
		if strings.HasSuffix(priceKey, suffix) {
			return big.NewRat(n, 1)
		}
	}
	panic("no scale for " + priceKey)
}

func isPartOf(part, whole string) bool {
	dims := strings.Fields(part)
	for _, d := range strings.Fields(whole) {
		if !slices.Contains(dims, d) {
			return false
		}
	}
	return part != whole
}

var errInvalidUsage = errors.New("invalid usage")

// total is the price of a usage: what no more specific price covers, times the price of the tier.
func (m oracleModel) total(prices map[string]any, usage map[string]int64) (*big.Rat, error) {
	var keys []string
	for key := range prices {
		if _, known := oracleUnits[key]; !known {
			return nil, fmt.Errorf("the oracle does not know %s", key)
		}
		keys = append(keys, key)
	}
	sort.Slice(keys, func(i, j int) bool {
		return len(strings.Fields(oracleUnits[keys[i]].dims)) > len(strings.Fields(oracleUnits[keys[j]].dims))
	})
	total, leaves := new(big.Rat), map[string]int64{}
	for _, key := range keys {
		unit := oracleUnits[key]
		leaf := usage[unit.usage]
		for other, count := range leaves {
			if isPartOf(oracleUnits[other].dims, unit.dims) {
				leaf -= count
			}
		}
		if key == "requests_kcount" {
			leaf = 1
		}
		if leaf < 0 {
			return nil, errInvalidUsage
		}
		leaves[key] = leaf
		cost := new(big.Rat).Mul(oraclePrice(prices[key], usage["input_tokens"]), big.NewRat(leaf, 1))
		total.Add(total, cost.Quo(cost, per(key)))
	}
	return total, nil
}

func oraclePrice(value any, inputTokens int64) *big.Rat {
	if tiered, ok := value.(map[string]any); ok {
		value = tiered["base"]
		highest := int64(-1)
		for _, item := range tiered["tiers"].([]any) {
			start, _ := item.(map[string]any)["start"].(json.Number).Int64()
			if inputTokens > start && start > highest {
				value, highest = item.(map[string]any)["price"], start
			}
		}
	}
	price, ok := new(big.Rat).SetString(value.(json.Number).String())
	if !ok {
		panic(fmt.Sprint(value))
	}
	return price
}
