// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loopprocessor

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/loop"
)

// worker takes one batch at a time through the engine.
type worker struct {
	*detector
	reader       *genai.Reader
	fingerprints *loop.Fingerprinter
	talk         genai.ToolTalk
	seen         loop.Observation
	now          int64
	timeless     int64 // records of this batch that tell no time: they are taken in the order in which they came
}

func newWorker(d *detector) *worker {
	return &worker{detector: d, reader: genai.NewReader(nil), fingerprints: loop.NewFingerprinter(d.key)}
}

func (w *worker) traces(ctx context.Context, td ptrace.Traces) {
	w.now = time.Now().UnixNano()
	for _, rs := range td.ResourceSpans().All() {
		w.reader.SetResource(rs.Resource())
		for _, ss := range rs.ScopeSpans().All() {
			w.reader.SetScope(ss.Scope())
			for _, span := range ss.Spans().All() {
				w.span(ctx, span)
			}
		}
	}
}

// guard lets a span or record pass that nobody foresaw: it must not take its batch with it.
func (w *worker) guard(ctx context.Context) {
	if recover() != nil {
		w.telemetry.ProcessorLlmLoopFailures.Add(ctx, 1)
	}
}

func (w *worker) span(ctx context.Context, span ptrace.Span) {
	defer w.guard(ctx)
	view := w.reader.Span(span)
	w.begin(view)
	o := &w.seen
	o.Trace, o.Span, o.Parent = loop.TraceID(span.TraceID()), loop.SpanID(span.SpanID()), loop.SpanID(span.ParentSpanID())
	o.Start, o.End = int64(span.StartTimestamp()), int64(span.EndTimestamp())
	o.Role = roleOf(view)
	if o.Role != loop.Plain || o.Parent.IsZero() {
		w.identify(view)
	}
	switch o.Role {
	case loop.Tool, loop.Part:
		w.call(view)
		if view.IsToolRequest() {
			o.Role, o.Calls = loop.Message, append(o.Calls, o.Call)
		}
	case loop.Model:
		w.messages(view, w.model(view))
	}
	w.conclude(ctx, view, span.Attributes())
}

func (w *worker) logs(ctx context.Context, ld plog.Logs) {
	w.now, w.timeless = time.Now().UnixNano(), 0
	for _, rl := range ld.ResourceLogs().All() {
		w.reader.SetResource(rl.Resource())
		for _, sl := range rl.ScopeLogs().All() {
			w.reader.SetScope(sl.Scope())
			for _, record := range sl.LogRecords().All() {
				w.record(ctx, record)
			}
		}
	}
}

func (w *worker) record(ctx context.Context, record plog.LogRecord) {
	defer w.guard(ctx)
	view := w.reader.Log(record)
	if view.Operation() == genai.OpNone {
		return
	}
	w.begin(view)
	o := &w.seen
	o.Trace, o.Span = loop.TraceID(record.TraceID()), loop.SpanID(record.SpanID())
	o.Start = int64(record.Timestamp())
	if o.Start == 0 {
		o.Start = int64(record.ObservedTimestamp())
	}
	o.End = o.Start
	w.identify(view)
	word := ""
	switch source := view.LogSource(); {
	case view.Operation() == genai.OpExecuteTool && source != genai.LogSourceNone:
		o.Role = loop.Tool
		w.call(view)
		word = o.Call.ID
	case view.IsModelCall() && source != genai.LogSourceSpan:
		o.Role = loop.Model
		w.model(view)
		word = view.ResponseID()
	case view.IsModelCall(), view.Operation() == genai.OpMessage, view.Operation() == genai.OpUserMessage:
		o.Role = loop.Message
		w.messages(view, true)
		if len(o.Calls) > 0 {
			word = o.Calls[0].ID
		}
	default:
		return
	}
	o.Record = loop.RecordID(o.Trace, o.Span, o.Start, view.Name(), word)
	if o.Start == 0 { // after the id was made, for a record that comes again is the same one
		w.timeless++
		o.Start = w.now + w.timeless
		o.End = o.Start
	}
	w.conclude(ctx, view, record.Attributes())
}

func (w *worker) begin(view *genai.View) {
	w.seen = loop.Observation{
		Service: view.ServiceName(), Scope: view.ScopeName(),
		Calls: w.seen.Calls[:0], Results: w.seen.Results[:0], Together: w.seen.Together[:0],
	}
}

func (w *worker) identify(view *genai.View) {
	w.seen.Session = view.ConversationID()
	if view.Operation() == genai.OpNone {
		return
	}
	w.seen.RunKey = view.RunKey()
	w.seen.HeadOf = view.HeadOf()
}

// conclude writes the verdict. What an earlier llmcol has judged is observed all the same, for the calls that it has not: otherwise a loop
// whose log records come after its spans would be found again.
func (w *worker) conclude(ctx context.Context, view *genai.View, attributes pcommon.Map) {
	w.seen.Told = view.LoopSeverity() != ""
	verdict := w.engine.Observe(&w.seen, w.now)
	if verdict.Severity == loop.None || w.seen.Told {
		return
	}
	annotate(attributes, &verdict)
	if verdict.Transition {
		w.count(ctx, &verdict)
	}
}

func roleOf(view *genai.View) loop.Role {
	switch op := view.Operation(); {
	case op == genai.OpNone:
		return loop.Plain
	case op == genai.OpExecuteTool:
		return loop.Tool
	case op.IsAgent():
		return loop.Agent
	case view.IsModelCall():
		return loop.Model
	case view.TellsToolOutcome():
		return loop.Part
	default:
		return loop.Plain
	}
}
