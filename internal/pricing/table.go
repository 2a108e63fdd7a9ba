// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"regexp"
	"strings"
	"time"
)

// Table is all that is known about prices. It is immutable but for its memory of answers and safe for concurrent use.
type Table struct {
	layers []*layer // the first that knows a model has its price
	memo   memo
}

// layer is one table of prices, and the rules that one of the user's files has for all of them.
type layer struct {
	source    string // genai-prices/0.1.8, file:prices.yaml
	catalogue bool   // a whole table that somebody publishes, not a user's own exceptions from one
	date      time.Time
	providers []*provider
	byID      map[string]*provider

	modelAliases    map[string]target // by provider/model or model
	providerAliases map[string]string
	adjustments     []adjustment
	tierFactors     []tierFactor
}

// target is what an alias stands for. An empty provider keeps the call's.
type target struct{ provider, model string }

// selector says which models a rule is for.
type selector struct {
	provider string // an id; empty: any
	model    clause // nil: any
}

func (s selector) selects(provider, model string) bool {
	return (s.provider == "" || s.provider == provider) && (s.model == nil || s.model.matches(strings.ToLower(model)))
}

// adjustment multiplies the prices of some models: a contract's discount, a region's surcharge.
type adjustment struct {
	selector
	factor factor
}

// tierFactor is the price of a service tier as a multiple of the standard tier's.
type tierFactor struct {
	selector
	tier   string
	factor factor
}

// provider is one seller of models.
type provider struct {
	id         string
	match      clause         // names that mean it
	modelMatch clause         // models that mean it
	api        *regexp.Regexp // its URLs
	fallback   []string       // whose models it sells, too
	models     []*model

	exact    map[string]int // the first model that a name is equal to
	patterns []modelPattern // all other clauses, in the models' order
}

type modelPattern struct {
	model  int
	clause clause
}

// model is one model of one provider.
type model struct {
	id    string
	match clause
	tiers map[string]sheets // by service tier; the standard one's key is empty
}

// index prepares a provider for being searched.
func (p *provider) index() {
	p.exact, p.patterns = make(map[string]int, len(p.models)), nil
	for i, m := range p.models {
		clauses, isList := m.match.(anyOf)
		if !isList {
			clauses = anyOf{m.match}
		}
		for _, c := range clauses {
			name, isExact := c.(equals)
			if !isExact {
				p.patterns = append(p.patterns, modelPattern{i, c})
			} else if _, taken := p.exact[string(name)]; !taken {
				p.exact[string(name)] = i
			}
		}
	}
}

// find is the first model of the provider that a name, in lower case, matches.
func (p *provider) find(name string) *model {
	first, found := p.exact[name]
	if !found {
		first = len(p.models)
	}
	for _, candidate := range p.patterns {
		if candidate.model >= first {
			break
		}
		if candidate.clause.matches(name) {
			return p.models[candidate.model]
		}
	}
	if !found {
		return nil
	}
	return p.models[first]
}

// find is the model of a name that a provider of this layer sells, and who its price is taken from.
func (l *layer) find(providerID, name string) (*provider, *model) {
	p := l.byID[providerID]
	if p == nil {
		return nil, nil
	}
	if m := p.find(name); m != nil {
		return p, m
	}
	for _, id := range p.fallback {
		if other := l.byID[id]; other != nil {
			if m := other.find(name); m != nil {
				return other, m
			}
		}
	}
	return nil, nil
}

// add puts a provider into the layer, or returns the one that is there.
func (l *layer) add(id string) *provider {
	if p := l.byID[id]; p != nil {
		return p
	}
	if l.byID == nil {
		l.byID = make(map[string]*provider)
	}
	p := &provider{id: id}
	l.providers, l.byID[id] = append(l.providers, p), p
	return p
}

// Version names the table at the bottom and its version, followed by the user's files: genai-prices/0.1.8.
func (t *Table) Version() string { return t.layers[len(t.layers)-1].source }

// Date is the day the newest published table was made: the compiled-in one, or a user's file of one.
func (t *Table) Date() time.Time {
	var newest time.Time
	for _, l := range t.layers {
		if l.date.After(newest) {
			newest = l.date
		}
	}
	return newest
}
