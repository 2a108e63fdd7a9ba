// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// didYouMean is the end of an error text: the known name that is nearest to what was written.
func didYouMean[V any](written string, known map[string]V) string {
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	nearest := nearest(written, names, 1)
	if len(nearest) == 0 {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", nearest[0])
}

// nearest are the names that differ least from what was written.
func nearest(written string, names []string, most int) []string {
	var near []candidate
	for _, name := range names {
		if away := distance(strings.ToLower(written), strings.ToLower(name)); away <= tolerance(written) {
			near = append(near, candidate{name, away})
		}
	}
	return best(near, most)
}

// tolerance is how much a name may differ to be near: a third of it.
func tolerance(written string) int { return max(2, len(written)/3) }

type candidate struct {
	name string
	away int
}

func best(near []candidate, most int) []string {
	slices.SortFunc(near, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.away, b.away), cmp.Compare(a.name, b.name))
	})
	near = slices.Compact(near)
	names := make([]string, 0, most)
	for _, c := range near[:min(len(near), most)] {
		names = append(names, c.name)
	}
	return names
}

// distance is the least number of bytes to insert, delete, replace or swap with a neighbour that make a into b.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range len(b) {
			change := 1
			if a[i] == b[j] {
				change = 0
			}
			row[j+1] = min(last[j]+change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}

// Suggest lists entries that an unknown model may have meant, the nearest first: those of its provider, or of providers that are written
// much the same if that is unknown, too.
func (t *Table) Suggest(c *Call, most int) []string {
	models := candidates(c)
	if len(models) == 0 {
		return nil
	}
	names := spellings(models[0])
	name := names[len(names)-1]
	providers, _, _ := t.providersOf(c, models)
	var near []candidate
	for _, l := range t.layers {
		for _, p := range l.providers {
			if len(providers) > 0 && !slices.Contains(providers, p.id) {
				continue
			}
			for _, m := range p.models {
				if away := distance(name, strings.ToLower(m.id)); away <= tolerance(name) {
					near = append(near, candidate{strings.TrimPrefix(p.id+"/"+m.id, "/"), away + distance(strings.ToLower(c.Provider), p.id)})
				}
			}
		}
	}
	return best(near, most)
}
