// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import "go.opentelemetry.io/collector/pdata/ptrace"

// splitter deals spans out into batches of at most so many bytes of OTLP each, or of one span.
type splitter struct {
	size int64
	emit func(ptrace.Traces)

	marshaler ptrace.ProtoMarshaler
	part      ptrace.Traces
	filled    int64
	// resource and scope are where the next span goes; opened and scoped tell that they are those of the part.
	resource       ptrace.ResourceSpans
	scope          ptrace.ScopeSpans
	opened, scoped bool
}

func newSplitter(size int64, emit func(ptrace.Traces)) *splitter {
	return &splitter{size: size, emit: emit, part: ptrace.NewTraces()}
}

// deal deals out the spans of td; the last of them stay for what comes next, or until flush.
func (s *splitter) deal(td ptrace.Traces) {
	for _, rs := range td.ResourceSpans().All() {
		overhead := resourceWireSize(&s.marshaler, rs)
		s.opened = false
		for _, ss := range rs.ScopeSpans().All() {
			s.scoped = false
			for _, span := range ss.Spans().All() {
				s.add(rs, ss, span, overhead)
			}
		}
	}
}

func (s *splitter) add(rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, span ptrace.Span, overhead int64) {
	n := wireSize(&s.marshaler, span)
	if s.filled > 0 && s.filled+n+overhead > s.size {
		s.flush()
	}
	if !s.opened {
		s.resource = s.part.ResourceSpans().AppendEmpty()
		rs.Resource().CopyTo(s.resource.Resource())
		s.resource.SetSchemaUrl(rs.SchemaUrl())
		s.opened, s.scoped = true, false
		s.filled += overhead
	}
	if !s.scoped {
		s.scope = s.resource.ScopeSpans().AppendEmpty()
		ss.Scope().CopyTo(s.scope.Scope())
		s.scope.SetSchemaUrl(ss.SchemaUrl())
		s.scoped = true
	}
	s.filled += n
	span.MoveTo(s.scope.Spans().AppendEmpty())
}

// flush emits what has not been.
func (s *splitter) flush() {
	if s.filled > 0 {
		s.emit(s.part)
	}
	s.part, s.filled, s.opened, s.scoped = ptrace.NewTraces(), 0, false, false
}
