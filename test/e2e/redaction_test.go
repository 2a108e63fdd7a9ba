// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/test/harness"
)

var redaction = harness.Pipeline{
	Traces: []string{"llm_redaction"}, Logs: []string{"llm_redaction"}, Metrics: []string{"llm_redaction"},
}

const (
	redactionKey = "0123456789abcdef0123456789abcdef"
	plantedMail  = "bob@example.com"
	plantedCard  = "5555 5555 5555 4444"
	plantedKey   = "AKIAIOSFODNN7EXAMPLE"
)

// redactedSpan sends one span with the attributes through a collector with the settings of llm_redaction, and returns
// what came out.
func redactedSpan(t *testing.T, settings string, attributes map[string]any) harness.Span {
	t.Helper()
	c := harness.Start(t, redaction.YAML(), "processors:\n  llm_redaction:\n    key: "+redactionKey+"\n"+indent(settings))
	out := c.Outbox()
	td := ptrace.NewTraces()
	span := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	span.SetName("chat")
	require.NoError(t, span.Attributes().FromRaw(attributes))
	require.NoError(t, c.Send(harness.GRPC, harness.TracesRequest(td)))
	spans := out.Spans(t, "traces", 1)
	require.Len(t, spans, 1)
	require.NoError(t, c.Stop())
	return spans[0]
}

func indent(settings string) string {
	return "    " + strings.ReplaceAll(strings.TrimSpace(settings), "\n", "\n    ") + "\n"
}

func TestRedactionActions(t *testing.T) {
	for settings, want := range map[string]string{
		"action: label":                                       `^to \[EMAIL\]$`,
		"actions: {EMAIL: pseudonym}":                         `^to \[EMAIL:[0-9a-f]{16}\]$`,
		"actions: {EMAIL: partial}":                           `^to \*\*\*\*com$`,
		"actions: {EMAIL: hash}":                              `^to hmac-sha256:[0-9a-f]{64}$`,
		`actions: {EMAIL: {action: fixed, text: "(a mail)"}}`: `^to \(a mail\)$`,
		"actions: {EMAIL: drop}":                              `^<nil>$`,
	} {
		t.Run(settings, func(t *testing.T) {
			span := redactedSpan(t, settings, map[string]any{"note": "to " + plantedMail, "kept": "x"})
			assert.Regexp(t, want, fmt.Sprint(span.Attr("note")))
			assert.Equal(t, "x", span.Attr("kept"))
			assert.Equal(t, []any{"EMAIL"}, span.Attr("llmcol.redaction.entities"))
			assert.Equal(t, int64(1), span.Attr("llmcol.redaction.count"))
		})
	}
}

func TestRedactionAttributeRulesAndPatterns(t *testing.T) {
	span := redactedSpan(t, `
allow_keys: [app.public]
drop_keys: [app.private]
hash_keys: [user.id]
mask_keys: ["app.note.*"]
allow: [support@ourcompany.com]
custom: [{name: EMPLOYEE_ID, regex: 'EMP-[0-9]{6}'}]`, map[string]any{
		"app.public": plantedMail, "app.private": "x", "user.id": "user-42", "app.note.1": int64(7),
		"note": "EMP-123456 wrote to support@ourcompany.com and " + plantedMail, "session.id": plantedMail, "password": "hunter2",
		"host.ip": "203.0.113.42", "client.address": "203.0.113.42", "order": int64(1234567890),
	})
	assert.Equal(t, plantedMail, span.Attr("app.public"))
	assert.Nil(t, span.Attr("app.private"))
	assert.Regexp(t, `^hmac-sha256:[0-9a-f]{64}$`, span.Attr("user.id"))
	assert.Equal(t, "[MASKED]", span.Attr("app.note.1"))
	assert.Equal(t, "[EMPLOYEE_ID] wrote to support@ourcompany.com and [EMAIL]", span.Attr("note"))
	assert.Regexp(t, `^\[SESSION:[0-9a-f]{16}\]$`, span.Attr("session.id"))
	assert.Equal(t, "[SECRET]", span.Attr("password"))
	assert.Equal(t, "203.0.113.42", span.Attr("host.ip"))
	assert.Equal(t, "[IP_ADDRESS]", span.Attr("client.address"))
	assert.Equal(t, int64(1234567890), span.Attr("order"))
}

