// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"

	"github.com/tidwall/gjson"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// usageInPrint reads the usage in an answer that a client has printed: OpenInference's attributes for smolagents and Haystack hold the
// provider's response so, and have the cache and the reasoning nowhere else.
func (v *View) usageInPrint() (gjson.Result, bool) {
	if v.has(fieldCacheRead) || v.has(fieldCacheWrite) {
		return gjson.Result{}, false
	}
	for i := range v.contents {
		c := &v.contents[i]
		if c.Role != RoleRawOutput || c.Layout != LayoutText || c.Value.Type() != pcommon.ValueTypeStr {
			continue
		}
		text := c.Value.Str()
		if !strings.Contains(text, "cache") {
			continue
		}
		if counts := printedCounts(printedUsage(text)); counts.IsObject() {
			return counts, true
		}
	}
	return gjson.Result{}, false
}

// usageMarks stand before a usage object that Python has printed, as a member of another object or of a dict.
var usageMarks = [...]string{"usage=", "'usage': "}

// printedUsage is the last usage object that is printed in text, from its class or its bracket to the bracket that closes it.
func printedUsage(text string) string {
	start := -1
	for _, mark := range usageMarks {
		if at := strings.LastIndex(text, mark); at >= 0 {
			start = max(start, at+len(mark))
		}
	}
	if start < 0 {
		return ""
	}
	text = text[start:min(len(text), start+longestPrinted)]
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '(', '{':
			depth++
		case ')', '}':
			if depth--; depth <= 0 {
				return text[:i+1]
			}
		}
	}
	return ""
}
