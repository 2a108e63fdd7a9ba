// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"math"
	"regexp"
	"strconv"
	"time"
)

// The format of genai-prices (data.json, data_slim.json): a list of providers. Ours of the same format has a mapping around it that
// holds the version.

func isGenAIPrices(root *node) bool {
	if root.kind == mapNode {
		root = root.get("providers")
	}
	return root != nil && root.kind == listNode
}

// minimums are rules of providers that genai-prices has in its code instead of its data.
var minimums = map[string]struct {
	units  []string
	millis int64
}{
	"groq/whisper-large-v3":       {[]string{"audio_seconds", "input_audio_seconds"}, 10_000},
	"groq/whisper-large-v3-turbo": {[]string{"audio_seconds", "input_audio_seconds"}, 10_000},
}

func readGenAIPrices(root *node) (*layer, error) {
	l := &layer{}
	providers := root
	if root.kind == mapNode {
		providers = root.get("providers")
		if date := root.get("date"); date != nil {
			var err error
			if l.date, err = time.Parse(time.DateOnly, date.text); err != nil {
				return nil, under("date", date.problem("%q is no date like 2026-09-23", shortened(date.text)))
			}
		}
		if version := root.get("version"); version != nil {
			l.source = "genai-prices/" + version.text
		}
	}
	for i, n := range providers.items {
		if err := l.readProvider(n); err != nil {
			return nil, under("providers["+strconv.Itoa(i)+"]", err)
		}
	}
	return l, nil
}

func (l *layer) readProvider(n *node) error {
	id, err := n.textOf("id")
	if err != nil {
		return err
	}
	p := l.add(id)
	if len(p.models) > 0 {
		return n.problem("provider %q stands here twice", shortened(id))
	}
	for key, into := range map[string]*clause{"provider_match": &p.match, "model_match": &p.modelMatch} {
		if given := n.get(key); given != nil && given.kind != nullNode {
			if *into, err = readClause(given, 0); err != nil {
				return under(key, err)
			}
		}
	}
	if api := n.get("api_pattern"); api != nil && api.kind == scalarNode {
		if p.api, err = regexp.Compile("^(?:" + api.text + ")"); err != nil {
			return under("api_pattern", api.problem("%v", err))
		}
	}
	if others := n.get("fallback_model_providers"); others != nil {
		for _, other := range others.items {
			p.fallback = append(p.fallback, other.text)
		}
	}
	models := n.get("models")
	if models == nil || models.kind != listNode {
		return n.problem("provider %q has no list of models", shortened(id))
	}
	for _, m := range models.items {
		if err := p.readModel(m); err != nil {
			return under("models", err)
		}
	}
	return nil
}

// textOf is the text of a key that must be there.
func (n *node) textOf(key string) (string, error) {
	if err := n.want(mapNode, "an entry"); err != nil {
		return "", err
	}
	value := n.get(key)
	if value == nil || value.kind != scalarNode || value.text == "" {
		return "", n.problem("has no %q", key)
	}
	return value.text, nil
}

func (p *provider) readModel(n *node) error {
	id, err := n.textOf("id")
	if err != nil {
		return err
	}
	match := n.get("match")
	prices := n.get("prices")
	if match == nil || prices == nil {
		return under(id, n.problem(`has no "match" or no "prices"`))
	}
	m := &model{id: id, tiers: make(map[string]sheets, 1)}
	if m.match, err = readClause(match, 0); err != nil {
		return under(id, under("match", err))
	}
	if m.tiers[""], err = readSheets(prices); err != nil {
		return under(id, under("prices", err))
	}
	if least, ok := minimums[p.id+"/"+id]; ok {
		for i := range m.tiers[""] {
			m.tiers[""][i].sheet.setMinimum(least.units, least.millis)
		}
	}
	p.models = append(p.models, m)
	return nil
}

func (s *sheet) setMinimum(keys []string, least int64) {
	for i := range s.rates {
		for _, key := range keys {
			if s.rates[i].unit.String() == key {
				s.rates[i].atLeast = least
			}
		}
	}
}

func readClause(n *node, depth int) (clause, error) {
	if n.kind != mapNode || len(n.fields) != 1 || depth > 8 {
		return nil, n.problem("a match has one of equals, starts_with, ends_with, contains, regex, or, and")
	}
	f := n.fields[0]
	if read := textClauses[f.key]; read != nil && f.value.kind == scalarNode {
		c, err := read(f.value.text)
		if err != nil {
			return nil, under(f.key, f.value.problem("%v", err))
		}
		return c, nil
	}
	of := listClauses[f.key]
	if of == nil || f.value.kind != listNode {
		return nil, under(f.key, f.value.problem("a match has one of equals, starts_with, ends_with, contains, regex, or, and"))
	}
	var clauses []clause
	for _, item := range f.value.items {
		c, err := readClause(item, depth+1)
		if err != nil {
			return nil, under(f.key, err)
		}
		clauses = append(clauses, c)
	}
	return of(clauses), nil
}

