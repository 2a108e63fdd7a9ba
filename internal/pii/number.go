// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

// numberFinders are tried in turn where a number begins. Each returns the end
// of what it added, or 0.
var numberFinders = []func(st *scan, start, run int) int{findIPv4, findCard, (*scan).shapeAt, findBitcoin, findVIN, findPhone, findCoordinates, findDocument}

// findNumber looks at a number from its first digit.
func findNumber(st *scan, i int) int {
	run := digits.span(st.text, i)
	if !numberCanMatter(st.text, run, run-i) {
		return run
	}
	if !freeLeft(st.text, i) {
		return run
	}
	for _, find := range numberFinders {
		if end := find(st, i, run); end > 0 {
			return end
		}
	}
	return run
}

// numberCanMatter dismisses short numbers in prose at a glance: "in 1977,".
func numberCanMatter(text string, end, length int) bool {
	const shortestBare = 6
	if length >= shortestBare {
		return true
	}
	if end+1 >= len(text) {
		return length >= 3
	}
	switch next := text[end+1]; text[end] {
	case ' ':
		return isDigit(next) || next == '(' || isUpper(next)
	case '-', '.', '/', ')':
		return alnum[next] || next == ' '
	case ',':
		return false
	}
	return isLetter(text[end]) || length >= 3 && text[end] != ','
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
	if start == i || i-start > maxLetters || !freeLeft(st.text, start) {
		return 0
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
	return findDocument(st, start, i)
}

func (st *scan) shapeAt(start, _ int) int { return st.shape(start) }
