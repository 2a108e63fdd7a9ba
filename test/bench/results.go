// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

const module = "github.com/llmcol/llmcol/"

// result names one benchmark; figures are what it measured, by unit.
type (
	result  struct{ pkg, benchmark string }
	figures map[string]float64
)

var processors = regexp.MustCompile(`-\d+$`)

// parse reads the text that `go test -bench` prints. Where a benchmark ran several times, the best figure counts: what
// others do on the machine only ever makes it worse.
func parse(output string) map[result]figures {
	results := map[result]figures{}
	pkg := ""
	for line := range strings.Lines(output) {
		fields := strings.Fields(line)
		if len(fields) == 2 && fields[0] == "pkg:" {
			pkg = strings.TrimPrefix(fields[1], module)
		}
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		name := processors.ReplaceAllString(strings.TrimPrefix(fields[0], "Benchmark"), "")
		measured := results[result{pkg, name}]
		if measured == nil {
			measured = figures{}
			results[result{pkg, name}] = measured
		}
		for i := 2; i+1 < len(fields); i += 2 { // after the name and the number of iterations
			if value, err := strconv.ParseFloat(fields[i], 64); err == nil {
				measured.keepBest(fields[i+1], value)
			}
		}
	}
	return results
}

func (f figures) keepBest(unit string, value float64) {
	best, measured := f[unit]
	more := moreIsBetter(unit)
	if !measured || more && value > best || !more && value < best {
		f[unit] = value
	}
}

// moreIsBetter tells whether the figures of a unit are rates.
func moreIsBetter(unit string) bool {
	return slices.ContainsFunc(budgets, func(b budget) bool { return b.rate && b.unit == unit })
}

// compare prints each budget beside what was measured and tells whether all hold within the tolerance.
func compare(out io.Writer, budgets []budget, results map[result]figures) bool {
	ok := true
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "package\tbenchmark\tbudget\tmeasured\ttimes budget\t")
	for _, b := range budgets {
		bound := "<="
		if b.rate {
			bound = ">="
		}
		measured, ran := results[result{b.pkg, b.benchmark}][b.unit]
		if !ran {
			ok = false
			fmt.Fprintf(table, "%s\t%s\t%s %g %s\tdid not run\t\tFAIL\n", b.pkg, b.benchmark, bound, b.limit, b.unit)
			continue
		}
		verdict := ""
		switch over := b.over(measured); {
		case over > tolerance:
			verdict, ok = "FAIL", false
		case over > 1:
			verdict = "over"
		}
		fmt.Fprintf(table, "%s\t%s\t%s %g %s\t%g\t%.2f\t%s\n", b.pkg, b.benchmark, bound, b.limit, b.unit, measured, b.over(measured), verdict)
	}
	table.Flush()
	return ok
}
