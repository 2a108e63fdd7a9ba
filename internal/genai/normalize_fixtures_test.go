// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/test/harness"
)

// TestNormalizeFixtures normalises what real clients sent. However the spans and records are ordered and batched, the result is the
// same; a second pass changes nothing; and the view of the result is the view of what came.
func TestNormalizeFixtures(t *testing.T) {
	for _, f := range harness.Fixtures(t) {
		t.Run(f.Name(), func(t *testing.T) {
			sent := sentTelemetry(f)
			inOrder := NewNormalizer(NormalizerOptions{Names: NamesLatest})
			results := make([]telemetry, len(sent))
			for i, s := range sent {
				results[i] = s.copied()
				results[i].normalize(s.tell(inOrder))
			}
			alone := func() *Normalizer { return NewNormalizer(NormalizerOptions{Names: NamesLatest}) }
			for i, s := range slices.Backward(sent) {
				single := s.copied()
				single.normalize(s.tell(alone()))
				assert.Equal(t, results[i].attributes().AsRaw(), single.attributes().AsRaw(), "alone, in reverse order")

				done := results[i].copied().normalize(s.tell(alone()))
				assert.Equal(t, Change{Operation: done.Operation}, done, "a second pass")

				facts := factsOf(s.view(s.tell(alone()).Reader))
				assert.Empty(t, facts.differences(factsOf(results[i].view(s.tell(alone()).Reader))), "the view of the result: was, is")
			}
		})
	}
}

// sent is a span or record with where it comes from.
type sent struct {
	telemetry
	resource pcommon.Resource
	scope    pcommon.InstrumentationScope
}

func (s *sent) tell(n *Normalizer) *Normalizer {
	n.Reader.SetResource(s.resource)
	n.Reader.SetScope(s.scope)
	return n
}

func sentTelemetry(f harness.Fixture) (all []sent) {
	for _, req := range f.Requests {
		switch req.Signal {
		case harness.Traces:
			for _, rs := range req.Traces.ResourceSpans().All() {
				for _, ss := range rs.ScopeSpans().All() {
					for _, s := range ss.Spans().All() {
						all = append(all, sent{telemetry{isSpan: true, span: s, record: noRecord}, rs.Resource(), ss.Scope()})
					}
				}
			}
		case harness.Logs:
			for _, rl := range req.Logs.ResourceLogs().All() {
				for _, sl := range rl.ScopeLogs().All() {
					for _, rec := range sl.LogRecords().All() {
						all = append(all, sent{telemetry{span: noSpan, record: rec}, rl.Resource(), sl.Scope()})
					}
				}
			}
		}
	}
	return all
}
