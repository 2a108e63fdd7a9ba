// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// corpora lie beside the repository and are never part of it.
const corpora = "../../../shared/corpora"

func readCorpus(t testing.TB, name string, into any) {
	t.Helper()
	f, err := os.Open(filepath.Join(corpora, name))
	if os.IsNotExist(err) {
		t.Skipf("no %s in %s", name, corpora)
	}
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	require.NoError(t, json.NewDecoder(z).Decode(into))
}

func newScanner(t testing.TB, o Options) *Scanner {
	t.Helper()
	s, warnings, err := New(o)
	require.NoError(t, err)
	require.Empty(t, warnings)
	return s
}

// tally counts, per entity, gold spans, those covered, and false hits.
type tally struct{ gold, found, false int }

type scoreboard map[string]*tally

func (b scoreboard) of(name string) *tally {
	if b[name] == nil {
		b[name] = &tally{}
	}
	return b[name]
}

func (b scoreboard) String() string {
	names := make([]string, 0, len(b))
	for n := range b {
		names = append(names, n)
	}
	sort.Strings(names)
	var out strings.Builder
	fmt.Fprintf(&out, "\n%-24s %6s %6s %7s %6s\n", "entity", "gold", "found", "recall", "false")
	for _, n := range names {
		c := b[n]
		recall := "-"
		if c.gold > 0 {
			recall = fmt.Sprintf("%.1f %%", 100*float64(c.found)/float64(c.gold))
		}
		fmt.Fprintf(&out, "%-24s %6d %6d %7s %6d\n", n, c.gold, c.found, recall, c.false)
	}
	return out.String()
}

type sentence struct {
	FullText string `json:"full_text"`
	Spans    []struct {
		Type  string `json:"entity_type"`
		Start int    `json:"start_position"` // in code points
		End   int    `json:"end_position"`
	} `json:"spans"`
}

// structured are the gold types that need no model, and what we call them.
var structured = map[string]string{
	"CREDIT_CARD": "CREDIT_CARD", "IBAN_CODE": "IBAN", "US_SSN": "US_SSN", "IP_ADDRESS": "IP_ADDRESS",
	"EMAIL_ADDRESS": "EMAIL", "PHONE_NUMBER": "PHONE",
}

func covered(matches []Match, start, end int) bool {
	for _, m := range matches {
		if m.Start <= start && m.End >= end {
			return true
		}
	}
	return false
}

// TestSentences is done-when 1 of issue 5, first half.
func TestSentences(t *testing.T) {
	var sentences []sentence
	readCorpus(t, "pii-sentences.json.gz", &sentences)
	require.Len(t, sentences, 1500)
	s := newScanner(t, Options{Regions: []string{"US", "GB", "DE", "FR", "IT", "ES", "CH", "SE", "BR", "ZA", "BE", "HU"}})
	board := scoreboard{}
	for _, text := range sentences {
		scoreSentence(t, s, text, board)
	}
	t.Log(board)
	for _, name := range []string{"CREDIT_CARD", "IBAN", "US_SSN", "IP_ADDRESS", "EMAIL"} {
		assert.Equal(t, board[name].gold, board[name].found, name)
	}
	phone := board["PHONE"]
	assert.GreaterOrEqual(t, float64(phone.found), 0.85*float64(phone.gold), "phones found")
	for name, c := range board {
		assert.Zero(t, c.false, "false hits of %s", name)
	}
}

func scoreSentence(t *testing.T, s *Scanner, text sentence, board scoreboard) {
	runes := []rune(text.FullText)
	matches := s.Scan(nil, text.FullText, Broad)
	hit := make([]bool, len(matches))
	for _, span := range text.Spans {
		start := len(string(runes[:span.Start]))
		end := len(string(runes[:span.End]))
		for i, m := range matches {
			hit[i] = hit[i] || m.Start < end && start < m.End
		}
		name, ok := structured[span.Type]
		if !ok {
			continue
		}
		c := board.of(name)
		c.gold++
		if covered(matches, start, end) {
			c.found++
		} else if testing.Verbose() {
			t.Logf("missed %s %q in %q", name, text.FullText[start:end], text.FullText)
		}
	}
	for i, m := range matches {
		if !hit[i] {
			name := s.Entity(m.Entity).Name
			board.of(name).false++
			t.Logf("false %s %q in %q", name, text.FullText[m.Start:m.End], text.FullText)
		}
	}
}
