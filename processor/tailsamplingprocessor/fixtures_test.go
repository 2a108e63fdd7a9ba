// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/test/harness"
)

// came is a span as it came or went, with what it stood under.
type came struct {
	resource, scope, attributes map[string]any
	name                        string
	events                      int
}

// everySpan returns the spans by their trace and span ids, each with its attributes but for the sampler's own, and
// what the sampler wrote on them.
func everySpan(t *testing.T, batches []ptrace.Traces) (spans map[string]came, verdicts map[string]string, count int) {
	spans, verdicts = map[string]came{}, map[string]string{}
	for _, td := range batches {
		for _, rs := range td.ResourceSpans().All() {
			for _, ss := range rs.ScopeSpans().All() {
				for _, span := range ss.Spans().All() {
					id := fmt.Sprint(span.TraceID(), span.SpanID())
					a := pcommon.NewMap()
					span.Attributes().CopyTo(a)
					for _, key := range []string{"llmcol.sampling.policy", "llmcol.sampling.trigger", "llmcol.sampling.class"} {
						v, _ := a.Get(key)
						verdicts[id] += v.Str() + " "
						a.Remove(key)
					}
					verdicts[id] += span.TraceState().AsRaw()
					spans[id] = came{rs.Resource().Attributes().AsRaw(), ss.Scope().Attributes().AsRaw(), a.AsRaw(), span.Name(), span.Events().Len()}
					count++
				}
			}
		}
	}
	return spans, verdicts, count
}

// What real clients sent comes out as it came, each span once, in whatever order it comes; and is decided the same way.
func TestRealClientsComeOutWholeHoweverTheyCome(t *testing.T) {
	for _, f := range harness.Fixtures(t) {
		var wantVerdicts map[string]string
		for _, way := range harness.Ways {
			t.Run(f.Name()+"/"+way.Name, func(t *testing.T) {
				s, next := startSampler(t, func(c *Config) {
					c.Policies = []PolicyConfig{
						{Name: "errors", Type: "error"}, {Name: "slow", Type: "slow"}, {Name: "loops", Type: "loop"},
						{Name: "orphans", Type: "orphan"},
						{Name: "cut", Type: "finish_reason", FinishReason: FinishReasonConfig{Reasons: []string{"length"}}},
						{Name: "half", Type: "conversation", Conversation: ConversationConfig{SamplingPercentage: 50}},
						{Name: "all", Type: "always_sample"},
					}
				})
				var sent []ptrace.Traces
				for _, request := range way.Arrange(f.Requests) {
					if request.Signal != harness.Traces {
						continue
					}
					own := ptrace.NewTraces()
					request.Traces.CopyTo(own)
					sent = append(sent, request.Traces)
					require.NoError(t, s.ConsumeTraces(t.Context(), own))
				}
				require.NoError(t, s.Shutdown(context.Background()))
				want, _, _ := everySpan(t, sent)
				got, verdicts, count := everySpan(t, next.AllTraces())
				require.Equal(t, want, got)
				assert.Equal(t, len(want), count, "each span once")
				if wantVerdicts == nil {
					wantVerdicts = verdicts
				}
				assert.Equal(t, wantVerdicts, verdicts)
			})
		}
	}
}
