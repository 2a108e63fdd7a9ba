// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loopprocessor

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"

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
	attributes map[string]any
}

func (a *annotated) severity() string { return a.attributes[attrSeverity].(string) }

// replay sends requests through a detector, and returns what carries a verdict in the order in which it came.
func replay(t testing.TB, d *detector, requests []harness.Request) []annotated {
	t.Helper()
	var out []annotated
	add := func(name string, trace pcommon.TraceID, attributes pcommon.Map) {
		if isJudged(attributes) {
			out = append(out, annotated{name, trace, attributes.AsRaw()})
		}
	}
	for _, r := range requests {
		switch r.Signal {
		case harness.Traces:
			td := ptrace.NewTraces()
			r.Traces.CopyTo(td)
			_, err := d.processTraces(context.Background(), td)
			require.NoError(t, err)
			forEachSpan(td, func(s ptrace.Span) { add(s.Name(), s.TraceID(), s.Attributes()) })
		case harness.Logs:
			ld := plog.NewLogs()
			r.Logs.CopyTo(ld)
			_, err := d.processLogs(context.Background(), ld)
			require.NoError(t, err)
			forEachRecord(ld, func(s plog.LogRecord) { add(s.EventName(), s.TraceID(), s.Attributes()) })
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

// final is the engine's state as sorted text, one line a run with a loop.
func final(d *detector) []string {
	var lines []string
	for _, v := range d.engine.Loops() {
		lines = append(lines, fmt.Sprintf("%s %s period %d count %d first %x %v wasted %d %.9f", v.Severity, v.Rule, v.Period, v.Count, v.First, v.Tools, v.WastedTokens, v.WastedCost))
	}
	sort.Strings(lines)
	return lines
}

func TestDump(t *testing.T) {
	fixtures, err := harness.LoadFixtures()
	require.NoError(t, err)
	for _, f := range fixtures {
		for _, way := range harness.Ways {
			d := newTestDetector(t, nil)
			seen := replay(t, d, way.Arrange(f.Requests))
			fmt.Println("==", f.Name(), way.Name)
			for _, l := range final(d) {
				fmt.Println("   ", l)
			}
			var b strings.Builder
			for _, a := range seen {
				if a.attributes[attrTransition] == true {
					fmt.Fprintf(&b, " [%s %s %v %s %v]", a.trace.String()[:6], a.name, a.severity(), a.attributes[attrRule], a.attributes[attrCount])
				}
			}
			fmt.Println("    ", b.String())
		}
	}
	assert.NotNil(t, fixtures)
}
