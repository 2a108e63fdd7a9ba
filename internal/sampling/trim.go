// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"unsafe"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

const (
	// largeSpan is how many bytes attributes hold beside which the work of trimming them is nothing.
	largeSpan = 16 << 10
	// longestTrimmed bounds what comparing each key with those before it costs.
	longestTrimmed = 64
	// longestShared is the longest string that is remembered in order to be shared, bytes.
	longestShared = 64
	// shortestSharedValue is the shortest value that is: to share one takes an allocation.
	shortestSharedValue = 16
)

// trimmer makes spans smaller, as long as they are still in the cache: unmarshalling gives every span its own copy of
// its name, keys and values, and lists of attributes up to twice as long as they need be.
type trimmer struct {
	// thorough has lists with any room to spare trimmed, which takes about as long as reading them; otherwise only those where a
	// quarter or more would be saved are, and those of large spans.
	thorough bool

	scope string
	names [16]string
	// lists are the last lists of each length.
	lists [longestTrimmed + 1][]lastAttribute
	fresh pcommon.Map
}

// lastAttribute is what was seen last in its place of a list.
type lastAttribute struct{ key, value string }

// trim returns the heap that the span takes from then on.
func (t *trimmer) trim(s ptrace.Span) (bytes int64) {
	return bareBytes(s) + t.shareName(s) + t.trimMap(s.Attributes())
}

func (t *trimmer) trimMap(m pcommon.Map) (bytes int64) {
	n := m.Len()
	if n == 0 || n > longestTrimmed {
		return mapBytes(m)
	}
	last := t.last(n)
	if t.worthwhile(n) {
		return t.rebuild(m, last)
	}
	bytes = shareValues(m, last)
	if bytes > largeSpan && grown(n) > n {
		return t.rebuild(m, last)
	}
	return bytes
}

// shareScope makes the names of scopes that follow each other one string.
func (t *trimmer) shareScope(s pcommon.InstrumentationScope) {
	if name := s.Name(); name == t.scope {
		s.SetName(t.scope)
	} else if len(name) <= longestShared {
		t.scope = name
	}
}

func (t *trimmer) shareName(s ptrace.Span) (bytes int64) {
	name := s.Name()
	if len(name) > longestShared {
		return allocated(len(name))
	}
	known := &t.names[len(name)%len(t.names)]
	if *known != name || isSame(*known, name) {
		*known = name
		return allocated(len(name))
	}
	s.SetName(*known)
	return 0
}

func (t *trimmer) worthwhile(attributes int) bool {
	room, spare := grown(attributes), grown(attributes)-attributes
	return spare > 0 && (t.thorough || attributes > 4 && 4*spare >= room)
}

func (t *trimmer) last(n int) []lastAttribute {
	if t.lists[n] == nil {
		t.lists[n] = make([]lastAttribute, n)
	}
	return t.lists[n]
}

// shareValues leaves the list itself as it is.
func shareValues(m pcommon.Map, last []lastAttribute) (bytes int64) {
	bytes = listBytes(m.Len())
	i := 0
	for k, v := range m.All() {
		bytes += allocated(len(k)) + last[i].shareValue(v)
		i++
	}
	return bytes
}

func (a *lastAttribute) shareValue(v pcommon.Value) (bytes int64) {
	if v.Type() != pcommon.ValueTypeStr {
		return anyBytes(v)
	}
	switch text := v.Str(); {
	case len(text) < shortestSharedValue, len(text) > longestShared:
		return valueBytes + allocated(len(text))
	case a.value == text && !isSame(a.value, text):
		v.SetStr(a.value)
		return valueBytes
	default:
		a.value = text
		return valueBytes + allocated(len(text))
	}
}

// isSame tells whether two equal strings are one: a span that is looked at again does not share with itself.
func isSame(a, b string) bool { return unsafe.StringData(a) == unsafe.StringData(b) }

// rebuild makes a list that is no longer than it need be, of keys and values that are shared.
func (t *trimmer) rebuild(m pcommon.Map, last []lastAttribute) (bytes int64) {
	if t.fresh == (pcommon.Map{}) {
		t.fresh = pcommon.NewMap()
	}
	t.fresh.EnsureCapacity(len(last))
	bytes = allocated(keyValueBytes * len(last))
	i := 0
	for k, v := range m.All() {
		if a := &last[i]; a.key == k && !isSame(a.key, k) {
			k = a.key
		} else {
			bytes += allocated(len(k))
			if len(k) <= longestShared {
				a.key = k
			}
		}
		to, twice := t.fresh.GetOrPutEmpty(k)
		if twice {
			t.undo(m)
			return mapBytes(m)
		}
		bytes += last[i].shareValue(v)
		v.MoveTo(to)
		i++
	}
	t.fresh.MoveTo(m)
	return bytes
}

// trimSpans makes a list of spans that is no longer than it need be.
func trimSpans(s ptrace.SpanSlice) {
	fresh := ptrace.NewSpanSlice()
	fresh.EnsureCapacity(s.Len())
	s.MoveAndAppendTo(fresh)
	fresh.MoveAndAppendTo(s)
}

// undo puts back what has been moved out of a list that has a key twice: such a list stays as it came.
func (t *trimmer) undo(m pcommon.Map) {
	i, moved := 0, t.fresh.Len()
	values := make([]pcommon.Value, 0, moved)
	for _, v := range t.fresh.All() {
		values = append(values, v)
	}
	for _, v := range m.All() {
		if i == moved {
			break
		}
		values[i].MoveTo(v)
		i++
	}
	t.fresh = pcommon.Map{}
}
