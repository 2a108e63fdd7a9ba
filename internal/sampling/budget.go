// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"cmp"
	"slices"
	"sync/atomic"
	"time"
)

// budget limits how much is kept a second. It is spent on the traces of a settlement in the order of their
// randomness, highest first, and ends at the first that does not fit: the randomness of that one is the threshold
// all the others have passed. Adjusted counts that follow from it add up to the input without bias, as they do not
// with a first-come bucket (D. Ting, Adaptive threshold sampling, arXiv 1708.04970).
type budget struct {
	perSecond, burst float64
	size             func(*evidence) int64
	// exact refills to one second's worth, and carries over only what the last trace did not fit into.
	exact bool

	tokens  float64
	settled int64
	// cut is the threshold of the last settlement; read by any goroutine.
	cut atomic.Uint64
}

func spansOf(e *evidence) int64 { return e.facts.Spans }
func bytesOf(e *evidence) int64 { return e.wireBytes }

func bucket(perSecond, burst int64, size func(*evidence) int64) *budget {
	if burst <= 0 {
		burst = 2 * perSecond
	}
	return &budget{perSecond: float64(perSecond), burst: float64(burst), size: size, tokens: float64(burst)}
}

func perSecond(spans float64) *budget {
	return &budget{perSecond: spans, burst: spans, size: spansOf, tokens: spans, exact: true}
}

func (b *budget) chance(q *question) chance {
	switch {
	case float64(b.size(q.evidence)) > b.burst:
		return never
	case q.unlimited:
		return always
	}
	return atLeast(b.cut.Load())
}

func (b *budget) refill(now int64) {
	if b.settled != 0 {
		b.tokens += b.perSecond * time.Duration(now-b.settled).Seconds()
	}
	b.settled = now
	limit := b.burst
	if b.exact && b.cut.Load() > 0 {
		limit = 2 * b.burst
	}
	b.tokens = min(b.tokens, limit)
}

// settle spends what the budget holds at time now.
func (b *budget) settle(now int64, claims []claim) {
	b.refill(now)
	slices.SortFunc(claims, func(x, y claim) int { return cmp.Compare(y.randomness, x.randomness) })
	for _, c := range claims {
		size := float64(b.size(&c.evidence))
		if size > b.tokens {
			b.cut.Store(c.randomness + 1)
			return
		}
		b.tokens -= size
	}
	b.cut.Store(0)
}

// claim is a trace's demand on one or, in a row, several budgets.
type claim struct {
	// evidence is a copy: the trace's own may grow until the settlement.
	evidence   evidence
	randomness uint64
	chain      []*budget
}

// limited is a rule with budgets.
type limited interface {
	demand(q *question, chain []*budget) []*budget
}

// demandOf adds the budgets that the trace would be kept by, if they were not spent.
func demandOf(r Rule, q *question, chain []*budget) []*budget {
	l, ok := r.(limited)
	if !ok || !r.chance(q).contains(q.randomness) {
		return chain
	}
	return l.demand(q, chain)
}

// claims lists what a trace demands of the program's budgets: one claim for each policy with budgets.
func (p *Program) claims(q question) []claim {
	q.unlimited = true
	if p.dropped(&q).contains(q.randomness) {
		return nil
	}
	var out []claim
	for _, pol := range p.policies {
		if chain := demandOf(pol.Rule, &q, nil); !pol.Drop && len(chain) > 0 {
			out = append(out, claim{*q.evidence, q.randomness, chain})
		}
	}
	return out
}

// settle spends every budget on the claims. A trace reaches a budget only if those before it in its chain let it.
func (p *Program) settle(now int64, claims []claim) {
	for _, b := range p.budgets {
		var mine []claim
		for _, c := range claims {
			at := slices.Index(c.chain, b)
			if at >= 0 && !slices.ContainsFunc(c.chain[:at], func(e *budget) bool { return c.randomness < e.cut.Load() }) {
				mine = append(mine, c)
			}
		}
		b.settle(now, mine)
	}
}

// limit keeps within a budget.
type limit struct{ budget *budget }

// RateLimit keeps at most so many spans a second; burst 0 stands for twice that.
func RateLimit(spansPerSecond, burst int64) Rule {
	return limit{bucket(spansPerSecond, burst, spansOf)}
}

// bytesLimit is a limit that needs the size of spans.
type bytesLimit struct{ limit }

// BytesLimit keeps at most so many bytes of OTLP a second; burst 0 stands for twice that.
func BytesLimit(bytesPerSecond, burst int64) Rule {
	return bytesLimit{limit{bucket(bytesPerSecond, burst, bytesOf)}}
}

func (l bytesLimit) bind(p *Program) error {
	p.needsWireBytes = true
	return l.limit.bind(p)
}

func (l limit) bind(p *Program) error {
	p.budgets = append(p.budgets, l.budget)
	return nil
}

func (l limit) chance(q *question) chance { return l.budget.chance(q) }
func (limit) certain(*evidence) bool      { return false }

func (l limit) demand(_ *question, chain []*budget) []*budget { return append(chain, l.budget) }
