// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// shape is a kind of traffic. Its batches are given as wire bytes, so that no two spans share a string.
type shape struct {
	name  string
	batch func(r *rand.Rand) ptrace.Traces
	// batches is how many make a round of a benchmark.
	batches int
}

var shapes = []shape{
	{"small", smallBatch, 60},
	{"agent", func(r *rand.Rand) ptrace.Traces { return agentBatch(r, 40, 1000, false) }, 2000},
	{"agent history", func(r *rand.Rand) ptrace.Traces { return agentBatch(r, 60, 6000, true) }, 150},
	{"attributes", attributesBatch, 1000},
	{"prompts", func(r *rand.Rand) ptrace.Traces { return agentBatch(r, 12, 8000, false) }, 1000}, // 2 KB a span: packed as they come
}

// wire returns a round of batches.
func (s *shape) wire(t testing.TB) (batches [][]byte, spans int) {
	r := rand.New(rand.NewPCG(1, 1))
	for range s.batches {
		td := s.batch(r)
		spans += td.SpanCount()
		raw, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
		require.NoError(t, err)
		batches = append(batches, raw)
	}
	return batches, spans
}

func unmarshal(t testing.TB, raw []byte) ptrace.Traces {
	td, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(raw)
	require.NoError(t, err)
	return td
}

func randomID(r *rand.Rand) (id pcommon.TraceID) {
	binary.BigEndian.PutUint64(id[:], r.Uint64())
	binary.BigEndian.PutUint64(id[8:], r.Uint64())
	return id
}

// smallBatch is what a gateway of micro-services gets: 128 traces of 13 spans that lie across 4 services with 2
// scopes each, 7 attributes a span.
func smallBatch(r *rand.Rand) ptrace.Traces {
	td := ptrace.NewTraces()
	var scopes []ptrace.ScopeSpans
	for i := range 4 {
		rs := td.ResourceSpans().AppendEmpty()
		rs.Resource().Attributes().PutStr("service.name", fmt.Sprint("service-", i))
		rs.Resource().Attributes().PutStr("k8s.pod.name", fmt.Sprint("service-", i, "-7d9f8c6b5-x2x4z"))
		for j := range 2 {
			ss := rs.ScopeSpans().AppendEmpty()
			ss.Scope().SetName(fmt.Sprint("instrumentation/", j))
			scopes = append(scopes, ss)
		}
	}
	for range 128 {
		id := randomID(r)
		for i := range 13 {
			span := scopes[r.IntN(len(scopes))].Spans().AppendEmpty()
			fillSpan(r, span, id, i)
			a := span.Attributes()
			a.PutStr("http.request.method", "GET")
			a.PutStr("url.path", fmt.Sprint("/api/v1/orders/", r.IntN(1e6)))
			a.PutInt("http.response.status_code", 200)
			a.PutStr("server.address", "orders.internal.example")
			a.PutInt("server.port", 8443)
			a.PutBool("retry", false)
			a.PutDouble("queue.seconds", r.Float64())
		}
	}
	return td
}

func fillSpan(r *rand.Rand, span ptrace.Span, id pcommon.TraceID, i int) {
	span.SetTraceID(id)
	var sid pcommon.SpanID
	binary.BigEndian.PutUint64(sid[:], r.Uint64())
	span.SetSpanID(sid)
	if i > 0 {
		span.SetParentSpanID(pcommon.SpanID{1})
	}
	start := time.Unix(1_700_000_000, int64(r.IntN(1e9)))
	span.SetName("GET /api/v1/orders")
	span.SetStartTimestamp(pcommon.NewTimestampFromTime(start))
	span.SetEndTimestamp(pcommon.NewTimestampFromTime(start.Add(time.Duration(r.IntN(1e8)))))
}

var vocabulary = strings.Fields(`the quarterly report shows that revenue in the northern region has grown faster than
expected while costs for cloud computing stayed flat so we recommend to extend the pilot programme by two more months
and to ask finance for an updated forecast before any decision about hiring is made please summarise this for me`)

func prose(r *rand.Rand, bytes int) string {
	var b strings.Builder
	for b.Len() < bytes {
		b.WriteString(vocabulary[r.IntN(len(vocabulary))])
		b.WriteByte(' ')
	}
	return b.String()
}

// agentBatch is one agent's trace, from one service: every fourth span is a model call with so many bytes of text, or with
// the whole growing history of the conversation.
func agentBatch(r *rand.Rand, spans, bytes int, history bool) ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "agent")
	ss := rs.ScopeSpans().AppendEmpty()
	ss.Scope().SetName("opentelemetry.instrumentation.openai_v2")
	id := randomID(r)
	turns := ""
	for i := range spans {
		span := ss.Spans().AppendEmpty()
		fillSpan(r, span, id, i)
		a := span.Attributes()
		if i%4 != 1 {
			span.SetName("execute_tool search")
			a.PutStr("gen_ai.operation.name", "execute_tool")
			a.PutStr("gen_ai.tool.name", "search")
			a.PutStr("gen_ai.tool.call.id", fmt.Sprint("call_", r.Uint32()))
			continue
		}
		span.SetName("chat gpt-4o")
		text := prose(r, bytes)
		if history {
			turns += `{"role":"user","content":"` + text + `"},`
			text = turns
		}
		a.PutStr("gen_ai.operation.name", "chat")
		a.PutStr("gen_ai.provider.name", "openai")
		a.PutStr("gen_ai.request.model", "gpt-4o")
		a.PutStr("gen_ai.conversation.id", id.String())
		a.PutStr("gen_ai.input.messages", text)
		a.PutInt("gen_ai.usage.input_tokens", 1000)
		a.PutInt("gen_ai.usage.output_tokens", 100)
	}
	return td
}

// attributesBatch is a trace of 40 spans with 20 short attributes each.
func attributesBatch(r *rand.Rand) ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "agent")
	ss := rs.ScopeSpans().AppendEmpty()
	id := randomID(r)
	for i := range 40 {
		span := ss.Spans().AppendEmpty()
		fillSpan(r, span, id, i)
		for j := range 20 {
			span.Attributes().PutStr(fmt.Sprint("application.attribute.", j), fmt.Sprint("value ", r.Uint32()))
		}
	}
	return td
}
