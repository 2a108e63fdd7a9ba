// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package retentionconnector

import (
	"context"
	"fmt"
	"slices"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/contexts/ottllog"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/contexts/ottlspan"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/llmcol/llmcol/internal/retention"
)

const (
	samplingClassName = "llmcol.sampling.class"
	daysName          = "llmcol.retention.days"
)

// class is one class, ready to decide.
type class struct {
	days     int64
	sampling []string
	onSpan   conditions[*ottlspan.TransformContext]
	onLog    conditions[*ottllog.TransformContext]
	label    metric.MeasurementOption
}

func (c *class) stamp(resource pcommon.Resource) { resource.Attributes().PutInt(daysName, c.days) }

// classes decide for spans and records. The last one takes all that is left.
type classes []class

func newClasses(cfg *Config, onError func()) (classes, error) {
	out := make(classes, len(cfg.Classes))
	for i, own := range cfg.Classes {
		c := own.resolved()
		onSpan, err := newSpanConditions(c.SpanConditions, onError)
		if err != nil {
			return nil, fmt.Errorf("classes: %s: span_conditions: %w", c.Name, err)
		}
		onLog, err := newLogConditions(c.LogConditions, onError)
		if err != nil {
			return nil, fmt.Errorf("classes: %s: log_conditions: %w", c.Name, err)
		}
		out[i] = class{
			days: c.Days, sampling: c.SamplingClass, onSpan: onSpan, onLog: onLog,
			label: metric.WithAttributeSet(attribute.NewSet(attribute.String("class", c.Name))),
		}
	}
	return out, nil
}

// ofSpan is the first class that the span belongs to.
func (cs classes) ofSpan(ctx context.Context, rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, s ptrace.Span) retention.Class {
	sampled := ""
	if v, ok := s.Attributes().Get(samplingClassName); ok {
		sampled = v.Str()
	}
	for i := range cs[:len(cs)-1] {
		c := &cs[i]
		if slices.Contains(c.sampling, sampled) || c.spanMeets(ctx, rs, ss, s) {
			return retention.Class(i)
		}
	}
	return retention.Class(len(cs) - 1)
}

// ofRecord is the first class whose own condition the record meets.
func (cs classes) ofRecord(ctx context.Context, rl plog.ResourceLogs, sl plog.ScopeLogs, rec plog.LogRecord) retention.Class {
	for i := range cs[:len(cs)-1] {
		if cs[i].recordMeets(ctx, rl, sl, rec) {
			return retention.Class(i)
		}
	}
	return retention.Class(len(cs) - 1)
}

// outranks: the longer one, of two that are kept as long the one that stands first.
func (cs classes) outranks(a, b retention.Class) bool {
	if cs[a].days != cs[b].days {
		return cs[a].days > cs[b].days
	}
	return a < b
}

// consumersOf are the consumers of each class's pipelines of one signal.
func consumersOf[C any](cfg *Config, signal pipeline.Signal, consumer func(...pipeline.ID) (C, error)) ([]C, error) {
	var consumers []C
	for i := range cfg.Classes {
		c := &cfg.Classes[i]
		of := c.pipelinesOf(signal)
		if len(of) == 0 {
			return nil, fmt.Errorf("classes: %s: pipelines: there is none of %s", c.Name, signal)
		}
		own, err := consumer(of...)
		if err != nil {
			return nil, fmt.Errorf("classes: %s: pipelines: %w", c.Name, err)
		}
		consumers = append(consumers, own)
	}
	return consumers, nil
}