func TestRedactionConsent(t *testing.T) {
	for _, agreed := range []bool{true, false} {
		t.Run(fmt.Sprint(agreed), func(t *testing.T) {
			span := redactedSpan(t, "consent: {attribute: user.consent.pii, value: true}", map[string]any{
				"user.consent.pii": agreed, "note": plantedMail + " " + plantedKey, "api_key": "x",
			})
			want := "[EMAIL] [AWS_ACCESS_KEY]"
			if agreed {
				want = plantedMail + " [AWS_ACCESS_KEY]"
			}
			assert.Equal(t, want, span.Attr("note"))
			assert.Equal(t, "[SECRET]", span.Attr("api_key"), "secrets never pass")
		})
	}
}

func TestRedactionReport(t *testing.T) {
	c := harness.Start(t, redaction.YAML(), "processors: {llm_redaction: {mode: report}}")
	out := c.Outbox()
	td := ptrace.NewTraces()
	span := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	span.Attributes().PutStr("note", plantedMail+" "+plantedCard)
	require.NoError(t, c.Send(harness.HTTPJSON, harness.TracesRequest(td)))
	got := out.Spans(t, "traces", 1)[0]
	assert.Equal(t, plantedMail+" "+plantedCard, got.Attr("note"))
	assert.Equal(t, []any{"CREDIT_CARD", "EMAIL"}, got.Attr("llmcol.redaction.entities"))
	assert.Equal(t, 1.0, c.Metric(t, "otelcol_processor_llm_redaction_matches", "entity", "EMAIL", "action", "report", "signal", "traces"))
	require.NoError(t, c.Stop())
}

func TestRedactionContent(t *testing.T) {
	messages := `[{"role":"user","content":"a question about zebras"},{"role":"assistant","content":"an answer about walruses","tool_calls":` +
		`[{"id":"c1","function":{"name":"find","arguments":"{\"q\":\"otters\"}"}}]},{"role":"tool","content":"a result about herons"}]`
	for setting, word := range map[string]string{
		"prompts": "zebras", "completions": "walruses", "tool_arguments": "otters", "tool_results": "herons", "documents": "badgers",
	} {
		for _, mode := range []string{"drop", "hash"} {
			t.Run(setting+"/"+mode, func(t *testing.T) {
				span := redactedSpan(t, "content: {"+setting+": "+mode+"}", map[string]any{
					"gen_ai.operation.name": "chat", "gen_ai.input.messages": messages, "input.value": `{"messages":` + messages + `}`,
					"retrieval.documents.0.document.content": "a page about badgers", "app.copy": "he asked: a question about zebras",
				})
				text := fmt.Sprint(span.Attributes().AsRaw())
				for _, other := range []string{"zebras", "walruses", "otters", "herons", "badgers"} {
					assert.Equal(t, other != word, strings.Contains(text, other), other)
				}
				assert.True(t, json.Valid([]byte(span.Attr("gen_ai.input.messages").(string))))
				assert.Equal(t, mode == "hash", strings.Contains(text, "hmac-sha256:"))
			})
		}
	}
}

