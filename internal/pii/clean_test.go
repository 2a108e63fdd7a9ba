// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lenient are the entities that clean text may hold by chance or by right:
// addresses, dates, phone numbers. The others must not be hit.
var lenient = wordSetOf("EMAIL", "IP_ADDRESS", "MAC_ADDRESS", "PHONE", "COORDINATES", "UK_POSTCODE", "DATE_OF_BIRTH", "ETH_ADDRESS")

// trueInTests are the secrets that Go's own tests hold: private keys,
// scheme://user:password@ and values assigned to names of secrets.
var trueInTests = wordSetOf("PRIVATE_KEY", "URL_CREDENTIALS", "PASSWORD", "API_KEY", "AUTH_TOKEN")

// countHits scans text with both profiles and counts the strict hits.
func countHits(t testing.TB, s *Scanner, where, text string, board scoreboard) {
	for _, p := range []Profile{Precise, Broad} {
		for _, m := range s.Scan(nil, text, p) {
			name := s.Entity(m.Entity).Name
			board.of(name).false++
			if trueInTests[name] && (strings.HasSuffix(where, "_test.go") || name == "URL_CREDENTIALS") {
				board.of(name+" in tests").found++
				board.of(name).false--
			} else if !lenient[name] {
				t.Logf("%s: %s %.60q in %.100q", where, name, text[m.Start:m.End], text[max(0, m.Start-40):min(len(text), m.End+20)])
			}
		}
	}
}

func assertClean(t *testing.T, board scoreboard) {
	t.Log(board)
	for name, c := range board {
		if !lenient[name] {
			assert.Zero(t, c.false, name)
		}
	}
}

// TestCleanAgentLogs is done-when 2 of issue 5.
func TestCleanAgentLogs(t *testing.T) {
	var conversations [][]struct{ Role, Content string }
	readCorpus(t, "agent-logs-clean.json.gz", &conversations)
	s := newScanner(t, Options{})
	board := scoreboard{}
	for i, c := range conversations {
		for _, m := range c {
			countHits(t, s, fmt.Sprint("conversation ", i), m.Content, board)
		}
	}
	assertClean(t, board)
}

func TestCleanGoSource(t *testing.T) {
	if testing.Short() {
		t.Skip("reads Go's whole source tree")
	}
	s := newScanner(t, Options{})
	board := scoreboard{}
	files := 0
	_ = filepath.WalkDir(goSource(t), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil
		}
		files++
		countHits(t, s, path, string(text), board)
		return nil
	})
	require.Greater(t, files, 1000, "there is a source tree to read")
	assertClean(t, board)
}

func TestCleanTelemetry(t *testing.T) {
	s := newScanner(t, Options{})
	board := scoreboard{}
	rng := rand.New(rand.NewPCG(1, 2))
	for size := 0; size < 10<<20; {
		line := telemetryLine(rng)
		size += len(line)
		countHits(t, s, "telemetry", line, board)
	}
	t.Log(board)
	for name, c := range board {
		assert.Zero(t, c.false, name)
	}
}

// telemetryLine is one record of ids, hashes, stamps and counts.
func telemetryLine(rng *rand.Rand) string {
	h := func(n int) string {
		const hex = "0123456789abcdef"
		b := make([]byte, n)
		for i := range b {
			b[i] = hex[rng.IntN(16)]
		}
		return string(b)
	}
	alnum := func(n int) string {
		const set = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		b := make([]byte, n)
		for i := range b {
			b[i] = set[rng.IntN(len(set))]
		}
		return string(b)
	}
	ulid := func() string {
		const set = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
		b := []byte("01J")
		for len(b) < 26 {
			b = append(b, set[rng.IntN(32)])
		}
		return string(b)
	}
	uuid := func() string { return h(8) + "-" + h(4) + "-4" + h(3) + "-a" + h(3) + "-" + h(12) }
	stamp := 1_700_000_000_000_000_000 + rng.Int64N(1e17)
	return fmt.Sprintf(`{"trace_id":"%s","span_id":"%s","session.id":"%s","request_id":"%s","start_time_unix_nano":"%d","end":%d,"ms":%d,"us":%d,"s":%d,"tool_call_id":"call_%s","gen_ai.response.id":"chatcmpl-%s","msg":"msg_01%s","sha1":"%s","sha256":"%s","md5":"%s","version":"%d.%d.%d","input_tokens":%d,"cost":0.%d,"score":0.%d%d,"time":"2026-11-25T0%d:%d:%d.%dZ","upper":"%s","run_id":"run-%s","offset":%d,"ulid":"%s","model":"gpt-4o-2024-08-06","thread":"thread_%s","resp":"resp_%s"}`,
		h(32), h(16), uuid(), uuid(), stamp, stamp+12345678, stamp/1e6, stamp/1e3, stamp/1e9, alnum(24), alnum(29), alnum(22), h(40), h(64), h(32),
		rng.IntN(20), rng.IntN(40), rng.IntN(99), rng.IntN(100000), rng.IntN(1e6), rng.Int64N(1e9), rng.Int64N(1e8), rng.IntN(10), 10+rng.IntN(50), 10+rng.IntN(50), rng.Int64N(1e9), strings.ToUpper(uuid()), uuid(), rng.Int64N(1e9), ulid(), alnum(24), h(48))
}
