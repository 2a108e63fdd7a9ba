// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package retentionconnector

import (
	"context"
	"errors"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pipeline"

	"github.com/llmcol/llmcol/internal/retention"
)

// tracesRouter sends each trace of a batch whole to the pipelines of its class.
type tracesRouter struct {
	component.StartFunc
	*shared
	cfg      *Config
	next     []consumer.Traces // by class
	released sync.Once
}

func newTracesRouter(cfg *Config, set connector.Settings, next consumer.Traces) (*tracesRouter, error) {
	router, ok := next.(connector.TracesRouterAndConsumer)
	if !ok {
		return nil, errors.New("the service offers no choice of pipelines")
	}
	own, err := consumersOf(cfg, pipeline.SignalTraces, router.Consumer)
	if err != nil {
		return nil, err
	}
	r := &tracesRouter{cfg: cfg, next: own}
	r.shared, err = share(cfg, set)
	return r, err
}

func (r *tracesRouter) Shutdown(context.Context) error {
	r.released.Do(func() { r.release(r.cfg) })
	return nil
}

func (r *tracesRouter) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: true}
}

func (r *tracesRouter) ConsumeTraces(ctx context.Context, td ptrace.Traces) error {
	decided := r.decide(ctx, td)
	only, same := sameClass(decided)
	if !same {
		return r.sendParts(ctx, r.split(td, decided))
	}
	for _, rs := range td.ResourceSpans().All() {
		r.classes[only].stamp(rs.Resource())
	}
	if left, err := r.send(ctx, only, td); err != nil {
		return consumererror.NewTraces(err, left)
	}
	return nil
}

// sendParts tells the sender only of what was refused: what the other classes took need not come again.
func (r *tracesRouter) sendParts(ctx context.Context, parts []ptrace.Traces) error {
	var refused error
	all := ptrace.NewTraces()
	for c, part := range parts {
		if part.SpanCount() == 0 {
			continue
		}
		if left, err := r.send(ctx, retention.Class(c), part); err != nil {
			refused = errors.Join(refused, err)
			left.ResourceSpans().MoveAndAppendTo(all.ResourceSpans())
		}
	}
	if refused == nil {
		return nil
	}
	return consumererror.NewTraces(refused, all)
}

// decide gives each trace of the batch the longest class among its spans, and no shorter one than it had before.
func (r *tracesRouter) decide(ctx context.Context, td ptrace.Traces) map[retention.TraceID]retention.Class {
	decided := make(map[retention.TraceID]retention.Class)
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, s := range ss.Spans().All() {
				id, own := retention.TraceID(s.TraceID()), r.classes.ofSpan(ctx, rs, ss, s)
				if c, known := decided[id]; !known || r.classes.outranks(own, c) {
					decided[id] = own
				}
			}
		}
	}
	for id, own := range decided {
		decided[id] = r.memory.Settle(id, own, r.classes.outranks)
	}
	return decided
}

func sameClass(decided map[retention.TraceID]retention.Class) (only retention.Class, same bool) {
	first := true
	for _, c := range decided {
		if !first && c != only {
			return 0, false
		}
		only, first = c, false
	}
	return only, true
}

// split moves the spans into one batch a class, each with the resources and scopes that its spans need.
func (r *tracesRouter) split(td ptrace.Traces, decided map[retention.TraceID]retention.Class) []ptrace.Traces {
	parts := make([]ptrace.Traces, len(r.classes))
	for c := range parts {
		parts[c] = ptrace.NewTraces()
	}
	for _, rs := range td.ResourceSpans().All() {
		resources := make(map[retention.Class]ptrace.ResourceSpans)
		for _, ss := range rs.ScopeSpans().All() {
			scopes := make(map[retention.Class]ptrace.ScopeSpans)
			for _, s := range ss.Spans().All() {
				c := decided[retention.TraceID(s.TraceID())]
				if _, there := resources[c]; !there {
					resources[c] = r.resourceIn(parts[c], c, rs)
				}
				if _, there := scopes[c]; !there {
					scopes[c] = scopeIn(resources[c], ss)
				}
				s.MoveTo(scopes[c].Spans().AppendEmpty())
			}
		}
	}
	return parts
}

func (r *tracesRouter) resourceIn(part ptrace.Traces, c retention.Class, from ptrace.ResourceSpans) ptrace.ResourceSpans {
	to := part.ResourceSpans().AppendEmpty()
	from.Resource().CopyTo(to.Resource())
	to.SetSchemaUrl(from.SchemaUrl())
	r.classes[c].stamp(to.Resource())
	return to
}

func scopeIn(resource ptrace.ResourceSpans, from ptrace.ScopeSpans) ptrace.ScopeSpans {
	to := resource.ScopeSpans().AppendEmpty()
	from.Scope().CopyTo(to.Scope())
	to.SetSchemaUrl(from.SchemaUrl())
	return to
}

// send hands a class's spans to its pipelines and returns what they refused.
func (r *tracesRouter) send(ctx context.Context, c retention.Class, td ptrace.Traces) (left ptrace.Traces, err error) {
	given := td
	if r.next[c].Capabilities().MutatesData {
		given = ptrace.NewTraces()
		td.CopyTo(given) // what a pipeline refuses it may have spoilt
	}
	n := int64(td.SpanCount())
	if err = r.next[c].ConsumeTraces(ctx, given); err == nil {
		r.telemetry.ConnectorLlmRetentionSpans.Add(ctx, n, r.classes[c].label)
		return td, nil
	}
	var part consumererror.Traces
	if errors.As(err, &part) {
		td = part.Data()
	}
	refused := int64(td.SpanCount())
	r.telemetry.ConnectorLlmRetentionRefusedSpans.Add(ctx, refused, r.classes[c].label)
	r.telemetry.ConnectorLlmRetentionSpans.Add(ctx, n-refused, r.classes[c].label)
	return td, err
}
