// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package costprocessor

import (
	"maps"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/test/harness"
)

// added is what came out less what was sent.
func added(t *testing.T, i *instance, attributes map[string]any) map[string]any {
	t.Helper()
	out := i.one(t, attributes)
	for name := range (testSpan{}).with(attributes).attributes {
		if out[name] == nil {
			continue
		}
		if _, ours := attributes[name]; !ours || name != "gen_ai.usage.cost" {
			delete(out, name)
		}
	}
	return out
}

func TestPriced(t *testing.T) {
	i := start(t, asItIs)
	assert.Equal(t, map[string]any{
		"gen_ai.usage.cost": 0.00725, "llmcol.cost.input": 0.002, "llmcol.cost.cache_read": 0.00025, "llmcol.cost.output": 0.005,
		"llmcol.cost.status": "priced", "llmcol.cost.model": "openai/gpt-4o", "llmcol.cost.table": "genai-prices/0.1.8",
	}, added(t, i, map[string]any{"gen_ai.usage.cache_read.input_tokens": 200}))
	assert.Equal(t, map[string]any{
		"gen_ai.usage.cost": 0.001035, "llmcol.cost.input": 0.00012, "llmcol.cost.output": 0.00075, "llmcol.cost.cache_read": 0.00009,
		"llmcol.cost.cache_write": 0.000075, "llmcol.cost.status": "priced", "llmcol.cost.model": "anthropic/claude-sonnet-4-5",
		"llmcol.cost.table": "genai-prices/0.1.8",
	}, added(t, i, map[string]any{
		"gen_ai.provider.name": "anthropic", "gen_ai.request.model": "claude-sonnet-4-5", "gen_ai.usage.input_tokens": 360, "gen_ai.usage.output_tokens": 50,
		"gen_ai.usage.cache_read.input_tokens": 300, "gen_ai.usage.cache_write.input_tokens": 20,
	}))
}

func TestStatuses(t *testing.T) {
	i := start(t, asItIs)
	for _, c := range []struct {
		status string
		cost   any
		change map[string]any
	}{
		{"priced", 0.0075, nil},
		{"priced", 0.0, map[string]any{"gen_ai.provider.name": "openrouter", "gen_ai.request.model": "google/gemma-3-4b-it:free"}},
		{"no_usage", nil, map[string]any{"gen_ai.usage.input_tokens": nil, "gen_ai.usage.output_tokens": nil}},
		{"no_usage", nil, map[string]any{"gen_ai.request.model": "whisper-1"}},
		{"no_model", nil, map[string]any{"gen_ai.request.model": nil}},
		{"unknown_model", nil, map[string]any{"gen_ai.request.model": "gpt-99"}},
		{"unknown_provider", nil, map[string]any{"gen_ai.provider.name": "ollama", "gen_ai.request.model": "deepseek-r1:8b"}},
		{"tier_unpriced", 0.0075, map[string]any{"openai.response.service_tier": "flex"}},
		{"priced", 0.0075, map[string]any{"openai.response.service_tier": "default"}},
		{"inconsistent_usage", 0.0375, map[string]any{"gen_ai.provider.name": "perplexity", "gen_ai.request.model": "sonar-deep-research", "gen_ai.usage.input_tokens": -5, "gen_ai.usage.output_tokens": 1000, "gen_ai.usage.total_tokens": nil}},
		{"kept", 0.5, map[string]any{"gen_ai.usage.cost": 0.5}},
		{"kept", 0.5, map[string]any{"gen_ai.usage.cost": 0.5, "gen_ai.request.model": "gpt-99"}},
		{"kept", 0.25, map[string]any{"operation.cost": 0.25}},
		{"priced", 0.0075, map[string]any{"gen_ai.usage.cost": 0.0}},
		{"unknown_model", 0.0, map[string]any{"gen_ai.usage.cost": 0.0, "gen_ai.request.model": "gpt-99"}},
		{"priced", 0.0075, map[string]any{"gen_ai.usage.cost": math.Inf(1)}},
		{"priced", 0.0075, map[string]any{"gen_ai.usage.cost": math.NaN()}},
		{"priced", 0.0075, map[string]any{"gen_ai.usage.cost": -0.5}},
		{"priced", 0.0075, map[string]any{"langfuse.observation.cost_details": `{"total": -0.5}`}},
	} {
		out := i.one(t, c.change)
		assert.Equal(t, c.status, out[attrStatus], "%v", c.change)
		if c.status != "inconsistent_usage" {
			assert.Equal(t, c.cost, out["gen_ai.usage.cost"], "%v", c.change)
		} else {
			assert.Greater(t, out["gen_ai.usage.cost"], 0.0)
		}
	}
}

