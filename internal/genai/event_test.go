// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// TestLogSource: of several records that report one call, one counts.
func TestLogSource(t *testing.T) {
	tests := []struct {
		name, scope, event, body string
		want                     LogSource
	}{
		{name: "semconv's event of a call", scope: "opentelemetry.instrumentation.openai_v2", event: detailsEvent, want: LogSourceSpan},
		{name: "gemini-cli's own event", scope: "gemini-cli", event: "gemini_cli.api_response", want: LogSourceSession},
		{name: "semconv's event beside it", scope: "gemini-cli", event: detailsEvent, want: LogSourceNone},
		{name: "Cline, whose event's name is the body", scope: "cline", body: "task.tokens", want: LogSourceOnly},
		{name: "the same body elsewhere", scope: "scheduler", body: "task.tokens", want: LogSourceNone},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			record := plog.NewLogRecord()
			record.SetEventName(tt.event)
			record.Body().SetStr(tt.body)
			record.Attributes().PutStr("model", "gemini-2.5-flash")
			record.Attributes().PutInt("input_tokens", 3)
			scope := pcommon.NewInstrumentationScope()
			scope.SetName(tt.scope)
			r := NewReader(nil)
			r.SetScope(scope)
			assert.Equal(t, tt.want, r.Log(record).LogSource())
		})
	}
}

// TestScopedWords: bare words that a client in log records has for itself mean nothing in another's scope.
func TestScopedWords(t *testing.T) {
	record := plog.NewLogRecord()
	record.Attributes().PutStr("ulid", "01JD")
	record.Attributes().PutDouble("totalCost", 30)
	record.Attributes().PutStr("gen_ai.operation.name", "chat")
	scope := pcommon.NewInstrumentationScope()
	r := NewReader(nil)
	for _, tt := range []struct {
		scope, conversation string
		cost                float64
	}{{"cline", "01JD", 30}, {"shop", "", 0}} {
		scope.SetName(tt.scope)
		r.SetScope(scope)
		v := r.Log(record)
		cost, _ := v.Cost()
		assert.Equal(t, tt.conversation, v.ConversationID(), tt.scope)
		assert.Equal(t, tt.cost, cost, tt.scope)
	}
}
