// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

// Finders that are tried in turn where a number begins, by whether letters are
// glued to its digits. Each returns the end of what it added, or 0.
var (
	digitFinders = []func(st *scan, start, run int) int{findIPv4, findCard, (*scan).shapeAt, findPhone, findCoordinates}
	dateFinders  = []func(st *scan, start, run int) int{(*scan).shapeAt}
	mixedFinders = []func(st *scan, start, run int) int{(*scan).shapeAt, findDigitKey, findBitcoin, findVIN, findDocument}
)

// longestMixed is the length of the longest value that begins with a digit and
// has letters, an Ethereum address.
const longestMixed = 42

// afterDay may stand behind the day of a spelled date.
var afterDay = newCharset(" .,snrt")

// dateAt tells whether a date as in 2026-11-25 begins at i.
func dateAt(text string, i int) bool {
	const length = 10
	return i+length <= len(text) && text[i+4] == '-' && text[i+7] == '-' && (text[i] == '1' || text[i] == '2') && digits.all(text[i+1:i+4]) && digits.all(text[i+5:i+7]) && digits.all(text[i+8:i+length])
}

// findNumber looks at a number from its first digit. Nothing can begin inside
// the word that the number begins, so the search goes on behind it.
func findNumber(st *scan, i int) int {
	run := digits.span(st.text, i)
	end := alnum.span(st.text, run)
	if !freeLeft(st.text, i) {
		return end
	}
	if run-i <= 2 && run < len(st.text) && afterDay[st.text[run]] {
		if found := findSpelledDate(st, i, run); found > 0 {
			return found
		}
	}
	if !numberCanMatter(st.text, i, run, end) {
		return end
	}
	if uuidAt(st.text, i) {
		return i + uuidLength
	}
	if from := spacedLetters(st.text, i); from < i && from >= st.lastEnd() {
		if found := st.shape(from); found > 0 {
			return found
		}
	}
	finders := digitFinders
	if dateAt(st.text, i) {
		finders = dateFinders
	}
	if end > run {
		finders = mixedFinders
		if end-i > longestMixed {
			return max(end, st.longWord(i, end))
		}
	}
	for _, find := range finders {
		if found := find(st, i, run); found > 0 {
			return found
		}
	}
	return max(end, st.longWord(i, end))
}

// spacedLetters returns the start of the one to three capitals that stand
// before the number at i with a blank or hyphen between, as in "AB 12 34 56 C";
// i if there are none.
func spacedLetters(text string, i int) int {
	const most = 3
	if i < 2 || text[i-1] != ' ' && text[i-1] != '-' || !isUpper(text[i-2]) {
		return i
	}
	from := letters.back(text, i-1, max(0, i-2-most))
	if i-1-from > most || !freeLeft(text, from) {
		return i
	}
	return from
}

// numberCanMatter dismisses short numbers in prose at a glance: "in 1977,".
func numberCanMatter(text string, start, run, end int) bool {
	const shortestBare = 6
	if end-start >= shortestBare {
		return true
	}
	if end+1 >= len(text) {
		return end-start >= 3
	}
	switch next := text[end+1]; text[end] {
	case ' ':
		return isDigit(next) || next == '(' || next == '-' || isUpper(next)
	case '.':
		return isDigit(next)
	case '-', '/':
		return alnum[next] || next == ' '
	case ')':
		return start > 0 && text[start-1] == '('
	case ':':
		return hexSet[next] && end > run
	}
	return false
}

// findToken looks at a word whose letters a digit follows: from its first
// letter, if it is short enough to be an identifier.
func findToken(st *scan, i int) int {
	const maxLetters = 6
	start := letters.back(st.text, i, max(0, i-maxLetters-1))
	if escapeEnds(st.text, i) {
		return findNumber(st, i)
	}
	if start > 0 && st.text[start-1] == '\\' {
		start = skipEscape(st.text, start, i)
	}
	run := alnum.span(st.text, i)
	if start == i || !freeLeft(st.text, start) {
		return run
	}
	if i-start > maxLetters {
		return max(run, st.longWord(letters.back(st.text, i, max(0, i-maxName)), run))
	}
	if uuidAt(st.text, start) {
		return start + uuidLength
	}
	if i-start == 2 {
		if end := findIBAN(st, start); end > 0 {
			return end
		}
	}
	if end := st.shape(start); end > 0 {
		return end
	}
	if end := findVIN(st, start, i); end > 0 {
		return end
	}
	if end := findDocument(st, start, i); end > 0 {
		return end
	}
	return max(run, st.longWord(start, run))
}

// longWord tries what the letters and digits of text[start:end] can be as a
// whole when they are no identifier, and returns the end of what it added, or 0.
func (st *scan) longWord(start, end int) int {
	if end-start < minSaidKey || !freeLeft(st.text, start) {
		return 0
	}
	if found := st.azureServiceKey(start, end); found > 0 {
		return found
	}
	return st.saidKey(start)
}

func (st *scan) shapeAt(start, _ int) int { return st.shape(start) }
