// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/test/harness"
)

// call is one model call or tool call as the normalised span tells it, or the log record that carries its cost.
type call struct {
	origin         string // of the telemetry, to tell whose it is
	start          pcommon.Timestamp
	service, agent string
	operation      string
	model, tool    string // one of the two
	input, output  int64  // tokens
	cost           float64
	priced         bool
	failed         bool
	loop           string // severity, where the call is part of a loop
}

var modelOperations = map[string]bool{
	"chat": true, "text_completion": true, "generate_content": true, "embeddings": true, "rerank": true, "image_generation": true,
}

type spanKey struct {
	trace pcommon.TraceID
	span  pcommon.SpanID
}

// calls picks the model calls and tool calls. A span that only repeats a call that another one carries is none.
func calls(spans []harness.Span) []call {
	byID := map[spanKey]harness.Span{}
	for _, s := range spans {
		byID[spanKey{s.TraceID(), s.SpanID()}] = s
	}
	var found []call
	for _, s := range spans {
		operation := text(s, "gen_ai.operation.name")
		isModel := modelOperations[operation] && s.Attr("llmcol.cost.status") != "counted_elsewhere"
		if !isModel && operation != "execute_tool" {
			continue
		}
		service, _ := s.Resource.Get("service.name")
		c := call{
			origin: spanOrigin(s), start: s.StartTimestamp(),
			service: service.AsString(), agent: agentOf(s, byID), operation: operation,
			tool:   text(s, "gen_ai.tool.name"),
			failed: s.Status().Code() == ptrace.StatusCodeError || s.Attr("error.type") != nil,
			loop:   text(s, "llmcol.loop.severity"),
		}
		if isModel {
			c.tool = ""
			c.takeUsage(s)
		}
		if isModel && !c.failed && c.input+c.output == 0 {
			continue // it wraps the span of the call
		}
		found = append(found, c)
	}
	return found
}

// recordedCalls are the model calls whose cost is on a log record, since that came before the span.
func recordedCalls(records []harness.Record) []call {
	var found []call
	for _, r := range records {
		if r.Attr("gen_ai.usage.cost") == nil {
			continue
		}
		service, _ := r.Resource.Get("service.name")
		c := call{
			origin: recordOrigin(r), start: r.Timestamp(), service: service.AsString(),
			agent: text(r, "gen_ai.agent.name"), operation: text(r, "gen_ai.operation.name"),
		}
		c.takeUsage(r)
		found = append(found, c)
	}
	return found
}

func (c *call) takeUsage(from attributed) {
	c.model = firstText(from, "gen_ai.response.model", "gen_ai.request.model")
	c.input, _ = from.Attr("gen_ai.usage.input_tokens").(int64)
	c.output, _ = from.Attr("gen_ai.usage.output_tokens").(int64)
	c.cost, c.priced = from.Attr("gen_ai.usage.cost").(float64)
}

func spanOrigin(s harness.Span) string { return s.TraceID().String() }

// recordOrigin does without a trace id, which not every record has.
func recordOrigin(r harness.Record) string {
	service, _ := r.Resource.Get("service.name")
	return fmt.Sprintf("%s at %d", service.AsString(), r.Timestamp())
}

// attributed is a span or a log record.
type attributed interface{ Attr(name string) any }

// agentOf is the name of the agent on the span or on the nearest span above it that has one.
func agentOf(s harness.Span, byID map[spanKey]harness.Span) string {
	seen := map[pcommon.SpanID]bool{}
	for ok := true; ok && !seen[s.SpanID()]; s, ok = byID[spanKey{s.TraceID(), s.ParentSpanID()}] {
		seen[s.SpanID()] = true
		if name := text(s, "gen_ai.agent.name"); name != "" {
			return name
		}
	}
	return ""
}

func text(from attributed, name string) string {
	value, _ := from.Attr(name).(string)
	return value
}

func firstText(from attributed, names ...string) string {
	for _, name := range names {
		if value := text(from, name); value != "" {
			return value
		}
	}
	return ""
}

// String is the call's line.
func (c call) String() string {
	what, how := c.model, ""
	switch {
	case c.operation == "execute_tool":
		what = c.tool
	case c.input+c.output == 0:
		how = "no usage"
	default:
		how = fmt.Sprintf("%6d in %5d out", c.input, c.output)
	}
	if c.priced {
		how += fmt.Sprintf("  $%.7f", c.cost)
	}
	var marks []string
	if c.failed {
		marks = append(marks, "failed")
	}
	if c.loop != "" {
		marks = append(marks, "loop "+c.loop)
	}
	line := fmt.Sprintf("  %-20s %-14s %-14s %-26s %-32s %s",
		c.service, orDash(c.agent), c.operation, orDash(what), how, strings.Join(marks, ", "))
	return strings.TrimRight(line, " ")
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// totals are the sums of many calls.
type totals struct {
	model, tool, failed int
	input, output       int64
	cost                float64
	priced              int
}

func (t *totals) add(c call) {
	if c.operation == "execute_tool" {
		t.tool++
	} else {
		t.model++
	}
	if c.failed {
		t.failed++
	}
	if c.priced {
		t.priced++
	}
	t.input, t.output, t.cost = t.input+c.input, t.output+c.output, t.cost+c.cost
}

func (t totals) String() string {
	line := fmt.Sprintf("%d model calls, %d tool calls, %d failed, %d tokens in, %d out", t.model, t.tool, t.failed, t.input, t.output)
	if t.priced > 0 {
		line += fmt.Sprintf(", $%.6f for %d priced calls", t.cost, t.priced)
	}
	return line
}

// describeLoop is the line of an event that llm_events wrote.
func describeLoop(r harness.Record) string {
	service, _ := r.Resource.Get("service.name")
	return fmt.Sprintf("loop %s in %s: %v called %v times, rule %v",
		r.Attr("llmcol.loop.severity"), service.AsString(), r.Attr("llmcol.loop.tools"), r.Attr("llmcol.loop.count"), r.Attr("llmcol.loop.rule"))
}
