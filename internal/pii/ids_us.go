// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

// usDetectors are the identifiers of the United States.
var usDetectors = []detector{
	{Entity: personal("US_SSN"), score: 0.5, valid: ssnValid,
		context: []string{"ssn", "social security", "ssns", "taxpayer", "soc sec"},
		shapes:  append(shaped("- ", "999 99 9999"), bare("", "999999999", "999.99.9999")...)},
	{Entity: personal("US_ITIN"), score: 0.5, valid: itinValid,
		context: []string{"itin", "taxpayer", "tax id", "individual taxpayer"},
		shapes:  append(shaped("- ", "999 99 9999"), bare("", "999999999")...)},
	{Entity: personal("US_NPI"), score: 0.2, valid: npiValid, checked: true,
		context: []string{"npi", "national provider", "provider identifier", "provider number"},
		shapes:  bare("", "9999999999")},
	{Entity: personal("US_MBI"), score: 0.4, valid: mbiValid, upper: true,
		context: []string{"mbi", "medicare", "beneficiary", "cms"},
		shapes:  append(shaped("-", "9AA9 AA9 AA99", "9AA9 A99 AA99", "9A99 AA9 AA99", "9A99 A99 AA99"), shaped("", "9AA9AA9AA99", "9AA9A99AA99", "9A99AA9AA99", "9A99A99AA99")...)},
	{Entity: personal("US_ROUTING_NUMBER"), score: 0.2, valid: abaValid, checked: true,
		context: []string{"routing", "aba", "rtn", "transit", "wire", "ach"},
		shapes:  bare("- ", "999999999", "9999 9999 9")},
	{Entity: personal("US_DEA_NUMBER"), score: 0.4, valid: deaValid, checked: true, upper: true,
		context: []string{"dea", "prescriber", "physician"},
		shapes:  shaped("", "AA9999999")},
	{Entity: personal("BANK_ACCOUNT"), score: 0.2,
		context: []string{"account number", "account no", "acct", "bank account", "checking account", "savings account", "sort code", "kontonummer", "kontonr", "konto nr", "numéro de compte", "número de cuenta", "numero de cuenta", "numero di conto", "número da conta", "bankverbindung"},
		shapes:  bare("- ", "99999999", "999999999", "9999999999", "99999999999", "999999999999", "99 99 99", "999 9999999", "9999 999999")},
}

// ssnValid refuses what the Social Security Administration never issues: area
// 000, 666 and 900 up, group 00, serial 0000.
func ssnValid(id []byte) bool {
	area := number(id[:3])
	return area != 0 && area != 666 && area < 900 && number(id[3:5]) != 0 && number(id[5:]) != 0 && !sameDigits(id)
}

// itinValid wants 9xx and the groups that the IRS assigns.
func itinValid(id []byte) bool {
	group := number(id[3:5])
	return id[0] == '9' && (group >= 50 && group <= 65 || group >= 70 && group <= 88 || group >= 90 && group <= 92 || group >= 94)
}

// npiValid is Luhn's check over 80840 and the number (CMS).
func npiValid(id []byte) bool {
	const prefixSum = 24 // Luhn's sum of 80840
	return (id[0] == '1' || id[0] == '2') && (luhnSum(id)+prefixSum)%10 == 0
}

// mbiValid refuses the letters that CMS leaves out: S, L, O, I, B, Z.
func mbiValid(id []byte) bool {
	for _, b := range id {
		switch b {
		case 'S', 'L', 'O', 'I', 'B', 'Z':
			return false
		}
	}
	return id[0] != '0'
}

// abaValid wants a Federal Reserve district and weights 3, 7, 1 to a multiple
// of ten.
func abaValid(id []byte) bool {
	district := number(id[:2])
	known := district >= 1 && district <= 12 || district >= 21 && district <= 32 || district >= 61 && district <= 72 || district == 80
	return known && weighted(id, 3, 7, 1, 3, 7, 1, 3, 7, 1)%10 == 0
}

// deaValid checks the last digit of a DEA registration: the sum of the odd
// digits and twice the even ones.
func deaValid(id []byte) bool {
	d := id[2:]
	sum := weighted(d, 1, 0, 1, 0, 1, 0) + 2*weighted(d, 0, 1, 0, 1, 0, 1)
	return sum%10 == digit(d[6])
}
