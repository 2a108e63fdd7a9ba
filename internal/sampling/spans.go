// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import "go.opentelemetry.io/collector/pdata/ptrace"

// origin is the resource and scope that spans of several traces came under. It is emptied of its spans, and shared
// by the traces, until one that is kept needs a copy of its own.
type origin struct {
	resource ptrace.ResourceSpans
	scope    ptrace.ScopeSpans
}

// looseSpan is a span that came among those of other traces.
type looseSpan struct {
	ptrace.Span
	from *origin
}

// spans are the spans of one trace as they came: moved, never copied, until the trace is decided.
type spans struct {
	whole []ptrace.ResourceSpans
	loose []looseSpan
}

func (s *spans) empty() bool { return len(s.whole) == 0 && len(s.loose) == 0 }

func (s *spans) append(t spans) {
	s.whole = append(s.whole, t.whole...)
	s.loose = append(s.loose, t.loose...)
}

// moveTo hands the spans on.
func (s *spans) moveTo(out ptrace.Traces) {
	for _, rs := range s.whole {
		rs.MoveTo(out.ResourceSpans().AppendEmpty())
	}
	var resource ptrace.ResourceSpans
	var scope ptrace.ScopeSpans
	var last origin
	for _, l := range s.loose {
		if l.from.resource != last.resource {
			resource = out.ResourceSpans().AppendEmpty()
			l.from.resource.Resource().CopyTo(resource.Resource())
			resource.SetSchemaUrl(l.from.resource.SchemaUrl())
			last = origin{resource: l.from.resource}
		}
		if l.from.scope != last.scope {
			scope = resource.ScopeSpans().AppendEmpty()
			l.from.scope.Scope().CopyTo(scope.Scope())
			scope.SetSchemaUrl(l.from.scope.SchemaUrl())
			last.scope = l.from.scope
		}
		l.MoveTo(scope.Spans().AppendEmpty())
	}
	*s = spans{}
}

// remove drops the spans for which f holds.
func (s *spans) remove(f func(ptrace.Span) bool) {
	for _, rs := range s.whole {
		for i := range rs.ScopeSpans().Len() {
			rs.ScopeSpans().At(i).Spans().RemoveIf(f)
		}
	}
	kept := s.loose[:0]
	for _, l := range s.loose {
		if !f(l.Span) {
			kept = append(kept, l)
		}
	}
	clear(s.loose[len(kept):])
	s.loose = kept
}

// each calls f for every span with what it stands under.
func (s *spans) each(f func(ptrace.ResourceSpans, ptrace.ScopeSpans, ptrace.Span)) {
	for _, rs := range s.whole {
		for i := range rs.ScopeSpans().Len() {
			ss := rs.ScopeSpans().At(i)
			for j := range ss.Spans().Len() {
				f(rs, ss, ss.Spans().At(j))
			}
		}
	}
	for _, l := range s.loose {
		f(l.from.resource, l.from.scope, l.Span)
	}
}
