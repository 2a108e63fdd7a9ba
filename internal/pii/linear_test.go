// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestHostileTextIsLinear scans 256 KB of what would make a careless finder
// read the rest of the text at every step.
func TestHostileTextIsLinear(t *testing.T) {
	s := newScanner(t, Options{Decode: true, Regions: []string{"DE"}, Enable: []string{"PERSON"}})
	const size, limit = 1 << 18, 2 * time.Second // a quadratic finder takes minutes
	for _, unit := range []string{
		"sk-ant-", "-eyJ", "1Q~", "a@", "@a.", "password=", `password="`, "token:", "cookie: a=b;", "-----BEGIN PRIVATE KEY-----", "://a:", "bearer ", "-u a:",
		"1-", "1 ", "(1", "a1", "1.", "+1", ":a", "a:", "aa-", "a1-", "[A", "[EMAIL]", "bob@x.de ", "4111111111111111,", "\u200b", "a\u200b", "%40", `\u0040`, "&#64;",
		"AAAA", "glpat-", "GR1348941", "1:A", "M.", "key-", "xoxb-1-", "ghp_a", "my name is A ", "0x", "bc1", "DE8", "DE89 ", "1A", "9A", "\n", "é1", "卡4",
	} {
		text := strings.Repeat(unit, size/len(unit))
		start := cpuTime()
		s.scanField("content", text, Broad)
		assert.Less(t, cpuTime()-start, limit, "%q", unit)
	}
}
