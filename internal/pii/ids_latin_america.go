// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "strings"

// latinAmericaDetectors are the identifiers of Latin America.
var latinAmericaDetectors = []detector{
	{Entity: personal("BR_CPF"), score: 0.5, valid: cpfValid, checked: true,
		context: []string{"cpf", "cadastro", "pessoa física"},
		shapes:  append(shaped("", "999.999.999-99"), bare("", "99999999999", "999999999-99")...)},
	{Entity: personal("BR_CNPJ"), score: 0.5, valid: cnpjValid, checked: true,
		context: []string{"cnpj"},
		shapes:  append(shaped("", "99.999.999/9999-99"), bare("", "99999999999999")...)},
	{Entity: personal("MX_CURP"), score: 0.5, valid: curpValid, checked: true, upper: true,
		context: []string{"curp", "clave única"},
		shapes:  shaped("", "AAAA999999AAAAAA99", "AAAA999999AAAAAAA9")},
	{Entity: personal("CL_RUT"), score: 0.4, valid: rutValid, checked: true,
		context: []string{"rut", "run", "rol único"},
		shapes:  append(shaped("", "99.999.999-9", "99.999.999-A", "9.999.999-9", "9.999.999-A", "99999999-A"), bare("", "99999999-9", "9999999-9", "9999999-A")...)},
	{Entity: personal("AR_CUIT"), score: 0.5, valid: cuitValid, checked: true,
		context: []string{"cuit", "cuil"},
		shapes:  append(shaped("-", "99 99999999 9"), bare("", "99999999999")...)},
	{Entity: personal("AR_DNI"), score: 0.2,
		context: []string{"dni", "documento nacional"},
		shapes:  bare(".", "99 999 999", "99999999")},
}

// cpfValid checks both modulus-11 digits (Receita Federal).
func cpfValid(id []byte) bool {
	return !sameDigits(id) &&
		mod11Check(weighted(id, 10, 9, 8, 7, 6, 5, 4, 3, 2)) == digit(id[9]) &&
		mod11Check(weighted(id, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)) == digit(id[10])
}

// cnpjValid checks both modulus-11 digits of a company's number.
func cnpjValid(id []byte) bool {
	return !sameDigits(id) &&
		mod11Check(weighted(id, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) == digit(id[12]) &&
		mod11Check(weighted(id, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) == digit(id[13])
}

// curpValid checks date, sex and the last digit (RENAPO).
func curpValid(id []byte) bool {
	const places = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
	if !dayMonth(number(id[8:10]), number(id[6:8])) || strings.IndexByte("HMX", id[10]) < 0 {
		return false
	}
	sum := 0
	for i, b := range id[:17] {
		v := strings.IndexByte(places, b)
		if b > 'N' {
			v-- // Ñ takes two bytes
		}
		sum += v * (18 - i)
	}
	return (10-sum%10)%10 == digit(id[17])
}

// rutValid checks modulus 11, where K stands for 10.
func rutValid(id []byte) bool {
	sum, weight := 0, 2
	for i := len(id) - 2; i >= 0; i-- {
		sum += weight * digit(id[i])
		if weight++; weight > 7 {
			weight = 2
		}
	}
	return id[len(id)-1] == "0K987654321"[sum%11] && !sameDigits(id)
}

// cuitValid checks kind and modulus 11 (AFIP).
func cuitValid(id []byte) bool {
	kind := string(id[:2])
	check := "09987654321"[weighted(id, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11]
	return strings.Contains("20 23 24 25 26 27 30 33 34", kind) && check == id[10]
}
