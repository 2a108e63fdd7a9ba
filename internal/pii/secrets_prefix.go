// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "strings"

// keyRule recognises a key by its prefix. The key ends at the first byte
// outside its alphabet, whatever that byte is.
type keyRule struct {
	prefix string
	// body is the alphabet of what follows the prefix.
	body *charset
	// min and max bound the body's length; max 0 means no bound.
	min, max int
	// distinct is how many different bytes a real body has at least; 0 means
	// a quarter of min, between 4 and 10. "xxxxxxxx" has one.
	distinct int
	// inner, if set, must occur in the body.
	inner string
	// valid, if set, checks the whole key.
	valid func(key string) bool
	// fold lets the prefix stand in any case.
	fold bool
	// noAlphabet refuses bodies with a piece of the alphabet in them, which
	// documentation shows in place of these keys.
	noAlphabet bool
	// alone refuses a prefix inside a path or a file name: "/api-", "box.ico-".
	alone bool
}

// anchoredRule is a keyRule with the place in its prefix that triggers it.
type anchoredRule struct {
	keyRule
	entity EntityID
	// at is the offset in the prefix of the pair's second byte.
	at int
	// last is the prefix's last byte with the bit of its case set.
	last byte
}

// addKeyRules hangs every rule on the rarest pair of its prefix. Keys that
// begin with a digit are tried where numbers are.
func (s *Scanner) addKeyRules(byPair map[uint16]*triggerList, id EntityID, rules []keyRule) {
	for _, rule := range rules {
		if isDigit(rule.prefix[0]) {
			s.digitKeys = append(s.digitKeys, anchoredRule{rule, id, 0, rule.prefix[len(rule.prefix)-1] | caseBit})
			continue
		}
		at := rarestPair(rule.prefix)
		for _, pair := range casings(rule.prefix[at-1], rule.prefix[at], rule.fold) {
			l := listOf(byPair, pair)
			l.keys = append(l.keys, anchoredRule{rule, id, at, rule.prefix[len(rule.prefix)-1] | caseBit})
		}
	}
}

func casings(a, b byte, fold bool) []uint16 {
	pairs := []uint16{pairOf(a, b)}
	if !fold {
		return pairs
	}
	for _, x := range []byte{toLower(a), toUpper(a)} {
		for _, y := range []byte{toLower(b), toUpper(b)} {
			if pair := pairOf(x, y); pair != pairs[0] && (len(pairs) == 1 || pair != pairs[len(pairs)-1]) {
				pairs = append(pairs, pair)
			}
		}
	}
	return pairs
}

// rarestPair returns the offset of the second byte of the pair in prefix that
// ordinary text has least often.
func rarestPair(prefix string) int {
	best, bestCost := 1, 1<<30
	for i := 1; i < len(prefix); i++ {
		if isDigit(prefix[i-1]) && alnum[prefix[i]] {
			break // a word's first digit is the last place where finders look
		}
		if cost := pairCost(prefix[i-1], prefix[i]); cost < bestCost {
			best, bestCost = i, cost
		}
	}
	return best
}

func pairCost(a, b byte) int { return byteCost(a) * byteCost(b) }

// byteCost is roughly how common a byte is next to others in prose and JSON.
func byteCost(b byte) int {
	switch {
	case strings.IndexByte("etaoinshr", b) >= 0:
		return 12
	case isLower(b):
		return 6
	case b == ' ' || b == '"' || b == ':':
		return 12
	case b == '.':
		return 8
	case isDigit(b):
		return 4
	case isUpper(b) || b == '/':
		return 3
	}
	return 2
}

// findDigitKey tries the keys that begin with a digit.
func findDigitKey(st *scan, start, _ int) int { return st.findKey(st.digitKeys, start) }

// findKey tries the rules that the pair before i+1 leads to.
func (st *scan) findKey(rules []anchoredRule, i int) int {
	text := st.text
	for k := range rules {
		rule := &rules[k]
		start := i - rule.at
		last := start + len(rule.prefix) - 1
		if start < 0 || last >= len(text) || text[last]|caseBit != rule.last || !hasPrefix(text[start:], rule.prefix, rule.fold) || !freeLeft(text, start) || rule.alone && inPath(text, start) {
			continue
		}
		if end := rule.end(text, start); end > 0 && st.add(rule.entity, start, end, 1) {
			return end
		}
	}
	return 0
}

// inPath tells whether what begins at i goes on a path or name.
func inPath(text string, i int) bool {
	return i > 1 && (text[i-1] == '/' || text[i-1] == '.' || text[i-1] == '-') && text[i-2] != ' '
}

func hasPrefix(text, prefix string, fold bool) bool {
	if len(text) < len(prefix) {
		return false
	}
	return text[:len(prefix)] == prefix || fold && strings.EqualFold(text[:len(prefix)], prefix)
}

// maxJudged is how many bytes of a body are looked at to tell whether it is
// random. It keeps the scan linear where one prefix follows another.
const maxJudged = 1 << 8

// end returns where the key that begins at start ends; 0 if it is none.
func (r *keyRule) end(text string, start int) int {
	from := start + len(r.prefix)
	judged := text[:min(len(text), from+max(maxJudged, r.max+2))]
	end := r.body.span(judged, from)
	for end > from && (text[end-1] == '.' || r.max > 0 && end-from > r.max && (text[end-1] == '-' || text[end-1] == '_')) {
		end--
	}
	if r.max > 0 && end-from > r.max {
		return 0
	}
	if body := text[from:end]; len(body) < r.min || !r.random(body) || !strings.Contains(body, r.inner) {
		return 0
	}
	if r.valid != nil && !r.valid(text[start:end]) {
		return 0
	}
	if end == len(judged) {
		end = r.body.span(text, end)
	}
	return end
}

// random tells a key from a placeholder such as "xxxx" or "your-key-here". Known
// samples, such as AKIA…EXAMPLE, count as keys.
func (r *keyRule) random(body string) bool {
	want := r.distinct
	if want == 0 {
		want = min(max(r.min/4, 4), 10)
	}
	return distinct(body) >= want && !keyPlaceholders.in(body) && !(r.noAlphabet && alphabetRun(body) >= longAlphabet)
}

var keyPlaceholders = newWordList("xxxxx", "*****", "exampleexample", "your_", "your-", "yourkey", "yourapi", "placeholder", "redacted", "_here", "-here")

// longAlphabet is how many letters in the order of the alphabet show that
// somebody made a key up.
const longAlphabet = 9

// alphabetRun returns the length of the longest run of letters in the order of
// the alphabet.
func alphabetRun(text string) int {
	longest, run := 1, 1
	for i := 1; i < len(text); i++ {
		if toLower(text[i]) == toLower(text[i-1])+1 && isLetter(text[i]) && isLetter(text[i-1]) {
			run++
			longest = max(longest, run)
		} else {
			run = 1
		}
	}
	return longest
}

// distinct counts the different bytes of text.
func distinct(text string) int {
	var seen [4]uint64
	n := 0
	for i := range len(text) {
		bit := uint64(1) << (text[i] & 63)
		if word := &seen[text[i]>>6]; *word&bit == 0 {
			*word |= bit
			n++
		}
	}
	return n
}
