// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "strings"

// romanceDetectors are the identifiers of France, Spain, Italy and Portugal.
var romanceDetectors = []detector{
	{Entity: personal("FR_NIR"), score: 0.4, valid: nirValid, checked: true,
		context: []string{"nir", "sécurité sociale", "securite sociale", "numéro de sécu", "insee", "assuré", "social security"},
		shapes:  append(shaped(" ", "9 99 99 99 999 999 99", "9 99 99 9A 999 999 99"), bare("", "999999999999999", "999999A99999999", "9999999999999 99")...)},
	{Entity: personal("FR_TAX_ID"), score: 0.2, valid: frTaxValid, checked: true,
		context: []string{"spi", "fiscal", "numéro fiscal", "numero fiscal", "impôts", "tax"},
		shapes:  bare(" ", "9999999999999", "99 99 999 999 999")},
	{Entity: personal("FR_CNI"), score: 0.2,
		context: []string{"cni", "carte d'identité", "carte nationale", "carte d identité", "identité"},
		shapes:  bare("", "999999999999")},
	{Entity: personal("ES_DNI"), score: 0.5, valid: dniValid, checked: true,
		context: []string{"dni", "nif", "documento nacional", "identidad"},
		shapes:  append(shaped("", "99999999A", "99.999.999-A", "99.999.999A"), shaped("- ", "99999999 A")...)},
	{Entity: personal("ES_NIE"), score: 0.5, valid: nieValid, checked: true,
		context: []string{"nie", "extranjero", "identidad"},
		shapes:  append(shaped("", "A9999999A"), shaped("- ", "A 9999999 A")...)},
	{Entity: personal("IT_FISCAL_CODE"), score: 0.5, valid: codiceFiscaleValid, checked: true,
		context: []string{"codice fiscale", "fiscale", "cf"},
		shapes:  append(shaped("", "AAAAAA99A99A999A"), shaped(" ", "AAA AAA 99A99 A999A")...)},
	{Entity: personal("PT_NIF"), score: 0.3, valid: ptNIFValid, checked: true,
		context: []string{"nif", "contribuinte", "número fiscal", "numero fiscal", "fiscal"},
		shapes:  bare(" ", "999999999", "999 999 999")},
	{Entity: personal("PT_CITIZEN_CARD"), score: 0.4, valid: ptCardValid, checked: true, upper: true,
		context: []string{"cartão de cidadão", "cartao de cidadao", "cidadão", "citizen card"},
		shapes:  append(shaped(" ", "99999999 9 AA9"), shaped("", "999999999AA9")...)},
}

// nirValid checks 97 minus the remainder of the 13 first digits; Corsica's 2A
// and 2B count as 19 and 18 (INSEE).
func nirValid(id []byte) bool {
	d := append([]byte{}, id...)
	switch {
	case id[5] == '2' && id[6] == 'A':
		d[5], d[6] = '1', '9'
	case id[5] == '2' && id[6] == 'B':
		d[5], d[6] = '1', '8'
	}
	if !allDigits(d) || d[0] != '1' && d[0] != '2' {
		return false
	}
	month := number(d[3:5])
	return (month >= 1 && month <= 12 || month >= 20 && month <= 42 || month >= 50) && 97-number(d[:13])%97 == number(d[13:])
}

// frTaxValid checks the remainder by 511 (Direction générale des Finances
// publiques).
func frTaxValid(id []byte) bool { return id[0] <= '3' && number(id[:10])%511 == number(id[10:]) }

const dniLetters = "TRWAGMYFPDXBNJZSQVHLCKE"

// dniValid checks the letter, modulus 23.
func dniValid(id []byte) bool { return id[8] == dniLetters[number(id[:8])%23] }

// nieValid reads X, Y, Z as 0, 1, 2.
func nieValid(id []byte) bool {
	first := strings.IndexByte("XYZ", id[0])
	return first >= 0 && id[8] == dniLetters[(first*10_000_000+number(id[1:8]))%23]
}

// codiceFiscaleValid checks the last letter: odd places count by a table of
// the Ministry of Finance (DM 23.12.1976), even ones as they are.
func codiceFiscaleValid(id []byte) bool {
	odd := [...]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}
	if !strings.ContainsRune("ABCDEHLMPRST", rune(id[8])) {
		return false
	}
	sum := 0
	for i, b := range id[:15] {
		v := int(b - 'A')
		if isDigit(b) {
			v = digit(b)
		}
		if i%2 == 0 {
			v = odd[v]
		}
		sum += v
	}
	return int(id[15]-'A') == sum%26
}

// ptNIFValid checks modulus 11 and the first digit of natural persons and
// companies.
func ptNIFValid(id []byte) bool {
	return strings.IndexByte("1235689", id[0]) >= 0 && mod11Check(weighted(id, 9, 8, 7, 6, 5, 4, 3, 2)) == digit(id[8])
}

// ptCardValid is Luhn's check with letters counting from 10.
func ptCardValid(id []byte) bool {
	sum := 0
	for i := range id {
		b := id[len(id)-1-i]
		v := int(b) - '0'
		if !isDigit(b) {
			v = int(b-'A') + 10
		}
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}
