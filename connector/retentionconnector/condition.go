// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package retentionconnector

import (
	"context"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/contexts/ottllog"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/contexts/ottlspan"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/ottlfuncs"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.uber.org/zap"
)

// conditions are OTTL conditions of which one must be met. One that cannot be evaluated is not met and counted.
type conditions[K any] struct {
	list    []*ottl.Condition[K]
	onError func()
}

// silent: OTTL's log lines hold values of spans and records.
var silent = component.TelemetrySettings{Logger: zap.NewNop()}

func newSpanConditions(texts []string, onError func()) (conditions[*ottlspan.TransformContext], error) {
	functions := ottlfuncs.StandardConverters[*ottlspan.TransformContext]()
	isRoot := ottlfuncs.NewIsRootSpanFactoryNew()
	functions[isRoot.Name()] = isRoot
	parser, err := ottlspan.NewParser(functions, silent, ottlspan.EnablePathContextNames())
	if err != nil {
		return conditions[*ottlspan.TransformContext]{}, err
	}
	list, err := parser.ParseConditions(texts)
	return conditions[*ottlspan.TransformContext]{list, onError}, err
}

func newLogConditions(texts []string, onError func()) (conditions[*ottllog.TransformContext], error) {
	parser, err := ottllog.NewParser(ottlfuncs.StandardConverters[*ottllog.TransformContext](), silent, ottllog.EnablePathContextNames())
	if err != nil {
		return conditions[*ottllog.TransformContext]{}, err
	}
	list, err := parser.ParseConditions(texts)
	return conditions[*ottllog.TransformContext]{list, onError}, err
}

func (c *conditions[K]) met(ctx context.Context, on K) bool {
	for _, condition := range c.list {
		met, err := condition.Eval(ctx, on)
		if err != nil {
			c.onError()
		} else if met {
			return true
		}
	}
	return false
}

func (c *class) spanMeets(ctx context.Context, rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, s ptrace.Span) bool {
	if len(c.onSpan.list) == 0 {
		return false
	}
	tc := ottlspan.NewTransformContextPtr(rs, ss, s)
	defer tc.Close()
	return c.onSpan.met(ctx, tc)
}

func (c *class) recordMeets(ctx context.Context, rl plog.ResourceLogs, sl plog.ScopeLogs, rec plog.LogRecord) bool {
	if len(c.onLog.list) == 0 {
		return false
	}
	tc := ottllog.NewTransformContextPtr(rl, sl, rec)
	defer tc.Close()
	return c.onLog.met(ctx, tc)
}
