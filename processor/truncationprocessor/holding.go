// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/internal/content"
	"github.com/llmcol/llmcol/internal/genai"
)

// holding is what a value holds.
type holding struct {
	kinds content.Kinds
	form  content.Form
}

// operation is what the item reports; OpNone for what is no item.
func (w *worker) operation() genai.Operation {
	switch {
	case w.read != nil:
	case w.item.isSpan:
		w.read = w.reader.Span(w.item.span)
	case w.item.isRecord:
		w.read = w.reader.Log(w.item.record)
	default:
		return genai.OpNone
	}
	return w.read.Operation()
}

// holdingOf is what an attribute holds. Event is what those of an event hold that are not known by name.
func (w *worker) holdingOf(attributes pcommon.Map, key string, event genai.KindSet) holding {
	role := genai.RoleOf(key)
	if role == genai.RoleNone {
		if event == 0 {
			return holding{0, content.Nested}
		}
		kinds, form := genai.MemberKinds(lastSegment(key), event)
		return holding{content.Kinds(kinds), forms[form]}
	}
	op := w.operation()
	text := func(key string) string { return textOf(attributes, key) }
	if kinds, form := genai.FlattenedKinds(key, op, text); kinds != 0 {
		return holding{content.Kinds(kinds), forms[form]}
	}
	kinds, form := role.Kinds(op), content.Whole
	if role.MixesKinds() || role.IsMessageContent() {
		form = content.Nested
	}
	return holding{content.Kinds(kinds), form}
}

// bodyHolding is what the body of a log record holds.
func (w *worker) bodyHolding(body pcommon.Value) holding {
	op := w.operation()
	kinds := genai.EventKinds(w.read.Name())
	switch {
	case kinds != 0:
	case body.Type() == pcommon.ValueTypeStr && genai.BodyKinds(body.Str()) != 0:
		kinds = genai.BodyKinds(body.Str())
	case op != genai.OpNone && op != genai.OpOther:
		kinds = genai.AnyContent
	}
	return holding{content.Kinds(kinds), content.Nested}
}

func textOf(m pcommon.Map, key string) string {
	v, present := m.Get(key)
	if !present || v.Type() != pcommon.ValueTypeStr {
		return ""
	}
	return v.Str()
}

func lastSegment(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }
