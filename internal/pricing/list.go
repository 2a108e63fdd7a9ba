// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Listed is one model of a table, as it is shown to people.
type Listed struct {
	Entry  string        `json:"entry"`
	Table  string        `json:"table"`
	Tier   string        `json:"service_tier,omitempty"`
	Prices []ListedPrice `json:"prices"` // none: free
}

// ListedPrice is the price of one unit in US dollars, per what the key says: input_mtok is a million input tokens.
type ListedPrice struct {
	Key string `json:"key"`
	USD string `json:"usd"` // 2.5, or 1.25, 2.5 above 200000
}

// List lists the models whose entry contains a word, in any case, with the prices that hold at a time. An entry of a user's file hides
// none of the compiled-in table: which one a call gets is for [Table.Price] to say.
func (t *Table) List(word string, at time.Time) []Listed {
	listed := []Listed{}
	for _, l := range t.layers {
		for _, p := range l.providers {
			for _, m := range p.models {
				entry := strings.TrimPrefix(p.id+"/"+m.id, "/")
				if !strings.Contains(strings.ToLower(entry), strings.ToLower(word)) {
					continue
				}
				for serviceTier, prices := range m.tiers {
					listed = append(listed, Listed{entry, l.source, serviceTier, prices.at(at).list()})
				}
			}
		}
	}
	slices.SortStableFunc(listed, func(a, b Listed) int {
		return cmp.Or(cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Tier, b.Tier))
	})
	return listed
}

func (s *sheet) list() []ListedPrice {
	prices := make([]ListedPrice, 0, len(s.rates))
	rates := slices.SortedFunc(slices.Values(s.rates), func(a, b unitRate) int { return cmp.Compare(a.unit, b.unit) })
	for _, r := range rates {
		key := units[r.unit].priceKey
		usd := r.base.in(key)
		for _, t := range r.tiers {
			usd += fmt.Sprintf(", %s above %d", t.rate.in(key), t.above)
		}
		prices = append(prices, ListedPrice{key, usd})
	}
	return prices
}

// in is the rate in US dollars per what a price key says, as it was read.
func (r rate) in(priceKey string) string {
	for _, scale := range priceScales {
		if !strings.HasSuffix(priceKey, scale.suffix) {
			continue
		}
		attos := int64(1)
		for range 18 - scale.exponent {
			attos *= 10
		}
		usd := r.times(scale.divisor * attos)
		if scale.divisor > 1 { // the division has cost some digits
			usd.lo = (usd.lo + attosPerNano/2) / attosPerNano * attosPerNano
		}
		return usd.String()
	}
	return ""
}
