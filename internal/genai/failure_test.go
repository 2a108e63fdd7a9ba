// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

func TestResultSaysError(t *testing.T) {
	for result, want := range map[string]bool{
		`{"isError":true}`:                          true,
		`{"is\u0045rror":true}`:                     true,
		`{"isError":false}`:                         false,
		`{"tool_output":{"is_error":true}}`:         true,
		`{"error":"no such order"}`:                 true,
		`{"error":{"message":"no such order"}}`:     true,
		`{"error":null,"status":"ERROR"}`:           true,
		`{"error":"","data":{"status":"error"}}`:    true,
		`{"status":"shipped"}`:                      false,
		`{"stat\u0075s":"error"}`:                   true,
		`{"success":"False"}`:                       true,
		`{"success":true,"exit_code":0}`:            false,
		`{"exit_code":null,"exitCode":1}`:           true,
		`{"answer":"an error in status, exit 1"}`:   false,
		`"{\"status\":\"error\"}"`:                  true,
		`an error`:                                  false,
		`[{"isError":true}]`:                        false,
		`{"note":"\u00e9","parcel":1,"exit_code":}`: false,
	} {
		_, failed := resultSaysError(pcommon.NewValueStr(result))
		assert.Equal(t, want, failed, result)
	}
}

func BenchmarkFailure(b *testing.B) {
	span := spanOf("execute_tool lookup", map[string]any{
		"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "lookup", "gen_ai.tool.call.id": "call-1",
		"gen_ai.tool.call.arguments": `{"order_id":1}`, "gen_ai.tool.call.result": `{"status":"shipped","parcel":1}`,
	})
	view := NewReader(nil).Span(span)
	b.ReportAllocs()
	for b.Loop() {
		if view.Failure().Sign != NoFailure {
			b.Fatal("misread")
		}
	}
}
