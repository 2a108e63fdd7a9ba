// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package eventsconnector

import (
	"context"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/genai"
)

// watcher goes through one batch at a time.
type watcher struct {
	*events
	reader    *genai.Reader
	reasons   []string
	documents []genai.Document
	subject   subject

	resource pcommon.Resource
	out      plog.Logs
	records  plog.LogRecordSlice // of the current resource
	opened   bool                // the current resource has records
}

// subject is the span or record that is looked at.
type subject struct {
	view       *genai.View
	attributes pcommon.Map
	trace      pcommon.TraceID
	span       pcommon.SpanID
	at         pcommon.Timestamp
	record     bool // a log record
}

// item stands for one thing about the subject. It is 0 for a log record without a time: nothing tells that from the next one.
func (s *subject) item(thing string) uint64 {
	if s.record && s.at == 0 {
		return 0
	}
	id := hashItem(s.trace, s.span, s.at, thing)
	if s.record {
		id = hashText(hashText(hashText(id, s.view.Name()), s.view.ServiceName()), s.view.ConversationID())
	}
	return id
}

func (w *watcher) traces(ctx context.Context, td ptrace.Traces) plog.Logs {
	w.out = plog.NewLogs()
	for _, rs := range td.ResourceSpans().All() {
		w.enter(rs.Resource())
		for _, ss := range rs.ScopeSpans().All() {
			w.reader.SetScope(ss.Scope())
			for _, span := range ss.Spans().All() {
				w.span(ctx, span)
			}
		}
	}
	return w.out
}

func (w *watcher) logs(ctx context.Context, ld plog.Logs) plog.Logs {
	w.out = plog.NewLogs()
	for _, rl := range ld.ResourceLogs().All() {
		w.enter(rl.Resource())
		for _, sl := range rl.ScopeLogs().All() {
			if sl.Scope().Name() == scopeName {
				continue // an event of a tier before this one is no subject of another
			}
			w.reader.SetScope(sl.Scope())
			for _, record := range sl.LogRecords().All() {
				w.record(ctx, record)
			}
		}
	}
	return w.out
}

func (w *watcher) enter(resource pcommon.Resource) {
	w.reader.SetResource(resource)
	w.resource, w.opened = resource, false
}

// guard passes over a span or record that nobody foresaw: it must not take its batch with it.
func (w *watcher) guard(ctx context.Context) {
	if recover() != nil {
		w.telemetry.ConnectorLlmEventsFailures.Add(ctx, 1)
	}
}

func (w *watcher) span(ctx context.Context, span ptrace.Span) {
	defer w.guard(ctx)
	w.subject = subject{w.reader.Span(span), span.Attributes(), span.TraceID(), span.SpanID(), span.EndTimestamp(), false}
	w.watch(ctx, &w.subject)
}

func (w *watcher) record(ctx context.Context, record plog.LogRecord) {
	defer w.guard(ctx)
	at := record.Timestamp()
	if at == 0 {
		at = record.ObservedTimestamp()
	}
	w.subject = subject{w.reader.Log(record), record.Attributes(), record.TraceID(), record.SpanID(), at, true}
	w.watch(ctx, &w.subject)
}

func (w *watcher) watch(ctx context.Context, s *subject) {
	for k := range kinds {
		if !w.enabled[k] {
			continue
		}
		if e, found := kinds[k].look(w, s); found {
			w.tell(ctx, kind(k), s, e)
		}
	}
}

// scopeName is the instrumentation scope of all events.
const scopeName = "github.com/llmcol/llmcol/connector/eventsconnector"

func (w *watcher) tell(ctx context.Context, k kind, s *subject, e event) {
	now := w.now()
	suppressed, outcome := w.memory.tell(e.id, k, s.view.ServiceName(), now)
	switch outcome {
	case toldBefore:
		return
	case notTold:
		w.telemetry.ConnectorLlmEventsSuppressed.Add(ctx, 1, w.byKind[k])
		return
	}
	w.telemetry.ConnectorLlmEventsEvents.Add(ctx, 1, w.byKind[k])
	record := w.newRecord()
	record.SetTimestamp(s.at)
	record.SetObservedTimestamp(pcommon.NewTimestampFromTime(now))
	record.SetTraceID(s.trace)
	record.SetSpanID(s.span)
	record.SetEventName(kinds[k].event)
	record.SetSeverityNumber(e.severity)
	record.SetSeverityText(strings.ToUpper(e.severity.String()))
	record.Body().SetStr(e.body)
	attributes := record.Attributes()
	e.describe(attributes)
	putText(attributes, genai.AttributeConversation, s.view.ConversationID())
	putText(attributes, genai.AttributeAgent, s.view.AgentName())
	putText(attributes, attrSubject, s.view.Name())
	if suppressed > 0 {
		attributes.PutInt(attrSuppressed, int64(suppressed))
	}
}

func putText(attributes pcommon.Map, key, value string) {
	if value != "" {
		attributes.PutStr(key, value)
	}
}

func (w *watcher) newRecord() plog.LogRecord {
	if !w.opened {
		rl := w.out.ResourceLogs().AppendEmpty()
		w.resource.CopyTo(rl.Resource())
		sl := rl.ScopeLogs().AppendEmpty()
		sl.Scope().SetName(scopeName)
		w.records, w.opened = sl.LogRecords(), true
	}
	return w.records.AppendEmpty()
}
