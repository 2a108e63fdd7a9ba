// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

const (
	tracesPerRequest = 10
	promptBytes      = 4096
)

const prose = "The order was placed on a Tuesday and left the warehouse two days later. The customer asks where it is, " +
	"what it would cost to send it to another address, and whether the remaining items can be sent at once. "

const personal = "Her name is Jane Doe, her e-mail is jane.doe@example.com, her card is 4111 1111 1111 1111, her phone +1 415 555 2671. "

// load is a request that is sent again and again, each time with trace ids and response ids of its own.
type load struct {
	request ptrace.Traces
	traces  uint64
	idName  string // of the attribute that holds a response's id; empty if the client reports none
}

// semconvLoad is what a client sends that speaks the current convention, openInferenceLoad the same in OpenInference.
func semconvLoad() *load {
	return newLoad(semconvSpan, "gen_ai.response.id")
}

func openInferenceLoad() *load {
	return newLoad(openInferenceSpan, "")
}

func newLoad(describe describer, idName string) *load {
	l := &load{request: ptrace.NewTraces(), idName: idName}
	rs := l.request.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "shop")
	ss := rs.ScopeSpans().AppendEmpty()
	ss.Scope().SetName("shop.agent")
	for i := range tracesPerRequest {
		agentTrace(ss.Spans(), describe, i%5 == 0)
	}
	return l
}

func (l *load) spansPerRequest() int { return l.request.SpanCount() }

func (l *load) next() ptrace.Traces {
	spans := l.request.ResourceSpans().At(0).ScopeSpans().At(0).Spans()
	for i, span := range spans.All() {
		if span.ParentSpanID().IsEmpty() {
			l.traces++
		}
		var id pcommon.TraceID
		binary.BigEndian.PutUint64(id[:], l.traces*0x9e3779b97f4a7c15)
		binary.BigEndian.PutUint64(id[8:], l.traces*0xd1b54a32d192ed03)
		span.SetTraceID(id)
		if conversation, is := span.Attributes().Get("gen_ai.conversation.id"); is {
			conversation.SetStr(fmt.Sprintf("conversation-%d", l.traces))
		}
		if response, is := span.Attributes().Get(l.idName); is && l.idName != "" {
			response.SetStr(fmt.Sprintf("chatcmpl-%d-%d", l.traces, i))
		}
	}
	return l.request
}

// step is one span of the reference agent, in nobody's words.
type step struct {
	operation, name, model string
	prompt, answer         string
	turn                   int
}

// describer writes a step's attributes in the words of a convention.
type describer func(to pcommon.Map, s *step)

// agentTrace appends an agent that embeds once and then five times asks the model and calls a tool. It gets on: no turn asks or answers what
// another has, or every trace would be a loop and kept.
func agentTrace(spans ptrace.SpanSlice, describe describer, withPersonalData bool) {
	start := time.Now()
	add := func(s step) {
		span := spans.AppendEmpty()
		n := byte(spans.Len())
		span.SetName(s.name)
		span.SetSpanID([8]byte{n, 1})
		if s.operation != "invoke_agent" {
			span.SetParentSpanID([8]byte{n - byte((spans.Len()-1)%12), 1})
		}
		span.SetStartTimestamp(pcommon.NewTimestampFromTime(start))
		start = start.Add(300 * time.Millisecond)
		span.SetEndTimestamp(pcommon.NewTimestampFromTime(start))
		describe(span.Attributes(), &s)
	}
	add(step{operation: "invoke_agent", name: "invoke_agent orders"})
	add(step{operation: "embeddings", name: "embeddings text-embedding-3-small", model: "text-embedding-3-small"})
	for turn := range 5 {
		prompt := strings.Repeat(prose, promptBytes/len(prose))
		if withPersonalData {
			prompt = personal + prompt
		}
		prompt += fmt.Sprintf("Orders 0 to %d have been looked up.", turn)
		answer := fmt.Sprintf("I will look order %d up.", turn)
		add(step{operation: "chat", name: "chat gpt-4o", model: "gpt-4o", prompt: prompt, answer: answer, turn: turn})
		add(step{operation: "execute_tool", name: "execute_tool lookup", turn: turn})
	}
}
