// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

var cardDetector = detector{
	Entity: personal("CREDIT_CARD"), score: 0.3,
	context: []string{"card", "credit", "debit", "visa", "mastercard", "amex", "maestro", "cc", "pan", "karte", "kreditkarte", "kartennummer", "carte bancaire", "carte bleue", "carte de crédit", "numéro de carte", "tarjeta", "carta", "cartão", "cartao"},
}

// issuer is a range of card numbers (ISO/IEC 7812; ranges as card networks
// publish them): the numbers that begin with from to to, and their lengths.
type issuer struct {
	digits   int
	from, to int
	lengths  []int
}

var issuers = []issuer{
	{1, 4, 4, []int{16, 19, 13}},           // Visa
	{2, 51, 55, []int{16}},                 // Mastercard
	{4, 2221, 2720, []int{16}},             // Mastercard
	{2, 34, 34, []int{15}},                 // American Express
	{2, 37, 37, []int{15}},                 // American Express
	{4, 6011, 6011, []int{16, 19}},         // Discover
	{3, 644, 649, []int{16, 19}},           // Discover
	{2, 65, 65, []int{16, 19}},             // Discover, RuPay
	{3, 300, 305, []int{14, 16}},           // Diners Club
	{4, 3095, 3095, []int{14, 16}},         // Diners Club
	{2, 36, 36, []int{14, 16}},             // Diners Club
	{2, 38, 39, []int{14, 16}},             // Diners Club
	{2, 35, 35, []int{16, 19}},             // JCB
	{4, 1800, 1800, []int{15}},             // JCB
	{4, 2131, 2131, []int{15}},             // JCB
	{2, 62, 62, []int{16, 19, 17, 18}},     // UnionPay
	{2, 81, 81, []int{16}},                 // RuPay, UnionPay
	{2, 60, 60, []int{16}},                 // RuPay
	{4, 2200, 2204, []int{16, 19}},         // Mir
	{4, 9792, 9792, []int{16}},             // Troy
	{2, 50, 50, []int{16, 19, 18, 13, 12}}, // Maestro
	{2, 56, 58, []int{16, 19, 18, 13, 12}}, // Maestro
	{2, 63, 63, []int{16, 19, 18, 13, 12}}, // Maestro
	{2, 67, 67, []int{16, 19, 18, 13, 12}}, // Maestro
	{4, 6361, 6361, []int{16, 19}},         // Elo and others
	{3, 506, 506, []int{16, 18, 19}},       // Verve
}

// cardGroupings are the ways in which cards print their digits, the usual ones
// first.
var cardGroupings = [][]int{{4, 4, 4, 4}, {4, 4, 4, 4, 3}, {4, 6, 5}, {4, 6, 4}, {4, 4, 4, 2}, {4, 4, 5}, {4, 4, 4}, {6, 13}, {5, 5, 5}, {4, 4, 4, 3}, {4, 4, 4, 1}}

const (
	minCard = 12
	maxCard = 19
	// shortestGlued is the length from which a card is found in a longer run.
	shortestGlued = 14
	// maxGlued is how long a run of digits may be of which a card is the
	// beginning, in digits: a card, its expiry and its code.
	maxGlued = maxCard + 7
)

// findCard finds a card number that begins at start, in one run of digits or
// in the groups that are printed on cards.
func findCard(st *scan, start, run int) int {
	if st.min[cardID] >= never {
		return 0
	}
	if n := run - start; n < minCard {
		if n < 4 || n > 6 || run == len(st.text) || !cardSeparators[st.text[run]] {
			return 0
		}
		return findGroupedCard(st, start)
	}
	if partOfNumber(st.text, start) {
		return 0
	}
	if run-start > maxGlued {
		return 0
	}
	length := bareCard(st.text[start:run])
	if length == 0 && st.saidCard(start, run) {
		length = run - start
	}
	end := start + length
	if length == 0 || inUUID(st.text, start, end) || !st.add(cardID, start, end, st.bareCardScore(start, end, run)) {
		return 0
	}
	return end
}

// saidCard tells whether a number of no known issuer is called a card and has
// a valid check digit.
func (st *scan) saidCard(start, end int) bool {
	if end-start > maxCard || !freeRight(st.text, end) {
		return false
	}
	st.compact = append(st.compact[:0], st.text[start:end]...)
	return luhn(st.compact) && !sameDigits(st.compact) && st.hasContext(start, end, cardID)
}

