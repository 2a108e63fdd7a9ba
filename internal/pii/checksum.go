// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "math"

// luhn checks a number of ASCII digits (ISO/IEC 7812-1).
func luhn(id []byte) bool { return luhnSum(id)%10 == 0 }

func luhnSum(id []byte) int {
	sum := 0
	for i := range id {
		d := int(id[len(id)-1-i] - '0')
		if i&1 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum
}

// weighted sums id's digits, each times its weight, over the weights' length.
func weighted(id []byte, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += w * int(id[i]-'0')
	}
	return sum
}

// number reads ASCII digits; at most 18 of them.
func number(id []byte) int {
	n := 0
	for _, b := range id {
		n = n*10 + int(b-'0')
	}
	return n
}

// digit reads one ASCII digit.
func digit(b byte) int { return int(b - '0') }

// mod11Check is 11 minus the remainder, and 0 where that has two digits.
func mod11Check(sum int) int {
	if r := sum % 11; r >= 2 {
		return 11 - r
	}
	return 0
}

// mod97 is the remainder of ISO 7064 MOD 97-10 of what has left the remainder r so far and id, letters counting 10 to 35.
func mod97(r int, id []byte) int {
	const roomy = math.MaxInt64 / 1000 // for one more letter
	n := int64(r)
	for _, b := range id {
		if isDigit(b) {
			n = n*10 + int64(digit(b))
		} else {
			n = n*100 + int64(b-'A') + 10
		}
		if n > roomy {
			n %= 97
		}
	}
	return int(n % 97)
}

// mod11_10 checks ISO 7064 MOD 11,10.
func mod11_10(id []byte) bool {
	p := 10
	for _, b := range id[:len(id)-1] {
		if p = (p + digit(b)) % 10; p == 0 {
			p = 10
		}
		p = p * 2 % 11
	}
	return (p+digit(id[len(id)-1]))%10 == 1
}

var (
	verhoeffD = [10]string{"0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"}
	verhoeffP = [8]string{"0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258"}
)

// verhoeff checks the dihedral-group check digit (J. Verhoeff, 1969).
func verhoeff(id []byte) bool {
	c := 0
	for i := range id {
		d := digit(id[len(id)-1-i])
		c = digit(verhoeffD[c][digit(verhoeffP[i%8][d])])
	}
	return c == 0
}

// sameDigits tells whether id is one digit over and over.
func sameDigits(id []byte) bool {
	for _, b := range id {
		if b != id[0] {
			return false
		}
	}
	return true
}

// dayMonth tells whether day and month exist.
func dayMonth(day, month int) bool { return day >= 1 && day <= 31 && month >= 1 && month <= 12 }
