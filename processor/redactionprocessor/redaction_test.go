// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/pii"
	"github.com/llmcol/llmcol/test/harness"
)

const (
	mail = "bob@example.com"
	card = "4111 1111 1111 1111"
	key  = "AKIAIOSFODNN7EXAMPLE"
)

// attributeAfter is what becomes of one span attribute.
func attributeAfter(t *testing.T, s *scrubber, name string, value any) any {
	t.Helper()
	td, span := newSpan()
	assert.NoError(t, span.Attributes().PutEmpty(name).FromRaw(value))
	s.traces(td)
	v, present := span.Attributes().Get(name)
	if !present {
		return nil
	}
	return v.AsRaw()
}

func TestAttributes(t *testing.T) {
	s := newTestScrubber(t, "")
	for _, tt := range []struct {
		name      string
		in, want  any
		testTitle string
	}{
		{"note", "mail " + mail + "!", "mail [EMAIL]!", "text"},
		{"note", "nothing here", "nothing here", "clean text"},
		{"note", `{"a":"x\n` + mail + `"}`, `{"a":"x\n[EMAIL]"}`, "JSON, right after an escape"},
		{"note", `{"a":"my card:\n4111111111111111\nthanks"}`, `{"a":"my card:\n[CREDIT_CARD]\nthanks"}`, "card after an escape"},
		{"note", `["bob\u0040example.com"]`, `["[EMAIL]"]`, "escaped letter"},
		{"note", `{"a":"{\"b\":\"` + mail + `\"}"}`, `{"a":"{\"b\":\"[EMAIL]\"}"}`, "JSON in JSON"},
		{"note", `{'a': '` + mail + `\n'}`, `{'a': '[EMAIL]\n'}`, "not quite JSON"},
		{"note", `{"a":"cut off ` + mail, `{"a":"cut off [EMAIL]`, "JSON that was cut off"},
		{"note", `{"n":4111111111111111,"m":1234567890,"f":1.5}`, `{"n":"[CREDIT_CARD]","m":1234567890,"f":1.5}`, "number in JSON"},
		{"note", int64(4111111111111111), "[CREDIT_CARD]", "number"},
		{"note", float64(4111111111111111), "[CREDIT_CARD]", "number as double"},
		{"note", int64(4111111111111112), int64(4111111111111112), "number with a wrong check digit"},
		{"gen_ai.usage.input_tokens", int64(4111111111111111), int64(4111111111111111), "a count is never touched"},
		{"note", true, true, "bool"},
		{"note", []any{mail, int64(7), map[string]any{"k": mail}}, []any{"[EMAIL]", int64(7), map[string]any{"k": "[EMAIL]"}}, "in place"},
		{"note", []byte("to " + mail), []byte("to [EMAIL]"), "bytes that are text"},
		{"note", []byte{0xff, 0x00}, []byte{0xff, 0x00}, "bytes that are none"},
		{"db.password", "x", stubSecret, "secret name"},
		{"apiKey", int64(12), stubSecret, "secret name, number"},
		{"http.request.header.authorization", []any{"Basic x"}, stubSecret, "secret name, slice"},
		{"config", map[string]any{"password": map[string]any{"a": "b"}, "port": int64(1)}, map[string]any{"password": stubSecret, "port": int64(1)}, "secret name, nested map"},
		{"note", `{"Set-Cookie":["a"],"api_key":12,"password":null,"max_tokens":5}`, `{"Set-Cookie":"[SECRET]","api_key":"[SECRET]","password":null,"max_tokens":5}`, "secret names in JSON"},
		{"db.password", "", "", "nothing to hide"},
		{"gen_ai.input.messages", `[{"role":"user","parts":[{"type":"text","content":"I am ` + mail + `"}]}]`, `[{"role":"user","parts":[{"type":"text","content":"I am [EMAIL]"}]}]`, "messages"},
		{"host.ip", "203.0.113.42", "203.0.113.42", "infrastructure"},
		{"server.address", "203.0.113.42", "203.0.113.42", "server"},
		{"headers", []any{map[string]any{"name": "Authorization", "value": "Basic x"}, map[string]any{"name": "Accept", "value": "text"}},
			[]any{map[string]any{"name": "Authorization", "value": stubSecret}, map[string]any{"name": "Accept", "value": "text"}}, "secret name of a pair"},
		{"env", `[{"name":"DB_PASSWORD","value":"hunter2"},{"name":"PORT","value":"5432"},{"value":1,"key":"API_KEY"}]`,
			`[{"name":"DB_PASSWORD","value":"[SECRET]"},{"name":"PORT","value":"5432"},{"value":1,"key":"API_KEY"}]`, "secret names of pairs in JSON"},
		{"env", `[{"Key":"api_key","Val":{"string":"x"},"val":"y"},{"header":"cookie","inner":{"value":"z"}}]`,
			`[{"Key":"api_key","Val":"[SECRET]","val":"[SECRET]"},{"header":"cookie","inner":{"value":"z"}}]`, "pairs of one object"},
		{"env", `{"name":"DB_PASSWORD","source":{"key":"api_key","kind":"vault"},"note":"{\"name\":\"token_secret\"}","value":"hunter2"}`,
			`{"name":"DB_PASSWORD","source":{"key":"api_key","kind":"vault"},"note":"{\"name\":\"token_secret\"}","value":"[SECRET]"}`, "a pair around others"},
		{"k8s.pod.annotation", key, "[AWS_ACCESS_KEY]", "secret in infrastructure"},
		{"k8s.pod.annotation.password", "x", stubSecret, "secret name in infrastructure"},
		{"k8s.secret.name", "db", "db", "name of a secret"},
		{"client.address", "203.0.113.42", "[IP_ADDRESS]", "client"},
		{"net.peer.ip", "203.0.113.42", "[IP_ADDRESS]", "peer"},
		{"gen_ai.response.id", "chatcmpl-4111111111111111", "chatcmpl-4111111111111111", "id"},
	} {
		t.Run(tt.testTitle, func(t *testing.T) {
			assert.Equal(t, tt.want, attributeAfter(t, s, tt.name, tt.in))
		})
	}
}

