// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/internal/content"
	"github.com/llmcol/llmcol/internal/genai"
)

// remember opens the memory of a trace's messages, until the item is done.
func (w *worker) remember(trace pcommon.TraceID, self holder) {
	if w.memory == nil || trace.IsEmpty() {
		return
	}
	w.trace, w.shard = trace, w.memory.of(trace)
	w.shard.Lock()
	w.self = w.shard.arrive(trace, self)
	w.shrinker.Seen = w.heldBefore
}

func (w *worker) heldBefore(d content.Digest) bool {
	return w.shard.heldBefore(told{w.trace, d}, w.self)
}

// deduplicate drops copies of content under another name, and messages that are no JSON but stand elsewhere.
func (w *worker) deduplicate(attributes pcommon.Map) {
	if w.shard == nil || w.operation() == genai.OpNone {
		return
	}
	for _, c := range w.read.Copies(nil) {
		w.dropCopy(attributes, c)
	}
	w.referWhole(attributes)
	w.referFlattened(attributes)
}

// dropCopy removes content that stands under another name, too.
func (w *worker) dropCopy(attributes pcommon.Map, c genai.Content) {
	if c.Layout == genai.LayoutFlattened {
		w.dropFlattenedCopy(attributes, c.Key)
		return
	}
	v, _ := attributes.Get(c.Key) // where it is now: others may be gone
	text := v.AsString()
	w.changes.note(c.Key, content.DigestOf(text), len(text), 0)
	w.tally.copies++
	attributes.Remove(c.Key)
}

func (w *worker) dropFlattenedCopy(attributes pcommon.Map, prefix string) {
	var family flattened
	attributes.RemoveIf(func(key string, v pcommon.Value) bool {
		if !strings.HasPrefix(key, prefix) {
			return false
		}
		family.add(key, v.AsString())
		return true
	})
	w.changes.note(strings.TrimSuffix(prefix, "."), family.digest(), family.size, 0)
	w.tally.copies++
}

// referWhole replaces what a model is told with every call, its instructions and its tools, where an earlier span holds it.
func (w *worker) referWhole(attributes pcommon.Map) {
	for key, v := range attributes.All() {
		if role := genai.RoleOf(key); role != genai.RoleSystem && role != genai.RoleToolDefinitions || v.Type() != pcommon.ValueTypeStr {
			continue
		}
		text := v.Str()
		if _, _, _, flattened := genai.FlattenedMessage(key); flattened || len(text) < content.LeastReferred {
			continue
		}
		digest := content.DigestOf(text)
		if !w.heldBefore(digest) {
			w.holds = append(w.holds, heldBy{key, digest})
			continue
		}
		reference := referenceTo(text, digest)
		w.shrinker.Tally.References++
		w.changes.note(key, digest, len(text), len(reference))
		v.SetStr(reference)
	}
}

// referenceTo is a reference of the same type as text: a list, an object or text.
func referenceTo(text string, digest content.Digest) string {
	switch {
	case !content.LooksLikeJSON(text) || text[0] == '"':
		return content.ReferenceText(digest, len(text))
	case text[0] == '[':
		return "[" + content.ReferencePart(digest, len(text)) + "]"
	}
	return content.ReferencePart(digest, len(text))
}
