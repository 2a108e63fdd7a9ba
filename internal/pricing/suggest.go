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

// nearest are the names that differ least from what was written, at most by a third of its length.
func nearest(written string, names []string, most int) []string {
	type candidate struct {
		name     string
		distance int
	}
	var near []candidate
	written = strings.ToLower(written)
	limit := max(2, len(written)/3)
	for _, name := range names {
		if distance := distance(written, strings.ToLower(name)); distance <= limit {
			near = append(near, candidate{name, distance})
		}
	}
	slices.SortFunc(near, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	var found []string
	for _, c := range near[:min(len(near), most)] {
		found = append(found, c.name)
	}
	return found
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

// Suggest lists entries that an unknown model may have meant, the nearest first: those of its provider, or of all if that is unknown.
func (t *Table) Suggest(c *Call, most int) []string {
	models := candidates(c)
	if len(models) == 0 {
		return nil
	}
	providers, _, _ := t.providersOf(c, models)
	var entries []string
	for _, l := range t.layers {
		for _, p := range l.providers {
			if len(providers) > 0 && !slices.Contains(providers, p.id) {
				continue
			}
			for _, m := range p.models {
				entries = append(entries, strings.TrimPrefix(p.id+"/"+m.id, "/"))
			}
		}
	}
	names := spellings(models[0])
	name := names[len(names)-1]
	if len(providers) > 0 {
		name = providers[0] + "/" + name
	}
	slices.Sort(entries)
	return nearest(name, slices.Compact(entries), most)
}