func TestIdentities(t *testing.T) {
	s := newTestScrubber(t, "actions: {EMAIL: drop}")
	user := attributeAfter(t, s, "user.id", mail)
	assert.Regexp(t, `^\[USER:[0-9a-f]{16}\]$`, user)
	assert.Equal(t, user, attributeAfter(t, s, "enduser.id", mail), "the same user is the same under every name")
	assert.NotEqual(t, user, attributeAfter(t, s, "user.id", "alice@example.com"))
	assert.NotEqual(t, user, attributeAfter(t, s, "user.id", "tenant/"+mail), "the whole value counts")
	assert.Equal(t, "user-42", attributeAfter(t, s, "user.id", "user-42"), "no personal data, no pseudonym")
	assert.Regexp(t, `^\[SESSION:[0-9a-f]{16}\]$`, attributeAfter(t, s, "gen_ai.conversation.id", "chat of "+mail))
	assert.Regexp(t, `^\[USER:[0-9a-f]{16}\]$`, attributeAfter(t, s, "user.id", int64(4111111111111111)))

	inJSON := attributeAfter(t, s, "metadata", `{"user_id":"`+mail+`","thread_id":"t-1"}`)
	assert.Equal(t, `{"user_id":"`+user.(string)+`","thread_id":"t-1"}`, inJSON)
	assert.Equal(t, user, attributeAfter(t, s, "user.id", user), "second pass")
}

func TestPersonalDataInNames(t *testing.T) {
	s := newTestScrubber(t, "")
	td, span := newSpan()
	span.Attributes().PutStr("count of "+mail, "1")
	span.Attributes().PutStr("scores", `{"`+mail+`":1,"alice@example.com":2}`)
	s.traces(td)
	text := marshal(t, harness.TracesRequest(td))
	assert.NotContains(t, text, "@example.com")
	assert.Regexp(t, `"count of \[EMAIL:[0-9a-f]{16}\]"`, text)
	scores, _ := span.Attributes().Get("scores")
	var parsed map[string]int
	assert.NoError(t, json.Unmarshal([]byte(scores.Str()), &parsed))
	assert.Len(t, parsed, 2, "different names stay different")
}

