// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import "math/bits"

// maxCount is the largest count that is believed: more tokens than any provider serves in a year.
const maxCount = 1 << 50

// Usage is what one call used, by unit. Counts are inclusive: the input tokens contain those from the cache and of any modality, the
// output tokens contain the reasoning. The zero Usage reports nothing.
type Usage struct {
	counts   [numUnits]int64
	reported unitSet
	absurd   bool
}

// Reset takes all counts back.
func (u *Usage) Reset() { u.reported, u.absurd = 0, false }

// Set reports a count. A count that is negative or beyond belief is taken as not reported and makes the price inconsistent.
func (u *Usage) Set(unit Unit, count int64) {
	if count < 0 || count > maxCount {
		u.absurd = true
		return
	}
	u.counts[unit], u.reported = count, u.reported|unit.bit()
}

// Reported tells whether any count was.
func (u *Usage) Reported() bool { return u.reported != 0 }

// count is the count of a unit, inferred from the others where the client left it out.
func (u *Usage) count(unit Unit) int64 {
	if u.reported&unit.bit() != 0 {
		return u.counts[unit]
	}
	if parts := u.reported & inside[unit]; parts != 0 {
		return u.sumOfParts(parts)
	}
	return u.overlap(unit)
}

// sumOfParts is a whole of which only parts were reported. Parts of parts do not count again.
func (u *Usage) sumOfParts(parts unitSet) (sum int64) {
	outermost := parts
	for rest := parts; rest != 0; rest &= rest - 1 {
		outermost &^= inside[lowest(rest)]
	}
	for ; outermost != 0; outermost &= outermost - 1 {
		sum += u.counts[lowest(outermost)]
	}
	return sum
}

// overlap is the least count that a unit must have which is where two reported units meet: 70 cached and 60 audio tokens of an input
// of 100 have at least 30 cached audio tokens in common.
func (u *Usage) overlap(unit Unit) int64 {
	for rest := u.reported; rest != 0; rest &= rest - 1 {
		a := lowest(rest)
		for others := rest & (rest - 1); others != 0; others &= others - 1 {
			b := lowest(others)
			if units[a].is|units[b].is != units[unit].is || !unit.within(a) || !unit.within(b) {
				continue
			}
			whole, ok := unitOf(units[a].is & units[b].is)
			if !ok {
				continue
			}
			if least := u.counts[a] + u.counts[b] - u.count(whole); least > 0 {
				return least
			}
		}
	}
	return 0
}

func lowest(set unitSet) Unit { return Unit(bits.TrailingZeros64(uint64(set))) }

func unitOf(is dimensions) (Unit, bool) {
	for u := range numUnits {
		if units[u].is == is {
			return u, true
		}
	}
	return 0, false
}
