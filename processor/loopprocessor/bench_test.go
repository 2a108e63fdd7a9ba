// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loopprocessor

import (
	"context"
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/test/harness"
)

// BenchmarkTraces sends what a real client sent again and again, each time as another trace, in batches of one request.
func BenchmarkTraces(b *testing.B) {
	fixtures, err := harness.LoadFixtures()
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range fixtures {
		if f.Client != "vercel-ai-sdk-v7" && f.Client != "openinference-py-langchain" {
			continue
		}
		b.Run(f.Client, func(b *testing.B) {
			all := harness.Ways[3].Arrange(f.Requests)[0].Traces
			spans := all.SpanCount()
			d := newTestDetector(b, nil)
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n++
				forEachSpan(all, func(s ptrace.Span) {
					id := s.TraceID()
					id[0], id[1], id[2] = byte(n), byte(n>>8), byte(n>>16)
					s.SetTraceID(id)
					s.Attributes().RemoveIf(func(k string, _ pcommon.Value) bool { return len(k) > 11 && k[:11] == "llmcol.loop" })
				})
				if _, err := d.processTraces(context.Background(), all); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n*spans), "ns/span")
		})
	}
}