func TestRedactionOfLogsAndMetrics(t *testing.T) {
	c := harness.Start(t, redaction.YAML())
	out := c.Outbox()
	ld := plog.NewLogs()
	record := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.Body().SetEmptyMap().PutStr("content", "mail "+plantedMail)
	md := pmetric.NewMetrics()
	metric := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	metric.SetName("calls")
	point := metric.SetEmptySum().DataPoints().AppendEmpty()
	point.Attributes().PutStr("who", plantedMail)
	point.Exemplars().AppendEmpty().FilteredAttributes().PutStr("card", plantedCard)
	require.NoError(t, c.Send(harness.GRPC, harness.LogsRequest(ld), harness.MetricsRequest(md)))

	got := out.Records(t, "logs", 1)[0]
	assert.Equal(t, map[string]any{"content": "mail [EMAIL]"}, got.Body().AsRaw())
	assert.Equal(t, int64(1), got.Attr("llmcol.redaction.count"))
	gotPoint := out.Metrics(t, "metrics", 1)[0].Sum().DataPoints().At(0)
	assert.Equal(t, map[string]any{"who": "[EMAIL]"}, gotPoint.Attributes().AsRaw())
	assert.Equal(t, map[string]any{"card": "[CREDIT_CARD]"}, gotPoint.Exemplars().At(0).FilteredAttributes().AsRaw())
	require.NoError(t, c.Stop())
}

// TestRedactionOfFixtures replays real clients in all ways: nothing that was planted survives, and JSON stays JSON.
func TestRedactionOfFixtures(t *testing.T) {
	c := harness.Start(t, redaction.YAML())
	for _, f := range harness.Fixtures(t) {
		for _, way := range harness.Ways {
			t.Run(f.Name()+"/"+way.Name, func(t *testing.T) {
				requests := way.Arrange(f.Requests)
				out := harness.Replay(t, c, f, way)
				text := &strings.Builder{}
				for _, span := range out.Spans(t, "traces", harness.SpanCount(requests)) {
					fmt.Fprintln(text, span.Name(), span.Status().Message(), span.Resource.AsRaw(), span.Attributes().AsRaw())
					for _, e := range span.Events().All() {
						fmt.Fprintln(text, e.Name(), e.Attributes().AsRaw())
					}
					jsonStaysJSON(t, span.Attributes())
				}
				for _, record := range out.Records(t, "logs", harness.LogRecordCount(requests)) {
					fmt.Fprintln(text, record.Body().AsString(), record.Resource.AsRaw(), record.Attributes().AsRaw())
				}
				for literal := range f.Label.PIILiterals {
					if literal != "Jane Doe" && literal != "Max Mustermann" { // names of persons need a model
						assert.NotContains(t, text.String(), literal)
					}
				}
			})
		}
	}
	require.NoError(t, c.Stop())
}

// jsonStaysJSON holds that the attributes of which the conventions say that they are JSON still are.
func jsonStaysJSON(t *testing.T, attributes pcommon.Map) {
	t.Helper()
	for _, key := range []string{"gen_ai.input.messages", "gen_ai.output.messages", "ai.prompt.messages", "mlflow.spanInputs"} {
		if v, ok := attributes.Get(key); ok && v.Type() == pcommon.ValueTypeStr && v.Str() != "" {
			assert.True(t, json.Valid([]byte(v.Str())), "%s: %s", key, v.Str())
		}
	}
}

func TestRedactionConfigurationErrorsNameTheSetting(t *testing.T) {
	for settings, want := range map[string]string{
		"{key: short}":                      "key: 5 bytes",
		"{actions: {EMAIL: pseudonym}}":     "actions::EMAIL: pseudonym needs a key",
		"{actions: {NO_SUCH: label}}":       `unknown entity "NO_SUCH"`,
		"{mode: shred}":                     `mode: "shred"`,
		"{content: {prompts: burn}}":        `content::prompts: "burn"`,
		"{consent: {attribute: a}}":         "consent::value: missing",
		"{drop_keys: [a], allow_keys: [a]}": `allow_keys: "a" is in drop_keys`,
		"{custom: [{name: A, regex: '('}]}": "custom",
		"{max_value_bytes: -1}":             "max_value_bytes: -1",
		"{maximum_value_bytes: 1}":          "maximum_value_bytes",
	} {
		t.Run(settings, func(t *testing.T) {
			err := harness.Validate([]string{redaction.YAML(), "processors: {llm_redaction: " + settings + "}"})
			assert.ErrorContains(t, err, want)
		})
	}
}
