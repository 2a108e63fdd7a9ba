// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/test/harness"
)

// prompt stands for what a user typed: no log line and no metric of the collector may repeat it.
const prompt = "my mother's maiden name is Featherstonehaugh"

// odd are attribute values and sets that are legal on the wire and that no client should send. They are
// put on spans that look like model calls, so that every component has its own reason to look at them.
var odd = map[string]func(pcommon.Map){
	"empty value": func(m pcommon.Map) { m.PutEmpty("gen_ai.input.messages") },
	"nested maps 1,000 deep": func(m pcommon.Map) {
		inner := m.PutEmptyMap("gen_ai.input.messages")
		for range 1000 {
			inner = inner.PutEmptyMap("content")
		}
		inner.PutStr("content", prompt)
	},
	"nested lists 1,000 deep": func(m pcommon.Map) {
		inner := m.PutEmptySlice("gen_ai.output.messages")
		for range 1000 {
			inner = inner.AppendEmpty().SetEmptySlice()
		}
		inner.AppendEmpty().SetStr(prompt)
	},
	"JSON text nested 1,000 deep": func(m pcommon.Map) {
		m.PutStr("gen_ai.input.messages", strings.Repeat("[", 1000)+`"`+prompt+`"`+strings.Repeat("]", 1000))
	},
	"JSON text cut short": func(m pcommon.Map) {
		m.PutStr("gen_ai.input.messages", `[{"role":"user","content":"`+prompt)
	},
	"10 MB attribute": func(m pcommon.Map) {
		m.PutStr("gen_ai.input.messages", strings.Repeat(prompt+"\n", 10<<20/len(prompt)))
	},
	"10,000 attributes": func(m pcommon.Map) {
		for i := range 10_000 {
			m.PutStr(fmt.Sprintf("llm.input_messages.%d.message.content", i), prompt)
		}
	},
	"invalid UTF-8": func(m pcommon.Map) {
		m.PutStr("gen_ai.input.messages", prompt+"\xff\xfe\xc3\x28")
		m.PutStr("gen_ai.request.model", "gpt-\xff4o")
	},
	"wrong types": func(m pcommon.Map) {
		m.PutStr("gen_ai.usage.input_tokens", "many")
		m.PutBool("gen_ai.usage.output_tokens", true)
		m.PutDouble("gen_ai.request.model", 4.1)
		m.PutEmptyMap("gen_ai.operation.name").PutStr("is", prompt)
		m.PutEmptyBytes("gen_ai.tool.name").FromRaw([]byte(prompt))
	},
	"absurd numbers": func(m pcommon.Map) {
		m.PutInt("gen_ai.usage.input_tokens", -1<<63)
		m.PutInt("gen_ai.usage.output_tokens", 1<<63-1)
		m.PutDouble("gen_ai.request.temperature", math.Inf(1))
	},
}

func TestOddValuesPassAndNothingCrashes(t *testing.T) {
	c := harness.Start(t, harness.Config(t, "config/quickstart.yaml"))
	for name, put := range odd {
		t.Run(name, func(t *testing.T) {
			td, ld := oddTraces(put), oddLogs(put)
			for _, transport := range []harness.Transport{harness.GRPC, harness.HTTPProtobuf, harness.HTTPJSON} {
				out := c.Outbox()
				require.NoError(t, c.Send(transport, harness.TracesRequest(td), harness.LogsRequest(ld)), transport)
				assert.Equal(t, "chat", out.Spans(t, "traces", 1)[0].Name(), transport)
				assert.Len(t, out.Records(t, "logs", 1), 1, transport)
			}
		})
	}
	require.NoError(t, c.Stop())
	assert.NotContains(t, c.Logs(), "Featherstonehaugh")
	assert.NotContains(t, c.Logs(), "panic")
}

func oddTraces(put func(pcommon.Map)) ptrace.Traces {
	td := spans(1, "chat")
	span := td.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
	span.Attributes().PutStr("gen_ai.operation.name", "chat")
	put(span.Attributes())
	put(span.Events().AppendEmpty().Attributes())
	put(td.ResourceSpans().At(0).Resource().Attributes())
	return td
}

func oddLogs(put func(pcommon.Map)) plog.Logs {
	ld := plog.NewLogs()
	record := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.SetEventName("gen_ai.client.inference.operation.details")
	put(record.Attributes())
	put(record.Body().SetEmptyMap())
	return ld
}

const (
	protobuf = "application/x-protobuf"
	jsonType = "application/json"
)

func TestMalformedRequestsAreRefused(t *testing.T) {
	whole, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(oddTraces(odd["wrong types"]))
	require.NoError(t, err)
	span := func(fields string) string {
		return `{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"` + prompt + `",` + fields + `}]}]}]}`
	}
	tests := []struct {
		name, contentType, body string
		want                    int
	}{
		{"protobuf cut short", protobuf, string(whole[:len(whole)/2]), http.StatusBadRequest},
		{"protobuf that is none", protobuf, prompt, http.StatusBadRequest},
		{"a length beyond the end", protobuf, "\x0a\xff\xff\xff\xff\x0f", http.StatusBadRequest},
		{"JSON cut short", jsonType, span(`"kind":1`)[:80], http.StatusBadRequest},
		{"a string for a list", jsonType, `{"resourceSpans":"` + prompt + `"}`, http.StatusBadRequest},
		{"a number for an id", jsonType, span(`"traceId":5`), http.StatusBadRequest},
		{"an id that is not hex", jsonType, span(`"traceId":"` + strings.Repeat("z", 32) + `"`), http.StatusBadRequest},
		{"an id that is too short", jsonType, span(`"spanId":"01"`), http.StatusBadRequest},
		{"a word for a time", jsonType, span(`"startTimeUnixNano":"` + prompt + `"`), http.StatusBadRequest},
		{"a map for attributes", jsonType, span(`"attributes":{"a":"` + prompt + `"}`), http.StatusBadRequest},
		{"a word for an int", jsonType, span(`"attributes":[{"key":"a","value":{"intValue":"` + prompt + `"}}]`), http.StatusBadRequest},
		{"an unknown content type", "text/plain", prompt, http.StatusUnsupportedMediaType},
		{"a body of 40 MB", protobuf, strings.Repeat("\x00", 40<<20), http.StatusBadRequest},
	}
	c := harness.Start(t, harness.Config(t, "config/quickstart.yaml"))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, signal := range []harness.Signal{harness.Traces, harness.Logs, harness.Metrics} {
				body := strings.ReplaceAll(tt.body, "resourceSpans", map[harness.Signal]string{
					harness.Traces: "resourceSpans", harness.Logs: "resourceLogs", harness.Metrics: "resourceMetrics",
				}[signal])
				status, _, err := c.Post(signal, tt.contentType, []byte(body))
				require.NoError(t, err, signal)
				if signal == harness.Traces {
					assert.Equal(t, tt.want, status)
				}
				assert.Less(t, status, 500, signal)
			}
		})
	}
	out := c.Outbox()
	require.NoError(t, c.Send(harness.HTTPProtobuf, harness.TracesRequest(spans(1, "sound"))))
	assert.Len(t, out.Spans(t, "traces", 1), 1, "a sound request passes after all that")
	require.NoError(t, c.Stop())
	assert.NotContains(t, c.Logs(), "Featherstonehaugh")
	assert.NotContains(t, c.Logs(), "panic")
}
