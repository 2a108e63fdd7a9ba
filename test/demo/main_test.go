// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/llmcol/llmcol/test/harness"
)

func TestDemoSumsUpWhatWasBilled(t *testing.T) {
	var out strings.Builder
	require.NoError(t, demo(&out))
	clients, calls, cost := 0, 0, 0.0
	for _, f := range harness.Fixtures(t) {
		if slices.Contains(shown, f.Client) {
			clients++
			calls += f.Label.Billed.ModelCallsSeen
			cost += f.Label.Billed.Cost
			assert.Contains(t, out.String(), "\n"+f.Client+" "+f.Version+" (")
		}
	}
	assert.GreaterOrEqual(t, clients, 6)
	assert.Contains(t, out.String(), fmt.Sprintf("\n%d clients: ", clients))
	assert.Contains(t, out.String(), fmt.Sprintf(", $%.6f for %d priced calls\n", cost, calls))
	assert.Contains(t, out.String(), "\nloop detected in ")
}
