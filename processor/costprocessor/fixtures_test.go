// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package costprocessor

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/llmcol/llmcol/test/harness"
)

func TestTracesOfFixtures(t *testing.T) {
	for _, f := range harness.Fixtures(t) {
		for _, way := range harness.Ways {
			t.Run(f.Name()+"/"+way.Name, func(t *testing.T) {
				i := start(t, asItIs)
				i.send(t, way.Arrange(only(harness.Traces, f.Requests))...)
				spans := i.spans()
				sum, carriers := 0.0, map[string]bool{}
				for id, s := range spans {
					if cost, ok := s.Attr("gen_ai.usage.cost").(float64); ok {
						sum, carriers[id] = sum+cost, true
						assert.Contains(t, []any{"priced", "kept"}, s.Attr(attrStatus), id)
					}
				}
				for id, billed := range f.Label.Billed.Spans {
					on := carrier(spans, append([]string{id}, f.Label.Billed.SameCallAlsoOn[id]...))
					require.NotEmpty(t, on, "span %s: %v", id, spans[id].Attributes().AsRaw())
					assert.InDelta(t, billed.Cost, spans[on].Attr("gen_ai.usage.cost"), 1e-15, id)
					delete(carriers, on)
					if way.Name == "all in one request" {
						assert.Equal(t, id, on, "the inner span carries it")
					}
				}
				assert.Empty(t, carriers, "nothing else carries a cost")
				assert.InDelta(t, f.Label.Billed.Cost, sum, 1e-12)
			})
		}
	}
}

// carrier is the one of the spans that has the cost; the others must say that it is elsewhere.
func carrier(spans map[string]harness.Span, ids []string) (on string) {
	for _, id := range ids {
		if spans[id].Attr("gen_ai.usage.cost") != nil {
			if on != "" {
				return ""
			}
			on = id
		} else if spans[id].Attr(attrStatus) != "counted_elsewhere" {
			return ""
		}
	}
	return on
}

func TestTracesAndLogsOfFixturesTogether(t *testing.T) {
	for _, f := range harness.Fixtures(t) {
		for _, way := range harness.Ways {
			t.Run(f.Name()+"/"+way.Name, func(t *testing.T) {
				i := start(t, asItIs)
				i.send(t, way.Arrange(f.Requests)...)
				sum := 0.0
				for _, s := range i.spans() {
					if cost, ok := s.Attr("gen_ai.usage.cost").(float64); ok {
						sum += cost
					}
				}
				seen := map[any]bool{}
				for _, r := range i.records() {
					if again := seen[r.Attr("event.sequence")]; again && r.Attr("event.sequence") != nil {
						continue // the same record, sent twice
					}
					seen[r.Attr("event.sequence")] = true
					if cost, ok := r.Attr("gen_ai.usage.cost").(float64); ok {
						sum += cost
					}
				}
				assert.InDelta(t, f.Label.Billed.Cost, sum, 1e-12)
			})
		}
	}
}

func TestLogsAlone(t *testing.T) {
	for _, f := range harness.Fixtures(t) {
		if f.Client != "claude-code" {
			continue
		}
		i := start(t, asItIs)
		i.send(t, only(harness.Logs, f.Requests)...)
		sum := 0.0
		for _, r := range i.records() {
			if cost, ok := r.Attr("gen_ai.usage.cost").(float64); ok {
				sum += cost
				assert.Equal(t, "kept", r.Attr(attrStatus), "the client states what it cost")
			}
		}
		assert.InDelta(t, f.Label.Billed.Cost, sum, 1e-12)
		return
	}
	require.Fail(t, "no fixture of Claude Code")
}
