// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
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

// tiers are a sidecar and a gateway as they are shipped, each a process of its own.
type tiers struct {
	sidecar, gateway *harness.Collector
	out              *harness.Outbox
}

const (
	token     = "a-token-for-tests"
	sharedKey = "0123456789abcdef0123456789abcdef"
)

// startTiers shortens only what the sampler waits, so that a test need not.
func startTiers(t *testing.T) *tiers {
	cert, key := certificate(t)
	secrets := []string{"LLMCOL_TOKEN=" + token, "LLMCOL_REDACTION_KEY=" + sharedKey}
	gateway := harness.StartWith(t, harness.Options{
		Configs: []string{harness.Config(t, "config/gateway.yaml"), `processors: {llm_tail_sampling: {settle: 1s, idle: 2s}}`},
		Env:     append([]string{"LLMCOL_TLS_CERT=" + cert, "LLMCOL_TLS_KEY=" + key}, secrets...),
	})
	sidecar := harness.StartWith(t, harness.Options{
		Configs: []string{harness.Config(t, "config/sidecar.yaml")},
		Env:     append([]string{"LLMCOL_GATEWAY=https://" + gateway.HTTP, "LLMCOL_CA=" + cert}, secrets...),
	})
	return &tiers{sidecar: sidecar, gateway: gateway, out: gateway.Outbox()}
}

// send hands requests to the sidecar, each when the gateway has all those before: calls of models take seconds, so that what one sends does
// not overtake what the one before has sent, as it would in the sidecar's queues if all came at once.
func (ts *tiers) send(t *testing.T, transport harness.Transport, requests ...harness.Request) {
	for _, r := range requests {
		require.NoError(t, ts.sidecar.Send(transport, r))
		ts.awaitDelivery(t)
	}
}

func (ts *tiers) awaitDelivery(t *testing.T) {
	harness.Eventually(t, func() bool {
		count, err := ts.sidecar.Counters()
		delivered := func(items string) bool {
			return err == nil && count("otelcol_exporter_sent_"+items) >= count("otelcol_receiver_accepted_"+items)
		}
		return delivered("spans") && delivered("log_records")
	})
}

// stop ends the sidecar first, as a pod's containers end before their gateway.
func (ts *tiers) stop(t *testing.T) {
	require.NoError(t, ts.sidecar.Stop())
	require.NoError(t, ts.gateway.Stop())
}

// stored are the spans in the file of each retention class.
func (ts *tiers) stored(t *testing.T) map[string][]harness.Span {
	classes := map[string][]harness.Span{}
	for _, class := range []string{"errors", "slow", "normal"} {
		classes[class] = ts.out.Spans(t, class, 0)
	}
	return classes
}

// records are the log records in the files of all retention classes.
func (ts *tiers) records(t *testing.T) (all []harness.Record) {
	for _, class := range []string{"logs-errors", "logs-slow", "logs-normal"} {
		all = append(all, ts.out.Records(t, class, 0)...)
	}
	return all
}

func TestSidecarAndGateway(t *testing.T) {
	ts := startTiers(t)
	fixtures := harness.Fixtures(t)
	for _, f := range fixtures {
		ts.send(t, harness.Captured, f.Requests...)
	}
	ts.send(t, harness.GRPC, harness.TracesRequest(slowTrace()), harness.TracesRequest(plainTraces(100)))
	emails := callsThatDifferInAnAddress(10)
	ts.send(t, harness.GRPC, harness.TracesRequest(emails))
	ts.stop(t)

	classes := ts.stored(t)
	byID := map[string]harness.Span{}
	for class, spans := range classes {
		assert.NotEmpty(t, spans, class)
		for _, s := range spans {
			id := s.TraceID().String() + s.SpanID().String()
			assert.NotContains(t, byID, id, "stored twice")
			byID[id] = s
		}
	}
	assertClassesAreApart(t, classes)
	assertNothingLeaks(t, ts, fixtures)
	for _, f := range fixtures {
		t.Run(f.Name(), func(t *testing.T) {
			assertWholeAndPricedOnce(t, f, byID, ts.records(t))
		})
	}
	assertLoopsAreFoundOnce(t, fixtures, ts.out.Records(t, "events", 0))
	for _, s := range byID {
		if s.TraceID() == emailTrace {
			assert.Nil(t, s.Attr("llmcol.loop.severity"), "calls with other addresses and other results are no loop")
		}
	}
}

// assertClassesAreApart: a trace is in one file only, and its stamp is the file's.
func assertClassesAreApart(t *testing.T, classes map[string][]harness.Span) {
	in := map[pcommon.TraceID]string{}
	days := map[string]int64{"errors": 90, "slow": 30, "normal": 7}
	for class, spans := range classes {
		for _, s := range spans {
			if before, seen := in[s.TraceID()]; seen {
				require.Equal(t, before, class, "trace %s", s.TraceID())
			}
			in[s.TraceID()] = class
			stamp, _ := s.Resource.Get("llmcol.retention.days")
			require.Equal(t, days[class], stamp.Int(), "trace %s in %s", s.TraceID(), class)
		}
	}
	assert.Equal(t, "slow", in[slowTraceID])
}

// persons are planted names, which need a model to be found.
var persons = map[string]bool{"Jane Doe": true, "Max Mustermann": true}

// assertNothingLeaks reads every file that either tier wrote, the sidecar's queue on disk included.
func assertNothingLeaks(t *testing.T, ts *tiers, fixtures []harness.Fixture) {
	for _, dir := range []string{ts.sidecar.Dir, ts.gateway.Dir} {
		require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			for _, f := range fixtures {
				for literal := range f.Label.PIILiterals {
					if !persons[literal] && strings.Contains(string(content), literal) {
						assert.Fail(t, "leak", "a planted literal of %s (%d bytes) is in %s", f.Name(), len(literal), path)
					}
				}
			}
			return err
		}))
	}
}

