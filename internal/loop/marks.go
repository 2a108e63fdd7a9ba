// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import "strings"

// writeStable writes a text without the ids, times and durations in it.
func (f *Fingerprinter) writeStable(text string) { f.writeWithout(text, changing) }

// skip is the end of the word at i, or of what begins with it, and whether a text is taken without that.
type skip func(text string, i int) (end int, skipped bool)

// writeWithout writes a text without what skips finds at the beginning of its words; each leaves a gap, so that words do not run together.
func (f *Fingerprinter) writeWithout(text string, skips skip) {
	plain := 0
	for i := 0; i < len(text); {
		if wordBytes[text[i]] == 0 {
			i++
			continue
		}
		end, skipped := skips(text, i)
		if skipped {
			f.writeString(text[plain:i])
			f.writeByte('~')
			plain = end
		}
		i = end
	}
	f.writeString(text[plain:])
}

// saysStable tells texts with anything that is no id, time or duration.
func saysStable(text string) bool {
	for i := 0; i < len(text); {
		end, changes := changing(text, i)
		if !changes {
			return true
		}
		i = end
	}
	return false
}

// The kinds of bytes that words are made of; others are 0.
const (
	wordLetter uint8 = 1
	wordDigit  uint8 = 2
)

var wordBytes = func() (kinds [256]uint8) {
	for b := range kinds {
		switch {
		case b >= '0' && b <= '9':
			kinds[b] = wordDigit
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b == '_', b >= 0x80:
			kinds[b] = wordLetter
		}
	}
	return kinds
}()

func isWord(b byte) bool { return wordBytes[b] != 0 }

// word is the end of the word at i, and how many digits it has.
func word(text string, i int) (end, digits int) {
	for end = i; end < len(text); end++ {
		kind := wordBytes[text[end]]
		if kind == 0 {
			break
		}
		digits += int(kind / wordDigit)
	}
	return end, digits
}

// changing finds the id, time or duration that starts at the word at i.
func changing(text string, i int) (end int, changes bool) {
	const uuidFirst = 8
	if len(text) > i+uuidFirst && text[i+uuidFirst] == '-' {
		if n := uuidLength(text[i:]); n > 0 {
			return i + n, true
		}
	}
	end, digits := word(text, i)
	if digits == 0 {
		return end, false
	}
	if text[i] <= '9' {
		if n := timeLength(text[i:]); n > 0 {
			return i + n, true
		}
		if n := durationLength(text[i:]); n > 0 {
			return i + n, true
		}
	}
	return end, digits == end-i && isBehind(text[:i], "attempt", "retry", "pgid") || digits < end-i && isMadeID(text[i:end], text[:i])
}

// madeByFrameworks finds the call id or memory address at i: what differs in equal arguments that are no JSON, but the prints of some
// language.
func madeByFrameworks(text string, i int) (end int, made bool) {
	if end, _ = word(text, i); isCallID(text[i:end], text[:i]) {
		return end, true
	}
	return printedAddress(text, i)
}

// printedAddress finds the memory address at i where a language prints one, `<Context object at 0x7f…>` or Go's 0xc000…: any other number
// of that form in an argument is data.
func printedAddress(text string, i int) (end int, printed bool) {
	end, _ = word(text, i)
	return end, isAddress(text[i:end]) && (strings.HasSuffix(text[:i], " at ") || strings.HasPrefix(text[i:end], goAddress))
}

// goAddress begins the addresses of Go's heap.
const goAddress = "0xc000"

// printsAddress tells texts that printedAddress may find something in.
func printsAddress(text string) bool {
	return strings.Contains(text, "0x") && (strings.Contains(text, " at 0x") || strings.Contains(text, goAddress))
}

// idPrefixes begin the ids that models, providers and frameworks give to calls and answers.
var idPrefixes = []string{"call_", "toolu_", "chatcmpl_", "chatcmpl-", "msg_", "resp_", "req_", "run_", "tooluse_"}

// isMadeID tells, of words of letters and digits, hex ids from eight digits on or, behind the word id, from four on; memory addresses; and
// ids of calls.
func isMadeID(token, before string) bool {
	if isCallID(token, before) || isAddress(token) {
		return true
	}
	return isHex(token) && (len(token) >= 8 || len(token) >= 4 && isBehind(before, "id"))
}

