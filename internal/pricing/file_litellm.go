// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The format of LiteLLM's model_prices_and_context_window.json: a mapping from model names, most with a provider's prefix, to what is
// known about them. Prices are USD per single token (or query, or second).

func isLiteLLM(root *node) bool {
	return root.kind == mapNode && slices.ContainsFunc(root.fields, func(f field) bool {
		return f.value.get("litellm_provider") != nil || f.value.get("input_cost_per_token") != nil
	})
}

// liteLLMKeys are the prices that LiteLLM has: the unit, and the power of ten that makes them a rate.
var liteLLMKeys = map[string]struct {
	unit     string
	exponent int
}{
	"input_cost_per_token":                      {"input_tokens", 18},
	"output_cost_per_token":                     {"output_tokens", 18},
	"cache_read_input_token_cost":               {"cache_read_tokens", 18},
	"cache_creation_input_token_cost":           {"cache_write_tokens", 18},
	"cache_creation_input_token_cost_above_1hr": {"cache_write_1h_tokens", 18},
	"output_cost_per_reasoning_token":           {"output_reasoning_tokens", 18},
	"input_cost_per_audio_token":                {"input_audio_tokens", 18},
	"output_cost_per_audio_token":               {"output_audio_tokens", 18},
	"cache_read_input_audio_token_cost":         {"cache_audio_read_tokens", 18},
	"cache_creation_input_audio_token_cost":     {"cache_audio_write_tokens", 18},
	"cache_read_input_image_token_cost":         {"cache_image_read_tokens", 18},
	"input_cost_per_token_cache_hit":            {"cache_read_tokens", 18},
	"input_cost_per_video_token":                {"input_video_tokens", 18},
	"ocr_cost_per_page":                         {"input_document_pages", 18},
	"annotation_cost_per_page":                  {"input_annotated_document_pages", 18},
	"input_cost_per_image_token":                {"input_image_tokens", 18},
	"output_cost_per_image_token":               {"output_image_tokens", 18},
	"input_cost_per_character":                  {"input_characters", 18},
	"input_cost_per_query":                      {"rerank_searches", 18},
	"input_cost_per_second":                     {"input_audio_seconds", 15},
	"citation_cost_per_token":                   {"output_citation_tokens", 18},
	"search_context_size_medium":                {"web_searches", 18},
}

var (
	liteLLMTiers     = map[string]string{"_flex": "flex", "_priority": "priority", "_batches": "batch"}
	liteLLMThreshold = regexp.MustCompile(`_above_(\d{1,6})k_tokens`)
)

// liteLLMProvider is the id of a litellm_provider, which may hold more than the name: vertex_ai-language-models.
func liteLLMProvider(name string) string {
	for _, prefix := range []string{"vertex_ai", "bedrock", "azure", "fireworks_ai", "cohere"} {
		if strings.HasPrefix(name, prefix) {
			name = prefix
		}
	}
	if id, ok := aliased(name); ok {
		return id
	}
	return strings.ToLower(name)
}

func readLiteLLM(root *node) (*layer, error) {
	l := &layer{}
	for _, f := range root.fields {
		if f.key == "sample_spec" || f.value.kind != mapNode {
			continue
		}
		id := ""
		if n := f.value.get("litellm_provider"); n != nil {
			id = liteLLMProvider(n.text)
		}
		lists, err := readLiteLLMModel(f.value, id)
		if err != nil {
			return nil, under(f.key, err)
		}
		if standard := *lists.list(""); len(standard) == 0 || standard.isFree() && hasOtherCosts(f.value) {
			continue
		}
		full := strings.ToLower(f.key)
		short := withoutVendors(strings.TrimPrefix(full, id+"/"))
		p := l.add(id)
		p.models = append(p.models, &model{id: short, match: anyOf{equals(full), equals(short)}, tiers: lists.sheets()})
	}
	return l, nil
}

// hasOtherCosts tells whether a model is priced by something that is not read, such as pixels: then a price of 0 for tokens says nothing.
func hasOtherCosts(n *node) bool {
	return slices.ContainsFunc(n.fields, func(f field) bool {
		_, read := liteLLMKeys[f.key]
		zero, err := readRate(f.value, 18)
		return !read && strings.Contains(f.key, "cost") && (err != nil || zero != 0)
	})
}

func readLiteLLMModel(n *node, provider string) (tierLists, error) {
	lists := tierLists{}
	for _, f := range n.fields {
		if f.key == "tiered_pricing" && f.value.kind == listNode {
			if err := readRanges(f.value, lists.list("")); err != nil {
				return nil, under(f.key, err)
			}
		}
		if f.key == "search_context_cost_per_query" {
			if medium := f.value.get("search_context_size_medium"); medium != nil {
				f = field{"search_context_size_medium", medium}
			}
		}
		if err := readLiteLLMPrice(f, provider, lists); err != nil {
			return nil, under(f.key, err)
		}
	}
	return lists, nil
}

// readLiteLLMPrice reads one price; a key that is none is left alone, the file is full of them.
func readLiteLLMPrice(f field, provider string, lists tierLists) error {
	if f.value.kind == nullNode {
		return nil
	}
	key, serviceTier, above := f.key, "", int64(-1)
	for suffix, name := range liteLLMTiers {
		if strings.HasSuffix(key, suffix) {
			key, serviceTier = strings.TrimSuffix(key, suffix), name
		}
	}
	if threshold := liteLLMThreshold.FindStringSubmatch(key); threshold != nil {
		thousands, _ := strconv.ParseInt(threshold[1], 10, 64)
		above = thousands * 1000
		if provider == "x-ai" { // the one provider whose threshold belongs to the higher tier (LiteLLM: _INCLUSIVE_THRESHOLD_PROVIDERS)
			above--
		}
		key = strings.Replace(key, threshold[0], "", 1)
	}
	price, known := liteLLMKeys[key]
	if !known {
		return nil
	}
	value, err := readRate(f.value, price.exponent)
	if err != nil {
		return err
	}
	unit, _ := UnitNamed(price.unit)
	entry := lists.list(serviceTier).rate(unit)
	if above < 0 {
		entry.base = value
	} else {
		entry.tiers = append(entry.tiers, tier{above, value})
	}
	return nil
}

// readRanges reads prices by length of the input: [{range: [0, 32000], input_cost_per_token: …}, …].
func readRanges(n *node, into *rateList) error {
	for _, item := range n.items {
		limits := item.get("range")
		if limits == nil || len(limits.items) == 0 { // tools have ranges of something else
			continue
		}
		from, err := scaled(limits.items[0].text, 0)
		if err != nil {
			return under("range", limits.problem("%v", decimalError(limits.items[0].text, err)))
		}
		for _, f := range item.fields {
			price, known := liteLLMKeys[f.key]
			if !known || f.value.kind == nullNode {
				continue
			}
			value, err := readRate(f.value, price.exponent)
			if err != nil {
				return under(f.key, err)
			}
			unit, _ := UnitNamed(price.unit)
			if entry := into.rate(unit); from == 0 {
				entry.base = value
			} else {
				entry.tiers = append(entry.tiers, tier{from, value})
			}
		}
	}
	return nil
}

// readRate reads a price and multiplies it with a power of ten.
func readRate(n *node, exponent int) (rate, error) {
	if err := n.want(scalarNode, "a price"); err != nil {
		return 0, err
	}
	value, err := scaled(n.text, exponent)
	if err != nil {
		return 0, n.problem("%v", decimalError(n.text, err))
	}
	return rate(value), nil
}
