// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package retention

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func id(n uint64) (t TraceID) {
	binary.LittleEndian.PutUint64(t[:], n)
	return t
}

// lower outranks: class 0 is the longest.
func lower(a, b Class) bool { return a < b }

func TestALaterPartGoesWithTheFirstUnlessItOutranksIt(t *testing.T) {
	m := NewMemory(10)
	assert.Equal(t, Class(2), m.Settle(id(1), 2, lower))
	assert.Equal(t, Class(1), m.Settle(id(1), 1, lower))
	assert.Equal(t, Class(1), m.Settle(id(1), 2, lower))
	c, known := m.Known(id(1))
	assert.True(t, known)
	assert.Equal(t, Class(1), c)
	_, known = m.Known(id(2))
	assert.False(t, known)
}

func TestMemoryIsBoundedAndKeepsTheRecent(t *testing.T) {
	const held, sent = 1000, 20_000
	m := NewMemory(held)
	for n := range uint64(sent) {
		m.Settle(id(n), 1, lower)
		require.LessOrEqual(t, len(m.young)+len(m.old), held)
	}
	for n := uint64(sent - held/2); n < sent; n++ {
		_, known := m.Known(id(n))
		require.True(t, known, "trace %d is one of the last half", n)
	}
	assert.Equal(t, int64(sent-len(m.young)-len(m.old)), m.Evicted())
}

func TestATraceThatGoesOnIsNotForgotten(t *testing.T) {
	m := NewMemory(10)
	m.Settle(id(0), 0, lower)
	for n := uint64(1); n < 1000; n++ {
		m.Settle(id(n), 1, lower)
		require.Equal(t, Class(0), m.Settle(id(0), 1, lower))
	}
}

func BenchmarkSettle(b *testing.B) {
	m := NewMemory(100_000)
	b.ReportAllocs()
	for n := uint64(0); b.Loop(); n++ {
		m.Settle(id(n%200_000), 1, lower)
	}
}
