// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package retentionconnector

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/llmcol/llmcol/internal/retention"
)

// waiting holds log records until their trace's class is known, or their time is over. What a pipeline refuses waits on: nobody else has
// it any more.
type waiting struct {
	router *logsRouter
	sizer  plog.ProtoMarshaler

	mu      sync.Mutex
	held    map[retention.TraceID]*heldLogs
	bytes   int
	stopped bool

	quit chan struct{}
	done sync.WaitGroup
}

// heldLogs are the records of one trace.
type heldLogs struct {
	logs  plog.Logs
	since time.Time
	bytes int
}

func newWaiting(r *logsRouter) *waiting {
	return &waiting{router: r, held: map[retention.TraceID]*heldLogs{}, quit: make(chan struct{})}
}

// hold takes a record over if there is room; a nil waiting never does.
func (w *waiting) hold(rl plog.ResourceLogs, sl plog.ScopeLogs, rec plog.LogRecord) bool {
	if w == nil {
		return false
	}
	id := retention.TraceID(rec.TraceID())
	one := plog.NewResourceLogs()
	rl.Resource().CopyTo(one.Resource())
	one.SetSchemaUrl(rl.SchemaUrl())
	own := logScopeIn(one, sl).LogRecords().AppendEmpty()
	rec.MoveTo(own)
	if !w.keep(id, one) {
		own.MoveTo(rec)
		return false
	}
	w.router.telemetry.ConnectorLlmRetentionHeldLogRecords.Add(context.Background(), 1)
	return true
}

func (w *waiting) keep(id retention.TraceID, one plog.ResourceLogs) bool {
	size := w.sizer.ResourceLogsSize(one)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped || w.bytes+size > w.router.cfg.LogWaitBytes {
		return false
	}
	h, known := w.held[id]
	if !known {
		h = &heldLogs{logs: plog.NewLogs(), since: time.Now()}
		w.held[id] = h
	}
	one.MoveTo(h.logs.ResourceLogs().AppendEmpty())
	h.bytes += size
	w.bytes += size
	return true
}

// looks is how often within their time the held records are looked at.
const looks = 10

func (w *waiting) start() {
	every := max(w.router.cfg.LogWait/looks, time.Millisecond)
	w.done.Go(func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-w.quit:
				return
			case now := <-ticker.C:
				w.release(context.Background(), w.take(w.due(now)), w.putBack)
			}
		}
	})
}

// due tells whose trace's class is known, or whose time is over.
func (w *waiting) due(now time.Time) func(retention.TraceID, *heldLogs) bool {
	return func(id retention.TraceID, h *heldLogs) bool {
		_, known := w.router.memory.Known(id)
		return known || now.Sub(h.since) >= w.router.cfg.LogWait
	}
}

// stop hands on what still waits. What is refused now is lost, and counted.
func (w *waiting) stop(ctx context.Context) {
	w.mu.Lock()
	again := w.stopped
	w.stopped = true
	w.mu.Unlock()
	if again {
		return
	}
	close(w.quit)
	w.done.Wait()
	all := w.take(func(retention.TraceID, *heldLogs) bool { return true })
	w.release(ctx, all, func(_ retention.TraceID, c retention.Class, h *heldLogs) { w.drop(c, h) })
}

// take removes what is due, so that no lock is held while it is handed on.
func (w *waiting) take(due func(retention.TraceID, *heldLogs) bool) map[retention.TraceID]*heldLogs {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[retention.TraceID]*heldLogs{}
	for id, h := range w.held {
		if due(id, h) {
			out[id] = h
			delete(w.held, id)
			w.bytes -= h.bytes
		}
	}
	return out
}

func (w *waiting) release(ctx context.Context, due map[retention.TraceID]*heldLogs, refused func(retention.TraceID, retention.Class, *heldLogs)) {
	for id, h := range due {
		n := int64(h.logs.LogRecordCount())
		w.router.telemetry.ConnectorLlmRetentionHeldLogRecords.Add(ctx, -n)
		for c, part := range w.parts(ctx, id, h.logs) {
			if part.LogRecordCount() == 0 {
				continue
			}
			rest, err := w.router.send(ctx, retention.Class(c), part)
			left := &heldLogs{logs: rest, since: h.since, bytes: w.sizer.LogsSize(rest)}
			switch {
			case err == nil:
			case consumererror.IsPermanent(err):
				w.drop(retention.Class(c), left)
			default:
				refused(id, retention.Class(c), left)
			}
		}
	}
}

// parts divides one trace's records by class: all go with the trace where its class is known by now.
func (w *waiting) parts(ctx context.Context, id retention.TraceID, ld plog.Logs) []plog.Logs {
	r := w.router
	parts := make([]plog.Logs, len(r.classes))
	for c := range parts {
		parts[c] = plog.NewLogs()
	}
	traceClass, known := r.memory.Known(id)
	for _, rl := range ld.ResourceLogs().All() {
		c := traceClass
		if !known {
			c = r.classes.ofRecord(ctx, rl, rl.ScopeLogs().At(0), rl.ScopeLogs().At(0).LogRecords().At(0))
		}
		r.classes[c].stamp(rl.Resource())
		rl.MoveTo(parts[c].ResourceLogs().AppendEmpty())
	}
	return parts
}

func (w *waiting) putBack(id retention.TraceID, _ retention.Class, h *heldLogs) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bytes += h.bytes
	w.router.telemetry.ConnectorLlmRetentionHeldLogRecords.Add(context.Background(), int64(h.logs.LogRecordCount()))
	if there, known := w.held[id]; known {
		h.logs.ResourceLogs().MoveAndAppendTo(there.logs.ResourceLogs())
		there.since, there.bytes = h.since, there.bytes+h.bytes
		return
	}
	w.held[id] = h
}

func (w *waiting) drop(c retention.Class, h *heldLogs) {
	w.router.telemetry.ConnectorLlmRetentionDroppedLogRecords.Add(context.Background(), int64(h.logs.LogRecordCount()), w.router.classes[c].label)
}
