// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "strings"

var ibanDetector = detector{
	Entity: personal("IBAN"), score: 0.5,
	context: []string{"iban", "bank", "konto", "account", "compte", "cuenta", "conto", "conta", "transfer", "überweisung"},
}

// ibanLengths has the length of each country's IBAN (SWIFT IBAN registry).
const ibanLengths = `
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18
FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20
LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24
SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30`

// ibanGroup is how many characters stand together when an IBAN is printed.
const ibanGroup = 4

// findIBAN finds an account number of any case, in one piece or in groups.
func findIBAN(st *scan, start int) int {
	length := ibanLength(st.text[start : start+2])
	if length == 0 || start+4 >= len(st.text) || !isDigit(st.text[start+3]) {
		return 0
	}
	st.compact = st.compact[:0]
	i, groupStart := start, start
	for ; i < len(st.text) && len(st.compact) < length; i++ {
		switch b := st.text[i]; {
		case alnum[b]:
			st.compact = append(st.compact, toUpper(b))
		case (b == ' ' || b == '-') && i-groupStart == ibanGroup && i+1 < len(st.text) && alnum[st.text[i+1]]:
			groupStart = i + 1
		default:
			return 0
		}
	}
	if len(st.compact) < length || !freeRight(st.text, i) || !ibanValid(st.compact) || inUUID(st.text, start, i) || !st.add(ibanID, start, i, 1) {
		return 0
	}
	return i
}

// ibanLength of the account numbers of a country, two letters; 0 if it has none.
func ibanLength(country string) int { return int(ibanLengthOf[countryNumber(country)]) }

var ibanLengthOf = func() (lengths [1 << 10]uint8) {
	for _, c := range strings.Fields(ibanLengths) {
		lengths[countryNumber(c)] = uint8(digit(c[2])*10 + digit(c[3]))
	}
	return lengths
}()

// countryNumber tells two letters from others, in either case.
func countryNumber(country string) int { return int(country[0]&31)<<5 | int(country[1]&31) }

// ibanValid checks an IBAN in upper case (ISO 13616): the first four bytes go
// to the end.
func ibanValid(id []byte) bool {
	return mod97(mod97(0, id[4:]), id[:4]) == 1
}
