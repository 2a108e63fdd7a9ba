// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const printed = `goos: linux
pkg: github.com/llmcol/llmcol/internal/genai
BenchmarkView/current-2   	 5183912	       231.5 ns/op	       0 B/op	       0 allocs/op
BenchmarkView/none-2      	 5183912	       120 ns/op	       8 B/op	       1 allocs/op
PASS
pkg: github.com/llmcol/llmcol/internal/pii
BenchmarkScan-16    	     100	  12.0 ns/op	 250.00 MB/s	       0 B/op	       0 allocs/op
BenchmarkScan-16    	     100	  10.0 ns/op	 300.00 MB/s	       0 B/op	       0 allocs/op
BenchmarkScan-16    	     100	  11.0 ns/op	 275.00 MB/s	       0 B/op	       0 allocs/op
BenchmarkRates-16   	     100	  10.0 ns/op	 80.5 times	 1.5 Mspans/cpu-s
BenchmarkRates-16   	     100	  10.0 ns/op	 70.5 times	 1.4 Mspans/cpu-s
`

func TestParse(t *testing.T) {
	assert.Equal(t, map[result]figures{
		{"internal/genai", "View/current"}: {"ns/op": 231.5, "B/op": 0, "allocs/op": 0},
		{"internal/genai", "View/none"}:    {"ns/op": 120, "B/op": 8, "allocs/op": 1},
		{"internal/pii", "Rates"}:          {"ns/op": 10, "times": 80.5, "Mspans/cpu-s": 1.5},
		{"internal/pii", "Scan"}:           {"ns/op": 10, "MB/s": 300, "B/op": 0, "allocs/op": 0},
	}, parse(printed))
}

func TestCompare(t *testing.T) {
	tests := []struct {
		name   string
		budget budget
		want   string
		ok     bool
	}{
		{"within", budget{"internal/genai", "View/current", "ns/op", 250, false}, "0.93", true},
		{"over, within the tolerance", budget{"internal/genai", "View/none", "ns/op", 100, false}, "1.20 over", true},
		{"a rate far below", budget{"internal/pii", "Scan", "MB/s", 600, true}, "2.00 FAIL", false},
		{"no allocations", budget{"internal/genai", "View/current", "allocs/op", 0, false}, "1.00", true},
		{"an allocation where none is allowed", budget{"internal/genai", "View/none", "allocs/op", 0, false}, "2.00 FAIL", false},
		{"did not run", budget{"internal/pii", "Gone", "ns/op", 1, false}, "did not run", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			assert.Equal(t, tt.ok, compare(&out, []budget{tt.budget}, parse(printed)))
			assert.Contains(t, strings.Join(strings.Fields(out.String()), " "), tt.want)
		})
	}
}