// assertWholeAndPricedOnce: of a kept trace every span is there, and each of its model calls is paid for once.
func assertWholeAndPricedOnce(t *testing.T, f harness.Fixture, stored map[string]harness.Span, records []harness.Record) {
	sent := map[pcommon.TraceID][]string{}
	kept := map[pcommon.TraceID]bool{}
	for _, r := range f.Requests {
		if r.Signal != harness.Traces {
			continue
		}
		for _, s := range harness.SpansOf(r.Traces) {
			id := s.TraceID().String() + s.SpanID().String()
			sent[s.TraceID()] = append(sent[s.TraceID()], id)
			if _, is := stored[id]; is {
				kept[s.TraceID()] = true
			}
		}
	}
	require.NotEmpty(t, kept, "its errors and loops are kept for certain")
	want, got := 0.0, 0.0
	for trace := range kept {
		for _, id := range sent[trace] {
			require.Contains(t, stored, id, "trace %s is not whole", trace)
			want += f.Label.Billed.Spans[id[32:]].Cost
			got += costOn(stored[id].Attr)
		}
	}
	for _, r := range records {
		if kept[r.TraceID()] {
			got += costOn(r.Attr) // Claude Code's records come before its spans
		}
	}
	assert.InEpsilon(t, want+1, got+1, 1e-9, "cost of the kept traces") // plus one: a fixture's kept traces may hold no call
}

// costOn is the cost that a span or record carries, unless another one does.
func costOn(attribute func(string) any) float64 {
	cost, is := attribute("gen_ai.usage.cost").(float64)
	if !is || attribute("llmcol.cost.status") == "counted_elsewhere" {
		return 0
	}
	return cost
}

// assertLoopsAreFoundOnce: one detected transition for each loop of the fixtures, whichever tier saw it.
func assertLoopsAreFoundOnce(t *testing.T, fixtures []harness.Fixture, events []harness.Record) {
	want := 0
	for _, f := range fixtures {
		if f.Label.Loop != nil && f.Label.Loop.Expected {
			want++
		}
		for _, s := range f.Label.Scenarios {
			if s.Loop {
				want++
			}
		}
	}
	got := 0
	for _, e := range events {
		if e.EventName() == "llmcol.loop" && e.Attr("llmcol.loop.severity") == "detected" {
			got++
		}
	}
	assert.Equal(t, want, got)
}

var (
	slowTraceID = pcommon.TraceID{0x51, 1}
	emailTrace  = pcommon.TraceID{0x51, 2}
)

func span(td ptrace.Traces, trace pcommon.TraceID, id, parent byte, name string, from, d time.Duration) ptrace.Span {
	if td.ResourceSpans().Len() == 0 {
		rs := td.ResourceSpans().AppendEmpty()
		rs.Resource().Attributes().PutStr("service.name", "tiers")
		rs.ScopeSpans().AppendEmpty().Scope().SetName("tiers")
	}
	s := td.ResourceSpans().At(0).ScopeSpans().At(0).Spans().AppendEmpty()
	start := time.Now().Add(-time.Minute + from)
	s.SetTraceID(trace)
	s.SetSpanID(pcommon.SpanID{0x51, id})
	if parent != 0 {
		s.SetParentSpanID(pcommon.SpanID{0x51, parent})
	}
	s.SetName(name)
	s.SetStartTimestamp(pcommon.NewTimestampFromTime(start))
	s.SetEndTimestamp(pcommon.NewTimestampFromTime(start.Add(d)))
	return s
}

func slowTrace() ptrace.Traces {
	td := ptrace.NewTraces()
	span(td, slowTraceID, 1, 0, "answer", 0, 7*time.Second)
	call := span(td, slowTraceID, 2, 1, "llm_call", time.Second, 6*time.Second)
	call.Attributes().PutStr("model", "gpt-4o")
	call.Attributes().PutInt("prompt_tokens", 100)
	return td
}

func plainTraces(n int) ptrace.Traces {
	td := ptrace.NewTraces()
	for i := range n {
		s := span(td, pcommon.TraceID{0x52, byte(i), 1, 2, 3, 4, 5, 6, 7, byte(i * 37), byte(i * 91), byte(i * 53), 9, byte(i * 17), byte(i), 1}, 1, 0, "llm_call", 0, time.Second)
		s.Attributes().PutStr("model", "gpt-4o-mini")
		s.Attributes().PutInt("prompt_tokens", 10)
	}
	return td
}

func callsThatDifferInAnAddress(n int) ptrace.Traces {
	td := ptrace.NewTraces()
	span(td, emailTrace, 1, 0, "agent", 0, 30*time.Second).Attributes().PutStr("gen_ai.operation.name", "invoke_agent")
	for i := range n {
		s := span(td, emailTrace, byte(i+2), 1, "execute_tool lookup", time.Duration(i)*time.Second, time.Second/2)
		s.Attributes().PutStr("gen_ai.operation.name", "execute_tool")
		s.Attributes().PutStr("gen_ai.tool.name", "lookup")
		s.Attributes().PutStr("gen_ai.tool.call.arguments", fmt.Sprintf(`{"email":"user%d@example.com"}`, i))
		s.Attributes().PutStr("gen_ai.tool.call.result", fmt.Sprintf(`{"orders":%d}`, i))
	}
	return td
}
