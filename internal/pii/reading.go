// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

// reading is what a key says of the values that stand under it.
type reading struct {
	of     *contextIndex
	key    [maxContextKey]byte
	length int
	kind   secretKind
	named  contextSide // at is negative until somebody asks
}

// readings are those of the last keys: values come under few, and to read one costs more than to scan a short value.
type readings struct {
	recent [64]reading
	long   reading // of a key that is too long to be kept
}

// read returns the reading of a key, which the next call may overwrite.
func (r *readings) read(key string, x *contextIndex) *reading {
	if len(key) > maxContextKey {
		r.long.begin(key, x)
		return &r.long
	}
	known := &r.recent[readingSlot(key)%len(r.recent)]
	if known.of != x || string(known.key[:known.length]) != key {
		known.begin(key, x)
	}
	return known
}

func (r *reading) begin(key string, x *contextIndex) {
	r.of, r.length, r.kind, r.named.at = x, copy(r.key[:], key), kindOf(key), -1
}

// readingSlot tells keys apart by their length, their last and their middle byte: they share their beginnings.
func readingSlot(key string) int {
	n := len(key)
	if n == 0 {
		return 0
	}
	return n ^ int(key[n-1])<<1 ^ int(key[n/2])<<2
}
