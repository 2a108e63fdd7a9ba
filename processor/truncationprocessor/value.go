// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"encoding/json"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/internal/content"
	"github.com/llmcol/llmcol/internal/genai"
)

// attributes brings every attribute within its budgets, in place.
func (w *worker) attributes(at place, attributes pcommon.Map, event genai.KindSet) {
	for key, v := range attributes.All() {
		if w.isSmall(v) || strings.HasPrefix(key, attributePrefix) || w.isSpared(key, v) {
			continue
		}
		w.value(at.key(key), v, w.budgetOf(key, event), w.holdingOf(attributes, key, v, event))
	}
}

// isSpared reports whether an attribute is one that no kind's budget is for: what llmcol itself has said, and ids.
func (w *worker) isSpared(key string, v pcommon.Value) bool {
	return isLabel(key) && valueSize(v) <= w.maxAttribute
}

// isLabel tells the attributes that are no content: ids, and what llmcol itself adds; what it has kept of the client's is
// none of that.
func isLabel(key string) bool {
	return strings.HasPrefix(key, "llmcol.") && !strings.HasPrefix(key, genai.OriginalPrefix) ||
		genai.IsIdentifierKey(key) || genai.IsConversationKey(key) || genai.IsUserKey(key)
}

// budgetOf is the budget of an attribute: that of a message if it is part of one kept in many attributes, or in an event.
func (w *worker) budgetOf(key string, event genai.KindSet) int {
	if _, _, _, flattened := genai.FlattenedMessage(key); flattened || isMessage(event) {
		return w.messageBudget()
	}
	return w.maxAttribute
}

// isMessage tells by what an event holds that it is one message.
func isMessage(event genai.KindSet) bool { return event != 0 && !event.Has(genai.ContentDocument) }

func (w *worker) messageBudget() int {
	if w.limits.Message > 0 {
		return min(w.maxAttribute, w.limits.Message)
	}
	return w.maxAttribute
}

// isSmall reports whether a value needs no look.
func (w *worker) isSmall(v pcommon.Value) bool {
	least := w.smallest
	if w.shard != nil {
		least = min(least, content.LeastReferred-1)
	}
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return len(v.Str()) <= least
	case pcommon.ValueTypeBytes:
		return base64Size(v.Bytes().Len()) <= w.smallest
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		return sizeWithin(v, least) >= 0
	}
	return true
}

// body brings the body of a record within its budget, which may be one message.
func (w *worker) body(body pcommon.Value) {
	if w.isSmall(body) {
		return
	}
	h, budget := w.bodyHolding(body), w.maxAttribute
	if isMessage(genai.EventKinds(w.read.Name())) {
		budget = w.messageBudget()
	}
	w.value("body", body, budget, h)
}

// field brings a string that is no attribute within the budget.
func (w *worker) field(name, text string, set func(string)) {
	if len(text) > w.smallest {
		w.fieldWithin(w.maxAttribute, name, text, set)
	}
}

func (w *worker) fieldWithin(budget int, name, text string, set func(string)) {
	if out, changed := w.shrinker.Text(text, budget, 0, content.Nested); changed {
		w.changes.note(name, content.DigestOf(text), len(text), len(out))
		set(out)
	}
}

// value brings a value within its budgets.
func (w *worker) value(key string, v pcommon.Value, budget int, h holding) {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		text := v.Str()
		out, changed := w.shrinker.Text(text, budget, h.kinds, h.form)
		w.hold(key, changed)
		if changed {
			w.changes.note(key, content.DigestOf(text), len(text), len(out))
			v.SetStr(out)
		}
	case pcommon.ValueTypeBytes:
		w.bytes(key, v, budget)
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		w.structure(key, v, budget, h)
	}
}

// hold notes the messages that the value just looked at holds whole.
func (w *worker) hold(key string, changed bool) {
	if changed {
		w.forget(key)
	}
	for _, d := range w.shrinker.Held {
		w.holds = append(w.holds, heldBy{key, d})
	}
}