// TestNothingElseIsPriced: agents, tools, workflows and steps carry sums, never a cost.
func TestNothingElseIsPriced(t *testing.T) {
	i := start(t, asItIs)
	for _, operation := range []string{"invoke_agent", "execute_tool", "invoke_workflow", "create_agent", "agent_step", "plan", "retrieval"} {
		for name := range i.one(t, map[string]any{"gen_ai.operation.name": operation}) {
			assert.NotContains(t, name, "cost", operation)
		}
	}
	for _, attributes := range []map[string]any{
		{"http.request.method": "POST"},
		{"openinference.span.kind": "CHAIN", "llm.model_name": "gpt-4o", "llm.token_count.prompt": 10, "llm.token_count.completion": 5},
		{"openinference.span.kind": "AGENT", "llm.model_name": "gpt-4o", "llm.token_count.prompt": 10, "llm.token_count.completion": 5},
		{"traceloop.span.kind": "workflow", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": 10},
	} {
		s := testSpan{id: 9, trace: 99, to: 5, attributes: maps.Clone(attributes)}
		i.send(t, request(s))
		all := i.traceSink.AllTraces()
		assert.Len(t, harness.SpansOf(all[len(all)-1])[0].Attributes().AsRaw(), len(attributes), "%v", attributes)
	}
}

func TestExistingCost(t *testing.T) {
	for _, c := range []struct {
		mode   ExistingCost
		change map[string]any
		want   map[string]any
	}{
		{Keep, map[string]any{"gen_ai.usage.cost": 0.5}, map[string]any{"gen_ai.usage.cost": 0.5, attrStatus: "kept"}},
		{Overwrite, map[string]any{"gen_ai.usage.cost": 0.5}, map[string]any{
			"gen_ai.usage.cost": 0.0075, attrStatus: "priced", attrModel: "openai/gpt-4o", attrTable: "genai-prices/0.1.8", attrInput: 0.0025, attrOutput: 0.005,
		}},
		{Overwrite, map[string]any{"gen_ai.usage.cost": 0.5, "gen_ai.request.model": "gpt-99"}, map[string]any{"gen_ai.usage.cost": 0.5, attrStatus: "kept"}},
		{Compare, map[string]any{"gen_ai.usage.cost": 0.0070}, map[string]any{
			"gen_ai.usage.cost": 0.0070, attrStatus: "kept", attrDifference: 0.0005, attrModel: "openai/gpt-4o", attrTable: "genai-prices/0.1.8",
		}},
		{Compare, nil, map[string]any{
			"gen_ai.usage.cost": 0.0075, attrStatus: "priced", attrModel: "openai/gpt-4o", attrTable: "genai-prices/0.1.8", attrInput: 0.0025, attrOutput: 0.005,
		}},
	} {
		i := start(t, func(cfg *Config) { cfg.ExistingCost = c.mode })
		assert.Equal(t, c.want, added(t, i, c.change), "%s %v", c.mode, c.change)
	}
}

func TestProfiles(t *testing.T) {
	for _, name := range genai.CostProfileNames() {
		i := start(t, func(cfg *Config) { cfg.Write = []string{name} })
		want := pcommon.NewMap()
		p, _ := genai.FindCostProfile(name)
		p.Write(want, &genai.Cost{Total: 0.0075, Input: 0.0025, Output: 0.005})
		out := i.one(t, nil)
		for attribute, value := range want.AsRaw() {
			assert.Equal(t, value, out[attribute], name)
		}
		if name != "gen_ai" {
			assert.NotContains(t, out, "gen_ai.usage.cost")
		}
	}
}

// TestASecondLlmcolChangesNothing sends on what came out, as a gateway behind a sidecar gets it.
func TestASecondLlmcolChangesNothing(t *testing.T) {
	first, second := start(t, asItIs), start(t, func(cfg *Config) { cfg.ExistingCost = Overwrite })
	outer := testSpan{id: 1, parent: 9, scope: "framework", to: 50}.with(nil)
	inner := testSpan{id: 2, parent: 1, scope: "sdk", from: 5, to: 40}.with(nil)
	first.send(t, request(outer, inner, testSpan{id: 3, parent: 9, scope: "sdk", from: 60, to: 70}.with(map[string]any{"gen_ai.usage.cost": 0.5})))
	second.send(t, harness.TracesRequest(first.traceSink.AllTraces()[0]))
	for id, s := range first.spans() {
		assert.Equal(t, s.Attributes().AsRaw(), second.spans()[id].Attributes().AsRaw())
	}
	retried := start(t, func(cfg *Config) { cfg.Prices = []string{"testdata/own_model.yaml"} })
	unknown := start(t, asItIs)
	unknown.send(t, request(testSpan{id: 1, to: 5}.with(map[string]any{"gen_ai.request.model": "house"})))
	assert.Equal(t, "unknown_model", unknown.spans()["0100000000000000"].Attr(attrStatus))
	retried.send(t, harness.TracesRequest(unknown.traceSink.AllTraces()[0]))
	assert.Equal(t, "priced", retried.spans()["0100000000000000"].Attr(attrStatus), "what the first one could not price, the second one may")
}

// TestOneCallTwoSpans is the pair in one request, split either way, and in two traces (see internal/calls for all orders).
func TestOneCallTwoSpans(t *testing.T) {
	id := map[string]any{"gen_ai.response.id": "resp_1"}
	outer := testSpan{id: 1, parent: 9, scope: "framework", to: 50}.with(nil)
	inner := testSpan{id: 2, parent: 1, scope: "sdk", from: 5, to: 40}.with(id)
	elsewhere := testSpan{id: 2, trace: 2, scope: "sdk", from: 5, to: 60}.with(id)
	const on1, on2 = "0100000000000000", "0200000000000000"
	for name, c := range map[string]struct {
		requests []harness.Request
		carrier  string
	}{
		"one request":  {[]harness.Request{request(outer, inner)}, on2},
		"child first":  {[]harness.Request{request(inner), request(outer)}, on2},
		"parent first": {[]harness.Request{request(outer), request(inner)}, on1},
		"two traces":   {[]harness.Request{request(outer.with(id)), request(elsewhere)}, on1},
	} {
		i := start(t, asItIs)
		i.send(t, c.requests...)
		for id, s := range i.spans() {
			if id == c.carrier {
				assert.Equal(t, "priced", s.Attr(attrStatus), name)
				assert.Equal(t, 0.0075, s.Attr("gen_ai.usage.cost"), name)
			} else {
				assert.Equal(t, "counted_elsewhere", s.Attr(attrStatus), name)
				assert.Nil(t, s.Attr("gen_ai.usage.cost"), name)
			}
		}
	}
}

// TestAClientsCostIsNotCountedTwice: the outer span states its cost, but the inner one came first.
func TestAClientsCostIsNotCountedTwice(t *testing.T) {
	i := start(t, asItIs)
	outer := testSpan{id: 1, parent: 9, scope: "gateway", to: 50}.with(map[string]any{"gen_ai.usage.cost": 0.5})
	inner := testSpan{id: 2, parent: 1, scope: "sdk", from: 5, to: 40}
	i.send(t, request(inner), request(outer))
	s := i.spans()["0100000000000000"]
	assert.Equal(t, "counted_elsewhere", s.Attr(attrStatus))
	assert.Nil(t, s.Attr("gen_ai.usage.cost"))
	assert.Equal(t, 0.5, s.Attr("llmcol.original.gen_ai.usage.cost"))
	together := start(t, asItIs)
	together.send(t, request(inner, outer))
	assert.Equal(t, "kept", together.spans()["0100000000000000"].Attr(attrStatus), "in one request the stated cost counts")
	assert.Equal(t, "counted_elsewhere", together.spans()["0200000000000000"].Attr(attrStatus))
}

func TestTwoCallsThatLookAlike(t *testing.T) {
	i := start(t, asItIs)
	a := testSpan{id: 1, parent: 9, scope: "sdk", to: 50}.with(map[string]any{"gen_ai.response.id": "a"})
	b := testSpan{id: 2, parent: 9, scope: "sdk", to: 50}.with(map[string]any{"gen_ai.response.id": "b"})
	i.send(t, request(a, b))
	for _, s := range i.spans() {
		assert.Equal(t, "priced", s.Attr(attrStatus))
	}
}

// TestAnUnknownModelDoesNotHideAKnownOne: the SDK only knows the name of a deployment.
func TestAnUnknownModelDoesNotHideAKnownOne(t *testing.T) {
	i := start(t, asItIs)
	inner := testSpan{id: 2, parent: 1, scope: "sdk", from: 5, to: 40}.with(map[string]any{"gen_ai.request.model": "prod-chat", "gen_ai.provider.name": "azure.ai.openai"})
	i.send(t, request(inner, testSpan{id: 1, parent: 9, scope: "framework", to: 50}))
	assert.Equal(t, "unknown_model", i.spans()["0200000000000000"].Attr(attrStatus))
	assert.Equal(t, "priced", i.spans()["0100000000000000"].Attr(attrStatus))
}

// testRecord makes one request of one log record.
func testRecord(scope, name string, spanID byte, attributes map[string]any) harness.Request {
	ld := plog.NewLogs()
	sl := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
	sl.Scope().SetName(scope)
	record := sl.LogRecords().AppendEmpty()
	record.SetTimestamp(at(50))
	record.SetEventName(name)
	record.SetSpanID([8]byte{spanID})
	if err := record.Attributes().FromRaw(attributes); err != nil {
		panic(err)
	}
	return harness.LogsRequest(ld)
}

func TestLogRecords(t *testing.T) {
	details := (testSpan{}).with(map[string]any{"gen_ai.response.id": "resp_1"}).attributes
	codex := map[string]any{
		"event.name": "codex.sse_event", "event.kind": "response.completed", "model": "gpt-5", "conversation.id": "c",
		"input_token_count": 1000, "output_token_count": 500, "cached_token_count": 200, "reasoning_token_count": 10, "tool_token_count": 1500,
	}
	for _, c := range []struct {
		name    string
		request harness.Request
		status  any
		cost    any
	}{
		{"details without a span", testRecord("x", "gen_ai.client.inference.operation.details", 0, details), "priced", 0.0075},
		{"details of a span", testRecord("x", "gen_ai.client.inference.operation.details", 7, details), nil, nil},
		{"codex", testRecord("codex_otel", "", 0, codex), "priced", 0.006025}, // 800 * 1.25 + 200 * 0.125 + 500 * 10
		{"codex, another event", testRecord("codex_otel", "", 0, map[string]any{"event.name": "codex.sse_event", "event.kind": "response.created", "model": "gpt-5"}), nil, nil},
		{"a message", testRecord("x", "gen_ai.user.message", 0, map[string]any{"gen_ai.system": "openai"}), nil, nil},
		{"anything", testRecord("x", "", 0, map[string]any{"http.request.method": "GET"}), nil, nil},
	} {
		i := start(t, asItIs)
		i.send(t, c.request)
		record := i.records()[0]
		assert.Equal(t, c.status, record.Attr(attrStatus), c.name)
		assert.Equal(t, c.cost, record.Attr("gen_ai.usage.cost"), c.name)
	}
}

func TestTheRecordThatCameFirstCarriesTheCost(t *testing.T) {
	gemini := map[string]any{
		"event.name": "gemini_cli.api_response", "session.id": "s", "model": "gemini-2.5-flash",
		"input_token_count": 1000, "output_token_count": 400, "thoughts_token_count": 100, "total_token_count": 1500,
	}
	record := testRecord("gemini-cli", "", 0, gemini)
	span := testSpan{id: 1, scope: "gemini-cli", to: 50}.with(map[string]any{
		"gen_ai.provider.name": "gcp.gemini", "gen_ai.request.model": "gemini-2.5-flash", "gen_ai.conversation.id": "s",
	})
	i := start(t, asItIs)
	i.send(t, record, request(span), record)
	require.Len(t, i.records(), 2)
	for _, r := range i.records() {
		assert.Equal(t, "priced", r.Attr(attrStatus))
		assert.InDelta(t, 0.00155, r.Attr("gen_ai.usage.cost"), 1e-15) // 1000 * 0.30 + 500 * 2.50
	}
	assert.Equal(t, "counted_elsewhere", i.spans()["0100000000000000"].Attr(attrStatus))

	i = start(t, asItIs)
	i.send(t, request(span), record)
	assert.Equal(t, "counted_elsewhere", i.records()[0].Attr(attrStatus))
	assert.Equal(t, "priced", i.spans()["0100000000000000"].Attr(attrStatus))
}

// TestTheRecordKnowsWhatTheSpanDoesNot: the table does not have the model yet, the client states the cost in its log record only.
func TestTheRecordKnowsWhatTheSpanDoesNot(t *testing.T) {
	span := testSpan{id: 1, scope: "com.anthropic.claude_code.tracing", to: 50}.with(map[string]any{
		"gen_ai.provider.name": "anthropic", "gen_ai.request.model": "claude-next", "session.id": "s",
	})
	record := testRecord("com.anthropic.claude_code.events", "claude_code.api_request", 9, map[string]any{
		"event.name": "api_request", "session.id": "s", "model": "claude-next", "input_tokens": 1000, "output_tokens": 500, "cost_usd": 0.02,
	})
	i := start(t, asItIs)
	i.send(t, request(span), record)
	assert.Equal(t, "unknown_model", i.spans()["0100000000000000"].Attr(attrStatus))
	assert.Equal(t, "kept", i.records()[0].Attr(attrStatus))
	assert.Equal(t, 0.02, i.records()[0].Attr("gen_ai.usage.cost"))
}

// TestWhatClientsLeaveOut are the faults of research/cost.md 2.3 that come from how clients count.
func TestWhatClientsLeaveOut(t *testing.T) {
	for name, c := range map[string]struct {
		scope      string
		attributes map[string]any
		cost       float64
	}{
		"Gemini's thoughts are recovered from the total": {"opentelemetry.instrumentation.google_generativeai", map[string]any{
			"gen_ai.provider.name": "gcp.gen_ai", "gen_ai.request.model": "gemini-2.5-flash", "gen_ai.usage.input_tokens": 1000,
			"gen_ai.usage.output_tokens": 100, "gen_ai.usage.total_tokens": 1500,
		}, 0.00155}, // 1000 * 0.30 + (100 + 400) * 2.50
		"reasoning under OpenLLMetry's name is not billed twice": {"opentelemetry.instrumentation.openai.v1", map[string]any{
			"gen_ai.usage.reasoning_tokens": 400,
		}, 0.0075},
		"the cache of Anthropic in JavaScript is added": {"@traceloop/instrumentation-anthropic", map[string]any{
			"gen_ai.provider.name": "anthropic", "gen_ai.request.model": "claude-sonnet-4-5", "gen_ai.usage.input_tokens": 104,
			"gen_ai.usage.output_tokens": 19, "gen_ai.usage.cache_read_input_tokens": 32, "gen_ai.usage.cache_creation_input_tokens": 16,
			"gen_ai.usage.total_tokens": 123,
		}, 0.0006666}, // 104 * 3 + 32 * 0.30 + 16 * 3.75 + 19 * 15
		"the cost of OpenInference counts": {"openinference.instrumentation.litellm", map[string]any{"llm.cost.total": 0.25}, 0.25},
		"an embedding with only a total": {"ai", map[string]any{
			"gen_ai.operation.name": "embeddings", "gen_ai.request.model": "text-embedding-3-small", "gen_ai.usage.input_tokens": nil,
			"gen_ai.usage.output_tokens": nil, "gen_ai.usage.total_tokens": 54,
		}, 0.00000108},
	} {
		i := start(t, asItIs)
		i.send(t, request(testSpan{id: 1, scope: c.scope, to: 50}.with(c.attributes)))
		s := i.spans()["0100000000000000"]
		if cost, ok := s.Attr("gen_ai.usage.cost").(float64); assert.True(t, ok, "%s: %v", name, s.Attributes().AsRaw()) {
			assert.InDelta(t, c.cost, cost, 1e-15, "%s: %v", name, s.Attributes().AsRaw())
		}
	}
}

// TestRunningTotals: in a loop of tool calls each call of Spring AI 1 reports the usage of all calls so far, Spring AI 2 its own.
func TestRunningTotals(t *testing.T) {
	turn := func(id byte, from int, version, input, output, reason string) testSpan {
		return testSpan{id: id, parent: 9, scope: "org.springframework.boot", version: version, from: from, to: from + 10}.with(map[string]any{
			"gen_ai.usage.input_tokens": input, "gen_ai.usage.output_tokens": output, "gen_ai.response.finish_reasons": `["` + reason + `"]`,
			"gen_ai.provider.name": nil, "gen_ai.system": "openai",
		})
	}
	first, second := turn(1, 0, "3.5.7", "1000", "100", "TOOL_CALLS"), turn(2, 20, "3.5.7", "2500", "300", "STOP")
	for name, requests := range map[string][]harness.Request{
		"one request": {request(first, second)}, "reversed": {request(second, first)}, "twice": {request(first), request(second), request(first, second)},
	} {
		i := start(t, asItIs)
		i.send(t, requests...)
		sum := 0.0
		for _, s := range i.spans() {
			if cost, ok := s.Attr("gen_ai.usage.cost").(float64); ok {
				sum += cost
			}
		}
		assert.InDelta(t, 0.00925, sum, 1e-15, name) // 2500 * 2.50 + 300 * 10
	}
	i := start(t, asItIs)
	i.send(t, request(turn(1, 0, "4.0.0", "1000", "100", "TOOL_CALLS"), turn(2, 20, "4.0.0", "2500", "300", "STOP")))
	assert.InDelta(t, 0.00925, i.spans()["0200000000000000"].Attr("gen_ai.usage.cost"), 1e-15)
	assert.InDelta(t, 0.0035, i.spans()["0100000000000000"].Attr("gen_ai.usage.cost"), 1e-15)
}

func TestAPoisonedSpanPasses(t *testing.T) {
	w := &worker{}
	w.next()
	w.guard(func() {
		w.next()
		panic("poison")
	})
	assert.Len(t, w.calls, 1)
	assert.EqualValues(t, 1, w.tally.failed)
}

func TestOddTelemetryPasses(t *testing.T) {
	i := start(t, asItIs)
	for name, value := range map[string]any{
		"gen_ai.request.model": string(make([]byte, 1<<20)), "gen_ai.usage.input_tokens": "many", "gen_ai.provider.name": []any{1},
		"gen_ai.usage.output_tokens": int64(1) << 62, "gen_ai.response.id": map[string]any{"a": 1}, attrStatus: int64(7),
	} {
		assert.NotEmpty(t, i.one(t, map[string]any{name: value})[attrStatus], name)
	}
	i.send(t, harness.TracesRequest(ptrace.NewTraces()), harness.LogsRequest(plog.NewLogs()))
}