// TestEveryPlace puts a secret into each string that a signal has.
func TestEveryPlace(t *testing.T) {
	td, span := newSpan()
	rs := td.ResourceSpans().At(0)
	rs.Resource().Attributes().PutStr("a", mail)
	rs.SetSchemaUrl("https://u:" + key + "@example.com/")
	scope := rs.ScopeSpans().At(0).Scope()
	scope.SetName(mail)
	scope.SetVersion(mail)
	scope.Attributes().PutStr("a", mail)
	span.SetName("call " + mail)
	span.Status().SetMessage(mail)
	span.TraceState().FromRaw("v=" + key)
	event := span.Events().AppendEmpty()
	event.SetName(mail)
	event.Attributes().PutStr("exception.message", mail)
	link := span.Links().AppendEmpty()
	link.TraceState().FromRaw("v=" + key)
	link.Attributes().PutStr("a", mail)

	ld, record := newRecord()
	record.Body().SetEmptyMap().PutStr("content", mail)
	record.SetEventName(mail)
	record.SetSeverityText(mail)
	record.Attributes().PutStr("a", mail)

	md := pmetric.NewMetrics()
	metrics := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics()
	newMetric := func() pmetric.Metric {
		m := metrics.AppendEmpty()
		m.SetDescription(mail)
		return m
	}
	fill := func(attributes pcommon.Map, exemplars pmetric.ExemplarSlice) {
		attributes.PutStr("a", mail)
		exemplars.AppendEmpty().FilteredAttributes().PutStr("a", mail)
	}
	g := newMetric().SetEmptyGauge().DataPoints().AppendEmpty()
	fill(g.Attributes(), g.Exemplars())
	sum := newMetric().SetEmptySum().DataPoints().AppendEmpty()
	fill(sum.Attributes(), sum.Exemplars())
	h := newMetric().SetEmptyHistogram().DataPoints().AppendEmpty()
	fill(h.Attributes(), h.Exemplars())
	e := newMetric().SetEmptyExponentialHistogram().DataPoints().AppendEmpty()
	fill(e.Attributes(), e.Exemplars())
	newMetric().SetEmptySummary().DataPoints().AppendEmpty().Attributes().PutStr("a", mail)

	s := newTestScrubber(t, "")
	for _, r := range []harness.Request{harness.TracesRequest(td), harness.LogsRequest(ld), harness.MetricsRequest(md)} {
		scrub(s, r)
		text := marshal(t, r)
		assert.NotContains(t, text, mail)
		assert.NotContains(t, text, key)
	}
}

// TestMessagesAreSearchedBroadly uses a form that is only believed where people write: a national phone number.
func TestMessagesAreSearchedBroadly(t *testing.T) {
	const sentence = "You can call me, my phone is 030 901820"
	s := newTestScrubber(t, "regions: [DE]")
	assert.Equal(t, "You can call me, my phone is [PHONE]", attributeAfter(t, s, "gen_ai.input.messages", sentence))
	assert.Equal(t, sentence, attributeAfter(t, s, "app.note", sentence))

	td, span := newSpan()
	event := span.Events().AppendEmpty()
	event.SetName("gen_ai.user.message")
	event.Attributes().PutStr("content", sentence)
	s.traces(td)
	assert.Equal(t, "You can call me, my phone is [PHONE]", event.Attributes().AsRaw()["content"])

	ld, record := newRecord()
	record.SetEventName("gen_ai.user.message")
	record.Body().SetEmptyMap().PutStr("content", sentence)
	s.logs(ld)
	assert.Equal(t, "You can call me, my phone is [PHONE]", record.Body().Map().AsRaw()["content"])
}

