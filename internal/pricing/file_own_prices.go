// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"strconv"
	"strings"
)

// ownUnits are the keys of prices: those of genai-prices, those for a million tokens also without _mtok, and reasoning.
var ownUnits = func() map[string]Unit {
	keys := map[string]Unit{"reasoning": ReasoningTokens}
	for u := range numUnits {
		keys[units[u].priceKey] = u
		if short, ok := strings.CutSuffix(units[u].priceKey, "_mtok"); ok {
			keys[short] = u
		}
	}
	return keys
}()

// readOwnPrices reads one set of prices, or a list of them of which the later ones hold from a day on.
func readOwnPrices(n *node) (map[string]sheets, error) {
	sets := n.items
	if n.kind != listNode {
		sets = []*node{n}
	}
	all := make(map[string]sheets)
	for i, set := range sets {
		lists, start, err := readOwnSet(set)
		if err != nil && n.kind == listNode {
			err = under(strconv.Itoa(i), err)
		}
		if err != nil {
			return nil, err
		}
		for serviceTier, of := range lists.sheets() {
			of[0].hasStart, of[0].start = start.hasStart, start.start
			all[serviceTier] = append(all[serviceTier], of[0])
		}
	}
	if len(all) == 0 {
		return nil, n.problem("has no prices")
	}
	return all, nil
}

func readOwnSet(n *node) (tierLists, conditional, error) {
	lists, start := tierLists{}, conditional{}
	if err := n.want(mapNode, "a model's set of prices"); err != nil {
		return nil, start, err
	}
	standard := lists.list("")
	for _, f := range n.fields {
		var err error
		switch f.key {
		case "from":
			err = start.startOn(f.value)
		case "above":
			err = readOwnThresholds(f.value, standard)
		case "service_tiers": // read last: they may be multiples of the standard prices
		default:
			err = readOwnPrice(f, func(u Unit, r rate) { standard.rate(u).base = r })
		}
		if err != nil {
			return nil, start, under(f.key, err)
		}
	}
	if len(*standard) == 0 {
		return nil, start, n.problem("has no price; a model that costs nothing is listed under free")
	}
	if given := n.get("service_tiers"); given != nil {
		if err := readOwnServiceTiers(given, lists); err != nil {
			return nil, start, under("service_tiers", err)
		}
	}
	return lists, start, nil
}

func readOwnPrice(f field, take func(Unit, rate)) error {
	unit, known := ownUnits[f.key]
	if !known {
		return f.value.problem("unknown unit%s", didYouMean(f.key, ownUnits))
	}
	r, err := readPrice(f.value, units[unit].priceKey)
	if err == nil {
		take(unit, r)
	}
	return err
}

// readOwnThresholds reads {200000: {input: 5, output: 15}}.
func readOwnThresholds(n *node, into *rateList) error {
	if err := n.want(mapNode, "prices above numbers of input tokens"); err != nil {
		return err
	}
	for _, f := range n.fields {
		above, err := strconv.ParseInt(f.key, 10, 64)
		if err != nil || above < 0 {
			return under(f.key, f.value.problem("%q is no number of tokens", shortened(f.key)))
		}
		if err := f.value.want(mapNode, "a set of prices"); err != nil {
			return under(f.key, err)
		}
		for _, price := range f.value.fields {
			if err := readOwnPrice(price, into.above(above)); err != nil {
				return under(f.key, under(price.key, err))
			}
		}
	}
	return nil
}

// readOwnServiceTiers reads {flex: 0.5} as a multiple, {priority: {input: 4.25}} as prices.
func readOwnServiceTiers(n *node, lists tierLists) error {
	if err := n.want(mapNode, "service tiers"); err != nil {
		return err
	}
	for _, f := range n.fields {
		list := lists.list(spelled(f.key))
		if f.value.kind == mapNode {
			for _, price := range f.value.fields {
				if err := readOwnPrice(price, func(u Unit, r rate) { list.rate(u).base = r }); err != nil {
					return under(f.key, under(price.key, err))
				}
			}
			continue
		}
		multiple, err := readFactor(f.value)
		if err != nil {
			return under(f.key, err)
		}
		multiplied, err := lists.list("").sheet().times(multiple)
		if err != nil {
			return under(f.key, f.value.problem("%v", err))
		}
		*list = multiplied.rates
	}
	return nil
}
