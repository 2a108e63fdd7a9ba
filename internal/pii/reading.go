// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

// reading is what a key says of the values that stand under it. Each part is found out when it is asked for.
type reading struct {
	of     *contextIndex
	key    [maxContextKey]byte
	length int
	asked  bool
	kind   secretKind  // once asked
	named  contextSide // at is negative until asked
}

// readings are those of the last keys: values come under few, and to read one costs more than to scan a short value.
type readings struct {
	recent [128]reading
	long   reading // of a key that is too long to be kept
}

// read returns the reading of a key, which the next call may overwrite.
func (r *readings) read(key string, x *contextIndex) *reading {
	if len(key) > maxContextKey {
		r.long.begin(key, x)
		return &r.long
	}
	known := &r.recent[readingSlot(key)%uint(len(r.recent))]
	if known.of != x || string(known.key[:known.length]) != key {
		known.begin(key, x)
	}
	return known
}

func (r *reading) begin(key string, x *contextIndex) {
	r.of, r.length, r.asked, r.named.at = x, copy(r.key[:], key), false, -1
}

// secret is what the key announces.
func (r *reading) secret(key string) secretKind {
	if !r.asked {
		r.asked, r.kind = true, kindOf(key)
	}
	return r.kind
}

// readingSlot tells keys, which are not empty, apart by their length and three of their bytes: they share their beginnings.
func readingSlot(key string) uint {
	n := uint(len(key))
	return n*31 + uint(key[n-1])*7 + uint(key[n/2])*17 + uint(key[n*3/4])*29
}
