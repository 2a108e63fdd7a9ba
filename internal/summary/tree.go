// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package summary

import (
	"cmp"
	"slices"
)

// tree is the spans of one trace under one head: its root, or a stand-in over all of it where no root came. Spans whose parent never came
// hang under the head, so that their time is somebody's.
type tree struct {
	spans    []Span
	children [][]int // by index of the parent; the last entry is the stand-in's
	head     int     // index of the root, or len(spans) for the stand-in
	complete bool    // there is exactly one root, and every parent is there
	start    uint64
	end      uint64
}

func newTree(spans []Span) *tree {
	t := &tree{spans: spans, children: make([][]int, len(spans)+1), head: len(spans)}
	byID := make(map[SpanID]int, len(spans))
	for i := range spans {
		byID[spans[i].ID] = i
	}
	roots, orphans := t.link(byID)
	t.complete = len(roots) == 1 && len(orphans) == 0
	if len(roots) > 0 {
		t.head = slices.MinFunc(roots, t.byStart)
	}
	for _, i := range slices.Concat(roots, orphans) {
		if i != t.head {
			t.children[t.head] = append(t.children[t.head], i)
		}
	}
	t.adoptCycles()
	t.start, t.end = t.window()
	for _, c := range t.children {
		slices.SortFunc(c, t.byStart)
	}
	return t
}

func (t *tree) byStart(a, b int) int {
	return cmp.Or(cmp.Compare(t.spans[a].Start, t.spans[b].Start), slices.Compare(t.spans[a].ID[:], t.spans[b].ID[:]))
}

func (t *tree) link(byID map[SpanID]int) (roots, orphans []int) {
	for i := range t.spans {
		s := &t.spans[i]
		parent, known := byID[s.Parent]
		switch {
		case s.Parent == SpanID{}:
			roots = append(roots, i)
		case !known || parent == i:
			orphans = append(orphans, i)
		default:
			t.children[parent] = append(t.children[parent], i)
		}
	}
	return roots, orphans
}

// adoptCycles hangs spans that are each other's ancestors under the head: no client means them, and nothing may hang in them for ever.
func (t *tree) adoptCycles() {
	reached := make([]bool, len(t.spans)+1)
	t.reach(t.head, reached)
	for i := range t.spans {
		if reached[i] {
			continue
		}
		for parent := range t.children {
			t.children[parent] = slices.DeleteFunc(t.children[parent], func(c int) bool { return c == i })
		}
		t.children[t.head] = append(t.children[t.head], i)
		t.complete = false
		t.reach(i, reached)
	}
}

func (t *tree) reach(from int, reached []bool) {
	queue := []int{from}
	for len(queue) > 0 {
		i := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if reached[i] {
			continue
		}
		reached[i] = true
		queue = append(queue, t.children[i]...)
	}
}

// uniteTools makes a call of a tool directly inside one of the same tool part of it: a framework and what instruments it tell of one call.
func (t *tree) uniteTools() {
	for i := range t.spans {
		outer := &t.spans[i]
		if !outer.ToolCall {
			continue
		}
		for _, c := range t.children[i] {
			if inner := &t.spans[c]; inner.ToolCall && inner.Name == outer.Name {
				inner.ToolCall = false
				outer.Failed = outer.Failed || inner.Failed
			}
		}
	}
}

// window is the head's time: the root's own, or from the first start to the last end.
func (t *tree) window() (start, end uint64) {
	if t.head < len(t.spans) {
		s := &t.spans[t.head]
		return s.Start, max(s.Start, s.End)
	}
	for i := range t.spans {
		s := &t.spans[i]
		if start == 0 || s.Start < start {
			start = s.Start
		}
		end = max(end, s.End)
	}
	return start, max(start, end)
}
