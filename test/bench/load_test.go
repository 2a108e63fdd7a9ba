// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/test/harness"
)

func TestLoadIsTheReferenceLoad(t *testing.T) {
	l := semconvLoad()
	traces := map[pcommon.TraceID]map[pcommon.SpanID]bool{}
	for range 2 {
		for _, span := range harness.SpansOf(l.next()) {
			ids := traces[span.TraceID()]
			if ids == nil {
				ids = map[pcommon.SpanID]bool{}
				traces[span.TraceID()] = ids
			}
			assert.Equal(t, len(ids) == 0, span.ParentSpanID().IsEmpty(), "the first span of a trace is its root")
			assert.True(t, len(ids) == 0 || ids[span.ParentSpanID()], "the parent is in the trace")
			ids[span.SpanID()] = true
		}
	}
	assert.Len(t, traces, 2*tracesPerRequest)
	for _, ids := range traces {
		assert.Len(t, ids, 12)
	}
	size := (&ptrace.ProtoMarshaler{}).TracesSize(l.request)
	assert.InDelta(t, 2048, size/l.request.SpanCount(), 200, "bytes a span")
	inference := (&ptrace.ProtoMarshaler{}).TracesSize(openInferenceLoad().request)
	assert.InDelta(t, size, inference, float64(size)/10, "the same in other words")
}
