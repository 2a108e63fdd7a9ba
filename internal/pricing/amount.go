// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"math/bits"
	"strconv"
	"strings"
)

const (
	attosPerDollar = 1_000_000_000_000_000_000
	attosPerNano   = 1_000_000_000
	attosPerPico   = 1_000_000
	picosPerDollar = 1_000_000_000_000
)

// Amount is money in units of 1e-18 US dollars. A [rate] times a count is a whole number of them, so that nothing is rounded before
// the end. The zero Amount is no money.
type Amount struct{ hi, lo uint64 }

// rate is the price of one million counted units in pico-dollars (1e-12 US dollars): 2.50 USD per million tokens is 2_500_000_000_000.
type rate int64

// times is the price of count units. Neither may be negative.
func (r rate) times(count int64) Amount {
	hi, lo := bits.Mul64(uint64(r), uint64(count))
	return Amount{hi, lo}
}

// Plus is the sum of a and b.
func (a Amount) Plus(b Amount) Amount {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	hi, _ := bits.Add64(a.hi, b.hi, carry)
	return Amount{hi, lo}
}

// IsZero reports whether a is no money at all.
func (a Amount) IsZero() bool { return a == Amount{} }

// USD is a in US dollars. An amount of whole pico-dollars below 9,007 USD is converted in one correctly rounded division, so 0.0225 is
// the float64 that prints as 0.0225.
func (a Amount) USD() float64 {
	if a.hi == 0 {
		if picos := a.lo / attosPerPico; picos*attosPerPico == a.lo {
			return float64(picos) / picosPerDollar
		}
	} else if a.hi < attosPerPico {
		if picos, rest := bits.Div64(a.hi, a.lo, attosPerPico); rest == 0 && picos < 1<<53 {
			return float64(picos) / picosPerDollar
		}
	}
	return (float64(a.hi)*(1<<64) + float64(a.lo)) / attosPerDollar
}

// String is a in US dollars, exactly, in decimal without an exponent.
func (a Amount) String() string {
	dollars, attos := bits.Div64(a.hi%attosPerDollar, a.lo, attosPerDollar)
	if attos == 0 {
		return strconv.FormatUint(dollars, 10)
	}
	fraction := strconv.FormatUint(attos, 10)
	return strconv.FormatUint(dollars, 10) + "." + strings.TrimRight(strings.Repeat("0", 18-len(fraction))+fraction, "0")
}
