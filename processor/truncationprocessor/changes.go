// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/internal/content"
)

// The attributes that say what was cut.
const (
	attributePrefix   = "llmcol.truncation."
	keysAttribute     = attributePrefix + "keys"
	hashesAttribute   = attributePrefix + "hashes"
	originalAttribute = attributePrefix + "original_bytes"
	droppedAttribute  = attributePrefix + "dropped_bytes"

	marks = 4 // how many they are
)

// changes is what was cut of one span, record, resource or scope, by this processor or one before it.
type changes struct {
	keys              []string
	hashes            []string
	original, dropped int64
	now               int64 // of those dropped, by this processor
	any               bool
	noted             map[string]bool // the keys
}

// mostKeptKeys bounds the memory that is kept from item to item, and cleared for each.
const mostKeptKeys = 256

func (c *changes) reset() {
	clear(c.keys)
	clear(c.hashes)
	if len(c.noted) > mostKeptKeys {
		c.noted = nil
	}
	clear(c.noted)
	*c = changes{keys: c.keys[:0], hashes: c.hashes[:0], noted: c.noted}
}

// has reports whether a key is noted.
func (c *changes) has(key string) bool { return c.noted[key] }

func (c *changes) add(key, hash string) {
	if c.noted == nil {
		c.noted = map[string]bool{}
	}
	c.noted[key] = true
	c.keys = append(c.keys, key)
	c.hashes = append(c.hashes, hash)
}

// load takes over what the attributes say of earlier cuts.
func (c *changes) load(attributes pcommon.Map) {
	keys := stringsOf(attributes, keysAttribute)
	if len(keys) == 0 {
		return
	}
	hashes := stringsOf(attributes, hashesAttribute)
	if len(keys) != len(hashes) {
		return
	}
	for i := range keys {
		c.add(keys[i], hashes[i])
	}
	c.original, c.dropped = intOf(attributes, originalAttribute), intOf(attributes, droppedAttribute)
	c.bound()
}

// mostMarks is what marks may take, in bytes: whoever sends more of them has not got them from us.
const mostMarks = 64 << 10

func (c *changes) bound() {
	if c.size() > mostMarks {
		c.join(func(string) bool { return true })
		c.any = true
	}
}

// note adds a cut. Of a value that is cut again the first hash stays.
func (c *changes) note(key string, digest content.Digest, before, after int) {
	c.any = true
	c.dropped += int64(before - after)
	c.now += int64(before - after)
	if c.has(key) {
		return
	}
	c.add(key, digest.String())
	c.original += int64(before)
}

// size is about what the marks take.
func (c *changes) size() (bytes int) {
	for _, key := range c.keys {
		bytes += len(key) + noteBytes
	}
	return bytes
}

// joinedKey stands for several keys; its hash is that of their hashes and keys.
const joinedKey = "…[cut attributes]…"

// join makes one mark of those whose keys are gone.
func (c *changes) join(gone func(key string) bool) {
	var joined strings.Builder
	kept := 0
	for i, key := range c.keys {
		if gone(key) || key == joinedKey {
			joined.WriteString(c.hashes[i] + " " + key + "\n")
			delete(c.noted, key)
			continue
		}
		c.keys[kept], c.hashes[kept] = key, c.hashes[i]
		kept++
	}
	c.keys, c.hashes = c.keys[:kept], c.hashes[:kept]
	if joined.Len() > 0 {
		c.add(joinedKey, content.DigestOf(joined.String()).String())
	}
}

// annotate writes the attributes, if anything was cut.
func (c *changes) annotate(attributes pcommon.Map) {
	c.bound()
	if !c.any {
		return
	}
	putStrings(attributes, keysAttribute, c.keys)
	putStrings(attributes, hashesAttribute, c.hashes)
	attributes.PutInt(originalAttribute, c.original)
	attributes.PutInt(droppedAttribute, c.dropped)
}

func putStrings(attributes pcommon.Map, key string, values []string) {
	list := attributes.PutEmptySlice(key)
	list.EnsureCapacity(len(values))
	for _, v := range values {
		list.AppendEmpty().SetStr(v)
	}
}

func stringsOf(attributes pcommon.Map, key string) (values []string) {
	v, ok := attributes.Get(key)
	if !ok || v.Type() != pcommon.ValueTypeSlice {
		return nil
	}
	for _, e := range v.Slice().All() {
		values = append(values, e.AsString())
	}
	return values
}

func intOf(attributes pcommon.Map, key string) int64 {
	v, ok := attributes.Get(key)
	if !ok || v.Type() != pcommon.ValueTypeInt {
		return 0
	}
	return v.Int()
}
