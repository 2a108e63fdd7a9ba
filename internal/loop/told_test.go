// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestASecondEngineAnnouncesNothingThatTheFirstHasTold sends what a first engine has judged through a second one, in any order.
func TestASecondEngineAnnouncesNothingThatTheFirstHasTold(t *testing.T) {
	for seed := range uint64(50) {
		all := seenThreeTimes(8)
		first := observeAll(newEngine(t, nil), all)
		for i := range all {
			all[i].Told = first[i].Severity != None
		}
		second := newEngine(t, nil)
		r := rand.New(rand.NewPCG(seed, 9))
		told := false
		for _, o := range shuffled(r, all) {
			told = told || o.Told
			if v := second.Observe(&o, epoch); told {
				require.False(t, v.Transition && !o.Told, "seed %d", seed)
			}
		}
		require.True(t, told)
	}
}

// TestARecordOfACallThatItsSpanHasToldHasTheSameVerdict: it counts once and announces once.
func TestARecordOfACallThatItsSpanHasToldHasTheSameVerdict(t *testing.T) {
	all := seenThreeTimes(6)
	verdicts := observeAll(newEngine(t, nil), all)
	transitions := 0
	for i := range all {
		if verdicts[i].Transition {
			transitions++
		}
		if all[i].Record == 0 {
			continue
		}
		span := verdicts[i-1]
		assert.Equal(t, span.Severity, verdicts[i].Severity)
		assert.Equal(t, span.Count, verdicts[i].Count)
		assert.False(t, verdicts[i].Transition)
	}
	assert.Equal(t, 2, transitions, "suspected and detected")
}
