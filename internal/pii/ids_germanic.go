// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

// germanicDetectors are the identifiers of Germany, Austria, Switzerland, the
// Netherlands and Belgium.
var germanicDetectors = []detector{
	{Entity: personal("DE_TAX_ID"), score: 0.3, valid: deTaxValid, checked: true,
		context: []string{"steuer", "idnr", "steuerid", "steuernummer", "identifikationsnummer", "tin", "tax"},
		shapes:  append(shaped(" ", "99 999 999 999"), bare("/-", "99999999999", "99 999 999 999")...)},
	{Entity: personal("DE_SOCIAL_SECURITY"), score: 0.4, valid: deSocialValid, checked: true, upper: true,
		context: []string{"sozialversicherung", "rentenversicherung", "versicherungsnummer", "rvnr", "svnr", "social security"},
		shapes:  append(shaped(" ", "99 999999 A 999"), shaped("", "99999999A999")...)},
	{Entity: personal("DE_HEALTH_INSURANCE"), score: 0.3, valid: deHealthValid, checked: true, upper: true,
		context: []string{"krankenversicherung", "krankenkasse", "versichertennummer", "kvnr", "health insurance", "egk"},
		shapes:  bare("", "A999999999")},
	{Entity: personal("AT_SOCIAL_SECURITY"), score: 0.3, valid: atSocialValid, checked: true,
		context: []string{"sozialversicherung", "svnr", "versicherungsnummer", "sv-nummer", "e-card"},
		shapes:  append(shaped(" ", "9999 999999"), bare("-", "9999999999", "9999 999999")...)},
	{Entity: personal("CH_AHV"), score: 0.5, valid: ahvValid, checked: true,
		context: []string{"ahv", "avs", "sozialversicherung", "social security"},
		shapes:  append(shaped(". ", "999 9999 9999 99"), shaped("", "9999999999999")...)},
	{Entity: personal("NL_BSN"), score: 0.3, valid: bsnValid, checked: true,
		context: []string{"bsn", "burgerservicenummer", "sofinummer", "sofi"},
		shapes:  bare(". ", "999999999", "9999 99 999")},
	{Entity: personal("BE_NATIONAL_NUMBER"), score: 0.5, valid: beNationalValid, checked: true,
		context: []string{"rijksregister", "registre national", "nationaal", "national number", "niss", "insz", "nrn"},
		shapes:  append(shaped("", "99.99.99-999.99"), bare("", "99999999999")...)},
}

// deTaxValid wants the ten first digits to repeat one digit two or three times
// and the check digit of ISO 7064 MOD 11,10 (Bundeszentralamt für Steuern).
func deTaxValid(id []byte) bool {
	var count [10]int
	for _, b := range id[:10] {
		count[digit(b)]++
	}
	repeated := 0
	for _, n := range count {
		if n > 3 {
			return false
		}
		if n > 1 {
			repeated++
		}
	}
	return id[0] != '0' && repeated == 1 && mod11_10(id)
}

// deSocialValid checks the pension insurance number: area, birth date, letter,
// serial and a check digit over the digits' cross sums (VKVV § 4).
func deSocialValid(id []byte) bool {
	if !dayMonth(number(id[2:4])%50, number(id[4:6])) {
		return false
	}
	letter := int(id[8]-'A') + 1
	d := append(append([]byte{}, id[:8]...), byte('0'+letter/10), byte('0'+letter%10), id[9], id[10])
	sum := 0
	for i, w := range [...]int{2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1} {
		sum += crossSum(w * digit(d[i]))
	}
	return sum%10 == digit(id[11])
}

// deHealthValid checks the health insurance number: the letter as two digits,
// weights 1 and 2, cross sums (GKV-Spitzenverband).
func deHealthValid(id []byte) bool {
	letter := int(id[0]-'A') + 1
	sum := letter/10 + crossSum(2*(letter%10))
	for i := 1; i < 9; i++ {
		sum += crossSum(digit(id[i]) * (1 + (i+1)%2))
	}
	return sum%10 == digit(id[9])
}

func crossSum(n int) int { return n/10 + n%10 }

// atSocialValid checks the fourth digit against the others, and the date.
func atSocialValid(id []byte) bool {
	return id[0] != '0' && weighted(id, 3, 7, 9, 0, 5, 8, 4, 2, 1, 6)%11 == digit(id[3]) && dayMonth(number(id[4:6]), number(id[6:8])%20)
}

// ahvValid wants Switzerland's 756 and the EAN-13 check digit.
func ahvValid(id []byte) bool {
	return number(id[:3]) == 756 && weighted(id, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1)%10 == 0
}

// bsnValid is the eleven-test.
func bsnValid(id []byte) bool {
	return weighted(id, 9, 8, 7, 6, 5, 4, 3, 2, -1)%11 == 0 && !sameDigits(id)
}

// beNationalValid checks 97 minus the remainder, with a 2 in front for those
// born since 2000.
func beNationalValid(id []byte) bool {
	check, n := number(id[9:]), number(id[:9])
	return number(id[2:4])%20 <= 12 && (97-n%97 == check || 97-(2_000_000_000+n)%97 == check)
}
