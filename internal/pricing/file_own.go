// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"strconv"
	"strings"
)

// llmcol's own format, YAML or JSON. A user says what the big tables do not know: contracts, deployments, models of their own.
//
//	models:
//	  openai/gpt-4o: {input: 2.50, output: 10, cache_read: 1.25}   # USD per million tokens
//	aliases:       {prod-chat: azure/gpt-4o}
//	providers:     {corp-gateway: openai}
//	discounts:     {anthropic: 15%}
//	multipliers:   {"azure/*": 1.1}
//	free:          ["ollama/*"]
//	service_tiers: {openai: {flex: 0.5}}

// ownSections are the keys of a file, and how each is read. The order matters: an alias may mean a model of the same file.
var ownSections = []struct {
	key  string
	read func(*layer, *node) error
}{
	{"providers", (*layer).readProviderAliases},
	{"models", (*layer).readOwnModels},
	{"free", (*layer).readFree},
	{"aliases", (*layer).readModelAliases},
	{"multipliers", func(l *layer, n *node) error { return l.readAdjustments(n, false) }},
	{"discounts", func(l *layer, n *node) error { return l.readAdjustments(n, true) }},
	{"service_tiers", (*layer).readTierFactors},
}

func readOwn(root *node) (*layer, error) {
	l := &layer{modelAliases: make(map[string]target), providerAliases: make(map[string]string)}
	sections := make(map[string]bool, len(ownSections))
	for _, s := range ownSections {
		sections[s.key] = true
	}
	for _, f := range root.fields {
		if !sections[f.key] {
			return nil, under(f.key, f.value.problem("unknown key%s", didYouMean(f.key, sections)))
		}
	}
	for _, s := range ownSections {
		n := root.get(s.key)
		if n == nil || n.kind == nullNode {
			continue
		}
		if err := s.read(l, n); err != nil {
			return nil, under(s.key, err)
		}
	}
	return l, nil
}

func (l *layer) readProviderAliases(n *node) error {
	if err := n.want(mapNode, "providers"); err != nil {
		return err
	}
	for _, f := range n.fields {
		if err := f.value.want(scalarNode, "what a provider's alias stands for"); err != nil {
			return under(f.key, err)
		}
		l.providerAliases[spelled(f.key)] = l.ownProvider(f.value.text)
	}
	return nil
}

// ownProvider is the id for a provider's name in this file.
func (l *layer) ownProvider(name string) string {
	if id, ok := l.providerAliases[spelled(name)]; ok {
		return id
	}
	if id, ok := aliased(name); ok {
		return id
	}
	return strings.ToLower(strings.TrimSpace(name))
}

// split takes provider/model apart. A name without a slash is a model of any provider.
func (l *layer) split(name string) (provider, model string) {
	before, after, found := strings.Cut(strings.TrimSpace(name), "/")
	if !found {
		return "", before
	}
	return l.ownProvider(before), after
}

func (l *layer) readOwnModels(n *node) error {
	if err := n.want(mapNode, "models"); err != nil {
		return err
	}
	for _, f := range n.fields {
		tiers, err := readOwnPrices(f.value)
		if err == nil && l.namesNoModel(f.key) {
			err = f.value.problem("%q names no model", f.key)
		}
		if err != nil {
			return under(f.key, err)
		}
		l.addOwn(f.key, tiers)
	}
	return nil
}

func (l *layer) namesNoModel(name string) bool {
	_, modelName := l.split(name)
	return modelName == ""
}

// addOwn adds a model under its provider, and for any provider if it names none that llmcol knows: meta-llama/Llama-3 is a model.
func (l *layer) addOwn(name string, tiers map[string]sheets) {
	id, modelName := l.split(name)
	p := l.add(id)
	p.models = append(p.models, &model{id: modelName, match: glob(modelName), tiers: tiers})
	before, _, _ := strings.Cut(name, "/")
	if _, known := aliased(before); id != "" && !known {
		anyone := l.add("")
		anyone.models = append(anyone.models, &model{id: name, match: glob(name), tiers: tiers})
	}
}

func (l *layer) readFree(n *node) error {
	if err := n.want(listNode, "free models"); err != nil {
		return err
	}
	for i, item := range n.items {
		if err := item.want(scalarNode, "a free model"); err != nil {
			return under(strconv.Itoa(i), err)
		}
		if l.namesNoModel(item.text) {
			return under(strconv.Itoa(i), item.problem("%q names no model; all of a provider's are provider/*", item.text))
		}
		l.addOwn(item.text, map[string]sheets{"": {{sheet: newSheet(nil)}}})
	}
	return nil
}

func (l *layer) readModelAliases(n *node) error {
	if err := n.want(mapNode, "aliases"); err != nil {
		return err
	}
	for _, f := range n.fields {
		if err := f.value.want(scalarNode, "what an alias stands for"); err != nil {
			return under(f.key, err)
		}
		alias := target{model: strings.ToLower(f.value.text)}
		before, _, found := strings.Cut(f.value.text, "/")
		if _, known := aliased(before); found && (known || l.byID[l.ownProvider(before)] != nil) {
			alias.provider, alias.model = l.split(strings.ToLower(f.value.text))
		}
		name := strings.ToLower(f.key)
		l.modelAliases[name] = alias
		if id, modelName := l.split(name); id != "" {
			l.modelAliases[id+"/"+modelName] = alias
		}
	}
	return nil
}

// readSelector reads a provider, provider/model, provider/prefix*, or * for everything.
func (l *layer) readSelector(text string) selector {
	if text == "*" {
		return selector{}
	}
	before, after, found := strings.Cut(text, "/")
	s := selector{provider: l.ownProvider(before)}
	if found {
		s.model = glob(after)
	}
	return s
}

func (l *layer) readAdjustments(n *node, discount bool) error {
	if err := n.want(mapNode, "factors by provider or provider/model"); err != nil {
		return err
	}
	for _, f := range n.fields {
		value, err := readFactor(f.value)
		if err == nil && discount {
			if value > million {
				err = f.value.problem("%q is more than everything; a discount is 0 to 100%%", shortened(f.value.text))
			}
			value = million - value
		}
		if err != nil {
			return under(f.key, err)
		}
		l.adjustments = append(l.adjustments, adjustment{l.readSelector(f.key), value})
	}
	return nil
}

func (l *layer) readTierFactors(n *node) error {
	if err := n.want(mapNode, "service tiers by provider or provider/model"); err != nil {
		return err
	}
	for _, f := range n.fields {
		if err := f.value.want(mapNode, "factors by service tier"); err != nil {
			return under(f.key, err)
		}
		for _, serviceTier := range f.value.fields {
			value, err := readFactor(serviceTier.value)
			if err != nil {
				return under(f.key, under(serviceTier.key, err))
			}
			l.tierFactors = append(l.tierFactors, tierFactor{l.readSelector(f.key), spelled(serviceTier.key), value})
		}
	}
	return nil
}

// readFactor reads 0.85 or 85%.
func readFactor(n *node) (factor, error) {
	if err := n.want(scalarNode, "a factor"); err != nil {
		return 0, err
	}
	value, err := parseFactor(n.text)
	if err == nil && value > 1000*million {
		err = decimalError(n.text, errTooLarge)
	}
	if err != nil {
		return 0, n.problem("%v", err)
	}
	return value, nil
}
