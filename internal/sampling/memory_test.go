// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/trace"
)

func TestWhatIsAboutToBeDecidedIsPackedLast(t *testing.T) {
	set := testSettings(compile(t, errorsOnly()...))
	set.MemoryLimit = 1 << 20
	r := newRig(t, set)
	prompt := map[string]any{"prompt": strings.Repeat("context ", 50<<10)}
	settling, waiting := failed(root(1)), failed(child(2, 2)) // what is kept is not packed as it comes
	settling.attributes, waiting.attributes = prompt, prompt
	r.consume(batch(settling))
	r.pass(4 * time.Second)
	assert.Zero(t, r.Stats().Packed, "there is room for one")
	r.consume(batch(waiting))
	r.pass(TickInterval)
	assert.Equal(t, int64(1), r.Stats().Packed)
	assert.Empty(t, r.shardOf(traceID(1)).open[traceID(1)].packed, "is decided in two seconds")
	assert.Len(t, r.shardOf(traceID(2)).open[traceID(2)].packed.blocks, 1, "waits for its root for a minute")
}

// A conversation's id may stand in the middle of a large text, as in metadata: what is packed must not hold on to that.
func TestNamesOfWhatIsPackedHoldOnToNothingElse(t *testing.T) {
	const traces, text = 50, 1 << 20
	for name, fails := range map[string]bool{"packed as it came": false, "gone quiet": true} {
		t.Run(name, func(t *testing.T) {
			set := testSettings(compile(t, Policy{Name: "errors", Rule: Failed()}, Policy{Name: "rest", Rule: Conversation(0, time.Hour)}))
			set.NewDescriber = func() Describer { return &excerpts{} }
			r := newRig(t, set)
			before := liveBytes()
			for n := range uint64(traces) {
				s := prompting(child(n, 2), text)
				s.failed = fails
				r.consume(batch(s))
			}
			r.pass(20 * time.Second)
			s := r.Stats()
			require.Equal(t, int64(traces), s.ColdSpans)
			assert.Less(t, liveBytes()-before, s.HotBytes+s.ColdBytes+2*text)
		})
	}
}

// excerpts takes the beginning of a prompt for the conversation.
type excerpts struct{ plainDescriber }

func (d *excerpts) Describe(span ptrace.Span, f *trace.Span) {
	d.plainDescriber.Describe(span, f)
	f.Conversation = attribute(span, "prompt")[:8]
}
