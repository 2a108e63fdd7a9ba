// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loopprocessor

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/llmcol/llmcol/internal/loop"
	"github.com/llmcol/llmcol/processor/loopprocessor/internal/metadata"
	"github.com/llmcol/llmcol/test/harness"
)

func newTestDetector(t testing.TB, change func(*Config)) *detector {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.Key = "0123456789abcdef0123456789abcdef"
	if change != nil {
		change(cfg)
	}
	d, err := newDetector(cfg, processortest.NewNopSettings(metadata.Type))
	require.NoError(t, err)
	t.Cleanup(d.telemetry.Shutdown)
	return d
}

// annotated is one record with a verdict.
type annotated struct {
	name       string
	trace      pcommon.TraceID
	root       bool
	attributes map[string]any
}

func (a *annotated) severity() string { return a.attributes[attrSeverity].(string) }

// replay sends requests through a detector, and returns what carries a verdict in the order in which it came.
func replay(t testing.TB, d *detector, requests []harness.Request) []annotated {
	t.Helper()
	var out []annotated
	add := func(name string, trace pcommon.TraceID, root bool, attributes pcommon.Map) {
		if _, judged := attributes.Get(attrSeverity); judged {
			out = append(out, annotated{name, trace, root, attributes.AsRaw()})
		}
	}
	for _, r := range requests {
		switch r.Signal {
		case harness.Traces:
			td := ptrace.NewTraces()
			r.Traces.CopyTo(td)
			_, err := d.processTraces(context.Background(), td)
			require.NoError(t, err)
			forEachSpan(td, func(s ptrace.Span) { add(s.Name(), s.TraceID(), s.ParentSpanID().IsEmpty(), s.Attributes()) })
		case harness.Logs:
			ld := plog.NewLogs()
			r.Logs.CopyTo(ld)
			_, err := d.processLogs(context.Background(), ld)
			require.NoError(t, err)
			forEachRecord(ld, func(s plog.LogRecord) { add(s.EventName(), s.TraceID(), false, s.Attributes()) })
		}
	}
	return out
}

func forEachSpan(td ptrace.Traces, f func(ptrace.Span)) {
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, s := range ss.Spans().All() {
				f(s)
			}
		}
	}
}

func forEachRecord(ld plog.Logs, f func(plog.LogRecord)) {
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, s := range sl.LogRecords().All() {
				f(s)
			}
		}
	}
}

// TestFixturesWithALoop is done-when 1 of issue 6: each loop is found, whatever the order and the batching, with the same final verdict.
func TestFixturesWithALoop(t *testing.T) {
	for _, f := range fixtures(t) {
		if f.Label.Loop == nil {
			continue
		}
		t.Run(f.Name(), func(t *testing.T) {
			var first loop.Verdict
			for i, way := range harness.Ways {
				d := newTestDetector(t, nil)
				seen := replay(t, d, way.Arrange(f.Requests))
				loops := d.engine.Loops()
				require.Len(t, loops, 1, way.Name)
				if i == 0 {
					first = loops[0]
				}
				assert.Equal(t, first, loops[0], way.Name)
				assert.Contains(t, severities(seen), "detected", way.Name)
			}
			assert.Equal(t, loop.Detected, first.Severity)
			assert.Equal(t, f.Label.Loop.IdenticalCalls, first.Count)
			assert.Equal(t, f.Label.Loop.Period, first.Period)
			if f.Client != "claude-code" { // the label says what kind of tool it is, not what it is called
				assert.Equal(t, []string{f.Label.Loop.Tool}, first.Tools)
			}
		})
	}
}

// TestTransitions: one record for each severity that a loop reaches, in the order in which it reaches them, at the rule's call: in reverse,
// too, where it is the call that arrives as the third or the fourth.
func TestTransitions(t *testing.T) {
	for _, f := range fixtures(t) {
		if f.Label.Loop == nil {
			continue
		}
		for _, way := range harness.Ways {
			if way.Name == "every request twice" {
				continue // so does every transition
			}
			t.Run(f.Name()+"/"+way.Name, func(t *testing.T) {
				seen := transitions(replay(t, newTestDetector(t, nil), way.Arrange(f.Requests)))
				assert.Equal(t, []string{"suspected", "detected"}, severities(seen))
				for _, a := range seen {
					assert.Equal(t, map[string]int64{"suspected": 3, "detected": 4}[a.severity()], a.attributes[attrCount])
				}
			})
		}
	}
}

