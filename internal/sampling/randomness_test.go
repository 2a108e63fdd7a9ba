// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"testing"

	otelsampling "github.com/open-telemetry/opentelemetry-collector-contrib/pkg/sampling"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestThresholdOf(t *testing.T) {
	assert.Zero(t, ThresholdOf(100))
	assert.Zero(t, ThresholdOf(150))
	assert.Equal(t, uint64(maxRandomness), ThresholdOf(0))
	assert.Equal(t, uint64(maxRandomness), ThresholdOf(-1))
	assert.Equal(t, uint64(maxRandomness/2), ThresholdOf(50))
}

func TestStampOnTraceStates(t *testing.T) {
	half := stamp{threshold: maxRandomness / 2}
	certain := stamp{}
	rewritten := stamp{threshold: maxRandomness / 2, randomness: maxRandomness * 3 / 4, hasRandomness: true}
	independent := rewritten
	independent.independent = true
	for _, tc := range []struct {
		name, in, want string
		stamp          stamp
	}{
		{"none", "", "ot=th:8", half},
		{"for certain", "", "ot=th:0", certain},
		{"vendor's stays", "vendor=x", "ot=th:8,vendor=x", half},
		{"never lowered", "ot=th:c", "ot=th:c", half},
		{"raised", "ot=th:4", "ot=th:8", half},
		{"rv stays", "ot=rv:ffffffffffffff", "ot=rv:ffffffffffffff;th:8", half},
		{"rv written", "", "ot=rv:c0000000000000;th:8", rewritten},
		{"independent samplings multiply", "ot=th:8", "ot=rv:e0000000000000;th:c", independent},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.stamp.prepare()
			got, ok := tc.stamp.on(tc.in)
			assert.True(t, ok)
			assert.Equal(t, tc.want, got)
			w3c, err := otelsampling.NewW3CTraceState(got)
			require.NoError(t, err)
			assert.NotEmpty(t, w3c.OTelValue().TValue())
		})
	}
	got, ok := certain.on("=broken=")
	assert.False(t, ok)
	assert.Equal(t, "=broken=", got)
}

func TestUpstream(t *testing.T) {
	a, b := readUpstream("ot=rv:00000000000002"), readUpstream("ot=rv:00000000000001;th:8")
	assert.True(t, a.set)
	none := readUpstream("vendor=ot")
	assert.False(t, none.set)
	ab, ba := a, b
	ab.merge(b)
	ba.merge(a)
	assert.Equal(t, ab, ba, "the order decides nothing")
	assert.True(t, ab.conflict)
	assert.Equal(t, uint64(1), ab.value)
	none.merge(a)
	assert.Equal(t, a, none)
}
