// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strconv"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// conversation is a chat of some turns with prompts of ordinary length, in OpenAI's form.
func conversation(turns int) string {
	var b strings.Builder
	b.WriteString(`[{"role":"system","content":"You are a support assistant for Example Shop. Use the tools to look up orders."}`)
	for range turns {
		b.WriteString(`,{"role":"user","content":"` + prose[:400] + `"},{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"get_order_status","arguments":"{\"order_id\":\"A-1001\"}"}}]},{"role":"tool","tool_call_id":"call_1","content":"{\"status\":\"sent\"}"}`)
	}
	b.WriteString("]")
	return b.String()
}

func BenchmarkDecodeMessages(b *testing.B) {
	text := conversation(6)
	var msgs []Message
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		msgs, _ = DecodeMessages(msgs[:0], text, RoleInputMessages)
	}
}

func BenchmarkAppendMessages(b *testing.B) {
	msgs, _ := DecodeMessages(nil, conversation(6), RoleInputMessages)
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendMessages(buf[:0], msgs)
	}
	b.SetBytes(int64(len(buf)))
}

func BenchmarkLooksCurrent(b *testing.B) {
	msgs, _ := DecodeMessages(nil, conversation(6), RoleInputMessages)
	text := string(AppendMessages(nil, msgs))
	b.ReportAllocs()
	for b.Loop() {
		if !LooksCurrent(text) {
			b.Fatal("it is current")
		}
	}
}

func BenchmarkDecodeFlattened(b *testing.B) {
	attrs := pcommon.NewMap()
	attrs.PutStr("openinference.span.kind", "LLM")
	for i := range 8 {
		key := "llm.input_messages." + strconv.Itoa(i) + ".message."
		attrs.PutStr(key+"role", "user")
		attrs.PutStr(key+"content", prose[:400])
		attrs.PutStr(key+"tool_calls.0.tool_call.function.name", "get_order_status")
		attrs.PutStr(key+"tool_calls.0.tool_call.function.arguments", `{"order_id":"A-1001"}`)
	}
	var msgs []Message
	b.ReportAllocs()
	for b.Loop() {
		msgs, _ = DecodeFlattened(msgs[:0], attrs, "llm.input_messages.", RoleInputMessages)
	}
}
