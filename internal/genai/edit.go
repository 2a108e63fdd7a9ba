// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// OriginalPrefix begins the names under which what a client had sent is kept.
const OriginalPrefix = "llmcol.original."

const replacedName = "llmcol.normalizer.replaced"

// edit is one attribute to write under a current name. All edits are worked out before the first is applied, since a view reads the
// attributes that the edits change.
type edit struct {
	name  string
	kind  pcommon.ValueType
	text  string
	int   int64
	float float64
	words []string
	// listed: the name is to be listed as replaced although the client had no value under it.
	listed bool
}

func (e *edit) equals(val pcommon.Value) bool {
	switch {
	case e.kind == pcommon.ValueTypeDouble && val.Type() == pcommon.ValueTypeInt:
		return float64(val.Int()) == e.float // JavaScript cannot tell 1 from 1.0
	case val.Type() != e.kind:
		return false
	}
	switch e.kind {
	case pcommon.ValueTypeStr:
		return val.Str() == e.text
	case pcommon.ValueTypeInt:
		return val.Int() == e.int
	case pcommon.ValueTypeDouble:
		return val.Double() == e.float
	case pcommon.ValueTypeBool:
		return val.Bool() == (e.int != 0)
	default:
		return equalWords(val.Slice(), e.words)
	}
}

func equalWords(s pcommon.Slice, words []string) bool {
	if s.Len() != len(words) {
		return false
	}
	for i, w := range words {
		if s.At(i).Type() != pcommon.ValueTypeStr || s.At(i).Str() != w {
			return false
		}
	}
	return true
}

func (e *edit) put(to pcommon.Value) {
	switch e.kind {
	case pcommon.ValueTypeStr:
		to.SetStr(apart(e.text))
	case pcommon.ValueTypeInt:
		to.SetInt(e.int)
	case pcommon.ValueTypeDouble:
		to.SetDouble(e.float)
	case pcommon.ValueTypeBool:
		to.SetBool(e.int != 0)
	default:
		putWords(to.SetEmptySlice(), e.words)
	}
}

// apart is a short text that does not keep alive the long one that it may have been cut out of: what is truncated, redacted or removed later
// must not stay in memory for the model's name in it.
func apart(text string) string {
	const short = 128
	if len(text) > short {
		return text
	}
	return strings.Clone(text)
}

func putWords(to pcommon.Slice, words []string) {
	to.EnsureCapacity(len(words))
	for _, w := range words {
		to.AppendEmpty().SetStr(apart(w))
	}
}

// roomBehind is how many attributes llm_cost and those behind it will add: room for them now, so that the attributes move but once.
const roomBehind = 8

// apply writes the edits. Where the client has another value under a current name, that is kept under llmcol.original. and the name
// listed, so that nobody converts it twice.
func (n *Normalizer) apply(attrs pcommon.Map) Change {
	var done Change
	replaced := n.replaced[:0]
	for i := range n.edits {
		e := &n.edits[i]
		val, exists := attrs.Get(e.name)
		switch {
		case !exists:
			if done.Added == 0 {
				attrs.EnsureCapacity(attrs.Len() + len(n.edits) - i + roomBehind)
			}
			e.put(attrs.PutEmpty(e.name))
			done.Added++
			if e.listed {
				replaced = append(replaced, e.name)
			}
		case val.Type() == pcommon.ValueTypeEmpty:
			e.put(val)
			done.Added++
		case !e.equals(val):
			n.keepOriginal(attrs, e.name)
			val, _ = attrs.Get(e.name) // keeping the original may have moved the attributes
			e.put(val)
			replaced = append(replaced, e.name)
		}
	}
	done.Replaced = len(replaced)
	n.replaced = replaced
	listReplaced(attrs, replaced)
	return done
}

func (n *Normalizer) keepOriginal(attrs pcommon.Map, name string) {
	if n.removeOriginals {
		return
	}
	kept, exists := attrs.GetOrPutEmpty(OriginalPrefix + name)
	if exists { // replaced before: that one is the client's
		return
	}
	val, _ := attrs.Get(name)
	val.CopyTo(kept)
}

func listReplaced(attrs pcommon.Map, names []string) {
	if len(names) == 0 {
		return
	}
	list, exists := attrs.Get(replacedName)
	if !exists || list.Type() != pcommon.ValueTypeSlice {
		putWords(attrs.PutEmptySlice(replacedName), names)
		return
	}
	known := make([]string, 0, list.Slice().Len())
	for _, v := range list.Slice().All() {
		known = append(known, v.Str())
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			list.Slice().AppendEmpty().SetStr(name)
		}
	}
}
