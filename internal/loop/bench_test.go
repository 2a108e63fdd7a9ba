// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"fmt"
	"testing"
)

// The budgets of design.md section 6, canonical view not counted: a tool call 500 ns, any other span 100 ns.

const (
	benchArgs   = `{"order_id":"A-1001","include_items":true}`
	benchResult = `{"order_id":"A-1001","status":"shipped","eta_days":3}`
)

// BenchmarkToolCall is a tool call in runs of ten different calls, fingerprints included.
func BenchmarkToolCall(b *testing.B) {
	for name, looping := range map[string]bool{"different": false, "looping": true} {
		b.Run(name, func(b *testing.B) {
			e := newEngine(b, nil)
			f := NewFingerprinter(testKey)
			args, results := make([]string, 10), make([]string, 10)
			for i := range args {
				args[i], results[i] = benchArgs, benchResult
				if !looping {
					args[i] = fmt.Sprintf(`{"order_id":"A-%d","include_items":true}`, 1000+i)
					results[i] = fmt.Sprintf(`{"order_id":"A-%d","status":"shipped","eta_days":3}`, 1000+i)
				}
			}
			var o Observation
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				i := n % 10
				o = Observation{Role: Tool, Trace: traceOf(n / 10), Span: span(n), Parent: span(-n / 10), Start: epoch + int64(n)*second, Service: "shop", Scope: "test"}
				o.End = o.Start + second/2
				o.Call = Call{Tool: "get_order_status", Args: f.Call("get_order_status", args[i]), Outcome: f.Result(results[i])}
				e.Observe(&o, epoch)
				n++
			}
		})
	}
}

// BenchmarkOtherSpan is a span that is neither a tool nor a model call, with a parent.
func BenchmarkOtherSpan(b *testing.B) {
	e := newEngine(b, func(c *Config) { c.MaxRuns = 50_000 })
	var o Observation
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		o = Observation{Trace: traceOf(n / 10), Span: span(n), Parent: span(-n / 10), Start: epoch, End: epoch}
		e.Observe(&o, epoch)
		n++
	}
}

// BenchmarkModelCall is a model call of a run of twenty.
func BenchmarkModelCall(b *testing.B) {
	e := newEngine(b, nil)
	var o Observation
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		o = Observation{Role: Model, Trace: traceOf(n / 20), Span: span(n), Parent: span(-n / 20), Start: epoch + int64(n)*second, Usage: Usage{Tokens: 100, Cost: 0.01}}
		o.End = o.Start + second/2
		e.Observe(&o, epoch)
		n++
	}
}

func BenchmarkFingerprint(b *testing.B) {
	f := NewFingerprinter(testKey)
	b.Run("call", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(benchArgs)))
		for b.Loop() {
			f.Call("get_order_status", benchArgs)
		}
	})
	b.Run("result", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(benchResult)))
		for b.Loop() {
			f.Result(benchResult)
		}
	})
}

// BenchmarkObserveCall is BenchmarkToolCall without the fingerprints.
func BenchmarkObserveCall(b *testing.B) {
	e := newEngine(b, nil)
	var o Observation
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		i := n % 10
		o = Observation{Role: Tool, Trace: traceOf(n / 10), Span: span(n), Parent: span(-n / 10), Start: epoch + int64(n)*second, Service: "shop", Scope: "test"}
		o.End = o.Start + second/2
		o.Call = Call{Tool: "get_order_status", Args: Hash{uint64(i), 1}, Outcome: Outcome{Hash: Hash{uint64(i), 2}, Known: true}}
		e.Observe(&o, epoch)
		n++
	}
}
