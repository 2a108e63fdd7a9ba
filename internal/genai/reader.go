// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Reader reads spans and log records. It is not safe for concurrent use: take one per batch from a pool.
type Reader struct {
	index *keyIndex
	// expected are the last attributes of each number: spans of one kind have the same keys in the same order, and a comparison costs less
	// than a search.
	expected [longestExpected + 1][]meaning
	view     View
}

// longestExpected bounds what is expected, attributes, and longestKey the keys that are remembered for it, bytes.
const (
	longestExpected = 64
	longestKey      = 96
)

// meaning is what a key stands for: a rule, a family, or nothing that is known.
type meaning struct {
	key    string // empty where none has been looked up, or none that is remembered
	rule   *rule
	family *family
}

var builtin = newKeyIndex(buildRules(nil))

// NewReader is a reader of the built-in conventions and of mappings, which may be nil.
func NewReader(m *Mappings) *Reader {
	r := &Reader{index: builtin}
	if m != nil {
		r.index = m.index
	}
	r.view.scope = &scope{}
	return r
}

// A view never holds on to the span or the record that it read before.
var (
	noSpan   = ptrace.NewSpan()
	noRecord = plog.NewLogRecord()
)

// SetResource tells the resource of the spans or records that follow.
func (r *Reader) SetResource(res pcommon.Resource) {
	v := &r.view
	v.service, v.resourceSession = "", ""
	if name, ok := res.Attributes().Get("service.name"); ok {
		v.service = name.Str()
	}
	if id, ok := res.Attributes().Get("session.id"); ok {
		v.resourceSession = id.Str()
	}
}

// SetScope tells the scope of the spans or records that follow.
func (r *Reader) SetScope(s pcommon.InstrumentationScope) {
	if name := s.Name(); name != r.view.scopeName {
		r.view.scopeName = name
		r.view.scope = findScope(name)
	}
}

// Span reads a span. The view is good until the next call, or until the span's attributes change.
func (r *Reader) Span(s ptrace.Span) *View {
	v := &r.view
	v.reset()
	v.span, v.record, v.isSpan, v.name = s, noRecord, true, s.Name()
	v.attributes = s.Attributes()
	r.read(v.attributes)
	v.settle()
	return v
}

// Log reads a log record. The view is good until the next call, or until the record changes.
func (r *Reader) Log(rec plog.LogRecord) *View {
	v := &r.view
	v.reset()
	v.span, v.record, v.isSpan, v.name = noSpan, rec, false, ""
	v.attributes = rec.Attributes()
	r.read(v.attributes)
	v.name = v.eventName()
	v.settle()
	return v
}

func (r *Reader) read(attrs pcommon.Map) {
	v := &r.view
	expected, at := r.expect(attrs.Len()), 0
	for k, val := range attrs.All() {
		m := &expected[min(at, len(expected)-1)]
		if m.key != k || k == "" {
			*m = r.lookUp(k)
		}
		at++
		switch {
		case m.rule == nil:
			if m.family != nil {
				v.addFamily(m.family)
			}
		case !isAbsent(val):
			v.add(m.rule, k, val)
		}
	}
}

// expect is what the last attributes of that number were, in their order.
func (r *Reader) expect(attributes int) []meaning {
	attributes = min(attributes, longestExpected)
	if r.expected[attributes] == nil {
		r.expected[attributes] = make([]meaning, attributes)
	}
	return r.expected[attributes]
}

// lookUp does not hold on to keys that a client sent unless they are short.
func (r *Reader) lookUp(k string) meaning {
	if rule := r.index.find(k); rule != nil {
		return meaning{key: rule.key, rule: rule}
	}
	m := meaning{family: findFamily(k)}
	if len(k) <= longestKey {
		m.key = k
	}
	return m
}

// isAbsent tells values that stand for none: an AnyValue without a value, as several clients send, and the empty string.
func isAbsent(val pcommon.Value) bool {
	switch val.Type() {
	case pcommon.ValueTypeEmpty:
		return true
	case pcommon.ValueTypeStr:
		return val.Str() == ""
	default:
		return false
	}
}
