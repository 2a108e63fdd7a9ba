// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/test/harness"
)

// names of persons need a language model and are out of scope.
var personNames = map[string]bool{"Jane Doe": true, "Max Mustermann": true}

// TestFixtures replays what real clients sent: nothing that was planted survives, escaped or not; JSON stays JSON;
// other numbers stay; a second pass changes nothing.
func TestFixtures(t *testing.T) {
	for _, f := range harness.Fixtures(t) {
		for _, way := range harness.Ways {
			t.Run(f.Name()+"/"+way.Name, func(t *testing.T) {
				s := newTestScrubber(t, "")
				for _, request := range way.Arrange(f.Requests) {
					before, after := copyOf(request), copyOf(request)
					scrub(s, after)
					compareLeaves(t, before, after)
					text := marshal(t, after)
					for literal := range f.Label.PIILiterals {
						if !personNames[literal] {
							assertAbsent(t, text, literal)
						}
					}
					again := copyOf(after)
					scrub(s, again)
					assert.Equal(t, text, marshal(t, again), "second pass")
				}
			})
		}
	}
}

func scrub(s *scrubber, r harness.Request) {
	switch r.Signal {
	case harness.Traces:
		s.traces(r.Traces)
	case harness.Logs:
		s.logs(r.Logs)
	case harness.Metrics:
		s.metrics(r.Metrics)
	}
}

// assertAbsent looks for a literal as it stands and in the ways in which JSON and JSON in JSON may write it.
func assertAbsent(t *testing.T, text, literal string) {
	t.Helper()
	for _, written := range []string{literal, strings.ReplaceAll(literal, "@", `\u0040`), strings.ReplaceAll(literal, "+", `\u002b`)} {
		for range 3 {
			if i := strings.Index(text, written); i >= 0 {
				t.Errorf("%q survives in …%s…", literal, text[max(0, i-80):min(len(text), i+80)])
				return
			}
			written = strings.ReplaceAll(written, `\`, `\\`)
		}
	}
}

// compareLeaves walks both requests side by side.
func compareLeaves(t *testing.T, before, after harness.Request) {
	t.Helper()
	old, new := leavesOf(before), leavesOf(after)
	require.Equal(t, len(old), len(new), "number of attribute maps and bodies")
	for i := range old {
		compareValue(t, "", old[i], new[i])
	}
}

func compareValue(t *testing.T, path string, old, new pcommon.Value) {
	t.Helper()
	switch old.Type() {
	case pcommon.ValueTypeMap:
		if new.Type() == pcommon.ValueTypeStr {
			assert.Equal(t, stubSecret, new.Str(), path)
			return
		}
		for k, v := range old.Map().All() {
			changed, present := new.Map().Get(k)
			if assert.True(t, present, "%s.%s is gone", path, k) {
				compareValue(t, path+"."+k, v, changed)
			}
		}
	case pcommon.ValueTypeSlice:
		require.Equal(t, old.Slice().Len(), new.Slice().Len(), path)
		for i := range old.Slice().Len() {
			compareValue(t, path, old.Slice().At(i), new.Slice().At(i))
		}
	case pcommon.ValueTypeStr:
		if json.Valid([]byte(old.Str())) {
			assert.True(t, json.Valid([]byte(new.Str())), "%s was JSON and is no more: %s", path, new.Str())
			compareNumbers(t, path, old.Str(), new.Str())
		}
	default:
		if new.Type() != pcommon.ValueTypeStr { // a number that is a hit
			assert.Equal(t, old.AsRaw(), new.AsRaw(), path)
		}
	}
}

// compareNumbers holds that every number of a JSON text is what it was, or a label.
func compareNumbers(t *testing.T, path, old, new string) {
	t.Helper()
	var a, b any
	decode := func(text string, into *any) {
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		require.NoError(t, d.Decode(into), path)
	}
	decode(old, &a)
	decode(new, &b)
	compareAny(t, path, a, b)
}

func compareAny(t *testing.T, path string, a, b any) {
	t.Helper()
	if _, label := b.(string); label {
		return
	}
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		require.True(t, ok, path)
		require.Equal(t, len(a), len(b), path)
		for k := range a {
			compareAny(t, path+"."+k, a[k], b[k])
		}
	case []any:
		b, ok := b.([]any)
		require.True(t, ok, path)
		require.Equal(t, len(a), len(b), path)
		for i := range a {
			compareAny(t, path, a[i], b[i])
		}
	default:
		assert.Equal(t, a, b, path)
	}
}
