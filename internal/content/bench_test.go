// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"encoding/json"
	"strings"
	"testing"
)

// BenchmarkRewrite measures the walk alone, without what a visitor does: messages as chat clients send them, tool data
// with many small tokens, and messages that hold JSON in a string.
func BenchmarkRewrite(b *testing.B) {
	prose := strings.Repeat("a line of ordinary text, as people write it\n", 40)
	messages, _ := json.Marshal([]any{
		map[string]any{"role": "system", "content": prose}, map[string]any{"role": "user", "content": prose},
	})
	tokens, _ := json.Marshal(map[string]any{"rows": []any{1, 2.5, "a", "bc", map[string]any{"id": 12345, "ok": true, "name": "x"}}})
	small := "[" + strings.Repeat(string(tokens)+",", 60) + "0]"
	inner, _ := json.Marshal(map[string]any{"arguments": string(messages)})
	nothing := visitorFunc(func(*Token) Edit { return Edit{} })
	for name, text := range map[string]string{"messages": string(messages), "small-tokens": small, "nested": string(inner)} {
		b.Run(name, func(b *testing.B) {
			var r Rewriter
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, result := r.Rewrite(text, nothing); result != Unchanged {
					b.Fatal(result)
				}
			}
		})
	}
	b.Run("encoding/json.Valid", func(b *testing.B) {
		b.SetBytes(int64(len(messages)))
		for b.Loop() {
			if !json.Valid(messages) {
				b.Fatal("invalid")
			}
		}
	})
}
