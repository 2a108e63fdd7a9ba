// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// View is what one span or log record says, whatever convention it is in. Its methods answer from the slots that one pass over the
// attributes has filled; a view changes nothing and keeps nothing.
type View struct {
	attributes pcommon.Map
	span       ptrace.Span
	record     plog.LogRecord
	isSpan     bool
	name       string // the span's name, or the record's event name

	service, resourceSession string
	scopeName                string
	scope                    *scope

	filled   [2]uint64 // which slots hold a value
	slots    [numFields]slot
	contents []Content
	// secondInput is the input count that lost to a better ranked name.
	secondInput slot
	families    []*family
	claims      uint64
	plainKeys   int
	tellings    int
	seekings    int
	claimed     bool
	repeats     bool // an attribute stands more than once
	operation   Operation
	params      requestParameters
	asked       askedModel
}

type slot struct {
	value pcommon.Value
	rule  *rule
}

func (v *View) reset() {
	v.filled = [2]uint64{}
	v.contents = v.contents[:0]
	v.families = v.families[:0]
	v.claims, v.plainKeys, v.tellings, v.seekings = 0, 0, 0, 0
	v.claimed, v.repeats, v.operation = false, false, OpNone
	v.secondInput = slot{}
	v.params.read, v.asked.read = false, false
}

func (v *View) add(ru *rule, k string, val pcommon.Value) {
	if ru.plain && !v.addPlain(ru, val) && !ru.isReadAnyway() || !v.fits(ru, val) {
		return
	}
	v.claims |= ru.claim
	if ru.role != RoleNone {
		v.addContent(Content{k, val, ru.role, LayoutText, ru.convention, ru.rank})
		return
	}
	if v.has(ru.field) {
		beaten := v.slots[ru.field]
		switch {
		case beaten.rule == ru:
			v.slots[ru.field].value, v.repeats = val, true
			return
		case beaten.rule.rank <= ru.rank:
			beaten = slot{val, ru}
		}
		if ru.field == fieldInput {
			v.secondInput = beaten
		}
		if beaten.rule == ru {
			return
		}
	}
	v.filled[ru.field>>6] |= 1 << (ru.field & 63)
	v.slots[ru.field] = slot{val, ru}
}

// addContent: of an attribute that stands more than once, as a client in Rust sends what it has recorded again, the last counts, as it does
// where an SDK has overwritten the earlier.
func (v *View) addContent(c Content) {
	for i := range v.contents {
		if v.contents[i].Key == c.Key {
			v.contents[i], v.repeats = c, true
			return
		}
	}
	v.contents = append(v.contents, c)
}

// addPlain counts a bare name, unless its value makes it something else.
func (v *View) addPlain(ru *rule, val pcommon.Value) bool {
	if !isPlausible(ru, val) {
		return false
	}
	v.plainKeys++
	if ru.flags&telling != 0 {
		v.tellings++
	}
	if ru.flags&seeking != 0 {
		v.seekings++
	}
	return true
}

// fits tells a key that means here what its convention means, and a value that says what its field is for: not the name of a framework where a
// provider is asked for, not a placeholder.
func (v *View) fits(ru *rule, val pcommon.Value) bool {
	if ru.flags&scoped != 0 && v.scope.convention != ru.convention {
		return false
	}
	switch ru.field {
	case fieldProvider:
		return !isFramework(val.Str())
	case fieldConversation, fieldUser, fieldRequestModel, fieldResponseModel, fieldModel, fieldToolCallID, fieldResponseID, fieldFinishReason:
		return val.Type() != pcommon.ValueTypeStr || !isPlaceholder(val.Str())
	case fieldKind:
		if ru.flags&neutral != 0 {
			_, known := kindOf(ru.convention, val.Str())
			return known
		}
	}
	return true
}

func (v *View) addFamily(f *family) {
	if f.telling {
		v.claims |= f.convention.bit()
	}
	if f.role == RoleNone {
		return
	}
	for _, seen := range v.families {
		if seen == f {
			return
		}
	}
	v.families = append(v.families, f)
	v.contents = append(v.contents, Content{Key: f.prefix, Role: f.role, Layout: f.layout, Convention: f.convention, rank: behindKeys[f.convention]})
}

func (v *View) has(f Field) bool { return v.filled[f>>6]&(1<<(f&63)) != 0 }

// settle decides, once all attributes are read, whether the span speaks of an LLM app and what it is.
func (v *View) settle() {
	if v.scope.convention != ConventionNone {
		v.claims |= v.scope.convention.bit()
	}
	switch {
	case v.claims != 0:
		v.claimed = true
	case !v.isSpan:
		v.claimed = v.saysPlainly() || isGenAIEvent(v.name)
	default:
		v.claimed = v.saysPlainly() || tellsByName(v.name)
	}
	if v.claimed {
		v.operation = v.resolveOperation()
		switch {
		case v.isEcho():
			v.operation = OpOther
		case v.has(fieldCallsWithin) && v.operation.IsInference():
			v.operation = OpInvokeAgent
		}
		v.claimed = v.operation != OpNone
	}
}

// visible tells whether a slot may be read: bare names only count on a span that speaks of an LLM.
func (v *View) visible(f Field) bool {
	return v.has(f) && (v.claimed || v.slots[f].rule.convention == ConventionNeutral || v.slots[f].rule.flags&neutral != 0)
}

// Operation is what the span or record reports; OpNone if it has nothing to do with an LLM app.
func (v *View) Operation() Operation { return v.operation }

// Name is the span's name, or the record's event name.
func (v *View) Name() string { return v.name }

// ServiceName is the resource's service.name.
func (v *View) ServiceName() string { return v.service }

// ScopeName is the instrumentation scope's name.
func (v *View) ScopeName() string { return v.scopeName }

// IsModelCall reports whether the span or record is one call of a model: never a sum over several, never a wrapper's empty echo.
func (v *View) IsModelCall() bool { return v.operation.IsInference() }
