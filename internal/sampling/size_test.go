// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

func liveHeap() int64 {
	for range 3 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// retained is the heap that a span takes as it came.
func retained(s ptrace.Span) int64 {
	return bareBytes(s) + allocated(len(s.Name())) + mapBytes(s.Attributes())
}

func attributes(m pcommon.Map, n int, put func(i int, v pcommon.Value)) {
	for i := range n {
		put(i, m.PutEmpty(fmt.Sprintf("gen_ai.attribute.number.%d", i)))
	}
}

func str(n int) func(int, pcommon.Value) {
	return func(i int, v pcommon.Value) { v.SetStr(strings.Repeat("x", n+i)) }
}

// What spans of every make take on the heap, once unmarshalled, is what is accounted for them, within 10 %.
func TestRetainedIsWhatSpansTake(t *testing.T) {
	for name, fill := range map[string]func(ptrace.Span){
		"bare":          func(ptrace.Span) {},
		"3 strings":     func(s ptrace.Span) { attributes(s.Attributes(), 3, str(10)) },
		"5 strings":     func(s ptrace.Span) { attributes(s.Attributes(), 5, str(20)) },
		"20 strings":    func(s ptrace.Span) { attributes(s.Attributes(), 20, str(30)) },
		"40 strings":    func(s ptrace.Span) { attributes(s.Attributes(), 40, str(3)) },
		"a prompt":      func(s ptrace.Span) { attributes(s.Attributes(), 1, str(5000)) },
		"a long prompt": func(s ptrace.Span) { attributes(s.Attributes(), 2, str(100_000)) },
		"numbers": func(s ptrace.Span) {
			attributes(s.Attributes(), 12, func(i int, v pcommon.Value) {
				switch i % 3 {
				case 0:
					v.SetInt(int64(i) << 40)
				case 1:
					v.SetDouble(1.5)
				case 2:
					v.SetBool(true)
				}
			})
		},
		"lists": func(s ptrace.Span) {
			attributes(s.Attributes(), 4, func(_ int, v pcommon.Value) {
				list := v.SetEmptySlice()
				for j := range 6 {
					list.AppendEmpty().SetStr(fmt.Sprint("document ", j))
				}
			})
		},
		"maps": func(s ptrace.Span) {
			attributes(s.Attributes(), 4, func(_ int, v pcommon.Value) { attributes(v.SetEmptyMap(), 4, str(12)) })
		},
		"bytes": func(s ptrace.Span) {
			attributes(s.Attributes(), 2, func(_ int, v pcommon.Value) { v.SetEmptyBytes().FromRaw(make([]byte, 700)) })
		},
		"events": func(s ptrace.Span) {
			for i := range 5 {
				e := s.Events().AppendEmpty()
				e.SetName("gen_ai.user.message")
				attributes(e.Attributes(), 3, str(100*i))
			}
		},
		"links": func(s ptrace.Span) {
			for range 3 {
				attributes(s.Links().AppendEmpty().Attributes(), 2, str(10))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			const spans, scopes = 100, 20
			td := ptrace.NewTraces()
			rs := td.ResourceSpans().AppendEmpty()
			for range scopes {
				ss := rs.ScopeSpans().AppendEmpty()
				for i := range spans {
					span := ss.Spans().AppendEmpty()
					span.SetName("chat gpt-4o")
					span.SetTraceID(traceID(1))
					span.SetSpanID(spanID(uint64(i)))
					fill(span)
				}
			}
			raw, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
			require.NoError(t, err)
			td = ptrace.Traces{}
			before := liveHeap()
			td, err = (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(raw)
			require.NoError(t, err)
			taken := liveHeap() - before
			var accounted int64
			rs = td.ResourceSpans().At(0)
			for _, ss := range rs.ScopeSpans().All() {
				for _, span := range ss.Spans().All() {
					accounted += retained(span)
				}
			}
			accounted += retainedResource(rs)
			assert.InEpsilon(t, taken, accounted, 0.1, "bytes a span: %d, accounted %d", taken/spans/scopes, accounted/spans/scopes)
			runtime.KeepAlive(raw)
			runtime.KeepAlive(td)
		})
	}
}