func TestAnnotation(t *testing.T) {
	s := newTestScrubber(t, "")
	td, span := newSpan()
	span.Attributes().PutStr("a", mail+" "+card)
	span.Status().SetMessage(mail)
	s.traces(td)
	assert.Equal(t, map[string]any{
		"a":                         "[EMAIL] [CREDIT_CARD]",
		"llmcol.redaction.entities": []any{"CREDIT_CARD", "EMAIL"},
		"llmcol.redaction.count":    int64(3),
	}, span.Attributes().AsRaw())

	span.Attributes().PutStr("b", key)
	s.traces(td)
	assert.Equal(t, []any{"AWS_ACCESS_KEY", "CREDIT_CARD", "EMAIL"}, span.Attributes().AsRaw()["llmcol.redaction.entities"], "a later hop adds")
	assert.Equal(t, int64(4), span.Attributes().AsRaw()["llmcol.redaction.count"])

	clean, cleanSpan := newSpan()
	cleanSpan.Attributes().PutStr("a", "clean")
	s.traces(clean)
	assert.Equal(t, 1, cleanSpan.Attributes().Len())
}

func TestActions(t *testing.T) {
	for settings, want := range map[string]any{
		"action: label":                                     "a [EMAIL]",
		"action: partial":                                   "a ****com",
		"actions: {EMAIL: pseudonym}":                       `^a \[EMAIL:[0-9a-f]{16}\]$`,
		"actions: {EMAIL: hash}":                            `^a hmac-sha256:[0-9a-f]{64}$`,
		`actions: {EMAIL: {action: fixed, text: "<mail>"}}`: "a <mail>",
		"actions: {EMAIL: drop}":                            nil,
	} {
		t.Run(settings, func(t *testing.T) {
			got := attributeAfter(t, newTestScrubber(t, settings), "note", "a "+mail)
			if pattern, ok := want.(string); ok && strings.HasPrefix(pattern, "^") {
				assert.Regexp(t, pattern, got)
				return
			}
			assert.Equal(t, want, got)
		})
	}
}

func TestDropWritesALabelWhereNoAttributeCanGo(t *testing.T) {
	s := newTestScrubber(t, "actions: {EMAIL: drop}")
	td, span := newSpan()
	span.SetName(mail)
	span.Attributes().PutEmptyMap("nested").PutStr("a", mail)
	span.Attributes().PutStr("json", `{"a":"`+mail+`"}`)
	span.Attributes().PutStr("kept", "x")
	s.traces(td)
	assert.Equal(t, "[EMAIL]", span.Name())
	for _, gone := range []string{"nested", "json"} {
		_, present := span.Attributes().Get(gone)
		assert.False(t, present, gone)
	}
	_, present := span.Attributes().Get("kept")
	assert.True(t, present)
}

func TestKeyRules(t *testing.T) {
	s := newTestScrubber(t, `
allow_keys: [app.public, "ok.*"]
drop_keys: [app.private]
hash_keys: [user.id, app.ref]
mask_keys: ["app.note*"]`)
	assert.Equal(t, mail, attributeAfter(t, s, "app.public", mail))
	assert.Equal(t, "hunter2", attributeAfter(t, s, "ok.password", "hunter2"))
	assert.Nil(t, attributeAfter(t, s, "app.private", "x"))
	assert.Equal(t, "[MASKED]", attributeAfter(t, s, "app.note.1", int64(3)))
	hashed := attributeAfter(t, s, "user.id", "user-42")
	assert.Regexp(t, `^hmac-sha256:[0-9a-f]{64}$`, hashed)
	assert.Equal(t, hashed, attributeAfter(t, s, "app.ref", "user-42"), "equal values stay equal")
	assert.Equal(t, hashed, attributeAfter(t, s, "user.id", hashed), "second pass")
	assert.Equal(t, "[MASKED]", attributeAfter(t, s, "app.note", "[MASKED]"), "second pass")
}

