// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func llmprice(args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(args, &out, &err)
	return code, out.String(), err.String()
}

func TestBreakdown(t *testing.T) {
	code, stdout, stderr := llmprice("--provider", "openai", "--model", "gpt-4o", "--input", "1200", "--output", "300", "--cache-read", "200", "--at", "2026-09-23")
	assert.Zero(t, code)
	assert.Empty(t, stderr)
	assert.Equal(t, `entry       openai/gpt-4o
table       genai-prices/0.1.8
status      priced
input       $0.0025
cache_read  $0.00025
output      $0.003
total       $0.00575
`, stdout)
}

func TestJSON(t *testing.T) {
	code, stdout, _ := llmprice("--json", "--model", "claude-sonnet-4-5", "--input", "74", "--output", "19", "--cache-read", "32", "--cache-write", "16", "--at", "2026-09-23T12:00:00Z")
	assert.Zero(t, code)
	assert.JSONEq(t, `{"status":"priced","entry":"anthropic/claude-sonnet-4-5","table":"genai-prices/0.1.8",
		"usd":{"total":0.0004326,"input":0.000078,"cache_read":0.0000096,"cache_write":0.00006,"output":0.000285}}`, stdout)
}

func TestUnknownModelHasASuggestion(t *testing.T) {
	code, stdout, stderr := llmprice("--provider", "openai", "--model", "gpt-4o-mimi", "--input", "1")
	assert.Equal(t, exitUnpriced, code)
	assert.Empty(t, stdout)
	assert.Contains(t, stderr, `the model "openai/gpt-4o-mimi" is not in the table; did you mean openai/gpt-4o-mini`)
	code, stdout, _ = llmprice("--provider", "openai", "--model", "gpt-4o-mimi", "--input", "1", "--json")
	assert.Equal(t, exitUnpriced, code)
	var answer struct {
		Status     string   `json:"status"`
		DidYouMean []string `json:"did_you_mean"`
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &answer))
	assert.Equal(t, "unknown_model", answer.Status)
	assert.Equal(t, "openai/gpt-4o-mini", answer.DidYouMean[0])
}

func TestPriceFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "prices.yaml")
	require.NoError(t, os.WriteFile(file, []byte("models: {openai/gpt-4o: {input: 1, output: 1, service_tiers: {flex: 0.5}}}"), 0o600))
	_, stdout, _ := llmprice("--prices", file, "--model", "gpt-4o", "--input", "1000000", "--tier", "flex")
	assert.Contains(t, stdout, "total   $0.5\n")
	assert.Contains(t, stdout, "table   file:prices.yaml\n")
	code, _, stderr := llmprice("--prices", "missing.yaml", "--model", "gpt-4o", "--input", "1")
	assert.Equal(t, exitUsage, code)
	assert.Equal(t, "llmprice: missing.yaml: cannot be opened: no such file or directory\n", stderr)
}

func TestOtherCounts(t *testing.T) {
	_, stdout, _ := llmprice("--provider", "groq", "--model", "whisper-large-v3", "--count", "audio_seconds=3.5", "--count", "input_audio_seconds=3.5")
	assert.Contains(t, stdout, "total   $0.00030833333333", "ten seconds are the least that is billed")
}

func TestThePriceOfADay(t *testing.T) {
	args := []string{"--provider", "aws", "--model", "global.openai.gpt-5.6-sol", "--input", "1000000", "--at"}
	_, before, _ := llmprice(append(args, "2026-08-20T23:59:59Z")...)
	_, after, _ := llmprice(append(args, "2026-08-21")...)
	assert.Contains(t, before, "total   $10\n")
	assert.Contains(t, after, "total   $8\n")
}

func TestList(t *testing.T) {
	code, stdout, _ := llmprice("--list", "openai/GPT-4o-mini", "--at", "2026-09-23")
	assert.Zero(t, code)
	assert.Regexp(t, `(?m)^openai/gpt-4o-mini +genai-prices/0\.1\.8 +input_mtok 0\.15, output_mtok 0\.6, cache_read_mtok 0\.075`, stdout)
	assert.Contains(t, stdout, "of 2026-09-23")
	_, stdout, _ = llmprice("--list", "groq/whisper-large-v3-turbo")
	assert.Contains(t, stdout, "input_audio_hours 0.04, audio_hours 0.04\n")
	_, stdout, _ = llmprice("--list", "google/gemini-2.5-pro", "--at", "2026-09-23")
	assert.Contains(t, stdout, "input_mtok 1.25, 2.5 above 200000")
	code, _, stderr := llmprice("--list", "gpt", "more")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, stderr, `unexpected argument "more"`)
	_, all, _ := llmprice("--list")
	assert.Greater(t, strings.Count(all, "\n"), 1694)
	_, asJSON, _ := llmprice("--json", "--list", "openai/gpt-4o-mini")
	assert.Contains(t, asJSON, `"key": "input_mtok"`)
}

func TestWrongCommandLines(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "--model is missing"},
		{[]string{"--model", "gpt-4o"}, "no usage is given"},
		{[]string{"--model", "gpt-4o", "--input", "-1"}, `"-1" is no count`},
		{[]string{"--model", "gpt-4o", "--input", "1", "--count", "tokens=1"}, `"tokens" is no unit`},
		{[]string{"--model", "gpt-4o", "--input", "1", "--count", "audio_seconds=x"}, `"x" is no number of seconds`},
		{[]string{"--model", "gpt-4o", "--input", "1", "--at", "noon"}, `"noon" is no time like`},
		{[]string{"--model", "gpt-4o", "--input", "1", "more"}, `unexpected argument "more"`},
		{[]string{"--colour"}, "flag provided but not defined"},
	} {
		code, _, stderr := llmprice(c.args...)
		assert.Equal(t, exitUsage, code)
		assert.Contains(t, stderr, c.want)
		assert.Equal(t, 1, strings.Count(stderr, "\n"), "one line, once: %s", stderr)
	}
	code, _, stderr := llmprice("--help")
	assert.Zero(t, code)
	assert.Contains(t, stderr, "llmprice --provider openai --model gpt-4o --input 1200 --output 300")
}
