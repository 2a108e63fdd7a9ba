// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/llmcol/llmcol/test/harness"
)

// wholeTraces is a pipeline that keeps every trace and summarises it.
func wholeTraces() []string {
	return []string{
		harness.Pipeline{Traces: []string{"llm_normalizer", "llm_cost", "llm_loop", "llm_tail_sampling", "llm_summary"}}.YAML(),
		`processors: {llm_tail_sampling: {settle: 1s, idle: 2s, policies: [{name: all, type: always_sample}]}}`,
	}
}

// TestSummariesAddUpToWhatWasBilled: over all traces of a client the sums are the model server's, however its spans came.
func TestSummariesAddUpToWhatWasBilled(t *testing.T) {
	for _, f := range harness.Fixtures(t) {
		for _, way := range harness.Ways {
			t.Run(f.Name()+"/"+way.Name, func(t *testing.T) {
				c := harness.Start(t, wholeTraces()...)
				out := c.Outbox()
				for _, r := range way.Arrange(f.Requests) {
					if r.Signal == harness.Traces {
						require.NoError(t, c.Send(harness.Captured, r))
					}
				}
				require.NoError(t, c.Stop())
				assertSums(t, f, out.Spans(t, "traces", 0))
			})
		}
	}
}

func assertSums(t *testing.T, f harness.Fixture, spans []harness.Span) {
	cost, input, output, summaries := 0.0, int64(0), int64(0), 0
	traces := map[string]bool{}
	for _, s := range spans {
		traces[s.TraceID().String()] = true
		if s.Attr("llmcol.trace.spans") == nil {
			continue
		}
		summaries++
		cost += s.Attr("llmcol.trace.cost").(float64)
		input += s.Attr("llmcol.trace.input_tokens").(int64)
		output += s.Attr("llmcol.trace.output_tokens").(int64)
	}
	assert.Equal(t, len(traces), summaries, "one summary a trace")
	assert.InEpsilon(t, f.Label.Billed.Cost, cost, 1e-6, "USD") // each trace's cost is rounded to a billionth
	var wantInput, wantOutput int64
	for _, billed := range f.Label.Billed.Spans {
		if billed.Input == nil {
			return
		}
		wantInput += *billed.Input
		wantOutput += *billed.Output
	}
	assert.Equal(t, wantInput, input, "input tokens")
	assert.Equal(t, wantOutput, output, "output tokens")
}