func TestAllowListsWorkOnTheMatch(t *testing.T) {
	s := newTestScrubber(t, `
allow: [support@ourcompany.com, "4111111111111111"]
allow_patterns: ['.*@ourcompany\.org']`)
	assert.Equal(t, "support@ourcompany.com x@ourcompany.org [EMAIL] "+card,
		attributeAfter(t, s, "note", "support@ourcompany.com x@ourcompany.org "+mail+" "+card))
}

func TestReportChangesNothing(t *testing.T) {
	s := newTestScrubber(t, `
mode: report
drop_keys: [a]
mask_keys: [b]
hash_keys: [c]
actions: {CREDIT_CARD: drop}
content: {prompts: drop, completions: hash}
max_value_bytes: 200`)
	fill := func(m pcommon.Map) {
		for _, name := range []string{"a", "b", "c", "note", "user.id", "password", "x." + mail} {
			m.PutStr(name, "to "+mail)
		}
		m.PutStr("card", card)
		m.PutInt("number", 4111111111111111)
		m.PutStr("json", `{"password":"x","`+mail+`":"`+mail+`","user_id":"`+mail+`"}`)
		m.PutStr("long", strings.Repeat("x", 201))
		m.PutStr("gen_ai.input.messages", `[{"role":"user","content":"`+mail+`"}]`)
		m.PutStr("gen_ai.operation.name", "chat")
	}
	td, span := newSpan()
	fill(span.Attributes())
	for _, half := range []string{"bob@exa", "mple.com"} {
		e := span.Events().AppendEmpty()
		e.SetName("new_token")
		e.Attributes().PutStr("token", half)
	}
	want, wantSpan := newSpan()
	span.CopyTo(wantSpan)
	for range 2 {
		s.traces(td)
		count, _ := span.Attributes().Get("llmcol.redaction.count")
		assert.EqualValues(t, 13, count.Int())
	}
	span.Attributes().Remove("llmcol.redaction.count")
	span.Attributes().Remove("llmcol.redaction.entities")
	assert.Equal(t, marshal(t, harness.TracesRequest(want)), marshal(t, harness.TracesRequest(td)))
}

func TestConsent(t *testing.T) {
	s := newTestScrubber(t, "consent: {attribute: user.consent.pii, value: true}")
	for name, tt := range map[string]struct {
		consent any
		passes  bool
	}{"as bool": {true, true}, "as text": {"true", true}, "refused": {false, false}, "absent": {nil, false}} {
		t.Run(name, func(t *testing.T) {
			td, span := newSpan()
			if tt.consent != nil {
				assert.NoError(t, span.Attributes().PutEmpty("user.consent.pii").FromRaw(tt.consent))
			}
			span.Attributes().PutStr("note", mail+" "+key)
			span.Attributes().PutStr("user.id", mail)
			span.Attributes().PutStr("password", "x")
			span.Attributes().PutStr("of "+mail+" and "+key, "x")
			span.Attributes().PutStr("json", `{"`+key+`":1}`)
			span.Events().AppendEmpty().Attributes().PutStr("m", mail)
			s.traces(td)
			text := marshal(t, harness.TracesRequest(td))
			assert.Equal(t, tt.passes, strings.Contains(text, mail))
			assert.NotContains(t, text, key, "secrets never pass")
			assert.Contains(t, text, stubSecret)
		})
	}

	td, span := newSpan()
	td.ResourceSpans().At(0).Resource().Attributes().PutBool("user.consent.pii", true)
	span.Attributes().PutStr("note", mail)
	s.traces(td)
	assert.Equal(t, mail, span.Attributes().AsRaw()["note"], "consent on the resource")

	td, span = newSpan()
	td.ResourceSpans().At(0).Resource().Attributes().PutBool("user.consent.pii", true)
	span.Attributes().PutBool("user.consent.pii", false)
	span.Attributes().PutStr("note", mail)
	s.traces(td)
	assert.Equal(t, "[EMAIL]", span.Attributes().AsRaw()["note"], "who refuses is no part of what the resource allows")

	other, otherSpan := newSpan()
	otherSpan.Attributes().PutStr("note", mail)
	s.traces(other)
	assert.Equal(t, "[EMAIL]", otherSpan.Attributes().AsRaw()["note"], "consent ends with its resource")
}

