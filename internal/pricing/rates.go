// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import "slices"

// rateList collects the prices of one model while a file is read.
type rateList []unitRate

// rate finds or adds the entry of a unit.
func (l *rateList) rate(u Unit) *unitRate {
	for i := range *l {
		if (*l)[i].unit == u {
			return &(*l)[i]
		}
	}
	*l = append(*l, unitRate{unit: u})
	return &(*l)[len(*l)-1]
}

// has reports whether a unit has a price.
func (l rateList) has(u Unit) bool {
	return slices.ContainsFunc(l, func(r unitRate) bool { return r.unit == u })
}

// isFree reports whether every price is 0.
func (l rateList) isFree() bool {
	return !slices.ContainsFunc(l, func(r unitRate) bool { return r.base != 0 || len(r.tiers) > 0 })
}

// over are the prices of l, and those of standard for the units that l has no price for.
func (l rateList) over(standard rateList) rateList {
	all := slices.Clone(l)
	for _, r := range standard {
		if !l.has(r.unit) {
			all = append(all, r)
		}
	}
	return all
}

// sheet makes a copy of the list a sheet.
func (l rateList) sheet() sheet {
	rates := make([]unitRate, len(l))
	for i, r := range l {
		r.tiers = slices.Clone(r.tiers)
		rates[i] = r
	}
	return newSheet(rates)
}

// tierLists are price lists by service tier.
type tierLists map[string]*rateList

func (t tierLists) list(serviceTier string) *rateList {
	if t[serviceTier] == nil {
		t[serviceTier] = &rateList{}
	}
	return t[serviceTier]
}

// sheets are the lists as they hold: a service tier's own prices, and the standard tier's where it has none.
func (t tierLists) sheets() map[string]sheets {
	all := make(map[string]sheets, len(t))
	for serviceTier, list := range t {
		all[serviceTier] = sheets{{sheet: list.over(*t.list("")).sheet()}}
	}
	return all
}
