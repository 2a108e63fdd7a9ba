// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"slices"
	"strings"
)

// The format of models.dev's api.json: a mapping of providers, each with a mapping of models. Prices are USD per million tokens.

func isModelsDev(root *node) bool {
	return root.kind == mapNode && slices.ContainsFunc(root.fields, func(f field) bool {
		models := f.value.get("models")
		return models != nil && models.kind == mapNode && f.value.get("id") != nil
	})
}

// modelsDevKeys are the prices that models.dev has.
var modelsDevKeys = map[string]Unit{
	"input":        InputTokens,
	"output":       OutputTokens,
	"cache_read":   CacheReadTokens,
	"cache_write":  CacheWriteTokens,
	"reasoning":    ReasoningTokens,
	"input_audio":  InputAudioTokens,
	"output_audio": OutputAudioTokens,
}

func readModelsDev(root *node) (*layer, error) {
	l := &layer{}
	for _, f := range root.fields {
		models := f.value.get("models")
		if models == nil {
			continue
		}
		id, known := aliased(f.key)
		if !known {
			id = strings.ToLower(f.key)
		}
		p := l.add(id)
		for _, m := range models.fields {
			lists, err := readModelsDevModel(m.value)
			if err != nil {
				return nil, under(f.key, under("models", under(m.key, err)))
			}
			if len(*lists.list("")) > 0 {
				p.models = append(p.models, &model{id: m.key, match: equals(strings.ToLower(m.key)), tiers: lists.sheets()})
			}
		}
	}
	return l, nil
}

func readModelsDevModel(n *node) (tierLists, error) {
	lists := tierLists{}
	cost := n.get("cost")
	if cost == nil || cost.kind != mapNode {
		return lists, nil
	}
	if err := readModelsDevCost(cost, lists.list("")); err != nil {
		return nil, under("cost", err)
	}
	for _, mode := range fieldsAt(n, "experimental", "modes") {
		serviceTier := at(mode.value, "provider", "body", "service_tier")
		modeCost := mode.value.get("cost")
		if serviceTier == nil || modeCost == nil {
			continue
		}
		if err := readModelsDevCost(modeCost, lists.list(spelled(serviceTier.text))); err != nil {
			return nil, under("experimental.modes", under(mode.key, under("cost", err)))
		}
	}
	return lists, nil
}

func readModelsDevCost(n *node, into *rateList) error {
	if err := readModelsDevPrices(n, func(u Unit, r rate) { into.rate(u).base = r }); err != nil {
		return err
	}
	tiers := n.get("tiers")
	if tiers == nil {
		if over := n.get("context_over_200k"); over != nil {
			return under("context_over_200k", readModelsDevPrices(over, into.above(200_000)))
		}
		return nil
	}
	for _, item := range tiers.items {
		size := at(item, "tier", "size")
		if size == nil {
			return under("tiers", item.problem(`has no "tier" with a "size"`))
		}
		above, err := readCount(size)
		if err == nil {
			err = readModelsDevPrices(item, into.above(above))
		}
		if err != nil {
			return under("tiers", err)
		}
	}
	return nil
}

// above takes prices of calls with more input tokens than a number.
func (l *rateList) above(tokens int64) func(Unit, rate) {
	return func(u Unit, r rate) {
		entry := l.rate(u)
		entry.tiers = append(entry.tiers, tier{tokens, r})
	}
}

func readModelsDevPrices(n *node, take func(Unit, rate)) error {
	if err := n.want(mapNode, "a cost"); err != nil {
		return err
	}
	for _, f := range n.fields {
		unit, known := modelsDevKeys[f.key]
		if !known || f.value.kind == nullNode {
			continue
		}
		r, err := readRate(f.value, 12)
		if err != nil {
			return under(f.key, err)
		}
		take(unit, r)
	}
	return nil
}

// at follows keys down into mappings.
func at(n *node, keys ...string) *node {
	for _, key := range keys {
		if n = n.get(key); n == nil {
			return nil
		}
	}
	return n
}

func fieldsAt(n *node, keys ...string) []field {
	if n = at(n, keys...); n == nil {
		return nil
	}
	return n.fields
}