func TestItFailsClosed(t *testing.T) {
	s := newTestScrubber(t, "max_value_bytes: 100")
	assert.Equal(t, stubTooLarge, attributeAfter(t, s, "note", strings.Repeat("x", 101)))
	assert.Equal(t, strings.Repeat("x", 100), attributeAfter(t, s, "note", strings.Repeat("x", 100)))
	assert.Equal(t, int64(1), s.tally.stubs[reasonTooLarge])

	deep := pcommon.NewValueStr(mail)
	for range maxDepth + 10 {
		outer := pcommon.NewValueSlice()
		deep.MoveTo(outer.Slice().AppendEmpty())
		deep = outer
	}
	td, span := newSpan()
	deep.MoveTo(span.Attributes().PutEmpty("deep"))
	s.traces(td)
	assert.Equal(t, int64(1), s.tally.stubs[reasonTooDeep])
	assert.NotContains(t, marshal(t, harness.TracesRequest(td)), mail)

	broken := newTestScrubber(t, "")
	unusable := &keyFacts{} // trips a panic as soon as something is to be looked at
	out, changed := broken.text("anything", unusable)
	assert.True(t, changed)
	assert.Equal(t, stubPanic, out)
	assert.Equal(t, int64(1), broken.tally.stubs[reasonPanic])
}

// TestWhatTripsAPanicIsGone breaks the scrubber where only the guards around a whole map, span or record can help.
func TestWhatTripsAPanicIsGone(t *testing.T) {
	fillSpan := func(td ptrace.Traces, span ptrace.Span) {
		td.ResourceSpans().At(0).Resource().Attributes().PutStr("owner", mail)
		span.TraceState().FromRaw("v=" + mail)
		span.Attributes().PutStr("note", mail)
		for range 2 {
			e := span.Events().AppendEmpty()
			e.SetName("new_token")
			e.Attributes().PutStr("token", mail)
		}
	}
	fillRecord := func(record plog.LogRecord) {
		record.SetEventName(mail)
		record.SetSeverityText(mail)
		record.Body().SetStr(mail)
	}
	for _, report := range []bool{false, true} {
		s := newScrubber(&settings{engine: newTestScrubber(t, "").engine, report: report, maxValueBytes: 1000})
		s.keys = nil
		td, span := newSpan()
		fillSpan(td, span)
		s.traces(td)
		assert.Equal(t, report, strings.Contains(marshal(t, harness.TracesRequest(td)), mail))

		s.reader = nil
		ld, record := newRecord()
		fillRecord(record)
		s.guardedRecord(record)
		assert.Equal(t, report, strings.Contains(marshal(t, harness.LogsRequest(ld)), mail))

		md := pmetric.NewMetrics()
		md.ResourceMetrics().AppendEmpty().Resource().Attributes().PutStr("owner", mail)
		s.metrics(md)
		assert.Equal(t, report, strings.Contains(marshal(t, harness.MetricsRequest(md)), mail))
		assert.Equal(t, int64(4), s.tally.stubs[reasonPanic])
	}
}

func TestBytesThatAreNoText(t *testing.T) {
	s := newTestScrubber(t, "")
	td, span := newSpan()
	span.Attributes().PutEmptyBytes("blob").FromRaw([]byte("\xff\xfe " + mail + " \x00"))
	s.traces(td)
	blob, _ := span.Attributes().Get("blob")
	assert.Equal(t, "\xff\xfe [EMAIL] \x00", string(blob.Bytes().AsRaw()))
}

func TestFloatsInJSON(t *testing.T) {
	s := newTestScrubber(t, "")
	assert.Equal(t, `{"a":"[CREDIT_CARD]","b":4111111111111111.5,"score":0.04412345678,"ssn":"[US_SSN]","total_tokens":4111111111111111.0}`,
		attributeAfter(t, s, "row", `{"a":4111111111111111.0,"b":4111111111111111.5,"score":0.04412345678,"ssn":219099999.0,"total_tokens":4111111111111111.0}`))
}

