// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package costprocessor

import (
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/pricing"
)

// The attributes of llmcol's own (design.md section 4).
const (
	attrStatus     = genai.CostStatusKey
	attrModel      = "llmcol.cost.model"
	attrTable      = "llmcol.cost.table"
	attrDifference = "llmcol.cost.difference" // the table's price less the client's, USD
	attrInput      = "llmcol.cost.input"
	attrOutput     = "llmcol.cost.output"
	attrCacheRead  = "llmcol.cost.cache_read"
	attrCacheWrite = "llmcol.cost.cache_write"
	attrReasoning  = "llmcol.cost.reasoning"
	attrTools      = "llmcol.cost.tools"
)

// status is a value of llmcol.cost.status.
type status uint8

const (
	priced status = iota
	kept
	noUsage
	noModel
	unknownProvider
	unknownModel
	inconsistentUsage
	tierUnpriced
	countedElsewhere
	settled // by an earlier llmcol: counted, never written
	numStatuses
)

func (s status) String() string {
	return [...]string{
		"priced", "kept", "no_usage", "no_model", "unknown_provider", "unknown_model", "inconsistent_usage", "tier_unpriced",
		genai.CountedElsewhere, "settled",
	}[s]
}

// statusOf are the table's answers; a new call is priced.
var statusOf = map[pricing.Status]status{
	pricing.NoUsage: noUsage, pricing.NoModel: noModel, pricing.UnknownProvider: unknownProvider,
	pricing.UnknownModel: unknownModel, pricing.InconsistentUsage: inconsistentUsage, pricing.TierUnpriced: tierUnpriced,
}

// hasCost are the statuses with which a span or log record carries the cost of its call. estimated is of other versions of llmcol.
var hasCost = map[string]bool{
	priced.String(): true, kept.String(): true, inconsistentUsage.String(): true, tierUnpriced.String(): true, "estimated": true,
}

// isOpen reports whether another report of the call may know its cost.
func (s status) isOpen() bool { return s == noModel || s == unknownModel || s == unknownProvider }

// write puts the answer for one call on its span or log record; usd is room for its cost.
func (p *pricer) write(c *call, usd *genai.Cost) {
	switch c.status {
	case priced, inconsistentUsage, tierUnpriced:
		*usd = costOf(&c.price)
		parts := partsOf(usd)
		c.attributes.EnsureCapacity(c.attributes.Len() + len(p.profiles) + parts.count() + 3)
		p.writeProfiles(c, usd)
		c.attributes.PutStr(attrModel, c.price.Entry)
		c.attributes.PutStr(attrTable, c.price.Table)
		parts.put(c.attributes)
	case kept:
		*usd = genai.Cost{Total: c.own, Reported: true}
		p.writeProfiles(c, usd)
		if p.cfg.ExistingCost == Compare && c.price.Status.HasAmount() {
			c.attributes.PutDouble(attrDifference, toPicos(c.price.Total.USD()-c.own))
			c.attributes.PutStr(attrModel, c.price.Entry)
			c.attributes.PutStr(attrTable, c.price.Table)
		}
	case countedElsewhere:
		for _, profile := range p.profiles {
			profile.Withdraw(c.attributes)
		}
	}
	c.attributes.PutStr(attrStatus, c.status.String())
}

// toPicos rounds to a pico-dollar, so that a difference of two prices does not end in the noise of binary fractions.
func toPicos(usd float64) float64 { return math.Round(usd*1e12) / 1e12 }

func (p *pricer) writeProfiles(c *call, usd *genai.Cost) {
	for _, profile := range p.profiles {
		profile.Write(c.attributes, usd)
	}
}

// costOf is a price in the numbers that are written.
func costOf(p *pricing.Price) genai.Cost {
	return genai.Cost{
		Total: p.Total.USD(), Input: p.Input.USD(), Output: p.Output.USD(), CacheRead: p.CacheRead.USD(), CacheWrite: p.CacheWrite.USD(),
		Reasoning: p.Reasoning.USD(), Tools: p.Tools.USD(),
	}
}

// parts are the parts of a cost under the names of our own attributes; those that are 0 are left out.
type parts [6]struct {
	key string
	usd float64
}

func partsOf(c *genai.Cost) parts {
	return parts{
		{attrInput, c.Input}, {attrOutput, c.Output}, {attrCacheRead, c.CacheRead}, {attrCacheWrite, c.CacheWrite},
		{attrReasoning, c.Reasoning}, {attrTools, c.Tools},
	}
}

func (p *parts) count() (n int) {
	for i := range p {
		if p[i].usd != 0 {
			n++
		}
	}
	return n
}

func (p *parts) put(attributes pcommon.Map) {
	for i := range p {
		if p[i].usd != 0 {
			attributes.PutDouble(p[i].key, p[i].usd)
		}
	}
}
