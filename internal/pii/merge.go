// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

// merge takes more hits, sorted, into those that are there, and joins what
// overlaps.
func (st *scan) merge(more []Match) {
	if len(more) == 0 {
		return
	}
	old := append(st.merged[:0], st.out[st.base:]...)
	st.merged = old
	st.out = st.out[:st.base]
	for len(old) > 0 || len(more) > 0 {
		if len(more) == 0 || len(old) > 0 && old[0].Start <= more[0].Start {
			st.append(old[0])
			old = old[1:]
		} else {
			st.append(more[0])
			more = more[1:]
		}
	}
}

// append adds m behind the hits, or joins it with the last ones.
func (st *scan) append(m Match) {
	for len(st.out) > st.base && st.out[len(st.out)-1].End > m.Start {
		m = join(st.out[len(st.out)-1], m)
		st.out = st.out[:len(st.out)-1]
	}
	st.out = append(st.out, m)
}

// join unites two overlapping hits under the longer one's entity.
func join(a, b Match) Match {
	if b.End-b.Start > a.End-a.Start {
		a, b = b, a
	}
	a.Start, a.End = min(a.Start, b.Start), max(a.End, b.End)
	a.Score = max(a.Score, b.Score)
	return a
}
