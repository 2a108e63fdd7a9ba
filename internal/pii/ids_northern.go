// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

// northernDetectors are the identifiers of Scandinavia, Finland and Poland.
var northernDetectors = []detector{
	{Entity: personal("SE_PERSONNUMMER"), score: 0.4, valid: sePersonValid, checked: true,
		context: []string{"personnummer", "personnr", "samordningsnummer", "personal identity"},
		shapes:  append(shaped("-+", "999999 9999", "99999999 9999"), bare("", "9999999999", "999999999999")...)},
	{Entity: personal("DK_CPR"), score: 0.4, valid: cprValid, checked: true,
		context: []string{"cpr", "personnummer", "cpr-nummer"},
		shapes:  append(shaped("-", "999999 9999"), bare(" ", "9999999999", "999999 9999")...)},
	{Entity: personal("NO_FODSELSNUMMER"), score: 0.4, valid: noBirthValid, checked: true,
		context: []string{"fødselsnummer", "fodselsnummer", "fnr", "personnummer", "national identity"},
		shapes:  shaped(" ", "999999 99999", "99999999999")},
	{Entity: personal("FI_HETU"), score: 0.5, valid: hetuValid, checked: true, upper: true,
		context: []string{"hetu", "henkilötunnus", "henkilotunnus", "sosiaaliturvatunnus", "personal identity"},
		shapes:  append(shaped("-+", "999999 999A", "999999 9999"), shaped("", "999999A999A", "999999A9999")...)},
	{Entity: personal("PL_PESEL"), score: 0.3, valid: peselValid, checked: true,
		context: []string{"pesel", "numer ewidencyjny"},
		shapes:  bare("", "99999999999")},
	{Entity: personal("PL_NIP"), score: 0.4, valid: nipValid, checked: true,
		context: []string{"nip", "numer identyfikacji podatkowej", "vat", "tax"},
		shapes:  append(shaped("-", "999 999 99 99", "999 99 99 999"), bare("", "9999999999")...)},
}

// sePersonValid checks date and Luhn's digit; the century, if written, does not
// count. Co-ordination numbers add 60 to the day.
func sePersonValid(id []byte) bool {
	if len(id) == 12 {
		if century := number(id[:2]); century < 18 || century > 20 {
			return false
		}
		id = id[2:]
	}
	return dayMonth(number(id[4:6])%60, number(id[2:4])) && luhn(id)
}

// cprValid checks date and modulus 11; numbers given out since 2007 without a
// check digit are not found.
func cprValid(id []byte) bool {
	return dayMonth(number(id[:2]), number(id[2:4])) && weighted(id, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0
}

// noBirthValid checks date and both modulus-11 digits. D-numbers add 40 to the
// day.
func noBirthValid(id []byte) bool {
	return dayMonth(number(id[:2])%40, number(id[2:4])) &&
		weighted(id, 3, 7, 6, 1, 8, 9, 4, 5, 2, 1)%11 == 0 && weighted(id, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0
}

// hetuValid checks date and the remainder by 31 (Digital and Population Data
// Services Agency).
func hetuValid(id []byte) bool {
	n, rest := number(id[:6]), id[6:]
	if len(rest) == 5 { // the sign of the century is a letter
		rest = rest[1:]
	}
	if !allDigits(rest[:3]) {
		return false
	}
	return dayMonth(number(id[:2]), number(id[2:4])) && rest[3] == "0123456789ABCDEFHJKLMNPRSTUVWXY"[(n*1000+number(rest[:3]))%31]
}

// peselValid checks date and weights 1, 3, 7, 9; the century is added to the
// month.
func peselValid(id []byte) bool {
	return dayMonth(number(id[4:6]), number(id[2:4])%20) && weighted(id, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)%10 == 0
}

// nipValid checks modulus 11 of the tax number.
func nipValid(id []byte) bool {
	return weighted(id, 6, 5, 7, 2, 3, 4, 5, 6, 7)%11 == digit(id[9]) && !sameDigits(id)
}
