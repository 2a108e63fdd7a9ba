// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import "slices"

// all keeps what each of its parts keeps.
type all struct{ parts []Rule }

// And keeps the traces that every part keeps.
func And(parts ...Rule) Rule { return &all{parts} }

func (a *all) bind(p *Program) error { return bindAll(p, a.parts) }

func bindAll(p *Program, rules []Rule) error {
	for _, r := range rules {
		if err := p.bind(r); err != nil {
			return err
		}
	}
	return nil
}

func (a *all) chance(q *question) chance {
	c := always
	for _, part := range a.parts {
		if c = c.intersect(part.chance(q)); c.isNever() {
			return c
		}
	}
	return c
}

func (a *all) certain(e *evidence) bool {
	return !slices.ContainsFunc(a.parts, func(r Rule) bool { return !r.certain(e) })
}

func (a *all) demand(q *question, chain []*budget) []*budget {
	for _, part := range a.parts {
		chain = demandOf(part, q, chain)
	}
	return chain
}

// anyOf keeps what any of its parts keeps.
type anyOf struct{ parts []Rule }

// Or keeps the traces that at least one part keeps.
func Or(parts ...Rule) Rule { return &anyOf{parts} }

func (o *anyOf) bind(p *Program) error { return bindAll(p, o.parts) }

func (o *anyOf) chance(q *question) chance {
	c := never
	for _, part := range o.parts {
		c = c.union(part.chance(q))
	}
	return c
}

func (o *anyOf) certain(e *evidence) bool {
	return slices.ContainsFunc(o.parts, func(r Rule) bool { return r.certain(e) })
}

// inverse keeps what its part does not.
type inverse struct {
	part Rule
	// budgeted tells that the part keeps within a budget, so that either answer is possible until it is spent.
	budgeted bool
}

// Not keeps the traces that the part does not.
func Not(part Rule) Rule { return &inverse{part: part} }

func (n *inverse) bind(p *Program) error {
	before := len(p.budgets)
	err := p.bind(n.part)
	n.budgeted = len(p.budgets) > before
	return err
}

func (n *inverse) chance(q *question) chance {
	if q.unlimited && n.budgeted {
		return always
	}
	return n.part.chance(q).complement()
}

// certain is false: whatever the part says now, later spans may make it true.
func (*inverse) certain(*evidence) bool { return false }

func (n *inverse) demand(q *question, chain []*budget) []*budget {
	return demandOf(n.part, q, chain)
}

// Share is one part of a composite rule, with its share of the total in percent.
type Share struct {
	Rule    Rule
	Percent float64
}

// composite gives each trace to the first part that wants it, within that part's budget and a total one.
type composite struct {
	parts   []Rule
	budgets []*budget
	total   *budget
}

// Composite keeps at most spansPerSecond in total and, of the traces that fall to a part, its share of that.
func Composite(spansPerSecond int64, shares []Share) Rule {
	c := &composite{total: perSecond(float64(spansPerSecond))}
	for _, s := range shares {
		c.parts = append(c.parts, s.Rule)
		c.budgets = append(c.budgets, perSecond(float64(spansPerSecond)*s.Percent/100))
	}
	return c
}

func (c *composite) bind(p *Program) error {
	p.budgets = append(append(p.budgets, c.budgets...), c.total)
	return bindAll(p, c.parts)
}

func (c *composite) chance(q *question) chance {
	out, rest := never, always
	total := c.total.chance(q)
	for i, part := range c.parts {
		falls := part.chance(q).intersect(rest)
		if falls.isNever() {
			continue
		}
		out = out.union(falls.intersect(c.budgets[i].chance(q)).intersect(total))
		rest = rest.minus(falls)
	}
	return out
}

func (*composite) certain(*evidence) bool { return false }

func (c *composite) demand(q *question, chain []*budget) []*budget {
	for i, part := range c.parts {
		if part.chance(q).contains(q.randomness) {
			return append(demandOf(part, q, chain), c.budgets[i], c.total)
		}
	}
	return chain
}
