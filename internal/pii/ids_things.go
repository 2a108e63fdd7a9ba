// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "strings"

var imeiDetector = detector{
	Entity: personal("IMEI"), score: 0.3, valid: luhn, checked: true,
	context: []string{"imei", "device id", "handset"},
	shapes:  bare("- ", "999999999999999", "99 999999 999999 9"),
}

var vinDetector = detector{
	Entity: personal("VIN"), score: 0.5,
	context: []string{"vin", "vehicle identification", "chassis", "fahrgestellnummer", "fin", "numéro de série", "bastidor", "telaio"},
}

const minVINLetters = 3

func countLetters(text string) int {
	n := 0
	for i := range len(text) {
		if isLetter(text[i]) {
			n++
		}
	}
	return n
}

// findVIN finds vehicle identification numbers by the check digit in their
// ninth place (49 CFR 565), which European ones need not have.
func findVIN(st *scan, start, _ int) int {
	const length = 17
	if start+length > len(st.text) || st.min[vinID] >= never || alnum.span(st.text[:min(len(st.text), start+length+1)], start) != start+length {
		return 0
	}
	id := st.text[start : start+length]
	if hasLower(id) || strings.ContainsAny(id, "IOQ") || partOfNumber(st.text, start) || countLetters(id) < minVINLetters || !freeRight(st.text, start+length) {
		return 0
	}
	if !vinChecked(id) || !st.add(vinID, start, start+length, 1) {
		return 0
	}
	return start + length
}

func vinChecked(id string) bool {
	const values = "12345678.12345.7.923456789" // of A to Z
	weights := [...]int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2}
	sum := 0
	for i := range len(id) {
		v := id[i]
		if !isDigit(v) {
			v = values[v-'A']
		}
		sum += weights[i] * digit(v)
	}
	return id[8] == "0123456789X"[sum%11]
}

var coordinatesDetector = detector{
	Entity: personal("COORDINATES"), score: 0.2,
	context: []string{"lat", "latitude", "lng", "lon", "longitude", "gps", "coordinates", "coords", "coordinate", "geo", "location", "koordinaten", "standort", "breitengrad", "längengrad", "coordonnées", "coordenadas", "ubicación", "coordinate", "localização"},
}

// findCoordinates finds decimal degrees, alone or as a pair, beside a context
// word or with the hemisphere behind them: 52.5200° N, 13.4050° E.
func findCoordinates(st *scan, start, run int) int {
	if st.min[coordinatesID] >= never || run-start > 3 || partOfNumber(st.text, start) {
		return 0
	}
	first, ok := degrees(st.text, start)
	signed := start > 0 && st.text[start-1] == '-'
	if !ok || !signed && st.text[start] == '0' { // a share or a probability
		return 0
	}
	first, named := hemisphereEnd(st.text, first)
	end, next := first, first
	for next < len(st.text) && next < first+3 && strings.IndexByte(", ;/-", st.text[next]) >= 0 {
		next++
	}
	if next > first {
		if second, ok := degrees(st.text, next); ok {
			end, _ = hemisphereEnd(st.text, second)
		}
	}
	from := start
	if signed {
		from--
	}
	if !freeRight(st.text, end) || !named && !st.hasContext(from, end, coordinatesID) || !st.add(coordinatesID, from, end, coordinatesDetector.score+contextBonus) {
		return 0
	}
	return end
}

// hemisphereEnd takes in "° N" behind degrees, and tells whether it is there.
func hemisphereEnd(text string, i int) (int, bool) {
	rest, ok := strings.CutPrefix(text[i:], "°")
	if !ok {
		return i, false
	}
	j := len(text) - len(strings.TrimPrefix(rest, " "))
	if j < len(text) && strings.IndexByte("NSEWO", text[j]) >= 0 && freeRight(text, j+1) {
		return j + 1, true
	}
	return i, false
}

// degrees returns the end of a number of at most 180 with three decimals or
// more, about a hundred metres.
func degrees(text string, start int) (int, bool) {
	const decimals = 3
	point := digits.span(text, start)
	if point == start || point-start > 3 || point == len(text) || text[point] != '.' || number([]byte(text[start:point])) > 180 {
		return 0, false
	}
	end := digits.span(text, point+1)
	return end, end-point-1 >= decimals && end-point-1 <= 15
}
