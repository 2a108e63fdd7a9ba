// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"cmp"
	"slices"
	"time"
)

// maxRates is the most prices that one model may have at one time.
const maxRates = 32

// sheet is one set of prices of one model. A sheet without prices is that of a free model.
type sheet struct {
	rates  []unitRate // the more specific units first
	covers unitSet    // the units whose counts these prices can price
}

// unitRate is the price of one unit.
type unitRate struct {
	unit    Unit
	part    part
	base    rate
	tiers   []tier // by rising threshold
	atLeast int64  // a count above 0 and below this one is billed as this one
	parts   []int  // the indexes of the more specific rates of the sheet that are billed apart
}

// tier is the price of all units of a call whose input is longer than a number of tokens.
type tier struct {
	above int64
	rate  rate
}

// newSheet orders the rates and works out which of them contain which.
func newSheet(rates []unitRate) sheet {
	slices.SortFunc(rates, func(a, b unitRate) int {
		return cmp.Or(cmp.Compare(b.unit.depth(), a.unit.depth()), cmp.Compare(a.unit, b.unit))
	})
	s := sheet{rates: rates}
	for i := range rates {
		r := &rates[i]
		r.part, r.parts = partOf(r.unit), nil
		slices.SortFunc(r.tiers, func(a, b tier) int { return cmp.Compare(a.above, b.above) })
		for j := range i {
			if rates[j].unit.within(r.unit) {
				r.parts = append(r.parts, j)
			}
		}
		if r.unit != requests {
			s.covers |= r.unit.bit() | inside[r.unit]
		}
	}
	return s
}

// at is the price of a unit in a call with this many input tokens.
func (r *unitRate) at(inputTokens int64) rate {
	for i := len(r.tiers) - 1; i >= 0; i-- {
		if inputTokens > r.tiers[i].above {
			return r.tiers[i].rate
		}
	}
	return r.base
}

// times is the sheet with every price multiplied.
func (s sheet) times(f factor) (sheet, error) {
	if f == million {
		return s, nil
	}
	rates := slices.Clone(s.rates)
	for i := range rates {
		r := &rates[i]
		var err error
		if r.base, err = f.of(r.base); err != nil {
			return sheet{}, err
		}
		r.tiers = slices.Clone(r.tiers)
		for j := range r.tiers {
			if r.tiers[j].rate, err = f.of(r.tiers[j].rate); err != nil {
				return sheet{}, err
			}
		}
	}
	return sheet{rates: rates, covers: s.covers}, nil
}

// price adds up what usage costs by this sheet.
func (s *sheet) price(usage *Usage, p *Price) {
	p.Status = Priced
	if usage.absurd {
		p.Status = InconsistentUsage
	}
	if len(s.rates) == 0 {
		return
	}
	if s.covers != 0 && usage.reported&s.covers == 0 || !usage.Reported() {
		p.Status = NoUsage
		return
	}
	var billed [maxRates]int64 // by rate, without what more specific rates bill
	inputTokens, anything := usage.count(InputTokens), false
	for i := range s.rates {
		r := &s.rates[i]
		count := int64(1)
		if r.unit != requests {
			count = usage.count(r.unit)
			anything = anything || count > 0
		}
		if count > 0 {
			count = max(count, r.atLeast)
		}
		for _, j := range r.parts {
			count -= billed[j]
		}
		if count < 0 {
			count, p.Status = 0, InconsistentUsage
		}
		billed[i] = count
		p.add(r.part, r.at(inputTokens).times(count))
	}
	if !anything && s.covers != 0 {
		*p = Price{Status: NoUsage, Provider: p.Provider, Model: p.Model, Entry: p.Entry, Table: p.Table}
	}
}

// conditional is a sheet that holds from a day on, or in some hours of every day (UTC), or always.
type conditional struct {
	sheet     sheet
	hasStart  bool
	start     int64 // seconds since 1970
	hasWindow bool
	opens     int // seconds since midnight
	closes    int // exclusive; before opens: the window contains midnight
}

func (c *conditional) active(at time.Time) bool {
	if c.hasStart {
		return at.Unix() >= c.start
	}
	if !c.hasWindow {
		return true
	}
	now := int(((at.Unix() % 86400) + 86400) % 86400)
	if c.closes < c.opens {
		return now >= c.opens || now < c.closes
	}
	return c.opens <= now && now < c.closes
}

// sheets are the prices of one model for one service tier. The last one that is active holds, the first one if none is.
type sheets []conditional

func (s sheets) at(when time.Time) *sheet {
	for i := len(s) - 1; i > 0; i-- {
		if s[i].active(when) {
			return &s[i].sheet
		}
	}
	return &s[0].sheet
}

func (s sheets) times(f factor) (sheets, error) {
	if f == million {
		return s, nil
	}
	multiplied := slices.Clone(s)
	for i := range multiplied {
		var err error
		if multiplied[i].sheet, err = multiplied[i].sheet.times(f); err != nil {
			return nil, err
		}
	}
	return multiplied, nil
}
