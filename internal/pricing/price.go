// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import "time"

// Call is one call of a model.
type Call struct {
	Provider      string // as the client names it, in any spelling; may be a framework's name or empty
	RequestModel  string
	ResponseModel string
	Server        string // host of the API, for clients that do not name the provider
	ServiceTier   string // the one that was served
	Usage         *Usage
	At            time.Time
}

// Status says how a call was priced, or why not.
type Status string

// The statuses. Those of llmcol.cost.status which do not come from the price table are the processor's.
const (
	Priced            Status = "priced"
	NoUsage           Status = "no_usage"
	NoModel           Status = "no_model"
	UnknownProvider   Status = "unknown_provider"
	UnknownModel      Status = "unknown_model"
	InconsistentUsage Status = "inconsistent_usage" // priced, as far as the counts make sense
	TierUnpriced      Status = "tier_unpriced"      // priced as the standard tier
)

// HasAmount reports whether a Price of this status says what the call costs.
func (s Status) HasAmount() bool { return s == Priced || s == InconsistentUsage || s == TierUnpriced }

// Price is what a call costs.
type Price struct {
	Status Status
	Total  Amount
	// The parts, whose sum is Total. Reasoning is only apart where the table has a price for it; Tools are fees: searches, code
	// execution, requests.
	Input, Output, CacheRead, CacheWrite, Reasoning, Tools Amount

	Provider string // the table's id of the provider: aws
	Model    string // the table's id of the model: regional.anthropic.claude-sonnet-4-5-20250929-v1:0
	Entry    string // both: aws/regional.anthropic.…
	Table    string // the table and its version: genai-prices/0.1.8, file:prices.yaml
}

type part uint8

const (
	inputPart part = iota
	outputPart
	cacheReadPart
	cacheWritePart
	reasoningPart
	toolsPart
)

// partOf says which part of the price a unit belongs to.
func partOf(u Unit) part {
	is := units[u].is
	switch {
	case is&(toolCalls|calls|reranks) != 0:
		return toolsPart
	case is&cacheRead != 0:
		return cacheReadPart
	case is&cacheWrite != 0:
		return cacheWritePart
	case is&reasoning != 0:
		return reasoningPart
	case is&output != 0:
		return outputPart
	}
	return inputPart
}

func (p *Price) add(to part, amount Amount) {
	sum := [...]*Amount{&p.Input, &p.Output, &p.CacheRead, &p.CacheWrite, &p.Reasoning, &p.Tools}[to]
	*sum, p.Total = sum.Plus(amount), p.Total.Plus(amount)
}

// standardTiers are the spellings of the service tier that has no price of its own.
var standardTiers = map[string]bool{"": true, "default": true, "standard": true, "auto": true, "on_demand": true, "normal": true, "standard_only": true}

// Price says what a call costs.
func (t *Table) Price(call *Call) (p Price) {
	new(Asker).Price(t, call, &p)
	return p
}

// Asker asks for the prices of calls that mostly are of one model, such as those of one request. It is not safe for concurrent use.
type Asker struct {
	table *Table
	last  query
	found *finding
}

// Price writes to p what a call costs by a table.
func (a *Asker) Price(t *Table, call *Call, p *Price) {
	if q := queryOf(call); a.table != t || a.last != q {
		a.table, a.last, a.found = t, q, t.find(call)
	}
	found := a.found
	*p = Price{Status: found.status, Provider: found.provider, Model: found.model, Entry: found.entry, Table: found.table}
	if found.sheets == nil {
		return
	}
	found.sheets.at(call.At).price(call.Usage, p)
	if p.Status == Priced && found.tierUnpriced {
		p.Status = TierUnpriced
	}
}
