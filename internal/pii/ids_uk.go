// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "strings"

// ukDetectors are the identifiers of the United Kingdom and of Ireland.
var ukDetectors = []detector{
	{Entity: personal("UK_NHS"), score: 0.4, valid: nhsValid, checked: true,
		context: []string{"nhs", "national health", "health service"},
		shapes:  append(shaped(" ", "999 999 9999"), bare("-", "9999999999", "999 999 9999")...)},
	{Entity: personal("UK_NINO"), score: 0.5, valid: ninoValid,
		context: []string{"nino", "national insurance", "ni number", "insurance number"},
		shapes:  append(shaped("", "AA999999A"), shaped(" -", "AA 99 99 99 A", "AA 999999 A")...)},
	{Entity: personal("UK_DRIVING_LICENCE"), score: 0.5, valid: ukLicenceValid,
		context: []string{"driving", "licence", "license", "dvla"},
		shapes:  shaped("", "AAAAA999999AA9AA", "AAAA9999999AA9AA", "AAA99999999AA9AA", "AA999999999AA9AA", "AAAAA999999A99AA", "AAAA9999999A99AA", "AAA99999999A99AA", "AA999999999A99AA")},
	{Entity: personal("UK_POSTCODE"), score: 0.2, valid: postcodeValid,
		context: []string{"postcode", "post code", "postal", "postcodes", "address", "zip"},
		shapes:  bare("", "A9 9AA", "A99 9AA", "AA9 9AA", "AA99 9AA", "A9A 9AA", "AA9A 9AA")},
	{Entity: personal("IE_PPS"), score: 0.5, valid: ppsValid, checked: true, upper: true,
		context: []string{"pps", "ppsn", "personal public service"},
		shapes:  shaped("", "9999999A", "9999999AA")},
}

// nhsValid checks the modulus-11 digit (NHS Data Dictionary).
func nhsValid(id []byte) bool {
	check := 11 - weighted(id, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11
	return check%11 == digit(id[9]) && check != 10 && !sameDigits(id)
}

// ninoValid refuses prefixes that HMRC does not use.
func ninoValid(id []byte) bool {
	prefix := string(id[:2])
	return !strings.ContainsAny(prefix, "DFIQUV") && prefix[1] != 'O' && id[8] <= 'D' && !strings.Contains("BG GB KN NK NT TN ZZ", prefix)
}

// ukLicenceValid checks the birth date in a DVLA driver number; 50 is added to
// the month for women.
func ukLicenceValid(id []byte) bool {
	month, day := number(id[6:8]), number(id[8:10])
	if month > 50 {
		month -= 50
	}
	padding := false
	for _, b := range id[:5] {
		if padding && b != '9' {
			return false
		}
		padding = padding || b == '9'
	}
	return dayMonth(day, month)
}

// postcodeValid refuses letters that the Royal Mail does not use.
func postcodeValid(id []byte) bool {
	inward := id[len(id)-2:]
	return !strings.ContainsAny(string(inward), "CIKMOV") && !strings.ContainsRune("QVX", rune(id[0]))
}

// ppsValid checks the letter of an Irish PPS number, modulus 23; a ninth
// letter counts nine times.
func ppsValid(id []byte) bool {
	sum := weighted(id, 8, 7, 6, 5, 4, 3, 2)
	if len(id) == 9 && id[8] != 'W' {
		sum += 9 * int(id[8]-'A'+1)
	}
	return id[7] == "WABCDEFGHIJKLMNOPQRSTUV"[sum%23]
}
