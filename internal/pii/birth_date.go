// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "strings"

var birthDateDetector = detector{
	Entity: personal("DATE_OF_BIRTH"), score: 0.2,
	context: []string{"born", "dob", "birth", "birthday", "birthdate", "geboren", "geb", "geburtsdatum", "geburtstag", "né le", "née le", "naissance", "nacido", "nacida", "nacimiento", "nato il", "nata il", "nascita", "nascido", "nascida", "nascimento"},
	shapes:  bare("-/.", "9999 99 99", "99 99 9999", "9 9 9999", "99 9 9999", "9 99 9999", "9999 9 9", "9999 9 99", "9999 99 9", "99 99 99"),
}

// months are the names of months by their first three letters, in English,
// German, French, Spanish, Italian and Portuguese.
var months = wordSetOf("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
	"mär", "mai", "okt", "dez", "fév", "fev", "avr", "jui", "aoû", "déc", "ene", "abr", "ago", "dic", "gen", "mag", "giu", "lug", "set", "ott", "out")

// findSpelledDate finds "12 March 1985", "12. März 1985", "12 de marzo de 1985"
// and "March 12, 1985" beside a context word.
func findSpelledDate(st *scan, day, run int) int {
	if st.min[birthDateID] >= never {
		return 0
	}
	start, end := day, 0
	if month := monthBefore(st.text, day); month >= 0 {
		start, end = month, yearEnd(st.text, skipBetween(st.text, run))
	} else if month := monthEnd(st.text, skipBetween(st.text, run)); month > 0 {
		end = yearEnd(st.text, skipBetween(st.text, month))
	}
	if end == 0 || start < st.lastEnd() || !st.hasContext(start, end, birthDateID) || !st.add(birthDateID, start, end, birthDateDetector.score+contextBonus) {
		return 0
	}
	return end
}

// skipBetween skips what stands between day, month and year: an ordinal's
// ending, a full stop or comma, a blank, Spanish and Portuguese "de".
func skipBetween(text string, i int) int {
	for _, ending := range []string{"st", "nd", "rd", "th"} {
		if strings.HasPrefix(text[i:], ending) {
			i += len(ending)
			break
		}
	}
	for most := i + 2; i < len(text) && i < most && strings.IndexByte("., ", text[i]) >= 0; {
		i++
	}
	if strings.HasPrefix(text[i:], "de ") {
		i += len("de ")
	}
	return i
}

var monthBytes = newCharset("A-Za-z\x80-\xff")

// monthEnd returns the end of the month's name that begins at i; 0 if there is
// none.
func monthEnd(text string, i int) int {
	end := monthBytes.span(text[:min(len(text), i+16)], i)
	if !isMonth(text[i:end]) {
		return 0
	}
	return end
}

// monthBefore returns where the month's name before the day begins; -1 if there
// is none.
func monthBefore(text string, day int) int {
	if day < 4 || text[day-1] != ' ' {
		return -1
	}
	to := day - 1
	if text[to-1] == '.' {
		to--
	}
	from := monthBytes.back(text, to, max(0, to-16))
	if !isMonth(text[from:to]) {
		return -1
	}
	return from
}

func isMonth(name string) bool {
	const shortest = 3 // letters
	if len(name) < shortest {
		return false
	}
	var buf [shortest + 1]byte
	n := 0
	for n < shortest || n < len(buf) && name[1] >= 0x80 {
		if n == len(name) {
			return false
		}
		buf[n] = foldByte(name, n)
		n++
	}
	return months[string(buf[:n])]
}

// yearEnd returns the end of the year that begins at i; 0 if there is none.
func yearEnd(text string, i int) int {
	end := digits.span(text, i)
	if end-i != 4 || text[i] != '1' && text[i] != '2' || !freeRight(text, end) {
		return 0
	}
	return end
}
