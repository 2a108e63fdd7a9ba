// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"cmp"
	"slices"
	"strings"
)

// finding is the answer to who bills a call by which prices.
type finding struct {
	status                        Status
	provider, model, entry, table string
	sheets                        sheets // nil: not found
	tierUnpriced                  bool
}

// find answers from memory, or looks.
func (t *Table) find(c *Call) *finding {
	q := queryOf(c)
	if len(q.provider) > maxNameLength || len(q.request) > maxNameLength || len(q.response) > maxNameLength ||
		len(q.server) > maxNameLength || len(q.tier) > maxNameLength {
		return &finding{status: UnknownModel}
	}
	if known := t.memo.get(q); known != nil {
		return known
	}
	found := t.look(c)
	t.memo.put(q, found)
	return found
}

func (t *Table) look(c *Call) *finding {
	models := candidates(c)
	if len(models) == 0 {
		return &finding{status: NoModel}
	}
	if found := t.lookAliased(c, models); found != nil {
		return found
	}
	providers, named, unknownName := t.providersOf(c, models)
	if found := t.lookFor(c.ServiceTier, providers, models); found != nil {
		return found
	}
	if unknownName && !named {
		return &finding{status: UnknownProvider}
	}
	return &finding{status: UnknownModel}
}

// candidates are the names of the call's model: the response's is the more exact one, unless it dropped the region that a request to
// Bedrock was routed by.
func candidates(c *Call) []string {
	var models []string
	for _, name := range []string{c.ResponseModel, c.RequestModel} {
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" && !notProviders[name] && !slices.Contains(models, name) {
			models = append(models, name)
		}
	}
	if len(models) == 2 && hasRegion(models[1]) && !hasRegion(models[0]) {
		slices.Reverse(models)
	}
	return models
}

// lookAliased follows the user's aliases, of a name as the client sends it and without what stands before it.
func (t *Table) lookAliased(c *Call, models []string) *finding {
	id, _, _ := t.providerID(c.Provider)
	var names []string
	for _, model := range models {
		names = append(names, withoutPrefixes(model)...)
	}
	for _, l := range t.layers {
		for _, model := range names {
			alias, ok := l.modelAliases[id+"/"+model]
			if !ok {
				alias, ok = l.modelAliases[model]
			}
			if !ok {
				continue
			}
			providers := []string{alias.provider}
			if alias.provider == "" {
				providers, _, _ = t.providersOf(c, []string{alias.model})
			}
			if found := t.lookFor(c.ServiceTier, providers, []string{alias.model}); found != nil {
				return found
			}
		}
	}
	return nil
}

// lookFor asks each layer for any of the models, under any of their spellings, at any of the providers, or at none in particular.
func (t *Table) lookFor(tier string, providers, models []string) *finding {
	var names []string
	for _, model := range models {
		names = append(names, spellings(model)...)
	}
	ids := append(slices.Clone(providers), "")
	namesOf := make([][]string, len(ids))
	for i, id := range ids {
		namesOf[i] = namesAt(id, models, names)
	}
	for _, l := range t.layers {
		for i, id := range ids {
			for _, name := range namesOf[i] {
				if p, m := l.find(id, name); m != nil {
					return t.found(l, cmp.Or(p.id, first(providers)), m, tier)
				}
			}
		}
	}
	return nil
}

// namesAt adds to the names of some models those that only one provider has for them.
func namesAt(id string, models, names []string) []string {
	all := slices.Clone(names)
	for _, model := range models {
		if rest, prefixed := strings.CutPrefix(model, id+"/"); prefixed {
			all = appendNew(all, rest)
		}
		if id == "aws" {
			all = append(all, withMakers(withoutVendors(model))...)
		}
	}
	return all
}

// found works out the prices of a model for a service tier, the user's adjustments included.
func (t *Table) found(l *layer, provider string, m *model, tier string) *finding {
	f := &finding{status: Priced, provider: provider, model: m.id, entry: strings.TrimPrefix(provider+"/"+m.id, "/"), table: l.source}
	multiplier := factor(million)
	tier = spelled(tier)
	if f.sheets = m.tiers[tier]; f.sheets == nil {
		f.sheets = m.tiers[""]
		if !standardTiers[tier] {
			factor, ok := t.tierFactor(provider, m.id, tier)
			f.tierUnpriced = !ok
			if ok {
				multiplier = factor
			}
		}
	}
	for _, user := range t.layers {
		for _, a := range user.adjustments {
			if a.selects(provider, m.id) {
				multiplier = multiplier.times(a.factor)
			}
		}
	}
	adjusted, err := f.sheets.times(multiplier)
	if err != nil { // a price beyond 9 million USD per million units
		return &finding{status: UnknownModel}
	}
	f.sheets = adjusted
	return f
}

func (t *Table) tierFactor(provider, model, tier string) (factor, bool) {
	for _, l := range t.layers {
		for _, rule := range l.tierFactors {
			if rule.tier == tier && rule.selects(provider, model) {
				return rule.factor, true
			}
		}
	}
	return million, false
}

// times is the product of two factors, rounded to a millionth.
func (f factor) times(g factor) factor { return (f*g + million/2) / million }

func first(of []string) string {
	if len(of) == 0 {
		return ""
	}
	return of[0]
}
