// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/llmcol/llmcol/test/harness"
)

func TestNothingIsLostWhateverTheBatching(t *testing.T) {
	c := harness.Start(t, harness.Config(t, "config/quickstart.yaml"))
	for _, f := range harness.Fixtures(t) {
		for _, way := range harness.Ways {
			t.Run(f.Name()+"/"+way.Name, func(t *testing.T) {
				requests := way.Arrange(f.Requests)
				out := harness.Replay(t, c, f, way)
				assert.Len(t, out.Spans(t, "traces", harness.SpanCount(requests)), harness.SpanCount(requests))
				assert.Len(t, out.Records(t, "logs", harness.LogRecordCount(requests)), harness.LogRecordCount(requests))
			})
		}
	}
	require.NoError(t, c.Stop())
}
