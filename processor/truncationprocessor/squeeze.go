// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"cmp"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/content"
	"github.com/llmcol/llmcol/internal/genai"
)

// Sizes in OTLP's binary form.
var (
	spanSizer   ptrace.ProtoMarshaler
	recordSizer plog.ProtoMarshaler
)

// fieldBytes is what a key and a value take in OTLP beside their text, and noteBytes what the mark of a cut does, at most.
const (
	fieldBytes = 16
	noteBytes  = 2*len(content.Digest{}) + 2*fieldBytes
)

// slot is a value of an item that can be made smaller.
type slot struct {
	key        string // as it is noted
	attributes pcommon.Map
	name       string // of the attribute; empty for a body
	value      pcommon.Value
	size       int
	event      genai.KindSet
	noted      bool
}

// fixValues makes room for all that is going to be noted: a map that grows moves its values.
func fixValues(attributes pcommon.Map) { attributes.EnsureCapacity(attributes.Len() + marks) }

// fieldShare is the part of an item's budget that a name, or the message of a status, may take.
const fieldShare = 8

// squeezeSpan brings a span within its budget: every value is cut to the same size, then attributes go, the largest first,
// then events from the middle.
func (w *worker) squeezeSpan(span ptrace.Span) {
	size := func() int {
		w.changes.annotate(span.Attributes())
		return spanSizer.SpanSize(span)
	}
	if size() <= w.maxSpan {
		return
	}
	w.fieldWithin(w.maxSpan/fieldShare, "name", span.Name(), span.SetName)
	w.fieldWithin(w.maxSpan/fieldShare, "status.message", span.Status().Message(), span.Status().SetMessage)
	fixValues(span.Attributes())
	slots := w.slots(nil, place{}, span.Attributes(), 0)
	for i, event := range span.Events().All() {
		at := place{"events.", i}
		w.fieldWithin(w.maxSpan/fieldShare, at.key("name"), event.Name(), event.SetName)
		slots = w.slots(slots, at, event.Attributes(), genai.EventKinds(event.Name()))
	}
	for i, link := range span.Links().All() {
		slots = w.slots(slots, place{"links.", i}, link.Attributes(), 0)
	}
	w.squeeze(slots, size)
	w.dropEvents(span, size)
}

func (w *worker) squeezeRecord(record plog.LogRecord) {
	size := func() int {
		w.changes.annotate(record.Attributes())
		return recordSizer.LogRecordSize(record)
	}
	if size() <= w.maxSpan {
		return
	}
	w.fieldWithin(w.maxSpan/fieldShare, "event_name", record.EventName(), record.SetEventName)
	w.fieldWithin(w.maxSpan/fieldShare, "severity_text", record.SeverityText(), record.SetSeverityText)
	fixValues(record.Attributes())
	slots := w.slots(nil, place{}, record.Attributes(), 0)
	if n := valueSize(record.Body()); n > 0 {
		slots = append(slots, slot{key: "body", value: record.Body(), size: n, noted: w.changes.has("body")})
	}
	w.squeeze(slots, size)
}

// slots appends the values that can be made smaller. What identifies something is none of them, nor are numbers.
func (w *worker) slots(dst []slot, at place, attributes pcommon.Map, event genai.KindSet) []slot {
	for name, v := range attributes.All() {
		size := valueSize(v)
		if size < 0 || isLabel(name) {
			continue
		}
		key := at.key(name)
		dst = append(dst, slot{
			key: key, attributes: attributes, name: name, value: v, size: size, event: event, noted: w.changes.has(key),
		})
	}
	return dst
}

// valueSize is the size of a text, or of anything else as JSON; -1 for a number.
func valueSize(v pcommon.Value) int {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return len(v.Str())
	case pcommon.ValueTypeBytes:
		return base64Size(v.Bytes().Len())
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		return len(v.AsString())
	}
	return -1
}

// mostRounds is how often values are cut in proportion: what a value takes in OTLP is only known afterwards.
const mostRounds = 4

func (w *worker) squeeze(slots []slot, size func() int) {
	for range mostRounds {
		over := size() - w.maxSpan
		if over <= 0 {
			return
		}
		level := levelFor(slots, over)
		for i := range slots {
			if s := &slots[i]; s.size > level {
				w.value(s.key, s.value, level, w.holdingOfSlot(s))
				s.size, s.noted = valueSize(s.value), true
			}
		}
		if level == content.SmallestValueBudget() {
			break
		}
	}
	w.dropAttributes(slots, size)
}

