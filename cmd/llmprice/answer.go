// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/llmcol/llmcol/internal/pricing"
)

// suggestions is how many near misses are named.
const suggestions = 3

// answer prints what was asked for and returns the exit code.
func (o *options) answer(stdout, stderr io.Writer) (int, error) {
	table, err := pricing.Load(o.prices...)
	if err != nil {
		return 0, err
	}
	if o.list {
		return exitPriced, o.printList(table, stdout)
	}
	p := table.Price(&o.call)
	var near []string
	code := exitPriced
	if !p.Status.HasAmount() {
		code = exitUnpriced
		if p.Status == pricing.UnknownModel || p.Status == pricing.UnknownProvider {
			near = table.Suggest(&o.call, suggestions)
		}
	}
	if o.json {
		return code, printJSON(stdout, &p, near)
	}
	if code == exitUnpriced {
		fmt.Fprintln(stderr, "llmprice:", reason(o, &p, near))
		return code, nil
	}
	return code, printPrice(stdout, &p)
}

// reason says why a call has no price.
func reason(o *options, p *pricing.Price, near []string) string {
	name := strings.TrimPrefix(o.call.Provider+"/"+o.call.RequestModel, "/")
	text := map[pricing.Status]string{
		pricing.UnknownModel:    fmt.Sprintf("the model %q is not in the table", name),
		pricing.UnknownProvider: fmt.Sprintf("the provider of %q is not in the table", name),
		pricing.NoModel:         fmt.Sprintf("%q names no model", name),
		pricing.NoUsage:         fmt.Sprintf("%s has no price for the given counts", p.Entry),
	}[p.Status]
	if len(near) > 0 {
		text += "; did you mean " + strings.Join(near, ", ") + "?"
	}
	return text
}

type part struct {
	name   string
	amount pricing.Amount
}

func parts(p *pricing.Price) []part {
	return []part{
		{"input", p.Input}, {"cache_read", p.CacheRead}, {"cache_write", p.CacheWrite}, {"output", p.Output}, {"reasoning", p.Reasoning}, {"tools", p.Tools},
	}
}

func printPrice(w io.Writer, p *pricing.Price) error {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(columns, "entry\t%s\ntable\t%s\nstatus\t%s\n", p.Entry, p.Table, p.Status)
	for _, part := range parts(p) {
		if !part.amount.IsZero() {
			fmt.Fprintf(columns, "%s\t$%s\n", part.name, part.amount)
		}
	}
	fmt.Fprintf(columns, "total\t$%s\n", p.Total)
	return columns.Flush()
}

func printJSON(w io.Writer, p *pricing.Price, near []string) error {
	answer := map[string]any{"status": p.Status}
	if p.Entry != "" {
		answer["entry"], answer["table"] = p.Entry, p.Table
	}
	if p.Status.HasAmount() {
		usd := map[string]json.Number{"total": json.Number(p.Total.String())}
		for _, part := range parts(p) {
			if !part.amount.IsZero() {
				usd[part.name] = json.Number(part.amount.String())
			}
		}
		answer["usd"] = usd
	}
	if len(near) > 0 {
		answer["did_you_mean"] = near
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(answer)
}

// printList lists models with their prices per million tokens, or per whatever the unit says.
func (o *options) printList(table *pricing.Table, w io.Writer) error {
	listed := table.List(o.word, o.call.At)
	if o.json {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(listed)
	}
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, m := range listed {
		prices := make([]string, len(m.Prices))
		for i, price := range m.Prices {
			prices[i] = fmt.Sprintf("%s %s", price.Key, price.USD)
		}
		if len(prices) == 0 {
			prices = []string{"free"}
		}
		fmt.Fprintf(columns, "%s\t%s\t%s\n", m.Entry, m.Table, strings.Join(prices, ", "))
	}
	fmt.Fprintf(columns, "%d models\t%s\tof %s\n", len(listed), table.Version(), table.Date().Format("2006-01-02"))
	return columns.Flush()
}
