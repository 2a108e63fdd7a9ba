// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/test/harness"
)

// loopPipeline is the part of the design's pipeline that finds loops.
func loopPipeline() string {
	processors := []string{"llm_normalizer", "llm_cost", "llm_loop"}
	return harness.Pipeline{Traces: processors, Logs: processors}.YAML()
}

// judged is one span or log record with a loop's verdict.
type judged struct {
	trace      pcommon.TraceID
	attributes map[string]any
}

func (j judged) severity() string { return j.attributes["llmcol.loop.severity"].(string) }
func (j judged) count() int64     { return j.attributes["llmcol.loop.count"].(int64) }

// judgedIn replays a fixture and returns what came out with a verdict.
func judgedIn(t *testing.T, c *harness.Collector, f harness.Fixture, way harness.Way) (all []judged) {
	t.Helper()
	requests := way.Arrange(f.Requests)
	out := harness.Replay(t, c, f, way)
	for _, s := range out.Spans(t, "traces", harness.SpanCount(requests)) {
		if s.Attr("llmcol.loop.severity") != nil {
			all = append(all, judged{s.TraceID(), s.Attributes().AsRaw()})
		}
	}
	for _, r := range out.Records(t, "logs", harness.LogRecordCount(requests)) {
		if r.Attr("llmcol.loop.severity") != nil {
			all = append(all, judged{r.TraceID(), r.Attributes().AsRaw()})
		}
	}
	return all
}

// TestLoopsOfRealClients replays every fixture in every way through the binary: each loop is found, and what is no loop is not.
func TestLoopsOfRealClients(t *testing.T) {
	for _, way := range harness.Ways {
		t.Run(way.Name, func(t *testing.T) {
			c := harness.Start(t, loopPipeline())
			for _, f := range harness.Fixtures(t) {
				all := judgedIn(t, c, f, way)
				if f.Label.Loop == nil {
					assertScenarios(t, f, all)
					continue
				}
				longest, worst := int64(0), map[string]bool{}
				for _, j := range all {
					longest, worst[j.severity()] = max(longest, j.count()), true
				}
				assert.Equal(t, map[string]bool{"suspected": true, "detected": true}, worst, f.Name())
				assert.Equal(t, int64(f.Label.Loop.IdenticalCalls), longest, f.Name())
			}
			require.NoError(t, c.Stop())
		})
	}
}

// assertScenarios checks a fixture of several runs: those that are loops are found, in the right trace.
func assertScenarios(t *testing.T, f harness.Fixture, all []judged) {
	t.Helper()
	names := scenarioNames(f)
	found := map[string]bool{}
	for _, j := range all {
		if j.severity() != "suspected" {
			found[names[j.trace]] = true
		}
	}
	for name, scenario := range f.Label.Scenarios {
		assert.Equal(t, scenario.Loop, found[name], "%s: %s: %s", f.Name(), name, scenario.Why)
	}
}

// scenarioNames tells the scenario of each trace: the word before the colon in the prompt of its agent. The sub-agents of a fan-out are
// asked for RETRY, so that the longest word counts.
func scenarioNames(f harness.Fixture) map[pcommon.TraceID]string {
	names := map[pcommon.TraceID]string{}
	for _, r := range f.Requests {
		if r.Signal != harness.Traces {
			continue
		}
		for _, s := range harness.SpansOf(r.Traces) {
			for _, v := range s.Attributes().All() {
				for name := range f.Label.Scenarios {
					if len(name) > len(names[s.TraceID()]) && strings.Contains(v.AsString(), name+":") {
						names[s.TraceID()] = name
					}
				}
			}
		}
	}
	return names
}

// calculatorStep is a model call and the failing call of a tool that it asks for, which ends now, in a run whose agent is still at work.
func calculatorStep(number int, now time.Time) harness.Request {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "tutor")
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	add := func(id int, name string, start, end time.Time) ptrace.Span {
		s := spans.AppendEmpty()
		s.SetName(name)
		s.SetTraceID(pcommon.TraceID{4, 7})
		s.SetParentSpanID(pcommon.SpanID{0xa})
		var spanID pcommon.SpanID
		binary.BigEndian.PutUint64(spanID[:], uint64(id))
		s.SetSpanID(spanID)
		s.SetStartTimestamp(pcommon.NewTimestampFromTime(start))
		s.SetEndTimestamp(pcommon.NewTimestampFromTime(end))
		return s
	}
	chat := add(2*number, "chat gpt-4o", now.Add(-60*time.Millisecond), now.Add(-40*time.Millisecond))
	chat.Attributes().PutStr("gen_ai.operation.name", "chat")
	chat.Attributes().PutStr("gen_ai.provider.name", "openai")
	chat.Attributes().PutStr("gen_ai.request.model", "gpt-4o")
	chat.Attributes().PutInt("gen_ai.usage.input_tokens", int64(1000+number))
	chat.Attributes().PutInt("gen_ai.usage.output_tokens", 20)
	tool := add(2*number+1, "execute_tool Calculator", now.Add(-30*time.Millisecond), now)
	tool.Attributes().PutStr("gen_ai.operation.name", "execute_tool")
	tool.Attributes().PutStr("gen_ai.tool.name", "Calculator")
	tool.Attributes().PutStr("gen_ai.tool.call.arguments", `{"expression":"2 +"}`)
	tool.Status().SetCode(ptrace.StatusCodeError)
	tool.Status().SetMessage("SyntaxError: unexpected end of expression")
	return harness.TracesRequest(td)
}

