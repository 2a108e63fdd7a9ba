// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"bytes"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// shortestContentCopy is the size in bytes from which on it is worth a look whether a text stands in another place, too.
const shortestContentCopy = 128

// direction is the way something went: into the span, or out of it.
type direction uint8

const (
	goesIn direction = iota + 1
	comesOut
)

// directions are those of roles whose text another role may repeat.
var directions = map[Role]direction{
	RoleInputMessages: goesIn, RolePromptText: goesIn, RoleRawInput: goesIn, RoleToolArguments: goesIn, RoleQuery: goesIn,
	RoleOutputMessages: comesOut, RoleCompletionText: comesOut, RoleRawOutput: comesOut, RoleToolResult: comesOut, RoleDocuments: comesOut,
}

// holdsMessages are the roles under which the same messages stand in another form.
var holdsMessages = map[Role]bool{
	RoleInputMessages: true, RolePromptText: true, RoleRawInput: true,
	RoleOutputMessages: true, RoleCompletionText: true, RoleRawOutput: true,
}

// Copies appends the view's contents that say, byte for byte or message for message, what another one says, and nothing
// else: `input.value` beside `gen_ai.input.messages`. The current convention's own stays, else the best ranked one.
func (v *View) Copies(dst []Content) []Content {
	if len(v.contents) < 2 {
		return dst
	}
	copies := make([]bool, len(v.contents))
	v.findEqual(copies)
	v.findSaidTwice(goesIn, copies)
	v.findSaidTwice(comesOut, copies)
	for i, is := range copies {
		if is {
			dst = append(dst, v.contents[i])
		}
	}
	return dst
}

func (v *View) findEqual(copies []bool) {
	for i := range v.contents {
		a := &v.contents[i]
		if copies[i] || a.Layout != LayoutText || directions[a.Role] == 0 || !worth(a.Value) {
			continue
		}
		for j := range v.contents {
			if b := &v.contents[j]; i != j && !copies[j] && a.better(b) && a.repeats(b) {
				copies[j] = true
			}
		}
	}
}

func (c *Content) repeats(other *Content) bool {
	return other.Layout == LayoutText && directions[c.Role] == directions[other.Role] && c.Value.Equal(other.Value)
}

func worth(val pcommon.Value) bool {
	return val.Type() != pcommon.ValueTypeStr || len(val.Str()) >= shortestContentCopy
}

// better tells which of two places is kept.
func (c *Content) better(other *Content) bool {
	if mine, theirs := c.Convention == ConventionSemConv, other.Convention == ConventionSemConv; mine != theirs {
		return mine
	}
	return c.rank < other.rank
}

func (v *View) findSaidTwice(way direction, copies []bool) {
	best := -1
	for i := range v.contents {
		if c := &v.contents[i]; directions[c.Role] == way && holdsMessages[c.Role] && !copies[i] && (best < 0 || c.better(&v.contents[best])) {
			best = i
		}
	}
	var said []byte
	for i := range v.contents {
		c := &v.contents[i]
		if i == best || copies[i] || directions[c.Role] != way || !holdsMessages[c.Role] || c.Layout == LayoutText && !worth(c.Value) {
			continue
		}
		if said == nil {
			if said, _ = v.canonical(&v.contents[best]); len(said) < shortestContentCopy {
				return
			}
		}
		says, whole := v.canonical(c)
		copies[i] = whole && bytes.Equal(says, said)
	}
}

// canonical is what a content says as the current convention's JSON, and whether that is all it says.
func (v *View) canonical(c *Content) (says []byte, whole bool) {
	var messages []Message
	if c.Layout == LayoutFlattened {
		messages, whole = DecodeFlattened(nil, v.attributes, c.Key, c.Role)
	} else {
		messages, whole = DecodeValue(nil, c.Value, c.Role)
	}
	return AppendMessages(nil, messages), whole
}
