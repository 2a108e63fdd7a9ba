// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// What pdata v1.64 allocates for a span that was unmarshalled, bytes. A calibration test compares the sum with the
// heap.
const (
	spanBytes      = 208 + 8      // the span, and the pointer to it
	eventBytes     = 64 + 8       // and likewise
	linkBytes      = 96 + 8       //
	resourceBytes  = 2*112 + 2*16 // a ResourceSpans, a ScopeSpans, their handles
	keyValueBytes  = 40           // an element of a list of attributes
	valueBytes     = 16           // what is boxed for a string, and at most for any other value
	sliceBytes     = 24           // the header of a list or map value
	arrayItemBytes = 16           // an element of a list value
)

// allocated rounds a size up as the allocator does: its classes are an eighth apart at most.
func allocated(n int) int64 {
	switch {
	case n <= 0:
		return 0
	case n <= 16:
		return int64(n+7) &^ 7
	case n <= 128:
		return int64(n+15) &^ 15
	case n <= 1024:
		return int64(n) + int64(n)>>5
	}
	return int64(n) + int64(n)>>4
}

// grown is the capacity of a slice that was appended to one by one.
func grown(n int) int {
	if n == 0 {
		return 0
	}
	c := 1
	for c < n {
		if c < 256 {
			c *= 2
		} else {
			c += (c + 768) / 4
		}
	}
	return c
}

// bareBytes is the heap a span takes without its name and attributes.
func bareBytes(s ptrace.Span) int64 {
	n := spanBytes + allocated(len(s.TraceState().AsRaw())) + allocated(len(s.Status().Message()))
	if events := s.Events(); events.Len() > 0 {
		for i := range events.Len() {
			e := events.At(i)
			n += eventBytes + allocated(len(e.Name())) + mapBytes(e.Attributes())
		}
	}
	if links := s.Links(); links.Len() > 0 {
		for i := range links.Len() {
			l := links.At(i)
			n += linkBytes + allocated(len(l.TraceState().AsRaw())) + mapBytes(l.Attributes())
		}
	}
	return n
}

func retainedResource(rs ptrace.ResourceSpans) int64 {
	n := int64(resourceBytes) + mapBytes(rs.Resource().Attributes()) + allocated(len(rs.SchemaUrl()))
	for i := range rs.ScopeSpans().Len() {
		ss := rs.ScopeSpans().At(i)
		n += resourceBytes/2 + allocated(len(ss.Scope().Name())) + allocated(len(ss.Scope().Version())) +
			allocated(len(ss.SchemaUrl())) + mapBytes(ss.Scope().Attributes())
	}
	return n
}

func mapBytes(m pcommon.Map) int64 {
	if m.Len() == 0 {
		return 0
	}
	n := listBytes(m.Len())
	for k, v := range m.All() {
		n += allocated(len(k)) + anyBytes(v)
	}
	return n
}

// listBytes is what a list of attributes takes that was appended to one by one, without what they hold.
func listBytes(attributes int) int64 { return allocated(keyValueBytes * grown(attributes)) }

func anyBytes(v pcommon.Value) int64 {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return valueBytes + allocated(len(v.Str()))
	case pcommon.ValueTypeBytes:
		return sliceBytes + allocated(v.Bytes().Len())
	case pcommon.ValueTypeSlice:
		s := v.Slice()
		n := sliceBytes + valueBytes + allocated(arrayItemBytes*grown(s.Len()))
		for i := range s.Len() {
			n += anyBytes(s.At(i))
		}
		return n
	case pcommon.ValueTypeMap:
		return sliceBytes + valueBytes + mapBytes(v.Map())
	}
	return valueBytes / 2
}
