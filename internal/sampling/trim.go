// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

const (
	// trimAbove is the share of the memory limit in use from where on lists with any room to spare are trimmed, which takes
	// about as long as reading them; below it only those where a quarter or more would be saved.
	trimAbove = 0.1
	// longestTrimmed bounds what comparing each key with those before it costs.
	longestTrimmed = 64
	// longestShared is the longest string that is remembered in order to be shared, bytes.
	longestShared = 64
)

// trimmer makes spans smaller, as long as they are still in the cache: unmarshalling gives every span its own copy of
// its name and keys, and lists of attributes up to twice as long as they need be.
type trimmer struct {
	// thorough tells that memory is worth more than time.
	thorough bool

	names [16]string
	// keys are those of the last list of each length.
	keys  [longestTrimmed + 1][]string
	fresh pcommon.Map
}

// trim returns the bytes it has saved of what retained counts.
func (t *trimmer) trim(s ptrace.Span) (saved int64) {
	if name := s.Name(); len(name) <= longestShared {
		known := &t.names[len(name)%len(t.names)]
		if *known == name {
			s.SetName(*known)
			saved += allocated(len(name))
		} else {
			*known = name
		}
	}
	n := s.Attributes().Len()
	if n <= longestTrimmed && t.worthwhile(n) {
		saved += t.trimMap(s.Attributes(), n)
	}
	return saved
}

func (t *trimmer) worthwhile(attributes int) bool {
	room, spare := grown(attributes), grown(attributes)-attributes
	return spare > 0 && (t.thorough || attributes > 4 && 4*spare >= room)
}

func (t *trimmer) trimMap(m pcommon.Map, n int) (saved int64) {
	if t.keys[n] == nil {
		t.keys[n] = make([]string, n)
	}
	keys := t.keys[n]
	if t.fresh == (pcommon.Map{}) {
		t.fresh = pcommon.NewMap()
	}
	t.fresh.EnsureCapacity(n)
	i := 0
	for k, v := range m.All() {
		if keys[i] == k {
			k = keys[i]
			saved += allocated(len(k))
		} else if len(k) <= longestShared {
			keys[i] = k
		}
		to, twice := t.fresh.GetOrPutEmpty(k)
		if twice {
			t.undo(m)
			return 0
		}
		v.MoveTo(to)
		i++
	}
	t.fresh.MoveTo(m)
	return saved + allocated(keyValueBytes*grown(n)) - allocated(keyValueBytes*n)
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
