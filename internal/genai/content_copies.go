// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"bytes"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// shortestContentCopy is the size in bytes from which on it is worth a look whether a text stands in another place, too.
const shortestContentCopy = 128

// messagePlaces are the roles under which the same messages stand, by direction.
var messagePlaces = [...]map[Role]bool{
	{RoleInputMessages: true, RolePromptText: true, RoleRawInput: true},
	{RoleOutputMessages: true, RoleCompletionText: true, RoleRawOutput: true},
}

// Copies appends the view's contents that say, byte for byte or message for message, what another one says, and nothing
// else: `input.value` beside `gen_ai.input.messages`. The current convention's own stays, else the best ranked one.
func (v *View) Copies(dst []Content) []Content {
	if len(v.contents) < 2 {
		return dst
	}
	copies := make([]bool, len(v.contents))
	v.findEqual(copies)
	for _, places := range messagePlaces {
		v.findSaidTwice(places, copies)
	}
	for i, is := range copies {
		if is {
			dst = append(dst, v.contents[i])
		}
	}
	return dst
}

func (v *View) findEqual(copies []bool) {
	for i := range v.contents {
		for j := range v.contents {
			a, b := &v.contents[i], &v.contents[j]
			if i != j && !copies[i] && !copies[j] && a.Layout == LayoutText && b.Layout == LayoutText && worth(a.Value) && a.better(b) && a.Value.Equal(b.Value) {
				copies[j] = true
			}
		}
	}
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

func (v *View) findSaidTwice(places map[Role]bool, copies []bool) {
	best := -1
	for i := range v.contents {
		if c := &v.contents[i]; places[c.Role] && !copies[i] && (best < 0 || c.better(&v.contents[best])) {
			best = i
		}
	}
	var said []byte
	for i := range v.contents {
		c := &v.contents[i]
		if i == best || copies[i] || !places[c.Role] || c.Layout == LayoutText && !worth(c.Value) {
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
