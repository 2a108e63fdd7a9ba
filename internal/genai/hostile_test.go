// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// deep is nested as deeply as some ten kilobytes allow: a parser that goes down by recursion leaves the stack, which nothing recovers.
var deep = map[string]string{
	"lists":               strings.Repeat("[", 1<<15),
	"lists that end":      strings.Repeat("[", 1<<15) + strings.Repeat("]", 1<<15),
	"maps":                strings.Repeat(`{"a":`, 1<<15),
	"lists behind a name": `{"output":` + strings.Repeat("[", 1<<15) + strings.Repeat("]", 1<<15) + "}",
}

func TestDeepTextUnderEveryKey(t *testing.T) {
	defer debug.SetMaxStack(debug.SetMaxStack(1 << 20))
	for name, text := range deep {
		t.Run(name, func(t *testing.T) {
			for _, key := range fuzzKeys {
				for _, operation := range [...]string{"chat", "execute_tool", "retrieval"} {
					it := telemetry{isSpan: true, span: ptrace.NewSpan()}
					it.span.Attributes().PutStr("gen_ai.operation.name", operation)
					it.span.Attributes().PutStr(key, text)
					n := fuzzNormalizer("", false)
					it.normalize(n)
					asked(it.view(n.Reader))
					again := it.normalize(n)
					assert.Equal(t, Change{Operation: again.Operation}, again, key)
				}
			}
		})
	}
}
