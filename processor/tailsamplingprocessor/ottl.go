// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"context"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/contexts/ottlspan"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/contexts/ottlspanevent"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/ottlfuncs"
	"go.opentelemetry.io/collector/component"
	"go.uber.org/zap"

	"github.com/llmcol/llmcol/internal/sampling"
)

// silent: OTTL's log lines hold values of spans.
var silent = component.TelemetrySettings{Logger: zap.NewNop()}

// onSpan are OTTL conditions of which a span must meet one.
type onSpan struct {
	conditions []*ottl.Condition[*ottlspan.TransformContext]
	onError    func()
}

// onEvent are OTTL conditions of which an event of a span must meet one.
type onEvent struct {
	conditions []*ottl.Condition[*ottlspanevent.TransformContext]
	onError    func()
}

func spanConditions(conditions []string, onError func()) (onSpan, error) {
	functions := ottlfuncs.StandardConverters[*ottlspan.TransformContext]()
	isRoot := ottlfuncs.NewIsRootSpanFactoryNew()
	functions[isRoot.Name()] = isRoot
	parser, err := ottlspan.NewParser(functions, silent, ottlspan.EnablePathContextNames())
	if err != nil {
		return onSpan{}, err
	}
	parsed, err := parse(ottlspan.ContextName, parser, conditions)
	return onSpan{parsed, onError}, err
}

func eventConditions(conditions []string, onError func()) (onEvent, error) {
	functions := ottlfuncs.StandardConverters[*ottlspanevent.TransformContext]()
	parser, err := ottlspanevent.NewParser(functions, silent, ottlspanevent.EnablePathContextNames())
	if err != nil {
		return onEvent{}, err
	}
	parsed, err := parse(ottlspanevent.ContextName, parser, conditions)
	return onEvent{parsed, onError}, err
}

// parse reads conditions whose paths may or may not name their context.
func parse[K any](contextName string, parser ottl.Parser[K], conditions []string) ([]*ottl.Condition[K], error) {
	if len(conditions) == 0 {
		return nil, nil
	}
	type parsed = []*ottl.Condition[K]
	convert := func(_ *ottl.ParserCollection[parsed], _ ottl.ConditionsGetter, p parsed) (parsed, error) {
		return p, nil
	}
	collection, err := ottl.NewParserCollection(silent,
		ottl.WithParserCollectionContext(contextName, &parser, ottl.WithConditionConverter(convert)))
	if err != nil {
		return nil, err
	}
	return collection.ParseConditionsWithContext(contextName, ottl.NewConditionsGetter(conditions), true)
}

func (o *onSpan) met(s *sampling.Span) bool {
	if len(o.conditions) == 0 {
		return false
	}
	c := ottlspan.NewTransformContextPtr(s.ResourceSpans, s.ScopeSpans, s.Span)
	defer c.Close()
	return anyMet(o.conditions, c, o.onError)
}

func (o *onEvent) met(s *sampling.Span) bool {
	if len(o.conditions) == 0 {
		return false
	}
	for _, event := range s.Span.Events().All() {
		c := ottlspanevent.NewTransformContextPtr(s.ResourceSpans, s.ScopeSpans, s.Span, event)
		met := anyMet(o.conditions, c, o.onError)
		c.Close()
		if met {
			return true
		}
	}
	return false
}

func anyMet[K any](conditions []*ottl.Condition[K], c K, onError func()) bool {
	for _, condition := range conditions {
		met, err := condition.Eval(context.Background(), c)
		if err != nil {
			onError()
			continue
		}
		if met {
			return true
		}
	}
	return false
}
