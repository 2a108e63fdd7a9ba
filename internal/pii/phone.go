// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "strings"

var phoneDetector = detector{
	Entity: personal("PHONE"), score: 0.4,
	prose: []string{"cell", "call", "calling", "contact", "dial", "ring", "reach", "answering", "messages to", "message", "registered", "office", "desk", "number"},
	context: []string{"phone", "telephone", "tel", "mobile", "cellphone", "fax", "sms", "text me", "whatsapp",
		"telefon", "telefonnummer", "handy", "handynummer", "mobil", "mobilnummer", "anrufen", "rufnummer", "rückruf", "téléphone", "portable", "appeler", "numéro", "teléfono", "móvil", "llamar", "celular", "telefono", "cellulare", "chiamare", "numero", "telefone", "telemóvel", "ligar"},
	find: findPlusPhone, on: []trigger{"=+9", "=+=("},
}

// Scores of a phone number by how it is written.
const (
	plusPhone  = 0.75 // with + or 00 and a country code
	nanpPhone  = 0.5  // 415-555-0132, (415) 555-0132
	spacedNANP = 0.45 // 415 555 0132, in prose
	bareNANP   = 0.2  // 4155550132
	localPhone = 0.1  // any other digits beside a context word
	keyedPhone = 0.6  // any other digits under a key such as "phone"
)

const (
	minPlusDigits = 7 // ITU-T E.164 allows up to 15
	maxDigits     = 15
	minSubscriber = 5 // behind the country code
	minLocal      = 7
	nanpDigits    = 10
)

// findPlusPhone finds international numbers: +49 30 1234567, +1 (415) 555-0132.
func findPlusPhone(st *scan, i int) int {
	start := i - 1
	if !freeLeft(st.text, start) || start > 0 && st.text[start-1] == '+' {
		return 0
	}
	if strings.HasSuffix(st.text[:start], "m=") { // Go's monotonic clock: m=+24906.653563401
		return 0
	}
	for p := readPhone(st.text, i); p.groups > 0; p.shorten() {
		if p.international(st.text) {
			return st.addPhone(start, p, plusPhone)
		}
	}
	return 0
}

// international tells whether the digits behind a plus are a number: a country
// code and a subscriber, and with North America's code just ten digits more. A
// first group before a full stop is a country code alone, or else a decimal.
func (p *phone) international(text string) bool {
	country := countryCode(p.digits[:p.n])
	if country == 0 || p.n < minPlusDigits || p.n-country < minSubscriber {
		return false
	}
	if p.digits[0] == '1' && p.n != nanpDigits+1 {
		return false
	}
	stop := p.stops[0]
	decimal := stop < len(text) && text[stop] == '.' && int(p.sizes[0]) != country
	return !decimal && p.ends(text)
}

func (st *scan) addPhone(start int, p phone, score float32) int {
	if !st.add(phoneID, start, p.end, score) {
		return 0
	}
	return p.end
}

// findPhone finds numbers without a plus. Of groups that are too many for one
// number it takes as many as make one.
func findPhone(st *scan, start, _ int) int {
	text := st.text
	if st.min[phoneID] >= never || start > 0 && text[start-1] == '+' || partOfNumber(text, start) {
		return 0
	}
	from := start
	if start > 0 && text[start-1] == '(' && freeLeft(text, start-1) {
		from--
	}
	if from < st.lastEnd() {
		return 0
	}
	all := readPhone(text, from)
	for p := all; p.n >= minLocal; p.shorten() { // the longest with a form of its own
		if score := p.formScore(text[from:p.end]); score > 0 && score >= st.min[phoneID] && p.ends(text) && !inUUID(text, start, p.end) {
			return st.addPhone(from, p, score)
		}
	}
	for p := all; p.n >= minLocal; p.shorten() {
		if !p.ends(text) || inUUID(text, start, p.end) {
			continue
		}
		if end := st.contextPhone(from, p); end > 0 {
			return end
		}
	}
	return 0
}

// formScore is the score of a number whose form speaks for itself; 0 if it
// has none.
func (p *phone) formScore(text string) float32 {
	const shortestTrunk = 10
	standard, ok := p.nanp()
	switch {
	case p.grouped() && p.sizes[0] > 1 && p.digits[0] == '0' && p.digits[1] == '0' && p.n >= shortestTrunk && countryCode(p.digits[2:p.n]) > 0:
		return plusPhone
	case ok && standard && strings.ContainsAny(text, "-.("):
		return nanpPhone
	case ok && standard:
		return spacedNANP
	}
	return 0
}

// contextPhone adds a number in any other form beside a context word.
func (st *scan) contextPhone(from int, p phone) int {
	text := st.text[from:p.end]
	if _, ok := p.nanp(); ok && st.hasContext(from, p.end, phoneID) {
		return st.addPhone(from, p, bareNANP+contextBonus)
	}
	const mostGroups = 5
	loose := st.national(p) || p.grouped() && p.groups <= mostGroups && !p.otherNumber(text)
	decimal := p.groups == 2 && p.sizes[0] == 1 && text[1] == '.'
	if !loose || decimal || looksLikeDate(text) {
		return 0
	}
	if st.key.names(phoneID) {
		return st.addPhone(from, p, keyedPhone)
	}
	if st.profile != Broad || !st.hasContext(from, p.end, phoneID) {
		return 0
	}
	return st.addPhone(from, p, localPhone+contextBonus)
}

