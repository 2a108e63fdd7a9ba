// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestIsMasked(t *testing.T) {
	for _, mask := range []string{"__REDACTED__", "<REDACTED>", "[REDACTED]", "REDACTED", `"[redacted]"`, "[Scrubbed due to 'session']", "***", "<truncated>", "[MASKED]", "<openai.Stream object at 0x7f2ca8d12510>",
		"<generator object Stream.__iter__ at 0x7f2ca8d12510>"} {
		assert.True(t, IsMasked(mask), mask)
	}
	for _, text := range []string{"", "x", "{}", "[]", `""`, "hidden", "filtered", "the file was redacted", `{"a":"***"}`, "--", "[EMAIL]", "<b>at 0x7f</b>", "<a>look at 0x10</a>"} {
		assert.False(t, IsMasked(text), text)
	}
}
