// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/pii"
)

func (s *scrubber) traces(td ptrace.Traces) {
	for _, rs := range td.ResourceSpans().All() {
		restore := s.consentOf(rs.Resource().Attributes())
		s.reader.SetResource(rs.Resource())
		s.attributes(rs.Resource().Attributes())
		s.schema(rs.SchemaUrl(), rs.SetSchemaUrl)
		for _, ss := range rs.ScopeSpans().All() {
			s.reader.SetScope(ss.Scope())
			s.scope(ss.Scope())
			s.schema(ss.SchemaUrl(), ss.SetSchemaUrl)
			for _, span := range ss.Spans().All() {
				s.guardedSpan(span)
			}
		}
		restore()
	}
}

// guardedSpan fails closed: of a span that trips a panic nothing is kept but its ids, times and kind.
func (s *scrubber) guardedSpan(span ptrace.Span) {
	defer func() {
		if recover() == nil {
			return
		}
		if s.tally.stubs[reasonPanic]++; !s.report {
			span.SetName(stubPanic)
			span.TraceState().FromRaw("")
			span.Status().SetMessage("")
			span.Attributes().Clear()
			span.Events().RemoveIf(func(ptrace.SpanEvent) bool { return true })
			span.Links().RemoveIf(func(ptrace.SpanLink) bool { return true })
		}
	}()
	s.span(span)
}

func (s *scrubber) span(span ptrace.Span) {
	defer s.consentOf(span.Attributes())()
	s.found.reset()
	s.inMessage = false
	if s.storage.active {
		s.storeSpan(span)
	}
	s.field("name", span.Name(), span.SetName)
	s.field("status.message", span.Status().Message(), span.Status().SetMessage)
	s.field("tracestate", span.TraceState().AsRaw(), span.TraceState().FromRaw)
	s.attributes(span.Attributes())
	s.chunks(span.Events())
	for _, event := range span.Events().All() {
		s.inMessage = genai.EventKinds(event.Name()) != 0
		s.field("event.name", event.Name(), event.SetName)
		s.attributes(event.Attributes())
	}
	s.inMessage = false
	for _, link := range span.Links().All() {
		s.field("tracestate", link.TraceState().AsRaw(), link.TraceState().FromRaw)
		s.attributes(link.Attributes())
	}
	s.found.annotate(span.Attributes(), s.report)
}

// consentOf lets personal data pass, until the returned function is called, if the attributes say that its owner
// agreed. Attributes that say anything else take back what those of the resource allow.
func (s *scrubber) consentOf(attributes pcommon.Map) (restore func()) {
	if s.consentKey == "" {
		return func() {}
	}
	v, present := attributes.Get(s.consentKey)
	switch {
	case !present:
		return func() {}
	case v.AsString() == s.consentValue:
		return s.searching(true)
	}
	return s.searching(false)
}

func (s *scrubber) scope(scope pcommon.InstrumentationScope) {
	s.field("scope.name", scope.Name(), scope.SetName)
	s.field("version", scope.Version(), scope.SetVersion)
	s.attributes(scope.Attributes())
}

// schema looks at the address of a schema, of which every batch repeats the same few.
func (s *scrubber) schema(url string, set func(string)) { s.field("schema_url", url, set) }

// field looks at a string that is no attribute. Where an attribute would be dropped, a label is written.
func (s *scrubber) field(name, text string, set func(string)) {
	if text == "" {
		return
	}
	s.profile = pii.Precise
	if out, changed := s.text(text, s.keys.of(name)); changed {
		set(out)
	}
}
