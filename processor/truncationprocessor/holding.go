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
func (w *worker) holdingOf(attributes pcommon.Map, key string, v pcommon.Value, event genai.KindSet) holding {
	role := genai.RoleOf(key)
	if role == genai.RoleNone {
		if event == 0 {
			return holding{0, content.Nested}
		}
		kinds, form := schema{}.Member(lastSegment(key), content.Kinds(event))
		return holding{kinds, form}
	}
	op := w.operation()
	text := func(key string) string { return textOf(attributes, key) }
	if kinds, form := genai.FlattenedKinds(key, op, text); kinds != 0 {
		return holding{content.Kinds(kinds), forms[form]}
	}
	return holding{content.Kinds(role.Kinds(op)), formOf(role, v)}
}

// formOf is how an attribute of the role is to be read. What has been cut before may no longer look like what it was: whatever
// was read whole is small by now, and stays as it is when it is read as messages.
func formOf(role genai.Role, v pcommon.Value) content.Form {
	switch reading := role.Reading(); {
	case reading == genai.ReadMessages, role == genai.RoleSystem:
		return content.Nested
	case reading == genai.ReadMaybe:
		if text := v.AsString(); genai.LooksLikeMessages(text) || content.HasMarker(text) {
			return content.Nested
		}
	}
	return content.Whole
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
