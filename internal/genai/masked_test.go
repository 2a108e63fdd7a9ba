// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestIsMasked(t *testing.T) {
	for _, mask := range []string{"__REDACTED__", "<REDACTED>", "[REDACTED]", "REDACTED", `"[redacted]"`, "[Scrubbed due to 'session']", "***", "<truncated>", "[MASKED]"} {
		assert.True(t, IsMasked(mask), mask)
	}
	for _, text := range []string{"", "x", "{}", "[]", `""`, "hidden", "filtered", "the file was redacted", `{"a":"***"}`, "--", "[EMAIL]"} {
		assert.False(t, IsMasked(text), text)
	}
}
