// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package harness

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryWayHoldsTheSameItems(t *testing.T) {
	for _, f := range Fixtures(t) {
		for _, way := range Ways {
			t.Run(f.Name()+"/"+way.Name, func(t *testing.T) {
				got := way.Arrange(f.Requests)
				factor := 1
				if way.Name == "every request twice" {
					factor = 2
				}
				assert.Equal(t, factor*SpanCount(f.Requests), SpanCount(got))
				assert.Equal(t, factor*LogRecordCount(f.Requests), LogRecordCount(got))
			})
		}
	}
}

func TestReverseEndsWithTheFirst(t *testing.T) {
	for _, f := range Fixtures(t) {
		first, last := oneItemEach(f.Requests)[0], oneItemEach(reversed(f.Requests))
		want, err := first.protobuf()
		require.NoError(t, err)
		got, err := last[len(last)-1].protobuf()
		require.NoError(t, err)
		assert.Equal(t, want, got, f.Name())
	}
}

func TestFixturesAreLabelled(t *testing.T) {
	for _, f := range Fixtures(t) {
		ids := map[string]bool{}
		for _, r := range f.Requests {
			if r.Signal == Traces {
				for _, span := range SpansOf(r.Traces) {
					ids[span.SpanID().String()] = true
				}
			}
		}
		assert.Len(t, f.Label.Billed.Spans, f.Label.Billed.ModelCallsSeen, f.Name())
		for id := range f.Label.Billed.Spans {
			assert.Contains(t, ids, id, f.Name())
		}
	}
}
