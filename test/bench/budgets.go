// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

// budget is what one figure of a Go benchmark may be: at most the limit, or at least it where it is a rate.
// The limits are those of design.md section 6. A budget is one line here.
type budget struct {
	pkg, benchmark string // below the module's path; without "Benchmark" and the number of processors
	unit           string // ns/op, MB/s, B/op, allocs/op or a unit of the benchmark's own
	limit          float64
	rate           bool // more is better
}

var budgets = []budget{
	{pkg: "internal/genai", benchmark: "View/current", unit: "ns/op", limit: 250},
	{pkg: "internal/genai", benchmark: "View/openinference", unit: "ns/op", limit: 1000},
	{pkg: "internal/genai", benchmark: "View/none", unit: "ns/op", limit: 100},
	{pkg: "internal/genai", benchmark: "View/none", unit: "allocs/op", limit: 0},
	{pkg: "processor/costprocessor", benchmark: "Cost/call", unit: "net-ns/span", limit: 600},
	{pkg: "processor/costprocessor", benchmark: "Cost/tool", unit: "net-ns/span", limit: 100},
	{pkg: "processor/costprocessor", benchmark: "Cost/http", unit: "net-ns/span", limit: 100},
	{pkg: "internal/loop", benchmark: "ToolCall/different", unit: "ns/op", limit: 500},
	{pkg: "internal/loop", benchmark: "OtherSpan", unit: "ns/op", limit: 100},
	{pkg: "internal/genai", benchmark: "ToolLiterals", unit: "MB/s", limit: 400, rate: true},
	{pkg: "processor/redactionprocessor", benchmark: "Redaction/prose/llm_redaction", unit: "MB/s", limit: 600, rate: true},
	{pkg: "processor/redactionprocessor", benchmark: "Redaction/dense/llm_redaction", unit: "MB/s", limit: 400, rate: true},
	{pkg: "processor/redactionprocessor", benchmark: "Redaction/messages/llm_redaction", unit: "MB/s", limit: 500, rate: true},
	{pkg: "processor/redactionprocessor", benchmark: "TimesContrib", unit: "times", limit: 60, rate: true},
	{pkg: "processor/truncationprocessor", benchmark: "Truncation/clean/llm_truncation", unit: "MB/s", limit: 400, rate: true},
	{pkg: "processor/truncationprocessor", benchmark: "Truncation/clean/llm_truncation-kinds", unit: "MB/s", limit: 400, rate: true},
	{pkg: "processor/truncationprocessor", benchmark: "Truncation/cut/llm_truncation", unit: "MB/s", limit: 150, rate: true},
	{pkg: "processor/tailsamplingprocessor", benchmark: "Sampling/small/llmcol_shipped", unit: "Mspans/cpu-s", limit: 1.2, rate: true},
}

// tolerance is how far over its budget a figure may be before `make bench` fails: the budgets are of one
// core of the machine they were set on, and this one may be slower or shared.
const tolerance = 1.5

// over tells how many times its budget a figure takes: 1 is just within it.
func (b budget) over(measured float64) float64 {
	switch {
	case b.rate:
		return b.limit / measured
	case b.limit == 0:
		return 1 + measured // any allocation is over a budget of none
	default:
		return measured / b.limit
	}
}
