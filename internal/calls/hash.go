// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package calls

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"math/rand/v2"
)

// hashes turns names and numbers into 64 bits with secrets of its own, so that nobody can send names that collide. No hash is 0, which
// stands for nothing.
type hashes struct {
	seed maphash.Seed
	a, b uint64
	last [numFields]struct {
		text string
		hash uint64
	}
}

// field is a name that repeats from report to report.
type field uint8

const (
	scopeField field = iota
	modelField
	sessionField
	serviceField
	numFields
)

func newHashes() hashes {
	return hashes{seed: maphash.MakeSeed(), a: rand.Uint64() | 1, b: rand.Uint64() | 1}
}

// text is 0 for the empty string only.
func (h *hashes) text(s string) uint64 {
	if s == "" {
		return 0
	}
	return maphash.String(h.seed, s) | 1
}

// repeated is the hash of a name that is likely the same as in the report before.
func (h *hashes) repeated(in field, s string) uint64 {
	last := &h.last[in]
	if last.text != s {
		last.text, last.hash = s, h.text(s)
	}
	return last.hash
}

// mix folds the product of two numbers.
func (h *hashes) mix(x, y uint64) uint64 {
	hi, lo := bits.Mul64(x^h.a, y^h.b)
	return hi ^ lo | 1
}

func (h *hashes) trace(id [16]byte) uint64 {
	return h.mix(binary.LittleEndian.Uint64(id[:8]), binary.LittleEndian.Uint64(id[8:]))
}