// TestReportCountsAPieceOnce holds that what one streamed piece shows alone is not counted with the joined pieces, too.
func TestReportCountsAPieceOnce(t *testing.T) {
	s := newTestScrubber(t, "mode: report")
	td, span := newSpan()
	for _, piece := range []string{"my mobile is 9472 7916", " ok"} {
		e := span.Events().AppendEmpty()
		e.SetName("new_token")
		e.Attributes().PutStr("token", piece)
	}
	s.traces(td)
	assert.Equal(t, int64(1), span.Attributes().AsRaw()["llmcol.redaction.count"])
}

func TestLogBodies(t *testing.T) {
	s := newTestScrubber(t, "regions: [DE]")
	for name, fill := range map[string]func(plog.LogRecord){
		"text": func(r plog.LogRecord) { r.Body().SetStr("mail " + mail) },
		"JSON": func(r plog.LogRecord) { r.Body().SetStr(`{"content":"` + mail + `"}`) },
		"map":  func(r plog.LogRecord) { r.Body().SetEmptyMap().PutStr("content", mail) },
	} {
		t.Run(name, func(t *testing.T) {
			ld, record := newRecord()
			fill(record)
			s.logs(ld)
			assert.Contains(t, record.Body().AsString(), "[EMAIL]")
			assert.NotContains(t, record.Body().AsString(), mail)
			assert.Equal(t, int64(1), record.Attributes().AsRaw()["llmcol.redaction.count"])
		})
	}
}

func TestCleanSpanCostsNoAllocation(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	s := newTestScrubber(t, "")
	td, span := newSpan()
	span.SetName("chat gpt-4o")
	span.Attributes().PutStr("gen_ai.input.messages", `[{"role":"user","parts":[{"type":"text","content":"two\nlines and {\"n\":12345678}"}]}]`)
	span.Attributes().PutInt("gen_ai.usage.input_tokens", 123456789)
	span.Attributes().PutStr("note", strings.Repeat("nothing to see here. ", 50))
	s.traces(td)
	assert.Zero(t, testing.AllocsPerRun(100, func() { s.traces(td) }))
}

// TestReplacementsAreNoHits holds for every entity that what is written in a match's place is not found again.
func TestReplacementsAreNoHits(t *testing.T) {
	s := newTestScrubber(t, "")
	for _, e := range pii.Entities() {
		for _, text := range []string{"[" + e.Name + "]", "[" + e.Name + ":9f2c41ab8d03e7f1]", "key [" + e.Name + ":5967e5f19234becc], more"} {
			for _, profile := range []pii.Profile{pii.Precise, pii.Broad} {
				assert.Empty(t, s.scanner.Scan(nil, text, profile), text)
				assert.Empty(t, s.scanner.Under("note").Scan(nil, text, profile), text)
			}
		}
	}
	for _, stub := range []string{stubSecret, stubMasked, stubTooLarge, stubTooDeep, stubPanic, "[USER:9f2c41ab8d03e7f1]", "****1111"} {
		assert.Empty(t, s.scanner.Scan(nil, stub, pii.Broad), stub)
		assert.True(t, pii.IsLabel(stub) || stub == "****1111", stub)
	}
}

func TestAMapOfManyValuesTakesLinearTime(t *testing.T) {
	const many = 32_000 // 16 s if each value asked the whole map for its name
	values := strings.Repeat(`{"key":"val","value":{"stringValue":"a"}},`, many)
	td, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces([]byte(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"env","value":{"kvlistValue":{"values":[` +
		strings.TrimSuffix(values, ",") + `]}}}]}]}]}]}`))
	require.NoError(t, err)
	s := newTestScrubber(t, "")
	began := time.Now()
	s.traces(td)
	assert.Less(t, time.Since(began), 4*time.Second)
}
