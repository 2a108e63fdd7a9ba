// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/test/harness"
)

// TestFixtures checks what real clients sent against what the model server billed: every billed span is a model call with model and
// usage, nothing else is, and the counts are the provider's.
func TestFixtures(t *testing.T) {
	for _, f := range harness.Fixtures(t) {
		t.Run(f.Name(), func(t *testing.T) {
			calls := modelCalls(t, f)
			for id, billed := range f.Label.Billed.Spans {
				call, seen := calls[id]
				if !assert.True(t, seen, "span %s (billed %v) is no model call", id, billed) {
					continue
				}
				delete(calls, id)
				assert.NotEmpty(t, call.model, "span %s", id)
				if billed.Input != nil {
					assert.Equal(t, [4]int64{*billed.Input, *billed.CacheRead, *billed.CacheWrite, *billed.Output},
						[4]int64{call.usage.Input, call.usage.CacheRead, call.usage.CacheWrite, call.usage.Output}, "span %s: input, cache read, cache write, output", id)
				}
			}
			for _, others := range f.Label.Billed.SameCallAlsoOn {
				for _, id := range others {
					assert.Contains(t, calls, id)
					delete(calls, id)
				}
			}
			for id, call := range calls {
				assert.Fail(t, "not billed", "span %s %q is taken for a model call: %+v", id, call.name, call.usage)
			}
		})
	}
}

type seenCall struct {
	name, model string
	usage       Usage
}

func modelCalls(t *testing.T, f harness.Fixture) map[string]seenCall {
	calls := make(map[string]seenCall)
	eachSpan(t, f, func(v *View, s ptrace.Span) {
		if u := v.Usage(); v.IsModelCall() && u.Reported() {
			assert.False(t, u.Inconsistent, "span %s: %+v", s.SpanID(), u)
			calls[s.SpanID().String()] = seenCall{s.Name(), v.Model(), u}
		}
	})
	require.NotEmpty(t, calls)
	return calls
}

func eachSpan(t *testing.T, f harness.Fixture, yield func(*View, ptrace.Span)) {
	r := NewReader(nil)
	for _, req := range f.Requests {
		if req.Signal != harness.Traces {
			continue
		}
		for _, rs := range req.Traces.ResourceSpans().All() {
			r.SetResource(rs.Resource())
			for _, ss := range rs.ScopeSpans().All() {
				r.SetScope(ss.Scope())
				for _, s := range ss.Spans().All() {
					yield(r.Span(s), s)
				}
			}
		}
	}
}