// readSheets reads the prices of a model: one set, or a list of sets with conditions.
func readSheets(n *node) (sheets, error) {
	if n.kind == mapNode {
		s, err := readSheet(n)
		return sheets{{sheet: s}}, err
	}
	if n.kind != listNode || len(n.items) == 0 {
		return nil, n.problem("is %s; prices are a mapping or a list", n.kind)
	}
	var all sheets
	for i, item := range n.items {
		c, err := readConditional(item)
		if err != nil {
			return nil, under(strconv.Itoa(i), err)
		}
		all = append(all, c)
	}
	return all, nil
}

func readConditional(n *node) (c conditional, err error) {
	prices := n.get("prices")
	if prices == nil || prices.kind != mapNode {
		return c, n.problem(`has no "prices"`)
	}
	if c.sheet, err = readSheet(prices); err != nil {
		return c, under("prices", err)
	}
	when := n.get("constraint")
	if when == nil || when.kind == nullNode {
		return c, nil
	}
	return c, under("constraint", c.readConstraint(when))
}

// readConstraint tells constraints apart by their keys.
func (c *conditional) readConstraint(n *node) error {
	if start := n.get("start_date"); start != nil {
		return under("start_date", c.startOn(start))
	}
	opens, closes := n.get("start_time"), n.get("end_time")
	if opens == nil || closes == nil {
		return n.problem("is neither a start_date nor a start_time with an end_time")
	}
	var err error
	if c.opens, err = readTime(opens); err != nil {
		return under("start_time", err)
	}
	if c.closes, err = readTime(closes); err != nil {
		return under("end_time", err)
	}
	c.hasWindow = true
	return nil
}

func (c *conditional) startOn(n *node) error {
	day, err := time.Parse(time.DateOnly, n.text)
	if err != nil {
		return n.problem("%q is no date like 2026-09-23", shortened(n.text))
	}
	c.hasStart, c.start = true, day.Unix()
	return nil
}

// readTime reads a time of day, 16:30:00Z or 00:30:00+08:00, in seconds since midnight UTC.
func readTime(n *node) (int, error) {
	for _, layout := range []string{"15:04:05Z07:00", "15:04:05", "15:04Z07:00", "15:04"} {
		if t, err := time.Parse(layout, n.text); err == nil {
			t = t.UTC()
			return t.Hour()*3600 + t.Minute()*60 + t.Second(), nil
		}
	}
	return 0, n.problem("%q is no time like 16:30:00Z", shortened(n.text))
}

func readSheet(n *node) (sheet, error) {
	var rates []unitRate
	for _, f := range n.fields {
		if f.value.kind == nullNode {
			continue
		}
		unit, known := unitsByPriceKey[f.key]
		if !known {
			return sheet{}, under(f.key, f.value.problem("unknown unit%s", didYouMean(f.key, unitsByPriceKey)))
		}
		r, err := readUnitRate(unit, f.value)
		if err != nil {
			return sheet{}, under(f.key, err)
		}
		rates = append(rates, r)
	}
	if len(rates) > maxRates {
		return sheet{}, n.problem("has %d prices; at most %d are possible", len(rates), maxRates)
	}
	return newSheet(rates), nil
}

// readUnitRate reads 2.5 or {base: 2.5, tiers: [{start: 200000, price: 5}]}.
func readUnitRate(unit Unit, n *node) (r unitRate, err error) {
	r.unit = unit
	priceKey := units[unit].priceKey
	if n.kind == scalarNode {
		r.base, err = readPrice(n, priceKey)
		return r, err
	}
	base, tiers := n.get("base"), n.get("tiers")
	if base == nil || tiers == nil || tiers.kind != listNode {
		return r, n.problem(`is neither a price nor a mapping with "base" and "tiers"`)
	}
	if r.base, err = readPrice(base, priceKey); err != nil {
		return r, under("base", err)
	}
	for _, item := range tiers.items {
		start, price := item.get("start"), item.get("price")
		if start == nil || price == nil {
			return r, under("tiers", item.problem(`a tier has "start" and "price"`))
		}
		t := tier{}
		if t.above, err = readCount(start); err != nil {
			return r, under("tiers", under("start", err))
		}
		if t.rate, err = readPrice(price, priceKey); err != nil {
			return r, under("tiers", under("price", err))
		}
		r.tiers = append(r.tiers, t)
	}
	return r, nil
}

func readCount(n *node) (int64, error) {
	count, err := strconv.ParseInt(n.text, 10, 64)
	if n.kind != scalarNode || err != nil || count < 0 || count == math.MaxInt64 {
		return 0, n.problem("%q is no number of tokens", shortened(n.text))
	}
	return count, nil
}
