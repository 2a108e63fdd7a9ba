// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"slices"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/content"
	"github.com/llmcol/llmcol/internal/genai"
)

// worker shrinks one batch at a time. It keeps its buffers; a pool hands it from batch to batch.
type worker struct {
	*settings
	reader   *genai.Reader
	shrinker *content.Shrinker
	// smallest is the size up to which a value cannot be over any budget.
	smallest int
	tally    tally

	// What holds for the span, record, resource or scope that is looked at now:
	changes changes
	item    item
	read    *genai.View // of the item; nil until somebody asks
	trace   pcommon.TraceID
	self    held   // since when the item is known
	shard   *shard // nil: its messages are not deduplicated
	holds   []heldBy
}

// item is a span or a log record, or neither.
type item struct {
	span     ptrace.Span
	record   plog.LogRecord
	isSpan   bool
	isRecord bool
}

// heldBy is a message that stands whole under a key, or under keys that begin with it and a dot.
type heldBy struct {
	key    string
	digest content.Digest
}

// forget says that what stood under a key does not any more.
func (w *worker) forget(key string) {
	w.holds = slices.DeleteFunc(w.holds, func(h heldBy) bool {
		return key == h.key || strings.HasPrefix(key, h.key) && key[len(h.key)] == '.'
	})
}

func newWorker(s *settings) *worker {
	w := &worker{settings: s, reader: genai.NewReader(nil), smallest: s.limits.Smallest(s.maxAttribute)}
	w.shrinker = content.NewShrinker(schema{}, s.limits)
	return w
}

func (w *worker) traces(td ptrace.Traces) {
	for _, rs := range td.ResourceSpans().All() {
		w.reader.SetResource(rs.Resource())
		w.shared(rs.Resource().Attributes())
		for _, ss := range rs.ScopeSpans().All() {
			w.reader.SetScope(ss.Scope())
			w.shared(ss.Scope().Attributes())
			for _, span := range ss.Spans().All() {
				w.guard(func() { w.span(span) })
			}
		}
	}
}

func (w *worker) logs(ld plog.Logs) {
	for _, rl := range ld.ResourceLogs().All() {
		w.reader.SetResource(rl.Resource())
		w.shared(rl.Resource().Attributes())
		for _, sl := range rl.ScopeLogs().All() {
			w.reader.SetScope(sl.Scope())
			w.shared(sl.Scope().Attributes())
			for _, record := range sl.LogRecords().All() {
				w.guard(func() { w.record(record) })
			}
		}
	}
}

// guard looks at one item. One that nobody foresaw is passed on, and must not take its batch with it.
func (w *worker) guard(look func()) {
	defer func() {
		if w.shard != nil {
			w.shard.Unlock()
			w.shard = nil
		}
		if recover() != nil {
			w.tally.failures++
		}
	}()
	look()
}

// begin forgets the item before.
func (w *worker) begin(attributes pcommon.Map, it item) {
	w.changes.reset()
	w.changes.load(attributes)
	w.item, w.read = it, nil
	w.holds = w.holds[:0]
	w.shrinker.Seen = nil
}

// shared shrinks what spans or records have in common.
func (w *worker) shared(attributes pcommon.Map) {
	w.guard(func() {
		w.begin(attributes, item{})
		w.attributes(place{}, attributes, 0)
		w.end(attributes)
	})
}

func (w *worker) span(span ptrace.Span) {
	w.begin(span.Attributes(), item{span: span, isSpan: true})
	w.remember(span.TraceID(), spanHolder(span.SpanID()))
	w.deduplicate(span.Attributes())
	w.attributes(place{}, span.Attributes(), 0)
	w.field("name", span.Name(), span.SetName)
	w.field("status.message", span.Status().Message(), span.Status().SetMessage)
	for i, event := range span.Events().All() {
		w.event(i, event)
	}
	for i, link := range span.Links().All() {
		w.attributes(place{"links.", i}, link.Attributes(), 0)
	}
	if w.maxSpan > 0 {
		w.squeezeSpan(span)
	}
	w.end(span.Attributes())
}

func (w *worker) event(i int, event ptrace.SpanEvent) {
	at := place{"events.", i}
	if len(event.Name()) > w.smallest {
		w.field(at.key("name"), event.Name(), event.SetName)
	}
	w.attributes(at, event.Attributes(), genai.EventKinds(event.Name()))
}

// place is where attributes stand: in a list of the item's, or, if it is empty, in the item itself.
type place struct {
	list  string
	index int
}

// key is how a key is noted.
func (p place) key(key string) string {
	if p.list == "" {
		return key
	}
	return p.list + strconv.Itoa(p.index) + "." + key
}

func (w *worker) record(record plog.LogRecord) {
	w.begin(record.Attributes(), item{record: record, isRecord: true})
	w.remember(record.TraceID(), recordHolder(record.SpanID(), record.Timestamp(), record.EventName()))
	w.deduplicate(record.Attributes())
	w.attributes(place{}, record.Attributes(), genai.EventKinds(record.EventName()))
	w.field("event_name", record.EventName(), record.SetEventName)
	w.field("severity_text", record.SeverityText(), record.SetSeverityText)
	w.body(record.Body())
	if w.maxSpan > 0 {
		w.squeezeRecord(record)
	}
	w.end(record.Attributes())
}

// end says what was cut, and remembers what was not.
func (w *worker) end(attributes pcommon.Map) {
	if w.shard != nil {
		for _, h := range w.holds {
			w.shard.hold(told{w.trace, h.digest}, w.self)
		}
	}
	if !w.changes.any {
		return
	}
	w.changes.annotate(attributes)
	w.tally.items++
	w.tally.bytes += w.changes.now
}
