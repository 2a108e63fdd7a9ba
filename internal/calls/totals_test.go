// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package calls

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// aLoop are three calls of 100, 150 and 230 input tokens, each of which reports the sum so far.
var aLoop = []struct {
	report Report
	total  Usage
	goesOn bool
}{
	{span(1, 1, 9, "boot", 0, 10), Usage{Input: 100, Output: 20}, true},
	{span(1, 2, 9, "boot", 20, 30), Usage{Input: 250, Output: 50, CacheRead: 80}, true},
	{span(1, 3, 9, "boot", 40, 50), Usage{Input: 480, Output: 60, CacheRead: 80}, false},
}

func TestRunningTotalsInAnyOrder(t *testing.T) {
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		totals, sum := new(Totals), Usage{}
		for _, i := range order {
			s := aLoop[i]
			own, within := totals.Own(&s.report, s.total, s.goesOn)
			again, stillWithin := totals.Own(&s.report, s.total, s.goesOn)
			assert.Equal(t, own, again)
			assert.Equal(t, within, stillWithin)
			if !within {
				sum.Input, sum.Output, sum.CacheRead = sum.Input+own.Input, sum.Output+own.Output, sum.CacheRead+own.CacheRead
			}
		}
		assert.Equal(t, aLoop[2].total, sum, "%v", order)
	}
	totals := new(Totals)
	for i, want := range []Usage{{Input: 100, Output: 20}, {Input: 150, Output: 30, CacheRead: 80}, {Input: 230, Output: 10}} {
		own, within := totals.Own(&aLoop[i].report, aLoop[i].total, aLoop[i].goesOn)
		assert.Equal(t, want, own)
		assert.False(t, within)
	}
}

// TestCallsThatAreNoLoop count as they are.
func TestCallsThatAreNoLoop(t *testing.T) {
	small, large := Usage{Input: 10, Output: 5}, Usage{Input: 100, Output: 50}
	for name, c := range map[string]struct {
		first, second Report
		a, b          Usage
		goesOn        bool
	}{
		"the first one had finished": {span(1, 1, 9, "boot", 0, 10), span(1, 2, 9, "boot", 20, 30), small, large, false},
		"less than before":           {span(1, 1, 9, "boot", 0, 10), span(1, 2, 9, "boot", 20, 30), large, small, true},
		"parallel":                   {span(1, 1, 9, "boot", 0, 10), span(1, 2, 9, "boot", 5, 30), small, large, true},
		"another parent":             {span(1, 1, 9, "boot", 0, 10), span(1, 2, 8, "boot", 20, 30), small, large, true},
		"another trace":              {span(1, 1, 9, "boot", 0, 10), span(2, 2, 9, "boot", 20, 30), small, large, true},
	} {
		totals := new(Totals)
		own, within := totals.Own(&c.first, c.a, c.goesOn)
		assert.Equal(t, c.a, own, name)
		assert.False(t, within, name)
		own, within = totals.Own(&c.second, c.b, false)
		assert.Equal(t, c.b, own, name)
		assert.False(t, within, name)
	}
}

func TestTotalsAreBounded(t *testing.T) {
	totals := new(Totals)
	for i := range 3 * maxLoops {
		r := span(1, i+1, i+1, "boot", 0, 10)
		totals.Own(&r, Usage{Input: 1}, true)
	}
	assert.LessOrEqual(t, len(totals.young)+len(totals.old), 2*maxLoops)
	for i := range 3 * maxSteps {
		r := span(2, i+1, 9, "boot", int64(20*i), int64(20*i+10))
		own, _ := totals.Own(&r, Usage{Input: int64(i + 1)}, true)
		assert.Equal(t, Usage{Input: 1}, own)
	}
	assert.Len(t, totals.young[loop{[16]byte{2}, id(9)}], maxSteps)
}
