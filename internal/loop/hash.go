// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"encoding/binary"
	"encoding/hex"
	"math/bits"
)

// Hash is a keyed 128-bit hash; zero stands for none.
type Hash struct{ Hi, Lo uint64 }

// IsZero reports whether the hash is none.
func (h Hash) IsZero() bool { return h == Hash{} }

func (h Hash) String() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], h.Hi)
	binary.BigEndian.PutUint64(b[8:], h.Lo)
	return hex.EncodeToString(b[:])
}

// plus combines hashes of which the order does not count.
func (h Hash) plus(o Hash) Hash {
	lo, carry := bits.Add64(h.Lo, o.Lo, 0)
	hi, _ := bits.Add64(h.Hi, o.Hi, carry)
	return Hash{hi, lo}
}

// with combines hashes of which the order counts.
func (h Hash) with(o Hash) Hash {
	return Hash{mix(h.Hi^seed1, o.Lo^seed2), mix(h.Lo^seed3, o.Hi^seed4)}
}

// Odd constants with half of their bits set, as wyhash has them.
const (
	seed1 = 0xa0761d6478bd642f
	seed2 = 0xe7037ed1a0b428db
	seed3 = 0x8ebc6af09c88c6e3
	seed4 = 0x589965cc75374cc3
)

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// mixText folds a short text into 64 bits. It tells names and ids apart; it keeps no secret.
func mixText(h uint64, s string) uint64 {
	h ^= uint64(len(s)) * seed3
	for len(s) >= 8 {
		h = mix(h^(uint64(s[0])|uint64(s[1])<<8|uint64(s[2])<<16|uint64(s[3])<<24|uint64(s[4])<<32|uint64(s[5])<<40|uint64(s[6])<<48|uint64(s[7])<<56), seed1)
		s = s[8:]
	}
	var tail uint64
	for i := 0; i < len(s); i++ {
		tail |= uint64(s[i]) << (8 * i)
	}
	return mix(h^tail, seed2)
}
