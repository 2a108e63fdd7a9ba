// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package calls

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// aRun is a run of two calls, of which the run's own span reports the sum, in the order in which they end.
func aRun() []Report {
	return []Report{
		span(1, 2, 1, "shop", 10, 20).using(100, 20, 0),
		span(1, 3, 1, "shop", 30, 40).using(150, 30, 0),
		span(1, 1, 0, "shop", 0, 50).using(250, 50, 0),
	}
}

func TestASumCountsWithItsParts(t *testing.T) {
	for name, c := range map[string]struct {
		reports []Report
		want    []Verdict
	}{
		"of two calls":                {aRun(), []Verdict{Counts, Counts, Elsewhere}},
		"one of the two is not there": {aRun()[1:], []Verdict{Counts, Counts}},
		"more than its parts":         {append(aRun()[:2], span(1, 1, 0, "shop", 0, 50).using(251, 50, 0)), []Verdict{Counts, Counts, Counts}},
		"after the calls":             {append(aRun()[:2], span(1, 4, 0, "shop", 60, 70).using(250, 50, 0)), []Verdict{Counts, Counts, Counts}},
		"of another trace":            {append(aRun()[:2], span(2, 1, 0, "shop", 0, 50).using(250, 50, 0)), []Verdict{Counts, Counts, Counts}},
		"of steps that report sums themselves": {append(aRun(), span(1, 5, 0, "shop", 52, 55).using(10, 1, 0), span(1, 6, 0, "shop", 0, 60).using(260, 51, 0)),
			[]Verdict{Counts, Counts, Elsewhere, Counts, Elsewhere}},
		"a call beside two whose usage adds up to its own": {[]Report{span(1, 2, 9, "sdk", 10, 20).with("a").using(100, 20, 0), span(1, 3, 9, "sdk", 10, 25).with("b").using(150, 30, 0), span(1, 4, 9, "sdk", 5, 30).with("c").using(250, 50, 0)},
			[]Verdict{Counts, Counts, Counts}},
		"of embeddings beside each other": {[]Report{span(1, 2, 9, "shop", 10, 20).using(512, 0, 0), span(1, 3, 9, "shop", 10, 25).using(512, 0, 0), span(1, 4, 9, "shop", 5, 30).using(1024, 0, 0)},
			[]Verdict{Counts, Counts, Counts}},
		"beside another run": {append([]Report{span(1, 7, 6, "shop", 15, 35).using(7, 7, 0)}, aRun()...), []Verdict{Counts, Counts, Counts, Elsewhere}},
	} {
		t.Run(name, func(t *testing.T) {
			together := make([]Verdict, len(c.reports))
			NewLedger(time.Minute, 100).Settle(time.Unix(0, 0), c.reports, together, nil)
			assert.Equal(t, c.want, together, "in one request")
			apart := make([]Verdict, len(c.reports))
			ledger := NewLedger(time.Minute, 100)
			for i := range c.reports {
				ledger.Settle(time.Unix(0, 0), c.reports[i:i+1], apart[i:i+1], nil)
			}
			assert.Equal(t, c.want, apart, "in a request each")
		})
	}
}

func TestASumThatComesBeforeItsPartsInARequest(t *testing.T) {
	run := aRun()
	reports, verdicts := []Report{run[2], run[0], run[1]}, make([]Verdict, 3)
	ledger := NewLedger(time.Minute, 100)
	ledger.Settle(time.Unix(0, 0), reports, verdicts, nil)
	assert.Equal(t, []Verdict{Elsewhere, Counts, Counts}, verdicts)
	ledger.Settle(time.Unix(1, 0), reports, verdicts, nil)
	assert.Equal(t, []Verdict{Elsewhere, Counts, Counts}, verdicts, "delivered again")
}
