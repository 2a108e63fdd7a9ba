// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
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