// TestRootsSayWhatTheirTraceDid: in forward replays the root comes last.
func TestRootsSayWhatTheirTraceDid(t *testing.T) {
	for _, f := range fixtures(t) {
		if f.Label.Loop == nil {
			continue
		}
		var roots []annotated
		for _, a := range replay(t, newTestDetector(t, nil), f.Requests) {
			if a.root {
				roots = append(roots, a)
			}
		}
		if assert.Len(t, roots, 1, f.Name()) {
			assert.Equal(t, "detected", roots[0].severity(), f.Name())
			assert.Equal(t, int64(f.Label.Loop.IdenticalCalls), roots[0].attributes[attrCount], f.Name())
			assert.NotContains(t, roots[0].attributes, attrTransition, f.Name())
		}
	}
}

// TestControls is done-when 2: what is no loop gives nothing at detected, what is one is found, in the right agent.
func TestControls(t *testing.T) {
	for _, f := range fixtures(t) {
		if f.Label.Scenarios == nil {
			continue
		}
		scenarios := scenarioOfTraces(t, f)
		for _, way := range harness.Ways {
			t.Run(f.Name()+"/"+way.Name, func(t *testing.T) {
				d := newTestDetector(t, nil)
				found := map[string]bool{}
				for _, a := range replay(t, d, way.Arrange(f.Requests)) {
					if a.severity() != "suspected" {
						found[scenarios[a.trace]] = true
					}
				}
				loops := 0
				for name, s := range f.Label.Scenarios {
					assert.Equal(t, s.Loop, found[name], "%s: %s", name, s.Why)
					if s.Loop {
						loops++
					}
				}
				detected := 0
				for _, v := range d.engine.Loops() {
					if v.Severity >= loop.Detected {
						detected++
					}
				}
				assert.Equal(t, loops, detected, "loops in the engine's state")
			})
		}
	}
}

// scenarioOfTraces tells the scenario of each trace: the word before the colon in the prompt of its agent.
func scenarioOfTraces(t *testing.T, f harness.Fixture) map[pcommon.TraceID]string {
	t.Helper()
	scenarios := map[pcommon.TraceID]string{}
	for _, r := range f.Requests {
		if r.Signal != harness.Traces {
			continue
		}
		forEachSpan(r.Traces, func(s ptrace.Span) {
			for name := range f.Label.Scenarios {
				for _, v := range s.Attributes().All() {
					// a fan-out's sub-agents are asked for RETRY
					if strings.Contains(v.AsString(), name+":") && len(name) > len(scenarios[s.TraceID()]) {
						scenarios[s.TraceID()] = name
					}
				}
			}
		})
	}
	require.Len(t, scenarios, len(f.Label.Scenarios))
	return scenarios
}

func fixtures(t *testing.T) []harness.Fixture {
	t.Helper()
	fixtures, err := harness.LoadFixtures()
	require.NoError(t, err)
	require.NotEmpty(t, fixtures)
	return fixtures
}

func transitions(seen []annotated) (only []annotated) {
	for _, a := range seen {
		if a.attributes[attrTransition] == true {
			only = append(only, a)
		}
	}
	return only
}

func severities(seen []annotated) (all []string) {
	for _, a := range seen {
		all = append(all, a.severity())
	}
	return all
}

// TestASecondTierFindsNoLoopAgain: a gateway behind a sidecar sees what the sidecar has judged and what it has left alone, such as log
// records of calls that came as spans. It adds no transition.
func TestASecondTierFindsNoLoopAgain(t *testing.T) {
	for _, f := range fixtures(t) {
		t.Run(f.Name(), func(t *testing.T) {
			sidecar, gateway := newTestDetector(t, nil), newTestDetector(t, nil)
			var once []harness.Request
			for _, r := range f.Requests {
				switch r.Signal {
				case harness.Traces:
					td := ptrace.NewTraces()
					r.Traces.CopyTo(td)
					_, err := sidecar.processTraces(t.Context(), td)
					require.NoError(t, err)
					once = append(once, harness.TracesRequest(td))
				case harness.Logs:
					ld := plog.NewLogs()
					r.Logs.CopyTo(ld)
					_, err := sidecar.processLogs(t.Context(), ld)
					require.NoError(t, err)
					once = append(once, harness.LogsRequest(ld))
				}
			}
			first := replay(t, newTestDetector(t, nil), f.Requests)
			assert.Equal(t, severities(transitions(first)), severities(transitions(replay(t, gateway, once))))
		})
	}
}
