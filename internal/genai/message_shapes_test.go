// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shape is one form in which a client writes messages, and what they are in the form of the conventions.
type shape struct {
	name     string
	role     Role
	in       string
	want     string
	lossless bool
}

func checkShapes(t *testing.T, shapes []shape) {
	t.Helper()
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			msgs, lossless := DecodeMessages(nil, s.in, s.role)
			got := AppendMessages(nil, msgs)
			require.True(t, json.Valid(got), "%s", got)
			assert.Equal(t, s.want, string(got))
			assert.Equal(t, s.lossless, lossless, "lossless")
			checkSettled(t, msgs)
		})
	}
}

// checkSettled asserts that messages in the form of the conventions are read back as they are and written as they were.
func checkSettled(t *testing.T, msgs []Message) {
	t.Helper()
	written := AppendMessages(nil, msgs)
	again, _ := DecodeMessages(nil, string(written), RoleInputMessages)
	assert.Equal(t, string(written), string(AppendMessages(nil, again)), "written again")
	if len(msgs) > 0 {
		assert.Equal(t, msgs, again, "read again")
	}
}