// TestWhyDidTheAgentLoop47Times is the story of design.md section 1, live at ten calls a second: the loop is told of while it runs.
func TestWhyDidTheAgentLoop47Times(t *testing.T) {
	c := harness.Start(t, harness.Config(t, "config/quickstart.yaml"))
	const interval = 100 * time.Millisecond
	began := time.Now()
	pace := time.NewTicker(interval)
	defer pace.Stop()
	wantTokens := int64(0)
	steps := map[int]string{3: "suspected", 4: "detected", 8: "critical"}
	for number := 1; number <= 47; number++ {
		require.NoError(t, c.Send(harness.Captured, calculatorStep(number, began.Add(time.Duration(number)*interval))))
		if number > 1 {
			wantTokens += int64(1000 + number + 20)
		}
		if severity, reached := steps[number]; reached {
			delete(steps, number)
			var events []harness.Record
			harness.Eventually(t, func() bool {
				events = loopEvents(c.OutboxFromStart().Records(t, "events", 0))
				return len(events) == 3-len(steps)
			}, "the event of %s while the loop runs", severity)
			last := events[len(events)-1]
			assert.Equal(t, severity, last.Attr("llmcol.loop.severity"))
			assert.Equal(t, int64(number), last.Attr("llmcol.loop.count"))
			assert.Equal(t, wantTokens, last.Attr("llmcol.loop.wasted_tokens"))
			assert.Contains(t, last.Body().Str(), fmt.Sprintf("agent loop %s (repeat_error): Calculator was called %d times", severity, number))
		}
		<-pace.C
	}
	spans := c.OutboxFromStart().Spans(t, "traces", 2*47)
	cost := 0.0
	for i, s := range spans {
		if number := i/2 + 1; s.Name() == "chat gpt-4o" && number > 1 {
			cost += s.Attr("gen_ai.usage.cost").(float64)
		}
	}
	last := spans[2*47-1]
	assert.Equal(t, "critical", last.Attr("llmcol.loop.severity"))
	assert.Equal(t, int64(47), last.Attr("llmcol.loop.count"))
	assert.Equal(t, []any{"Calculator"}, last.Attr("llmcol.loop.tools"))
	assert.Equal(t, "0000000000000003", last.Attr("llmcol.loop.first_span_id"))
	assert.Equal(t, wantTokens, last.Attr("llmcol.loop.wasted_tokens"))
	assert.InDelta(t, cost, last.Attr("llmcol.loop.wasted_cost").(float64), 1e-9)
	assert.Len(t, loopEvents(c.OutboxFromStart().Records(t, "events", 0)), 3)
	assert.Equal(t, 3.0, c.Metric(t, "otelcol_processor_llm_loop_loops", "rule", "repeat_error", "tool", "Calculator"))
	require.NoError(t, c.Stop())
}

func loopEvents(records []harness.Record) (loops []harness.Record) {
	for _, r := range records {
		if r.EventName() == "llmcol.loop" {
			loops = append(loops, r)
		}
	}
	return loops
}

// TestLoopStateOutlivesAKill: with storage a SIGKILL loses nothing that was acknowledged more than one commit interval ago.
func TestLoopStateOutlivesAKill(t *testing.T) {
	dir := t.TempDir()
	const settings = `
extensions: {file_storage: {directory: ./state, create_directory: true}}
processors: {llm_loop: {storage: file_storage, storage_interval: 100ms}}
service: {extensions: [file_storage]}
`
	start := func() *harness.Collector {
		return harness.StartWith(t, harness.Options{Configs: []string{loopPipeline(), settings}, Dir: dir})
	}
	began := time.Now()
	at := func(number int) time.Time { return began.Add(time.Duration(number) * 100 * time.Millisecond) }
	c := start()
	for number := 1; number <= 3; number++ {
		require.NoError(t, c.Send(harness.Captured, calculatorStep(number, at(number))))
	}
	sent := time.Now()
	harness.Eventually(t, func() bool {
		files, err := filepath.Glob(filepath.Join(dir, "state", "*"))
		require.NoError(t, err)
		for _, f := range files {
			if info, err := os.Stat(f); err == nil && info.ModTime().After(sent) {
				return true
			}
		}
		return false
	}, "the state is written")
	c.Kill()

	c = start()
	require.NoError(t, c.Send(harness.Captured, calculatorStep(4, at(4))))
	tool := c.OutboxFromStart().Spans(t, "traces", 2)[1] // a file exporter that starts begins its file anew
	assert.Equal(t, "detected", tool.Attr("llmcol.loop.severity"))
	assert.Equal(t, int64(4), tool.Attr("llmcol.loop.count"))
	assert.Equal(t, int64(1000*3+2+3+4+60), tool.Attr("llmcol.loop.wasted_tokens"))
	require.NoError(t, c.Stop())
}