// bareCardScore believes lengths of 14 to 16 digits by their checksum alone. A
// tenth of all numbers has a valid one, so rarer lengths (64-bit integers have
// up to 19 digits), and cards with other digits glued to them or printed as
// floats, need a context word.
func (st *scan) bareCardScore(start, end, run int) float32 {
	const shortestSure, longestSure = 14, 16
	glued := end < run || end+1 < len(st.text) && st.text[end] == '.' && isDigit(st.text[end+1])
	switch length := end - start; {
	case decimalsFollow(st.text, end) || end == run && alnumFollows(st.text, end):
		return 0
	case !glued && length >= shortestSure && length <= longestSure && !st.inList(start):
		return 1
	case st.hasContext(start, run, cardID):
		return 1
	}
	return cardDetector.score
}

// inList tells whether the number at start follows another in a list, as
// constants in a program do: "1, 2".
func (st *scan) inList(start int) bool {
	return start > 2 && st.text[start-1] == ' ' && st.text[start-2] == ',' && isDigit(st.text[start-3]) && st.lastEnd() != start-2
}

// bareCard returns the length of the longest card number with which digits
// begin.
func bareCard(run string) int {
	if !issuerStarts[digit(run[0])*10+digit(run[1])] {
		return 0
	}
	for n := min(len(run), maxCard); n >= minCard; n-- {
		if (n == len(run) || n >= shortestGlued) && isCard(run[:n]) {
			return n
		}
	}
	return 0
}

func isCard(number string) bool {
	var buf [maxCard]byte
	id := buf[:copy(buf[:], number)]
	return issued(id) && !sameDigits(id) && luhn(id)
}

// issuerStarts has the first two digits of every range.
var issuerStarts = func() (set [100]bool) {
	for _, r := range issuers {
		for n := range set {
			switch r.digits {
			case 1:
				set[n] = set[n] || n/10 == r.from
			case 2:
				set[n] = set[n] || n >= r.from && n <= r.to
			default:
				shift := 10
				if r.digits == 4 {
					shift = 100
				}
				set[n] = set[n] || n >= r.from/shift && n <= r.to/shift
			}
		}
	}
	return set
}()

func issued(id []byte) bool {
	if !issuerStarts[number(id[:2])] {
		return false
	}
	for _, r := range issuers {
		if n := number(id[:r.digits]); n < r.from || n > r.to {
			continue
		}
		for _, length := range r.lengths {
			if length == len(id) {
				return true
			}
		}
	}
	return false
}

var cardSeparators = newCharset(" .-")

// findGroupedCard finds the first grouping at start that is a card number.
func findGroupedCard(st *scan, start int) int {
	if partOfNumber(st.text, start) {
		return 0
	}
	st.groups = readGroups(st.groups[:0], st.text, start)
	for _, lengths := range cardGroupings {
		end := st.groupingEnd(lengths)
		if end == 0 || alnumFollows(st.text, end) {
			continue
		}
		st.compact = appendCompact(st.compact[:0], st.text[start:end])
		if !issued(st.compact) || !luhn(st.compact) || sameDigits(st.compact) {
			continue
		}
		const shortestSure = 14
		if (len(st.compact) >= shortestSure || st.hasContext(start, end, cardID)) && st.add(cardID, start, end, 1) {
			return end
		}
	}
	return 0
}

func alnumFollows(text string, i int) bool { return i < len(text) && isAlnum(text[i]) }

// group is one run of digits in a phrase, and the separator before it.
type group struct {
	start, end int
	sep        byte
}

// readGroups reads runs of digits with the same single separator, or one with
// blanks around it, between them.
func readGroups(dst []group, text string, start int) []group {
	const most = 6
	sep := byte(0)
	for i := start; len(dst) < most; {
		end := digits.span(text, i)
		dst = append(dst, group{i, end, sep})
		if end+1 >= len(text) || text[end] != ' ' && text[end] != '-' && text[end] != '.' || len(dst) > 1 && text[end] != sep {
			break
		}
		sep, i = text[end], end+1
		if !isDigit(text[i]) {
			if sep != ' ' || i+2 >= len(text) || text[i] != '-' && text[i] != ' ' {
				break
			}
			for i < len(text) && (text[i] == ' ' || text[i] == '-') && i < end+3 {
				i++
			}
			if i == len(text) || !isDigit(text[i]) {
				break
			}
		}
	}
	return dst
}

// groupingEnd returns the end of the groups that have the given lengths; 0 if
// they have not.
func (st *scan) groupingEnd(lengths []int) int {
	if len(st.groups) < len(lengths) {
		return 0
	}
	for k, n := range lengths {
		if g := st.groups[k]; g.end-g.start != n {
			return 0
		}
	}
	return st.groups[len(lengths)-1].end
}
