// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "strings"

// asiaPacificDetectors are the identifiers of Asia and Australia.
var asiaPacificDetectors = []detector{
	{Entity: personal("IN_AADHAAR"), score: 0.3, valid: aadhaarValid, checked: true,
		context: []string{"aadhaar", "aadhar", "uidai"},
		shapes:  append(shaped(" ", "9999 9999 9999"), bare("-", "999999999999", "9999 9999 9999")...)},
	{Entity: personal("IN_PAN"), score: 0.5, valid: panValid, upper: true,
		context: []string{"pan", "permanent account", "income tax"},
		shapes:  shaped("", "AAAAA9999A")},
	{Entity: personal("IN_VOTER_ID"), score: 0.2, upper: true,
		context: []string{"voter", "epic", "election"},
		shapes:  bare("", "AAA9999999")},
	{Entity: personal("IN_GSTIN"), score: 0.5, valid: gstinValid, checked: true, upper: true,
		context: []string{"gstin", "gst"},
		shapes:  shaped("", "99AAAAA9999A9A9", "99AAAAA9999A9AA", "99AAAAA9999AAA9", "99AAAAA9999AAAA")},
	{Entity: personal("KR_RRN"), score: 0.5, valid: rrnValid, checked: true,
		context: []string{"rrn", "resident registration", "주민등록번호", "주민번호"},
		shapes:  append(shaped("-", "999999 9999999"), bare("", "9999999999999")...)},
	{Entity: personal("JP_MY_NUMBER"), score: 0.3, valid: myNumberValid, checked: true,
		context: []string{"my number", "mynumber", "マイナンバー", "個人番号"},
		shapes:  bare(" -", "999999999999", "9999 9999 9999")},
	{Entity: personal("SG_NRIC"), score: 0.5, valid: nricValid, checked: true, upper: true,
		context: []string{"nric", "fin", "identity card"},
		shapes:  shaped("", "A9999999A")},
	{Entity: personal("TH_NATIONAL_ID"), score: 0.4, valid: thaiValid, checked: true,
		context: []string{"thai", "national id", "บัตรประชาชน", "เลขประจำตัวประชาชน", "citizen"},
		shapes:  append(shaped("- ", "9 9999 99999 99 9"), bare("", "9999999999999")...)},
	{Entity: personal("CN_RESIDENT_ID"), score: 0.5, valid: residentValid, checked: true,
		context: []string{"身份证", "身分證", "resident", "identity"},
		shapes:  shaped("", "999999999999999999", "99999999999999999A")},
	{Entity: personal("AU_TFN"), score: 0.3, valid: tfnValid, checked: true,
		context: []string{"tfn", "tax file"},
		shapes:  bare(" -", "999999999", "999 999 999")},
	{Entity: personal("AU_MEDICARE"), score: 0.3, valid: medicareValid, checked: true,
		context: []string{"medicare"},
		shapes:  append(shaped(" -", "9999 99999 9"), bare("", "9999999999")...)},
	{Entity: personal("AU_ABN"), score: 0.3, valid: abnValid, checked: true,
		context: []string{"abn", "business number"},
		shapes:  bare(" ", "99999999999", "99 999 999 999")},
}

// aadhaarValid wants 2 to 9 in front and Verhoeff's check digit (UIDAI).
func aadhaarValid(id []byte) bool { return id[0] >= '2' && verhoeff(id) && !sameDigits(id) }

// panValid wants a kind of holder in the fourth place.
func panValid(id []byte) bool { return strings.IndexByte("PCHABGJLFT", id[3]) >= 0 }

// gstinValid checks the last place, modulus 36.
func gstinValid(id []byte) bool {
	const places = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	sum := 0
	for i, b := range id[:14] {
		product := strings.IndexByte(places, b) * (1 + i%2)
		sum += product/36 + product%36
	}
	return id[14] == places[(36-sum%36)%36]
}

// rrnValid checks date, gender digit and modulus 11.
func rrnValid(id []byte) bool {
	check := (11 - weighted(id, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)%11) % 10
	return dayMonth(number(id[4:6]), number(id[2:4])) && id[6] >= '1' && id[6] <= '8' && check == digit(id[12])
}

// myNumberValid checks modulus 11 (Ministry of Internal Affairs).
func myNumberValid(id []byte) bool {
	return mod11Check(weighted(id, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) == digit(id[11]) && !sameDigits(id)
}

// nricValid checks the last letter, whose table depends on the first.
func nricValid(id []byte) bool {
	sum := weighted(id[1:], 2, 7, 6, 5, 4, 3, 2)
	switch id[0] {
	case 'S':
		return id[8] == "JZIHGFEDCBA"[sum%11]
	case 'T':
		return id[8] == "JZIHGFEDCBA"[(sum+4)%11]
	case 'F':
		return id[8] == "XWUTRQPNMLK"[sum%11]
	case 'G':
		return id[8] == "XWUTRQPNMLK"[(sum+4)%11]
	case 'M':
		return id[8] == "XWUTRQPNJLK"[(sum+3)%11]
	}
	return false
}

// thaiValid checks modulus 11.
func thaiValid(id []byte) bool {
	return id[0] != '0' && id[0] != '9' && (11-weighted(id, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11)%10 == digit(id[12])
}

// residentValid checks province, date and ISO 7064 MOD 11-2 (GB 11643).
func residentValid(id []byte) bool {
	province, century := number(id[:2]), number(id[6:8])
	if province < 11 || province > 82 || century < 18 || century > 20 || !dayMonth(number(id[12:14]), number(id[10:12])) {
		return false
	}
	sum := weighted(id, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
	return id[17] == "10X98765432"[sum%11]
}

// tfnValid checks modulus 11 (Australian Taxation Office).
func tfnValid(id []byte) bool {
	return weighted(id, 1, 4, 3, 7, 5, 8, 6, 9, 10)%11 == 0 && !sameDigits(id)
}

// medicareValid checks the ninth digit.
func medicareValid(id []byte) bool {
	return id[0] >= '2' && id[0] <= '6' && weighted(id, 1, 3, 7, 9, 1, 3, 7, 9)%10 == digit(id[8])
}

// abnValid checks modulus 89 with one taken from the first digit.
func abnValid(id []byte) bool {
	return (weighted(id, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)-10)%89 == 0
}
