// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package trace

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func randomSpan(r *rand.Rand) Span {
	start := uint64(1 + r.IntN(50))
	return Span{
		ID: r.Uint64(), Start: start, End: start + uint64(r.IntN(1000)), Root: r.IntN(8) == 0,
		Service: string(rune('a' + r.IntN(3))), Conversation: []string{"", "c1", "c2"}[r.IntN(3)],
		ModelCall: r.IntN(2) == 0, ToolCall: r.IntN(3) == 0, Failed: r.IntN(9) == 0, WantsTools: r.IntN(2) == 0,
		InputTokens: int64(r.IntN(100)), OutputTokens: int64(r.IntN(100)), Cost: int64(r.IntN(1e9)),
		TimeToFirstToken: time.Duration(r.IntN(1000)), Loop: Severity(r.IntN(4)),
	}
}

// The facts of a trace do not depend on the order of its spans, nor on the batches they came in.
func TestFactsAreIndependentOfOrderAndGrouping(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		spans := make([]Span, 1+r.IntN(12))
		for i := range spans {
			spans[i] = randomSpan(r)
		}
		var want Facts
		for i := range spans {
			want.Add(&spans[i])
		}
		r.Shuffle(len(spans), func(i, j int) { spans[i], spans[j] = spans[j], spans[i] })
		var got Facts
		for at := 0; at < len(spans); {
			var batch Facts
			for n := 1 + r.IntN(4); n > 0 && at < len(spans); n-- {
				batch.Add(&spans[at])
				at++
			}
			got.Merge(&batch)
		}
		require.Equal(t, want, got)
	}
}

func TestClassIsTheWorstThatApplies(t *testing.T) {
	limits := Limits{Slow: time.Second, Costly: 1e9}
	slow := Span{Start: 1, End: 1 + uint64(2*time.Second)}
	for _, tc := range []struct {
		name string
		span Span
		want Class
	}{
		{"nothing", Span{Start: 1, End: 2}, Normal},
		{"cost", Span{Cost: 1e9 + 1}, Costly},
		{"cost at the limit", Span{Cost: 1e9}, Normal},
		{"slow", slow, Slow},
		{"suspicion", Span{Loop: LoopSuspected}, Normal},
		{"loop", Span{Start: slow.Start, End: slow.End, Loop: LoopDetected}, Looping},
		{"failed", Span{Failed: true, Loop: LoopCritical}, Erroneous},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var f Facts
			f.Add(&tc.span)
			assert.Equal(t, tc.want, f.Class(limits))
		})
	}
}

func TestUnfinishedToolCall(t *testing.T) {
	asks := Span{ID: 1, Start: 10, ModelCall: true, WantsTools: true}
	tool := Span{ID: 2, Start: 20, ToolCall: true}
	answer := Span{ID: 3, Start: 30, ModelCall: true}
	for _, tc := range []struct {
		name  string
		spans []Span
		want  bool
	}{
		{"asked, nothing ran", []Span{asks}, true},
		{"the tool ran", []Span{asks, tool}, false},
		{"the model went on", []Span{asks, answer}, false},
		{"a tool ran before", []Span{{Start: 5, ToolCall: true}, asks}, true},
		{"never asked", []Span{answer}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var f Facts
			for i := range tc.spans {
				f.Add(&tc.spans[i])
			}
			assert.Equal(t, tc.want, f.Unfinished())
		})
	}
}

func TestParseSeverity(t *testing.T) {
	s, err := ParseSeverity("detected")
	require.NoError(t, err)
	assert.Equal(t, LoopDetected, s)
	assert.Equal(t, "detected", s.String())
	_, err = ParseSeverity("terrible")
	assert.ErrorContains(t, err, `unknown loop severity "terrible"`)
	_, err = ParseSeverity("")
	assert.Error(t, err)
}
