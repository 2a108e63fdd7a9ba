// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// restarted is an engine that has taken up the state of another.
func restarted(t testing.TB, e *Engine) *Engine {
	t.Helper()
	next := newEngine(t, nil)
	for _, shard := range e.ChangedShards() {
		require.NoError(t, next.Restore(e.Shard(shard), epoch))
	}
	return next
}

func TestStateOutlivesARestart(t *testing.T) {
	e := newEngine(t, nil)
	e.KeepState()
	s := newScript(1)
	for range 6 {
		s.calls("get(1)=!refused")
		s.model(10, 0.5)
	}
	first := observeAll(e, s.spans)
	long := newScript(2).calls(times(100, "a(1)=x", "b(1)=y")...)
	observeAll(e, long.spans)

	next := restarted(t, e)
	assert.ElementsMatch(t, e.Loops(), next.Loops())
	again := next.Observe(&s.spans[6], epoch)
	assert.Equal(t, first[6].Count, again.Count, "a span seen before the restart gets the verdict that it got then")
	assert.True(t, again.Transition)
	following := next.Observe(s.call("get", "1", "!refused"), epoch)
	assert.Equal(t, 7, following.Count)
	assert.Equal(t, int64(60), following.WastedTokens)
	assert.False(t, following.Transition, "what was told is not told again")
	goesOn := long.calls("a(1)=x", "b(1)=y").spans[200:]
	assert.Equal(t, 101, observeAll(next, goesOn)[1].Count)
}

func TestOnlyWhatChangedIsWritten(t *testing.T) {
	e := newEngine(t, nil)
	e.KeepState()
	observeAll(e, newScript(1).calls("get(1)=x").spans)
	changed := e.ChangedShards()
	require.Len(t, changed, 1)
	assert.Empty(t, e.ChangedShards())
	e.ShardFailed(changed[0])
	assert.Equal(t, changed, e.ChangedShards())
	e.Expire(epoch + 3600*second)
	assert.Equal(t, changed, e.ChangedShards())
	assert.Len(t, e.Shard(changed[0]), 1, "a run that is forgotten leaves the storage")
}

func TestDamagedState(t *testing.T) {
	e := newEngine(t, nil)
	e.KeepState()
	observeAll(e, newScript(1).calls(times(5, "get(1)=x")...).spans)
	data := e.Shard(e.ChangedShards()[0])
	require.Greater(t, len(data), 100)
	for n := 2; n < len(data); n++ {
		assert.Error(t, newEngine(t, nil).Restore(data[:n], epoch), "cut off after %d bytes", n)
	}
	assert.NoError(t, newEngine(t, nil).Restore(nil, epoch))
	assert.ErrorContains(t, newEngine(t, nil).Restore([]byte{9}, epoch), "version 9, want 1")
}

func FuzzRestore(f *testing.F) {
	e := newEngine(f, nil)
	e.KeepState()
	observeAll(e, newScript(1).calls(times(9, "get(1)=x", "find(2)=y")...).spans)
	f.Add(e.Shard(e.ChangedShards()[0]))
	f.Fuzz(func(t *testing.T, data []byte) {
		next := newEngine(t, nil)
		_ = next.Restore(data, epoch) // damage is an error or state like any other; neither may stop the engine
		next.Loops()
		s := newScript(1).calls(times(5, "get(1)=x")...)
		observeAll(next, s.spans)
		require.LessOrEqual(t, next.Stats().Runs, 1000)
	})
}