func isCallID(token, before string) bool {
	for _, prefix := range idPrefixes {
		if rest, cut := strings.CutPrefix(token, prefix); cut && len(rest) >= 3 && hasDigit(rest) {
			return true
		}
	}
	return hasDigit(token) && isBehind(before, "call_id", "use_id")
}

// isAddress tells numbers as long as those of memory: a wallet or the hash of a transaction is longer.
func isAddress(token string) bool {
	const shortest, longest = 6, 16
	rest, cut := strings.CutPrefix(token, "0x")
	return cut && len(rest) >= shortest && len(rest) <= longest && isHex(rest)
}

// isBehind tells a place behind one of the words, as in `Chunk ID: 1f2e3d`.
func isBehind(before string, words ...string) bool {
	n := len(before)
	for n > 0 && strings.IndexByte(" :=#'\"", before[n-1]) >= 0 {
		n--
	}
	before = before[:n]
	for _, w := range words {
		if len(before) >= len(w) && before[n-1]|0x20 == w[len(w)-1] && strings.EqualFold(before[n-len(w):], w) {
			return true
		}
	}
	return false
}

func isHex(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isHexDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

func isHexDigit(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F'
}

func hasDigit(s string) bool {
	for i := 0; i < len(s); i++ {
		if wordBytes[s[i]] == wordDigit {
			return true
		}
	}
	return false
}

const uuidSize = 36

// uuidLength is that of a UUID if text begins with one.
func uuidLength(text string) int {
	if len(text) < uuidSize || len(text) > uuidSize && isWord(text[uuidSize]) {
		return 0
	}
	for i := 0; i < uuidSize; i++ {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (text[i] == '-') || !dash && !isHexDigit(text[i]) {
			return 0
		}
	}
	return uuidSize
}

// timeLength is the length of the ISO 8601 date and time that text begins with. A date alone is data, not the time of a call.
func timeLength(text string) int {
	const shape = "0000-00-00T00:00"
	if len(text) < len(shape) {
		return 0
	}
	for i := 0; i < len(shape); i++ {
		switch want := shape[i]; {
		case want == '0' && (text[i] < '0' || text[i] > '9'), want == 'T' && text[i] != 'T' && text[i] != ' ' && text[i] != 't':
			return 0
		case want != '0' && want != 'T' && text[i] != want:
			return 0
		}
	}
	n := len(shape)
	for n < len(text) && (text[n] >= '0' && text[n] <= '9' || strings.IndexByte(":.,", text[n]) >= 0 && n+1 < len(text) && text[n+1] >= '0' && text[n+1] <= '9') {
		n++
	}
	if n < len(text) && (text[n] == 'Z' || text[n] == 'z') {
		return n + 1
	}
	if n+5 < len(text)+1 && n < len(text) && (text[n] == '+' || text[n] == '-') {
		for n++; n < len(text) && (text[n] >= '0' && text[n] <= '9' || text[n] == ':'); n++ {
		}
	}
	return n
}

// durationUnits are the units behind a number that tell how long something took. Minutes, hours and days are left alone: they are what
// waits and deliveries are told in.
var durationUnits = []string{"milliseconds", "millisecond", "msecs", "ms", "microseconds", "us", "µs", "nanoseconds", "ns", "seconds", "second", "secs", "sec", "s"}

// durationStarts are the bytes that durationUnits begin with.
const durationStarts = "munsµ"

// durationLength is the length of the duration that text begins with: a number and a unit of up to a second.
func durationLength(text string) int {
	n := 0
	for n < len(text) && (text[n] >= '0' && text[n] <= '9' || text[n] == '.' && n > 0) {
		n++
	}
	if n == 0 {
		return 0
	}
	at := n
	if at < len(text) && text[at] == ' ' {
		at++
	}
	if at == len(text) || strings.IndexByte(durationStarts, text[at]) < 0 {
		return 0
	}
	for _, unit := range durationUnits {
		if rest, cut := strings.CutPrefix(text[at:], unit); cut && (rest == "" || !isWord(rest[0])) {
			return at + len(unit)
		}
	}
	return 0
}
