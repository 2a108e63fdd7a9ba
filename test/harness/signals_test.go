// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package harness

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCaught(t *testing.T) {
	status := "Name:\tllmcol\nSigIgn:\t0000000000000002\nSigCgt:\tfffffffd7fc1fefd\nCapInh:\t0000000000000000\n"
	assert.False(t, caught(status, syscall.SIGINT))
	assert.True(t, caught(status, syscall.SIGHUP))
	assert.True(t, caught(status, syscall.SIGTERM))
	assert.False(t, caught("Name:\tllmcol\n", syscall.SIGTERM))
}
