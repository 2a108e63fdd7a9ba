// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package eventsconnector

import (
	"fmt"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// loopSeverities tell how loud a loop is.
var loopSeverities = map[string]plog.SeverityNumber{
	"suspected": plog.SeverityNumberInfo, "detected": plog.SeverityNumberWarn, "critical": plog.SeverityNumberError,
}

// lookForLoop finds the span or record that raised a loop's severity.
func lookForLoop(_ *watcher, s *subject) (event, bool) {
	if !s.view.IsLoopTransition() {
		return event{}, false
	}
	severity := s.view.LoopSeverity()
	return event{
		s.item("loop " + severity + text(s.attributes, "llmcol.loop.fingerprint")), loopSeverities[severity], loopSentence(severity, s.attributes),
		copyAll(s.attributes, "llmcol.loop."),
	}, true
}

func loopSentence(severity string, attributes pcommon.Map) string {
	count, period := integer(attributes, "llmcol.loop.count"), integer(attributes, "llmcol.loop.period")
	rule := text(attributes, "llmcol.loop.rule")
	tools := toolNames(attributes)
	var what string
	switch {
	case rule == "runaway":
		what = fmt.Sprintf("an agent run has made %d steps", count)
	case rule == "repeat_output":
		what = fmt.Sprintf("a model was asked the same and answered the same %d times", count)
	case rule == "same_result":
		what = fmt.Sprintf("%s was called %d times with different arguments and had the same outcome", tools, count)
	case period > 1:
		what = fmt.Sprintf("%s were called in turn %d times with the same outcome", tools, count)
	case rule == "no_result":
		what = fmt.Sprintf("%s was called %d times with the same arguments", tools, count)
	default:
		what = fmt.Sprintf("%s was called %d times with the same outcome", tools, count)
	}
	return fmt.Sprintf("agent loop %s (%s): %s; %d tokens (%.4f USD) wasted so far",
		severity, rule, what, integer(attributes, "llmcol.loop.wasted_tokens"), double(attributes, "llmcol.loop.wasted_cost"))
}

func toolNames(attributes pcommon.Map) string {
	tools, ok := attributes.Get("llmcol.loop.tools")
	if !ok || tools.Type() != pcommon.ValueTypeSlice {
		return "a tool"
	}
	var names []string
	for _, t := range tools.Slice().All() {
		names = append(names, t.Str())
	}
	return strings.Join(names, ", ")
}

func text(attributes pcommon.Map, key string) string {
	v, ok := attributes.Get(key)
	if !ok {
		return ""
	}
	return v.Str()
}

func integer(attributes pcommon.Map, key string) int64 {
	v, ok := attributes.Get(key)
	if !ok {
		return 0
	}
	return v.Int()
}

func double(attributes pcommon.Map, key string) float64 {
	v, ok := attributes.Get(key)
	if !ok {
		return 0
	}
	return v.Double()
}
