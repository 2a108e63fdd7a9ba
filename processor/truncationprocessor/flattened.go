// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"maps"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/internal/content"
	"github.com/llmcol/llmcol/internal/genai"
)

// flattened is one message, or one family of messages, kept in many attributes.
type flattened struct {
	family string
	prefix string   // of the message
	parts  []string // key and text of each attribute, one string an attribute
	size   int      // of the texts
	hash   content.Digest
}

func (f *flattened) add(key, text string) {
	f.parts = append(f.parts, key+"\x00"+text)
	f.size += len(text)
}

// digest is that of the attributes in the order of their keys.
func (f *flattened) digest() content.Digest {
	slices.Sort(f.parts)
	return content.DigestOf(strings.Join(f.parts, "\x00"))
}

// referFlattened replaces messages kept in many attributes where an earlier span holds them: of each its role stays, and a
// reference in the place of its text.
func (w *worker) referFlattened(attributes pcommon.Map) {
	messages := flattenedMessages(attributes)
	messages = slices.DeleteFunc(messages, func(m *flattened) bool { return !w.isReference(attributes, m) })
	if len(messages) == 0 {
		return
	}
	w.removeFlattened(attributes, messages)
	for _, m := range messages {
		attributes.PutStr(genai.FlattenedText(m.family, m.prefix), content.ReferenceText(m.hash, m.size))
		w.shrinker.Tally.References++
	}
}

// isReference reports whether a message is to become a reference; of one that is not it notes that it is held here.
func (w *worker) isReference(attributes pcommon.Map, m *flattened) bool {
	text := textOf(attributes, genai.FlattenedText(m.family, m.prefix))
	if m.size < leastFlattened || strings.HasPrefix(text, content.ReferenceHead) {
		return false
	}
	m.hash = m.digest()
	if w.heldBefore(m.hash) {
		return true
	}
	w.holds = append(w.holds, heldBy{m.prefix, m.hash})
	return false
}

// leastFlattened is the size of the texts of a message from which on a reference is smaller.
const leastFlattened = 80

// removeFlattened removes what the messages say, but for their roles, and notes that for the whole family.
func (w *worker) removeFlattened(attributes pcommon.Map, messages []*flattened) {
	gone := map[string]*flattened{}
	families := map[string]*flattened{}
	for _, m := range messages {
		gone[m.prefix] = m
	}
	attributes.RemoveIf(func(key string, v pcommon.Value) bool {
		family, prefix, rest, ok := genai.FlattenedMessage(key)
		if !ok || gone[prefix] == nil || genai.IsFlattenedRole(rest) {
			return false
		}
		if families[family] == nil {
			families[family] = &flattened{family: family}
		}
		families[family].add(key, v.AsString())
		return true
	})
	for _, family := range slices.Sorted(maps.Keys(families)) {
		f, left := families[family], 0
		for _, m := range messages {
			if m.family == family {
				left += len(content.ReferenceText(m.hash, m.size))
			}
		}
		w.changes.note(strings.TrimSuffix(family, "."), f.digest(), f.size, left)
	}
}

// flattenedMessages are the messages kept in many attributes, in the order in which they are met.
func flattenedMessages(attributes pcommon.Map) (messages []*flattened) {
	byPrefix := map[string]*flattened{}
	for key, v := range attributes.All() {
		family, prefix, rest, ok := genai.FlattenedMessage(key)
		if !ok {
			continue
		}
		m := byPrefix[prefix]
		if m == nil {
			m = &flattened{family: family, prefix: prefix}
			byPrefix[prefix] = m
			messages = append(messages, m)
		}
		m.add(rest, v.AsString())
	}
	return messages
}
