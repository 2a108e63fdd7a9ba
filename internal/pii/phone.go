// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"fmt"
	"sort"
	"strings"
)

var phoneDetector = detector{
	Entity: personal("PHONE"), score: 0.4,
	prose: []string{"call", "calling", "contact", "dial", "ring", "reach", "answering", "messages to", "message", "registered", "office", "desk", "number"},
	context: []string{"phone", "telephone", "tel", "mobile", "cell", "cellphone", "fax", "sms", "text me", "whatsapp",
		"telefon", "telefonnummer", "handy", "handynummer", "mobil", "mobilnummer", "anrufen", "rufnummer", "rückruf", "téléphone", "portable", "appeler", "numéro", "teléfono", "móvil", "llamar", "celular", "telefono", "cellulare", "chiamare", "numero", "telefone", "telemóvel", "ligar"},
	find: findPlusPhone, on: []trigger{"=+9", "=+=("},
}

// Scores of a phone number by how it is written.
const (
	plusPhone  = 0.75 // with + or 00 and a country code
	nanpPhone  = 0.5  // 415-555-0132, (415) 555-0132
	bareNANP   = 0.2  // 4155550132
	localPhone = 0.1  // any other digits beside a context word
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
	for p := readPhone(st.text, i); p.groups > 0; p.shorten() {
		country := countryCode(p.digits[:p.n])
		tooLong := country == 1 && p.digits[0] == '1' && p.n > nanpDigits+1
		if country > 0 && !tooLong && p.n >= minPlusDigits && p.n-country >= minSubscriber && p.ends(st.text) {
			return st.addPhone(start, p, plusPhone)
		}
	}
	return 0
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
	for p := all; p.n >= minLocal; p.shorten() {
		if score := p.formScore(); score > 0 && p.ends(text) && !inUUID(text, start, p.end) {
			return st.addPhone(from, p, score)
		}
	}
	for p := all; p.n >= minLocal; p.shorten() {
		if p.ends(text) && !inUUID(text, start, p.end) {
			return st.contextPhone(from, p)
		}
	}
	return 0
}

// formScore is the score of a number whose form speaks for itself; 0 if it
// has none.
func (p *phone) formScore() float32 {
	const shortestTrunk = 10
	standard, ok := p.nanp()
	switch {
	case p.grouped() && p.digits[0] == '0' && p.digits[1] == '0' && p.n >= shortestTrunk && countryCode(p.digits[2:p.n]) > 0:
		return plusPhone
	case ok && standard:
		return nanpPhone
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
	if st.profile != Broad || !loose || looksLikeDate(text) || !st.hasContext(from, p.end, phoneID) {
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
		return !isDigit(text[p.end+1]) && labelAt(text, p.end+1) == 0 && (text[p.end] != ':' || text[p.end+1] != '/')
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

// countryCode returns the length of the ITU country code that d begins with.
func countryCode(d []byte) int {
	for n := 1; n <= 3 && n <= len(d); n++ {
		if strings.Contains(countryCodes, " "+string(d[:n])+" ") {
			return n
		}
	}
	return 0
}

// countryCodes are the calling codes in use (ITU-T E.164 list).
const countryCodes = " 1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239 240 241 242 243 244 245 246 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 267 268 269 290 291 297 298 299 350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 378 380 381 382 383 385 386 387 389 420 421 423 500 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596 597 598 599 670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 800 808 850 852 853 855 856 870 878 880 881 882 883 886 888 960 961 962 963 964 965 966 967 968 970 971 972 973 974 975 976 977 979 992 993 994 995 996 998 "

// region is the form of a country's national numbers.
type region struct {
	// trunk is the prefix of national numbers; empty where there is none.
	trunk string
	// min and max count the digits, trunk included.
	min, max int
}

// regions by ISO 3166 code (ITU national numbering plans).
var regions = map[string]region{
	"US": {"", 10, 11}, "CA": {"", 10, 11}, "GB": {"0", 10, 11}, "IE": {"0", 9, 10}, "DE": {"0", 7, 13}, "AT": {"0", 7, 13}, "CH": {"0", 10, 10},
	"FR": {"0", 10, 10}, "BE": {"0", 9, 10}, "NL": {"0", 10, 10}, "LU": {"", 6, 9}, "ES": {"", 9, 9}, "PT": {"", 9, 9}, "IT": {"", 6, 11},
	"SE": {"0", 8, 10}, "NO": {"", 8, 8}, "DK": {"", 8, 8}, "FI": {"0", 7, 12}, "IS": {"", 7, 7}, "PL": {"", 9, 9}, "CZ": {"", 9, 9}, "SK": {"0", 10, 10},
	"HU": {"06", 9, 11}, "RO": {"0", 10, 10}, "BG": {"0", 8, 10}, "GR": {"", 10, 10}, "HR": {"0", 8, 10}, "SI": {"0", 9, 9}, "EE": {"", 7, 8}, "LV": {"", 8, 8}, "LT": {"", 8, 9},
	"TR": {"0", 10, 11}, "UA": {"0", 10, 10}, "RU": {"8", 10, 11}, "IL": {"0", 9, 10}, "AE": {"0", 9, 10}, "SA": {"0", 9, 10}, "EG": {"0", 9, 11}, "ZA": {"0", 10, 10}, "NG": {"0", 8, 11}, "KE": {"0", 9, 10},
	"IN": {"", 10, 11}, "PK": {"0", 10, 11}, "BD": {"0", 10, 11}, "CN": {"", 10, 12}, "HK": {"", 8, 8}, "TW": {"0", 9, 10}, "JP": {"0", 10, 11}, "KR": {"0", 9, 11},
	"SG": {"", 8, 8}, "MY": {"0", 9, 11}, "TH": {"0", 9, 10}, "VN": {"0", 10, 11}, "PH": {"0", 9, 11}, "ID": {"0", 9, 13}, "AU": {"0", 10, 10}, "NZ": {"0", 8, 11},
	"BR": {"", 8, 12}, "MX": {"", 10, 10}, "AR": {"", 8, 12}, "CL": {"", 8, 9}, "CO": {"", 7, 10}, "PE": {"", 7, 9},
}

func (s *Scanner) setRegions(names []string) error {
	for _, name := range names {
		r, ok := regions[name]
		if !ok {
			return fmt.Errorf("regions: unknown region %q: want one of %s", name, strings.Join(regionNames(), ", "))
		}
		s.regions = append(s.regions, &r)
	}
	return nil
}

func regionNames() []string {
	names := make([]string, 0, len(regions))
	for name := range regions {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// national tells whether the digits fit the national form of a configured
// region.
func (st *scan) national(p phone) bool {
	for _, r := range st.regions {
		if p.n >= r.min && p.n <= r.max && strings.HasPrefix(string(p.digits[:p.n]), r.trunk) {
			return true
		}
	}
	return false
}
