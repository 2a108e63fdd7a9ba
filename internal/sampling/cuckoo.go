// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

// cuckoo is a set that forgets nothing and, once in 2^29 questions, remembers what was never in it. Fan, Andersen,
// Kaminsky and Mitzenmacher, "Cuckoo Filter: Practically Better Than Bloom", 2014; with fingerprints of 32 bits,
// since a trace that is taken for a dropped one is lost.
type cuckoo struct {
	buckets [][4]uint32
	// victim is the fingerprint that found no place; the set is full then.
	victim   uint32
	victimAt uint64
}

const (
	maxKicks         = 200
	fingerprintShift = 26
)

// newCuckoo makes a set for 4*buckets keys; buckets is a power of two.
func newCuckoo(buckets int) *cuckoo { return &cuckoo{buckets: make([][4]uint32, buckets)} }

func (c *cuckoo) place(key uint64) (fp uint32, at uint64) {
	fp = uint32(key >> fingerprintShift) // the bits above choose the shard, those below the bucket
	if fp == 0 {
		fp = 1
	}
	return fp, key & uint64(len(c.buckets)-1)
}

func (c *cuckoo) other(fp uint32, at uint64) uint64 {
	return (at ^ uint64(fp)*0x5bd1e995) & uint64(len(c.buckets)-1)
}

func (c *cuckoo) has(key uint64) bool {
	fp, at := c.place(key)
	alt := c.other(fp, at)
	for _, b := range [...]*[4]uint32{&c.buckets[at], &c.buckets[alt]} {
		for _, f := range b {
			if f == fp {
				return true
			}
		}
	}
	return c.victim == fp && (c.victimAt == at || c.victimAt == alt)
}

func (c *cuckoo) full() bool { return c.victim != 0 }

// add adds a key; it must not be called on a full set.
func (c *cuckoo) add(key uint64) {
	fp, at := c.place(key)
	if c.put(fp, at) || c.put(fp, c.other(fp, at)) {
		return
	}
	for kick := range maxKicks {
		slot := &c.buckets[at][(uint64(fp)+uint64(kick))%4]
		fp, *slot = *slot, fp
		if at = c.other(fp, at); c.put(fp, at) {
			return
		}
	}
	c.victim, c.victimAt = fp, at
}

func (c *cuckoo) put(fp uint32, at uint64) bool {
	b := &c.buckets[at]
	for i := range b {
		if b[i] == 0 {
			b[i] = fp
			return true
		}
	}
	return false
}

func (c *cuckoo) bytes() int64 { return int64(16 * len(c.buckets)) }