func (w *worker) holdingOfSlot(s *slot) holding {
	if s.name == "" {
		return w.bodyHolding(s.value)
	}
	return w.holdingOf(s.attributes, s.name, s.value, s.event)
}

// levelFor returns the size to which all values have to be cut for the item to become smaller by over bytes, marks included.
func levelFor(slots []slot, over int) int {
	low, high := content.SmallestValueBudget(), 0
	for i := range slots {
		high = max(high, slots[i].size)
	}
	for low < high {
		level := low + (high-low+1)/2
		saved := 0
		for i := range slots {
			if s := &slots[i]; s.size > level {
				saved += s.size - level
				if !s.noted {
					saved -= noteBytes + len(s.key)
				}
			}
		}
		if saved >= over {
			low = level
		} else {
			high = level - 1
		}
	}
	return low
}

// dropAttributes removes attributes, the largest first, until the item is within its budget. Where the marks of that take too
// much of it, they become one.
func (w *worker) dropAttributes(slots []slot, size func() int) {
	slots = slices.DeleteFunc(slots, func(s slot) bool { return s.name == "" })
	slices.SortStableFunc(slots, func(a, b slot) int { return cmp.Compare(b.size, a.size) })
	gone := map[string]bool{}
	for over := size() - w.maxSpan; over > 0 && len(slots) > 0; over = size() - w.maxSpan {
		n := 0
		for ; n < len(slots) && over > 0; n++ {
			over -= slots[n].takes()
		}
		w.remove(slots[:n], gone)
		slots = slots[n:]
		if w.changes.size() > w.maxSpan/noteShare {
			w.changes.join(func(key string) bool { return gone[key] })
		}
	}
}

// takes is what an attribute takes at most, its mark included.
func (s *slot) takes() int {
	size := s.size + len(s.name) + fieldBytes
	if s.noted {
		size += len(s.key) + noteBytes
	}
	return size
}

// remove removes attributes and adds their keys to those that are gone. A map is gone through once, however many they are.
func (w *worker) remove(slots []slot, gone map[string]bool) {
	in := map[pcommon.Map]map[string]string{}
	held := map[string]bool{}
	for _, s := range slots {
		if in[s.attributes] == nil {
			in[s.attributes] = map[string]string{}
		}
		in[s.attributes][s.name] = s.key
		gone[s.key], held[s.key] = true, true
		if _, message, _, flattened := genai.FlattenedMessage(s.key); flattened {
			held[message] = true
		}
	}
	for _, s := range slots {
		keys := in[s.attributes]
		delete(in, s.attributes)
		if keys == nil {
			continue
		}
		s.attributes.RemoveIf(func(name string, v pcommon.Value) bool {
			key, goes := keys[name]
			if goes {
				text := v.AsString()
				w.changes.note(key, content.DigestOf(text), len(text), 0)
				w.tally.attributes++
			}
			return goes
		})
	}
	w.holds = slices.DeleteFunc(w.holds, func(h heldBy) bool { return held[h.key] })
}

// noteShare is the part of an item's budget that marks may take before those of dropped attributes become one.
const noteShare = 4

// eventsKey is the key under which dropped events are noted.
const eventsKey = "events"

// dropEvents removes a span's events, whose attributes are gone, from the middle until it is within its budget; the first and
// the last stay.
func (w *worker) dropEvents(span ptrace.Span, size func() int) {
	if size() <= w.maxSpan {
		return
	}
	var gone strings.Builder
	room := w.maxSpan - noteBytes - len(eventsKey)
	for over := size() - room; over > 0 && span.Events().Len() > 2; over = size() - room {
		at, last := -1, span.Events().Len()-1
		span.Events().RemoveIf(func(event ptrace.SpanEvent) bool {
			at++
			if over <= 0 || at == 0 || at == last {
				return false
			}
			before := gone.Len()
			appendEvent(&gone, event)
			over -= eventBytes + gone.Len() - before
			w.tally.events++
			span.SetDroppedEventsCount(span.DroppedEventsCount() + 1)
			return true
		})
	}
	if gone.Len() > 0 {
		w.changes.note(eventsKey, content.DigestOf(gone.String()), gone.Len(), 0)
	}
}

// appendEvent appends what is left of an event: its name and the names and values of its attributes.
func appendEvent(dst *strings.Builder, event ptrace.SpanEvent) {
	dst.WriteString(event.Name())
	for name, v := range event.Attributes().All() {
		dst.WriteString(name)
		dst.WriteString(v.AsString())
	}
}

// eventBytes is the least that an event takes in OTLP beside its text.
const eventBytes = 4
