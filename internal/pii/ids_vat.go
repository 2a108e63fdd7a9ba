// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

// vatDetectors are the VAT numbers of the European Union, the United Kingdom
// and Switzerland: with a country in front they speak for themselves.
var vatDetectors = []detector{
	{Entity: personal("VAT_ID"), score: 0.4, valid: vatValid, checked: true, upper: true,
		context: []string{"vat", "ust", "ustid", "umsatzsteuer", "tva", "iva", "partita", "btw", "moms", "nif"},
		shapes: append(shaped("", "AA99999999", "AAA99999999", "AA999999999", "AA9999999999", "AA99999999999", "AA999999999999", "AA999999999A99", "AA9999999A", "AAA9999999A", "AAA99999999", "AAAA999999999", "AAA-999.999.999"),
			bare("", "99999999999")...)},
}

// vatChecks are the check digits by country (European Commission, VIES). The
// number comes without its country.
var vatChecks = map[string]func(n []byte) bool{
	"DE": func(n []byte) bool { return len(n) == 9 && n[0] != '0' && allDigits(n) && mod11_10(n) },
	"AT": func(n []byte) bool { return len(n) == 9 && n[0] == 'U' && allDigits(n[1:]) && atVAT(n[1:]) },
	"BE": func(n []byte) bool {
		return len(n) == 10 && n[0] <= '1' && allDigits(n) && 97-number(n[:8])%97 == number(n[8:])
	},
	"FR": func(n []byte) bool {
		return len(n) == 11 && allDigits(n) && luhn(n[2:]) && (12+3*(number(n[2:])%97))%97 == number(n[:2])
	},
	"IT": func(n []byte) bool { return len(n) == 11 && allDigits(n) && luhn(n) && !sameDigits(n) },
	"NL": func(n []byte) bool { return len(n) == 12 && n[9] == 'B' && allDigits(n[:9]) && bsnValid(n[:9]) },
	"PL": func(n []byte) bool { return len(n) == 10 && allDigits(n) && nipValid(n) },
	"PT": func(n []byte) bool { return len(n) == 9 && allDigits(n) && ptNIFValid(n) },
	"DK": func(n []byte) bool {
		return len(n) == 8 && allDigits(n) && n[0] != '0' && weighted(n, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0
	},
	"FI": func(n []byte) bool {
		return len(n) == 8 && allDigits(n) && weighted(n, 7, 9, 10, 5, 8, 4, 2, 1)%11 == 0
	},
	"SE": func(n []byte) bool { return len(n) == 12 && allDigits(n) && number(n[10:]) == 1 && luhn(n[:10]) },
	"IE": func(n []byte) bool {
		return (len(n) == 8 || len(n) == 9) && allDigits(n[:7]) && !isDigit(n[7]) && ppsValid(n)
	},
	"GB": func(n []byte) bool { return len(n) == 9 && allDigits(n) && gbVAT(n) },
	"LU": func(n []byte) bool { return len(n) == 8 && allDigits(n) && number(n[:6])%89 == number(n[6:]) },
	"ES": func(n []byte) bool { return len(n) == 9 && esVAT(n) },
}

func allDigits(id []byte) bool {
	for _, b := range id {
		if !isDigit(b) {
			return false
		}
	}
	return true
}

func vatValid(id []byte) bool {
	if len(id) == 11 && allDigits(id) { // Italy's partita IVA is written without a country
		return luhn(id) && !sameDigits(id)
	}
	if len(id) == 12 && string(id[:3]) == "CHE" {
		n := id[3:]
		return allDigits(n) && mod11Check(weighted(n, 5, 4, 3, 2, 7, 6, 5, 4)) == digit(n[8])
	}
	check := vatChecks[string(id[:2])]
	return check != nil && check(id[2:])
}

func atVAT(n []byte) bool {
	sum := 4
	for i, b := range n[:7] {
		sum += crossSum(digit(b) * (1 + i%2))
	}
	return (10-sum%10)%10 == digit(n[7])
}

func gbVAT(n []byte) bool {
	r := (weighted(n, 8, 7, 6, 5, 4, 3, 2) + number(n[7:])) % 97
	return r == 0 || (r+55)%97 == 0
}

func esVAT(n []byte) bool {
	if isDigit(n[0]) {
		return allDigits(n[:8]) && !isDigit(n[8]) && dniValid(n)
	}
	if !allDigits(n[1:8]) {
		return false
	}
	if n[0] >= 'X' {
		return !isDigit(n[8]) && nieValid(n)
	}
	sum := weighted(n[1:], 0, 1, 0, 1, 0, 1)
	for i := 1; i < 8; i += 2 {
		sum += crossSum(2 * digit(n[i]))
	}
	check := (10 - sum%10) % 10
	return n[8] == byte('0'+check) || n[8] == "JABCDEFGHI"[check]
}
