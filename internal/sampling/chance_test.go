// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func randomChance(r *rand.Rand) chance {
	switch r.IntN(5) {
	case 0:
		return never
	case 1:
		return always
	case 2:
		return atLeast(r.Uint64N(maxRandomness))
	case 3:
		return atLeast(r.Uint64N(maxRandomness)).complement()
	}
	return randomChance(r).minus(randomChance(r)).union(randomChance(r))
}

func TestChanceIsASet(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		c, d := randomChance(r), randomChance(r)
		require.Equal(t, uint64(maxRandomness), c.size()+c.complement().size())
		require.Equal(t, c.size()+d.size(), c.union(d).size()+c.intersect(d).size())
		for range 20 {
			x := r.Uint64N(maxRandomness)
			require.Equal(t, c.contains(x) || d.contains(x), c.union(d).contains(x))
			require.Equal(t, c.contains(x) && d.contains(x), c.intersect(d).contains(x))
			require.Equal(t, c.contains(x) && !d.contains(x), c.minus(d).contains(x))
			require.Equal(t, !c.contains(x), c.complement().contains(x))
			if c.contains(x) {
				require.GreaterOrEqual(t, c.rank(x), c.threshold())
				require.Less(t, c.rank(x), uint64(maxRandomness))
			}
		}
	}
}

func TestRankLeavesAThresholdsValuesAlone(t *testing.T) {
	c := atLeast(1 << 50)
	assert.Equal(t, uint64(1<<50), c.threshold())
	assert.Equal(t, uint64(1<<55), c.rank(1<<55))
	low := c.complement()
	assert.Equal(t, uint64(maxRandomness-1<<50), low.threshold())
	assert.Equal(t, uint64(maxRandomness-1), low.rank(1<<50-1), "the highest kept value stays the highest")
}
