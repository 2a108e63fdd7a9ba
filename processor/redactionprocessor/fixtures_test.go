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
					comparison{t, f.Label.PIILiterals}.requests(before, after)
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

// comparison holds what came out against what went in: only what holds something planted may differ.
type comparison struct {
	*testing.T
	planted map[string]int
}

func (c comparison) requests(before, after harness.Request) {
	c.Helper()
	old, new := leavesOf(before), leavesOf(after)
	require.Equal(c, len(old), len(new), "number of attribute maps and bodies")
	for i := range old {
		c.values("", old[i], new[i])
	}
}

func (c comparison) values(path string, old, new pcommon.Value) {
	c.Helper()
	switch old.Type() {
	case pcommon.ValueTypeMap:
		for k, v := range old.Map().All() {
			changed, present := new.Map().Get(k)
			if assert.True(c, present, "%s.%s is gone", path, k) {
				c.values(path+"."+k, v, changed)
			}
		}
	case pcommon.ValueTypeSlice:
		require.Equal(c, old.Slice().Len(), new.Slice().Len(), path)
		for i := range old.Slice().Len() {
			c.values(path, old.Slice().At(i), new.Slice().At(i))
		}
	case pcommon.ValueTypeStr:
		c.texts(path, old.Str(), new.Str())
	default:
		assert.Equal(c, old.AsRaw(), new.AsRaw(), path)
	}
}

// texts compares two strings, and what is in them if the old one is JSON.
func (c comparison) texts(path, old, new string) {
	c.Helper()
	if !json.Valid([]byte(old)) {
		if !c.holdsPlanted(old) {
			assert.Equal(c, old, new, path)
		}
		return
	}
	require.True(c, json.Valid([]byte(new)), "%s was JSON and is no more: %s", path, new)
	c.parsed(path, parse(c.T, old), parse(c.T, new))
}

func (c comparison) holdsPlanted(text string) bool {
	for literal := range c.planted {
		if strings.Contains(text, literal) {
			return true
		}
	}
	return false
}

func parse(t *testing.T, text string) (v any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	require.NoError(t, d.Decode(&v))
	return v
}

func (c comparison) parsed(path string, old, new any) {
	c.Helper()
	switch old := old.(type) {
	case map[string]any:
		changed, ok := new.(map[string]any)
		require.True(c, ok, path)
		require.Equal(c, len(old), len(changed), path)
		for k := range old {
			c.parsed(path+"."+k, old[k], changed[k])
		}
	case []any:
		changed, ok := new.([]any)
		require.True(c, ok, path)
		require.Equal(c, len(old), len(changed), path)
		for i := range old {
			c.parsed(path, old[i], changed[i])
		}
	case string:
		changed, ok := new.(string)
		require.True(c, ok, path)
		c.texts(path, old, changed)
	default:
		assert.Equal(c, old, new, path)
	}
}