// otherNumber knows what has a phone number's digits: a span of years, and a US
// ZIP code with its extension.
func (p *phone) otherNumber(text string) bool {
	if p.groups != 2 || p.sizes[1] != 4 || !strings.Contains(text, "-") {
		return false
	}
	first := p.digits[:p.n-4]
	years := len(first) == 4 && (first[0] == '1' || first[0] == '2') && p.digits[4] == first[0]
	return years || len(first) == 5
}

// phone is a candidate as read from the text: groups of digits.
type phone struct {
	digits [maxDigits]byte
	n      int // digits
	end    int
	groups int
	stops  [maxDigits]int   // where each group ends in the text
	sizes  [maxDigits]uint8 // digits of each group
}

func (p *phone) grouped() bool { return p.groups > 1 }

// shorten takes the last group off.
func (p *phone) shorten() {
	p.groups--
	p.n -= int(p.sizes[p.groups])
	if p.groups > 0 {
		p.end = p.stops[p.groups-1]
	} else {
		p.n = 0
	}
}

// readPhone reads digits with brackets and single separators between them, and
// an extension ("x123", "ext. 4"), as far as they make one number.
func readPhone(text string, i int) phone {
	p := phone{end: i}
	open := false
	for i < len(text) {
		switch b := text[i]; {
		case isDigit(b):
			to := digits.span(text, i)
			if p.n+to-i > maxDigits {
				return p
			}
			copy(p.digits[p.n:], text[i:to])
			p.n += to - i
			p.sizes[p.groups], p.stops[p.groups] = uint8(to-i), to
			p.groups, p.end, i = p.groups+1, to, to
			continue
		case b == '(' && !open:
			open = true
		case b == ')' && open:
			open = false
			if p.groups > 0 {
				p.end, p.stops[p.groups-1] = i+1, i+1
			}
		case (b == ' ' || b == '-' || b == '.' || b == '/') && separates(text, i):
		default:
			if p.n >= minLocal {
				p.extension(text)
			}
			return p
		}
		i++
	}
	return p
}

// separates tells whether the byte at i may stand between groups: what follows
// is a digit, a bracket, or one more separator and then a digit.
func separates(text string, i int) bool {
	if i+1 == len(text) {
		return false
	}
	next := text[i+1]
	if isDigit(next) || next == '(' {
		return true
	}
	return text[i] == ' ' && (next == '-' || next == '/') && i+2 < len(text) && (text[i+2] == ' ' || isDigit(text[i+2])) ||
		(text[i] == '-' || text[i] == '/') && next == ' ' && i > 0 && text[i-1] == ' ' && i+2 < len(text) && isDigit(text[i+2])
}

var extensionStart = newCharset("xXeE#dDpP")

// extension takes in "x123", " ext. 123".
func (p *phone) extension(text string) {
	i := p.end
	for i < len(text) && text[i] == ' ' && i < p.end+1 {
		i++
	}
	if i == len(text) || !extensionStart[text[i]] {
		return
	}
	for _, mark := range []string{"x", "ext.", "ext", "extension", "#", "Durchwahl", "poste"} {
		if !hasPrefix(text[i:], mark, true) {
			continue
		}
		from := i + len(mark)
		if from < len(text) && text[from] == ' ' {
			from++
		}
		if to := digits.span(text, from); to > from && to-from <= 6 {
			p.end, p.stops[p.groups-1] = to, to
			return
		}
	}
}

// ends tells whether the number may end where it does. It may not where what
// follows shows that the digits are something else: a longer number, a decimal,
// a time, a price.
func (p *phone) ends(text string) bool {
	if !freeRight(text, p.end) {
		return false
	}
	if p.end+1 >= len(text) {
		return true
	}
	switch text[p.end] {
	case '.', '-', '/', ':', '\\':
		return !isDigit(text[p.end+1]) && !replacedFrom(text, p.end+1) && (text[p.end] != ':' || text[p.end+1] != '/')
	case '%', '$':
		return false
	}
	return true
}

// nanp tells whether the digits are a number of the North American plan
// (NANPA): area and exchange begin with 2 to 9. Standard says that they are
// grouped 3-3-4.
func (p *phone) nanp() (standard, ok bool) {
	d, layout := p.digits[:p.n], p.sizes[:p.groups]
	if len(d) == nanpDigits+1 && d[0] == '1' {
		d = d[1:]
		if len(layout) > 1 && layout[0] == 1 {
			layout = layout[1:]
		}
	}
	if len(d) != nanpDigits || d[0] < '2' || d[3] < '2' || d[1] == '1' && d[2] == '1' || d[4] == '1' && d[5] == '1' || d[1] == '9' && d[0] == '9' && d[2] == '9' {
		return false, false
	}
	return len(layout) == 3 && layout[0] == 3 && layout[1] == 3, true
}

// looksLikeDate knows 2024-11-25, 25.11.2024, 25/11/2024 and what follows them.
func looksLikeDate(text string) bool {
	i := strings.IndexAny(text, "-./")
	if i < 0 {
		return false
	}
	rest := text[i+1:]
	k := strings.IndexByte(rest, text[i])
	if k < 1 || k > 2 {
		return false
	}
	year := digits.span(rest, k+1) - k - 1
	return i == 4 && (text[0] == '1' || text[0] == '2') && year <= 2 || i <= 2 && year == 4 && (rest[k+1] == '1' || rest[k+1] == '2')
}