// bytes replaces bytes by the marker of a file.
func (w *worker) bytes(key string, v pcommon.Value, budget int) {
	raw := v.Bytes().AsRaw()
	if base64Size(len(raw)) <= budget {
		return
	}
	digest := content.DigestOf(string(raw))
	marker := content.BytesMarker(len(raw), digest)
	w.changes.note(key, digest, len(raw), len(marker))
	w.shrinker.Tally.Stubs++
	v.SetEmptyBytes().FromRaw([]byte(marker))
}

func base64Size(n int) int { return (n+2)/3*4 + len(`""`) }

// maxDepth is how deep maps and slices are taken apart; what is deeper counts as one value.
const maxDepth = 200

func (w *worker) structure(key string, v pcommon.Value, budget int, h holding) {
	s := w.shrinker.Structure()
	defer s.Close()
	build(s, "", v, 0)
	changed := s.Shrink(budget, h.kinds, h.form)
	w.hold(key, changed)
	if !changed {
		return
	}
	before := v.AsString()
	apply(s, v)
	w.changes.note(key, content.DigestOf(before), len(before), len(v.AsString()))
}

// build shows a value to the shrinker.
func build(s *content.Structure, name string, v pcommon.Value, depth int) {
	switch t := v.Type(); {
	case t == pcommon.ValueTypeMap && depth < maxDepth:
		s.Map(name)
		for k, member := range v.Map().All() {
			build(s, k, member, depth+1)
		}
		s.End()
	case t == pcommon.ValueTypeSlice && depth < maxDepth:
		s.List(name)
		for _, element := range v.Slice().All() {
			build(s, "", element, depth+1)
		}
		s.End()
	case t == pcommon.ValueTypeStr:
		s.Text(name, v.Str())
	case t == pcommon.ValueTypeInt:
		s.Int(name, v.Int())
	case t == pcommon.ValueTypeDouble:
		s.Double(name, v.Double())
	default:
		s.Scalar(name, scalarJSON(v))
	}
}

func scalarJSON(v pcommon.Value) string {
	switch v.Type() {
	case pcommon.ValueTypeEmpty:
		return "null"
	case pcommon.ValueTypeBool:
		return strconv.FormatBool(v.Bool())
	case pcommon.ValueTypeBytes:
		return `"` + v.AsString() + `"`
	}
	return v.AsString() // a map or slice too deep to be taken apart
}

// apply does with a value, and what is in it, what the shrinker has planned. It reports whether the value is to be removed.
func apply(s *content.Structure, v pcommon.Value) (remove bool) {
	outcome, text := s.Next()
	switch outcome {
	case content.SetText:
		v.SetStr(text)
	case content.SetJSON:
		setJSON(v, text)
	case content.Remove:
		return true
	case content.LookInside:
		if v.Type() == pcommon.ValueTypeMap {
			v.Map().RemoveIf(func(_ string, member pcommon.Value) bool { return apply(s, member) })
		} else {
			v.Slice().RemoveIf(func(element pcommon.Value) bool { return apply(s, element) })
		}
	}
	return false
}

// setJSON puts what the engine made up in the place of a value.
func setJSON(v pcommon.Value, text string) {
	var out any
	if json.Unmarshal([]byte(text), &out) != nil || v.FromRaw(out) != nil {
		v.SetStr(text)
	}
}

// sizeWithin is the size of a value as JSON, -1 if it is more than most.
func sizeWithin(v pcommon.Value, most int) int {
	size := 0
	switch v.Type() {
	case pcommon.ValueTypeMap:
		size = len("{}")
		for key, member := range v.Map().All() {
			inner := sizeWithin(member, most-size)
			if inner < 0 {
				return -1
			}
			size += content.QuotedSize(key) + len(":,") + inner
		}
	case pcommon.ValueTypeSlice:
		size = len("[]")
		for _, element := range v.Slice().All() {
			inner := sizeWithin(element, most-size)
			if inner < 0 {
				return -1
			}
			size += inner + len(",")
		}
	case pcommon.ValueTypeStr:
		size = content.QuotedSize(v.Str())
	case pcommon.ValueTypeBytes:
		size = base64Size(v.Bytes().Len())
	case pcommon.ValueTypeInt:
		var digits [20]byte
		size = len(strconv.AppendInt(digits[:0], v.Int(), 10))
	default:
		size = longestScalar
	}
	if size > most {
		return -1
	}
	return size
}

// longestScalar is what a double takes as JSON at most.
const longestScalar = 24
