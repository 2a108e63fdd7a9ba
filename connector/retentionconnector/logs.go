// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package retentionconnector

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pipeline"

	"github.com/llmcol/llmcol/internal/retention"
)

// logsRouter sends log records where their trace went; where that is not known, by their own condition.
type logsRouter struct {
	*shared
	cfg     *Config
	next    []consumer.Logs // by class
	waiting *waiting        // nil where nothing waits
}

func newLogsRouter(cfg *Config, set connector.Settings, next consumer.Logs) (*logsRouter, error) {
	router, ok := next.(connector.LogsRouterAndConsumer)
	if !ok {
		return nil, errors.New("the service offers no choice of pipelines")
	}
	own, err := consumersOf(cfg, pipeline.SignalLogs, router.Consumer)
	if err != nil {
		return nil, err
	}
	r := &logsRouter{cfg: cfg, next: own}
	if r.shared, err = share(cfg, set); err != nil {
		return nil, err
	}
	if cfg.LogWait > 0 {
		r.waiting = newWaiting(r)
	}
	return r, nil
}

func (r *logsRouter) Start(context.Context, component.Host) error {
	if r.waiting != nil {
		r.waiting.start()
	}
	return nil
}

func (r *logsRouter) Shutdown(ctx context.Context) error {
	if r.shared == nil {
		return nil
	}
	if r.waiting != nil {
		r.waiting.stop(ctx)
	}
	r.release(r.cfg)
	r.shared = nil
	return nil
}

func (r *logsRouter) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: true}
}

func (r *logsRouter) ConsumeLogs(ctx context.Context, ld plog.Logs) error {
	var refused error
	all := plog.NewLogs()
	for c, part := range r.split(ctx, ld) {
		if part.LogRecordCount() == 0 {
			continue
		}
		if left, err := r.send(ctx, retention.Class(c), part); err != nil {
			refused = errors.Join(refused, err)
			left.ResourceLogs().MoveAndAppendTo(all.ResourceLogs())
		}
	}
	if refused == nil {
		return nil
	}
	return consumererror.NewLogs(refused, all)
}

// split moves the records into one batch a class; those that wait go nowhere yet.
func (r *logsRouter) split(ctx context.Context, ld plog.Logs) []plog.Logs {
	parts := make([]plog.Logs, len(r.classes))
	for c := range parts {
		parts[c] = plog.NewLogs()
	}
	for _, rl := range ld.ResourceLogs().All() {
		resources := make(map[retention.Class]plog.ResourceLogs)
		for _, sl := range rl.ScopeLogs().All() {
			scopes := make(map[retention.Class]plog.ScopeLogs)
			for _, rec := range sl.LogRecords().All() {
				c, known := r.classOf(ctx, rl, sl, rec)
				if !known && r.waiting.hold(rl, sl, rec) {
					continue
				}
				if _, there := resources[c]; !there {
					resources[c] = r.resourceIn(parts[c], c, rl)
				}
				if _, there := scopes[c]; !there {
					scopes[c] = logScopeIn(resources[c], sl)
				}
				rec.MoveTo(scopes[c].LogRecords().AppendEmpty())
			}
		}
	}
	return parts
}

// classOf is the class of the record's trace if that is known, else the one of its own condition. A record without a trace has nothing to
// wait for.
func (r *logsRouter) classOf(ctx context.Context, rl plog.ResourceLogs, sl plog.ScopeLogs, rec plog.LogRecord) (c retention.Class, known bool) {
	if rec.TraceID().IsEmpty() {
		return r.classes.ofRecord(ctx, rl, sl, rec), true
	}
	if c, known = r.memory.Known(retention.TraceID(rec.TraceID())); known {
		return c, true
	}
	return r.classes.ofRecord(ctx, rl, sl, rec), false
}

func (r *logsRouter) resourceIn(part plog.Logs, c retention.Class, from plog.ResourceLogs) plog.ResourceLogs {
	to := part.ResourceLogs().AppendEmpty()
	from.Resource().CopyTo(to.Resource())
	to.SetSchemaUrl(from.SchemaUrl())
	r.classes[c].stamp(to.Resource())
	return to
}

func logScopeIn(resource plog.ResourceLogs, from plog.ScopeLogs) plog.ScopeLogs {
	to := resource.ScopeLogs().AppendEmpty()
	from.Scope().CopyTo(to.Scope())
	to.SetSchemaUrl(from.SchemaUrl())
	return to
}

// send hands a class's records to its pipelines and returns what they refused.
func (r *logsRouter) send(ctx context.Context, c retention.Class, ld plog.Logs) (left plog.Logs, err error) {
	given := ld
	if r.next[c].Capabilities().MutatesData {
		given = plog.NewLogs()
		ld.CopyTo(given) // what a pipeline refuses it may have spoilt
	}
	n := int64(ld.LogRecordCount())
	if err = r.next[c].ConsumeLogs(ctx, given); err == nil {
		r.telemetry.ConnectorLlmRetentionLogRecords.Add(ctx, n, r.classes[c].label)
		return ld, nil
	}
	var part consumererror.Logs
	if errors.As(err, &part) {
		ld = part.Data()
	}
	refused := int64(ld.LogRecordCount())
	r.telemetry.ConnectorLlmRetentionRefusedLogRecords.Add(ctx, refused, r.classes[c].label)
	r.telemetry.ConnectorLlmRetentionLogRecords.Add(ctx, n-refused, r.classes[c].label)
	return ld, err
}
