// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

// otherIDDetectors are the identifiers of Canada, Turkey, Israel and Africa,
// and the documents of every country that have no form of their own.
var otherIDDetectors = []detector{
	{Entity: personal("CA_SIN"), score: 0.4, valid: sinValid, checked: true,
		context: []string{"sin", "social insurance", "assurance sociale", "nas"},
		shapes:  append(shaped("-", "999 999 999"), bare(" ", "999 999 999", "999999999")...)},
	{Entity: personal("TR_NATIONAL_ID"), score: 0.3, valid: tcknValid, checked: true,
		context: []string{"tckn", "tc kimlik", "kimlik", "turkish"},
		shapes:  bare("", "99999999999")},
	{Entity: personal("IL_NATIONAL_ID"), score: 0.3, valid: ilValid, checked: true,
		context: []string{"teudat", "zehut", "israeli", "ת.ז", "תעודת זהות"},
		shapes:  bare("-", "999999999", "99999999 9")},
	{Entity: personal("ZA_ID_NUMBER"), score: 0.3, valid: zaValid, checked: true,
		context: []string{"south african", "sa id", "rsa id", "id number", "identity number", "identity document"},
		shapes:  bare(" ", "9999999999999", "999999 9999 999", "999999 9999 99 9")},
	{Entity: personal("NG_NIN"), score: 0.2, valid: verhoeff, checked: true,
		context: []string{"nin", "nimc", "nigerian"},
		shapes:  bare("", "99999999999")},
	{Entity: personal("PASSPORT"), score: 0.2,
		context: []string{"passport", "reisepass", "passeport", "pasaporte", "passaporto", "passaporte", "pass-nr", "passnummer"},
		shapes:  bare("", "999999999", "99999999", "9999999", "99AA99999")},
	{Entity: personal("DRIVER_LICENSE"), score: 0.2,
		context: []string{"driver's license", "driver license", "drivers license", "driver's licence", "driver licence", "license number", "licence number", "licence no", "license no", "drivers licence", "driving licence", "driving license", "führerschein", "fuehrerschein", "permis de conduire", "licencia de conducir", "permiso de conducir", "patente di guida", "carta de condução", "carteira de motorista", "cnh"},
		shapes:  bare("-", "9999999", "99999999", "999999999", "9999999999", "9999 99 9999", "999 99 9999", "99999999999")},
	{Entity: personal("ID_CARD"), score: 0.2,
		context: []string{"personalausweis", "ausweisnummer", "ausweis", "identity card", "id card", "carta d'identità", "carta di identità", "carte d'identité", "tarjeta de identidad", "bilhete de identidade"}},
}

// sinValid is Luhn's check; no number begins with 0 or 8.
func sinValid(id []byte) bool { return id[0] != '0' && id[0] != '8' && luhn(id) && !sameDigits(id) }

// tcknValid checks the tenth and eleventh digit.
func tcknValid(id []byte) bool {
	odd, even := weighted(id, 1, 0, 1, 0, 1, 0, 1, 0, 1), weighted(id, 0, 1, 0, 1, 0, 1, 0, 1)
	return id[0] != '0' && ((odd*7-even)%10+10)%10 == digit(id[9]) && (odd+even+digit(id[9]))%10 == digit(id[10])
}

// ilValid is Luhn's check; nine digits with leading zeros.
func ilValid(id []byte) bool { return luhn(id) && !sameDigits(id) }

// zaValid checks date, citizenship and Luhn's digit.
func zaValid(id []byte) bool {
	return dayMonth(number(id[4:6]), number(id[2:4])) && id[10] <= '2' && luhn(id)
}

// documents are found by their context alone; their numbers mix letters and
// digits in ways that differ from country to country.
var documents = []string{"PASSPORT", "DRIVER_LICENSE", "ID_CARD"}

const (
	minDocument       = 6 // characters
	maxDocument       = 16
	minDocumentDigits = 2
)

// findDocument finds the number of a passport, licence or identity card: a
// word of capitals and digits beside a context word.
func findDocument(st *scan, start, _ int) int {
	end := alnum.span(st.text, start)
	if n := end - start; n < minDocument || n > maxDocument || !freeRight(st.text, end) || hasLower(st.text[start:end]) || inUUID(st.text, start, end) {
		return 0
	}
	count := 0
	for i := start; i < end; i++ {
		if isDigit(st.text[i]) {
			count++
		}
	}
	if count < minDocumentDigits || count == end-start || partOfNumber(st.text, start) || continuesNumber(st.text, end) {
		return 0
	}
	for _, id := range documentIDs {
		if d := &st.detectors[id]; st.min[id] < never && st.hasContext(start, end, id) && st.add(id, start, end, d.score+contextBonus) {
			return end
		}
	}
	return 0
}
