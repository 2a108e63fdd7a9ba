// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestKeyIndexFindsEveryKeyAndNoOther(t *testing.T) {
	longest := 0
	for i := range builtin.rules {
		r := &builtin.rules[i]
		require.Same(t, r, builtin.find(r.key))
		assert.Nil(t, builtin.find(r.key+"x"))
		assert.Nil(t, builtin.find(r.key[1:]+"\x00"))
		longest = max(longest, probes(builtin, r.key))
	}
	assert.LessOrEqual(t, longest, 4, "a hash that clusters makes every span slower")
	for _, unknown := range []string{"", "a", "http.target", "thread.id", "url.full"} {
		assert.Nil(t, builtin.find(unknown), unknown)
	}
}

func probes(ix *keyIndex, k string) int {
	at := hashKey(k) >> ix.shift
	for n := 1; ; n++ {
		if ix.rules[ix.slots[at]-1].key == k {
			return n
		}
		at = (at + 1) & uint64(len(ix.slots)-1)
	}
}

// TestTablesAreSound: within a convention each key stands once, and means a field or a role; between conventions an entry is hidden by an
// earlier one only where bare names fill in.
func TestTablesAreSound(t *testing.T) {
	listed := map[string]Convention{}
	for _, c := range conventions {
		for _, e := range c.keys {
			if by, hidden := listed[e.key]; hidden && c.id != ConventionPlain {
				assert.Fail(t, "hidden", "%d: %s is listed by %d already", c.id, e.key, by)
			}
			listed[e.key] = c.id
		}
		assert.Less(t, len(c.keys), 1<<rankBits, "%d: the rank of a key within its convention", c.id)
		seen := map[string]bool{}
		for _, e := range c.keys {
			assert.False(t, seen[e.key], "%d: %s stands twice", c.id, e.key)
			seen[e.key] = true
			assert.False(t, e.field != fieldNone && e.role != RoleNone, "%s is a field and content", e.key)
		}
		for word := range c.kinds {
			_, known := lookupFold(c.kinds, word)
			assert.True(t, known, "%s: kinds are found by their lower-case form", word)
		}
	}
}
