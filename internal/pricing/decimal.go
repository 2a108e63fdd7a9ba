// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

const (
	maxDecimalDigits   = 40 // as many significant digits as any generator of price files writes, and then some
	maxDecimalExponent = 40
)

var (
	errNotDecimal = errors.New("is not a decimal number")
	errNegative   = errors.New("is negative; prices are 0 or more")
	errTooLarge   = errors.New("is too large for a price")
	errTooSmall   = errors.New("is too small for a price")
)

// scaled reads decimal text such as 2.50 or 1.5e-07 and returns it times 10^exponent, rounded half to even. The text never passes
// through a float64.
func scaled(text string, exponent int) (int64, error) {
	mantissa, scale, err := splitDecimal(text)
	if err != nil {
		return 0, err
	}
	if mantissa == "" {
		return 0, nil
	}
	value, _ := new(big.Int).SetString(mantissa, 10)
	if scale += exponent; scale >= 0 {
		value.Mul(value, powerOfTen(scale))
	} else if value = divideHalfEven(value, powerOfTen(-scale)); value.Sign() == 0 {
		return 0, errTooSmall
	}
	if !value.IsInt64() {
		return 0, errTooLarge
	}
	return value.Int64(), nil
}

// splitDecimal takes text apart: text = mantissa * 10^scale. The mantissa of 0 is empty.
func splitDecimal(text string) (mantissa string, scale int, err error) {
	number, exponent, hasExponent := strings.Cut(strings.ToLower(text), "e")
	if hasExponent {
		if scale, err = strconv.Atoi(exponent); err != nil || scale < -maxDecimalExponent || scale > maxDecimalExponent {
			return "", 0, errNotDecimal
		}
	}
	negative := strings.HasPrefix(number, "-")
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(number, "-"), "+"), ".")
	digits := whole + fraction
	if digits == "" || len(digits) > maxDecimalDigits || strings.Trim(digits, "0123456789") != "" {
		return "", 0, errNotDecimal
	}
	if mantissa = strings.TrimLeft(digits, "0"); negative && mantissa != "" {
		return "", 0, errNegative
	}
	return mantissa, scale - len(fraction), nil
}

func powerOfTen(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

func divideHalfEven(value, by *big.Int) *big.Int {
	quotient, rest := new(big.Int).QuoRem(value, by, new(big.Int))
	half := new(big.Int).Lsh(rest, 1).Cmp(by)
	if half > 0 || half == 0 && quotient.Bit(0) == 1 {
		quotient.Add(quotient, big.NewInt(1))
	}
	return quotient
}

// decimalError says which text was wrong and how.
func decimalError(text string, err error) error { return fmt.Errorf("%q %w", shortened(text), err) }

// shortened keeps error texts and log lines small whatever a file or a client sends.
func shortened(text string) string {
	const most = 80
	if len(text) <= most {
		return text
	}
	return text[:most] + "…"
}

const million = 1_000_000

// factor is a multiplier in millionths.
type factor int64

// parseFactor reads 0.85, or 85% as the same number.
func parseFactor(text string) (factor, error) {
	exponent := 6
	if percent, ok := strings.CutSuffix(strings.TrimSpace(text), "%"); ok {
		text, exponent = strings.TrimSpace(percent), 4
	}
	value, err := scaled(text, exponent)
	if err != nil {
		return 0, decimalError(text, err)
	}
	return factor(value), nil
}

// of is r times f, rounded half to even.
func (f factor) of(r rate) (rate, error) {
	if f == million {
		return r, nil
	}
	product := new(big.Int).Mul(big.NewInt(int64(r)), big.NewInt(int64(f)))
	if product = divideHalfEven(product, big.NewInt(million)); !product.IsInt64() {
		return 0, errTooLarge
	}
	return rate(product.Int64()), nil
}
