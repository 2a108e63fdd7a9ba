// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/content"
	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/test/harness"
)

// TestFixtures replays what real clients sent, with budgets that they are over: what is gone is marked and hashed; JSON stays
// JSON; ids, roles and names of tools stay; a second pass changes nothing; a request that comes again comes out the same.
func TestFixtures(t *testing.T) {
	for name, settings := range map[string]string{
		"small":        "max_attribute_bytes: 400",
		"messages":     "max_message_bytes: 200\ntool_results: {mode: hash, max_bytes: 150}\ntool_arguments: {mode: drop, max_bytes: 99}",
		"spans":        "max_span_bytes: 4096",
		"deduplicated": "max_attribute_bytes: 2000\ndeduplicate: true",
	} {
		for _, f := range harness.Fixtures(t) {
			for _, way := range waysOfReplay() {
				t.Run(name+"/"+f.Name()+"/"+way.Name, func(t *testing.T) {
					w := workerOf(t, settings)
					seen := map[string]part{}
					for _, r := range way.Arrange(f.Requests) {
						before, after := parts(own(r)), own(r)
						pass(w, after)
						for i, got := range parts(after) {
							requireMarked(t, before[i], got)
							if before[i].id != "" {
								if earlier, again := seen[before[i].id]; again {
									requireSame(t, earlier, got, "sent again")
								}
								seen[before[i].id] = got
							}
						}
						once := parts(after)
						pass(w, after)
						for i, twice := range parts(after) {
							requireSame(t, once[i], twice, "second pass")
						}
					}
					assert.Zero(t, w.tally.failures)
				})
			}
		}
	}
}

// waysOfReplay are all of them; under the race detector, which has one goroutine to look at here, that which repeats.
func waysOfReplay() []harness.Way {
	if raceDetector {
		return harness.Ways[len(harness.Ways)-1:]
	}
	return harness.Ways
}

func own(r harness.Request) harness.Request {
	if r.Signal == harness.Traces {
		td := ptrace.NewTraces()
		r.Traces.CopyTo(td)
		return harness.TracesRequest(td)
	}
	ld := plog.NewLogs()
	if r.Signal == harness.Logs {
		r.Logs.CopyTo(ld)
	}
	return harness.LogsRequest(ld)
}

func pass(w *worker, r harness.Request) {
	if r.Signal == harness.Traces {
		w.traces(r.Traces)
	} else {
		w.logs(r.Logs)
	}
}

// part is a span, record, resource or scope: every value of it by the key under which a cut is noted.
type part struct {
	id    string
	texts map[string]string
	marks map[string]string // hash by key
}

func parts(r harness.Request) (all []part) {
	add := func(id string, attributes pcommon.Map) part {
		p := part{id, map[string]string{}, map[string]string{}}
		p.put("", attributes)
		keys, hashes := stringsOf(attributes, keysAttribute), stringsOf(attributes, hashesAttribute)
		for i := range keys {
			p.marks[keys[i]] = hashes[i]
		}
		all = append(all, p)
		return p
	}
	if r.Signal == harness.Traces {
		for _, rs := range r.Traces.ResourceSpans().All() {
			add("", rs.Resource().Attributes())
			for _, ss := range rs.ScopeSpans().All() {
				for _, s := range ss.Spans().All() {
					p := add(s.SpanID().String(), s.Attributes())
					p.texts["name"], p.texts["status.message"] = s.Name(), s.Status().Message()
					for i, e := range s.Events().All() {
						p.put(fmt.Sprintf("events.%d.", i), e.Attributes())
					}
				}
			}
		}
		return all
	}
	for _, rl := range r.Logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, rec := range sl.LogRecords().All() {
				p := add("", rec.Attributes())
				p.texts["body"], p.texts["event_name"] = rec.Body().AsString(), rec.EventName()
			}
		}
	}
	return all
}

func (p part) put(prefix string, attributes pcommon.Map) {
	for key, v := range attributes.All() {
		if !strings.HasPrefix(key, attributePrefix) {
			p.texts[prefix+key] = v.AsString()
		}
	}
}

// requireSame names what differs, not the whole of both.
func requireSame(t *testing.T, want, got part, how string) {
	t.Helper()
	require.Len(t, got.texts, len(want.texts), how)
	for key, text := range want.texts {
		require.Equal(t, text, got.texts[key], "%s: %s", how, key)
	}
	require.Equal(t, want.marks, got.marks, how)
}

func requireMarked(t *testing.T, before, after part) {
	t.Helper()
	families := map[string][]string{}
	for key, old := range before.texts {
		got, kept := after.texts[key]
		if kept && got == old {
			continue
		}
		if after.marks[joinedKey] != "" && !kept {
			continue
		}
		if family, _, _, ok := genai.FlattenedMessage(key); ok && after.marks[key] == "" {
			families[strings.TrimSuffix(family, ".")] = append(families[strings.TrimSuffix(family, ".")], key+"\x00"+old)
			continue
		}
		require.Equal(t, sha(old), after.marks[key], "hash of %s, which was changed", key)
		if kept {
			requireSameStructure(t, key, old, got)
		}
	}
	for family, parts := range families {
		require.NotEmpty(t, after.marks[family], "%s: %d attributes", family, len(parts))
	}
	for key, got := range after.texts {
		if _, was := before.texts[key]; !was {
			require.Contains(t, got, content.ReferenceHead, key)
		}
	}
}

// requireSameStructure holds that JSON stays JSON, in which no role, id or name is that was not there, and all of them are
// unless messages were dropped.
func requireSameStructure(t *testing.T, key, old, got string) {
	t.Helper()
	if !json.Valid([]byte(old)) || !content.LooksLikeJSON(old) {
		require.True(t, strings.Contains(got, "…[cut ") || strings.Contains(got, content.ReferenceHead), key)
		return
	}
	require.True(t, json.Valid([]byte(got)), "%s: %s", key, got)
	require.Equal(t, old[0], got[0], key)
	was, is := map[string]int{}, map[string]int{}
	labels(was, old)
	labels(is, got)
	whole := !strings.Contains(got, "messages, ") && !strings.Contains(got, "message, ") && !strings.Contains(got, content.CutName) &&
		!strings.Contains(got, content.ReferenceHead) && !strings.Contains(got, content.ReferenceName) && !strings.Contains(got, "B]…")
	for label, n := range is {
		require.LessOrEqual(t, n, was[label]+1, "%s: %s, in %s", key, label, got) // one marker of dropped messages has a role, too
		require.Positive(t, was[label], "%s: %s, in %s", key, label, got)
	}
	if whole {
		require.Equal(t, was, is, key)
	}
}

// labels counts the roles, ids and names in a JSON text.
func labels(counts map[string]int, text string) {
	var v any
	if json.Unmarshal([]byte(text), &v) == nil {
		countLabels(counts, v)
	}
}

func countLabels(counts map[string]int, v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			countLabels(counts, e)
		}
	case object:
		for name, member := range v {
			if s, ok := member.(string); ok && (name == "role" || name == "id" || name == "tool_call_id" || name == "toolCallId" || name == "toolName") {
				counts[name+"="+s]++
			}
			countLabels(counts, member)
		}
	}
}
