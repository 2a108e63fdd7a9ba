// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import "strings"

// volatility is why a member may change from call to call although nothing has changed.
type volatility uint8

const (
	stays volatility = iota
	changes
	callID         // changes where it is one word with a digit in it
	envelope       // changes where it is an object
	resultID       // changes in results where it looks like an id
	resultTime     // changes in results where it looks like a time
	resultDuration // changes in results
)

// volatileNames are members that may be volatile, in lower case. Those of arguments are left out only where the value looks volatile, too.
var volatileNames = map[string]volatility{
	"request_id": changes, "requestid": changes, "trace_id": changes, "traceid": changes, "span_id": changes, "spanid": changes,
	"timestamp": changes, "ts": changes, "nonce": changes, "uuid": changes, "idempotency_key": changes, "idempotencykey": changes,
	"call_id": callID, "callid": callID, "tool_call_id": callID, "toolcallid": callID, "tool_use_id": callID, "tooluseid": callID,
	"_meta": envelope,
	"id":    resultID, "created": resultTime, "created_at": resultTime, "updated_at": resultTime, "time": resultTime, "date": resultTime,
	"duration": resultDuration, "duration_ms": resultDuration, "durationms": resultDuration, "elapsed": resultDuration,
	"elapsed_ms": resultDuration, "latency_ms": resultDuration, "took": resultDuration, "took_ms": resultDuration, "wall_time": resultDuration,
	"wall_time_seconds": resultDuration, "attempt": resultDuration, "attempts": resultDuration, "retry_count": resultDuration,
}

// volatileStarts are the letters with which volatileNames of a length begin: most names are told apart by that.
var volatileStarts = func() (starts [20]uint32) {
	for name := range volatileNames {
		starts[len(name)] |= startBit(name)
	}
	return starts
}()

func startBit(name string) uint32 { return 1 << (name[0] & 31) }

func volatilityOf(name string) volatility {
	if len(name) == 0 || len(name) >= len(volatileStarts) || volatileStarts[len(name)]&startBit(name) == 0 {
		return stays
	}
	return volatileNames[strings.ToLower(name)]
}

// isVolatile tells members that do not belong to what a call says.
func isVolatile(name, value string, result bool) bool {
	switch volatilityOf(name) {
	case changes:
		return looksVolatile(value)
	case callID:
		return value[0] == '"' && hasDigit(value) && !strings.ContainsAny(value, " \\")
	case envelope:
		return value[0] == '{'
	case resultID:
		return result && value[0] == '"' && looksVolatile(value)
	case resultTime:
		return result && looksVolatile(value)
	case resultDuration:
		return result && (value[0] >= '0' && value[0] <= '9' || value[0] == '"')
	default:
		return false
	}
}

// looksVolatile tells values made anew for each call: UUIDs, long hex, ISO times, times since 1970, call ids.
func looksVolatile(value string) bool {
	if value[0] != '"' {
		return isEpoch(value)
	}
	text := value[1 : len(value)-1]
	return text != "" && (isEpoch(text) || stableLength(text) == 0)
}

// isEpoch tells seconds, milliseconds, microseconds or nanoseconds since 1970, between 2001 and 2286.
func isEpoch(text string) bool {
	whole, fraction, _ := strings.Cut(text, ".")
	if !allDigits(whole) || !allDigits(fraction) {
		return false
	}
	switch len(whole) {
	case 10, 13, 16, 19:
		return true
	default:
		return false
	}
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// writeStable writes a text without the ids, times and durations in it.
func (f *Fingerprinter) writeStable(text string) { f.writeWithout(text, changing) }

// writeWithout writes a text without what skip finds at the beginning of its words; each leaves a gap, so that words do not run together.
func (f *Fingerprinter) writeWithout(text string, skip func(text string, i int) int) {
	plain := 0
	for i := 0; i < len(text); {
		if !isWord(text[i]) {
			i++
			continue
		}
		if n := skip(text, i); n > 0 {
			f.writeString(text[plain:i])
			f.writeByte('~')
			i += n
			plain = i
			continue
		}
		for i < len(text) && isWord(text[i]) {
			i++
		}
	}
	f.writeString(text[plain:])
}

// stableLength is how many bytes of a text are no id, time or duration.
func stableLength(text string) int {
	n := 0
	for i := 0; i < len(text); {
		if isWord(text[i]) {
			if skip := changing(text, i); skip > 0 {
				i += skip
				continue
			}
			for i < len(text) && isWord(text[i]) {
				i++
				n++
			}
			continue
		}
		i++
		n++
	}
	return n
}

func isWord(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' || b >= 0x80
}

// changing is the length of the id, time or duration that starts at the word at i; 0 if none does.
func changing(text string, i int) int {
	const uuidFirst = 8
	if len(text) > i+uuidFirst && text[i+uuidFirst] == '-' {
		if n := uuidLength(text[i:]); n > 0 {
			return n
		}
	}
	end, digits := i, 0
	for end < len(text) && isWord(text[end]) {
		if text[end] <= '9' {
			digits++
		}
		end++
	}
	if digits == 0 {
		return 0
	}
	if text[i] <= '9' {
		if n := timeLength(text[i:]); n > 0 {
			return n
		}
		if n := durationLength(text[i:]); n > 0 {
			return n
		}
	}
	if digits == end-i && isBehind(text[:i], "attempt", "retry") || digits < end-i && isMadeID(text[i:end], text[:i]) {
		return end - i
	}
	return 0
}

// madeByFrameworks is the length of the call id or memory address at i: what differs in equal arguments that are no JSON, but the prints of
// some language.
func madeByFrameworks(text string, i int) int {
	end := i
	for end < len(text) && isWord(text[end]) {
		end++
	}
	if isCallID(text[i:end], text[:i]) || isAddress(text[i:end]) {
		return end - i
	}
	return 0
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

func isAddress(token string) bool {
	rest, cut := strings.CutPrefix(token, "0x")
	return cut && len(rest) >= 6 && isHex(rest)
}

// isBehind tells a place behind one of the words, as in `Chunk ID: 1f2e3d`.
func isBehind(before string, words ...string) bool {
	before = strings.TrimRight(before, " :=#'\"")
	for _, w := range words {
		if len(before) >= len(w) && strings.EqualFold(before[len(before)-len(w):], w) {
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

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// uuidLength is 36 if text begins with a UUID.
func uuidLength(text string) int {
	const length = 36
	if len(text) < length || len(text) > length && isWord(text[length]) {
		return 0
	}
	for i := 0; i < length; i++ {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (text[i] == '-') || !dash && !isHexDigit(text[i]) {
			return 0
		}
	}
	return length
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
	for _, unit := range durationUnits {
		if rest, cut := strings.CutPrefix(text[at:], unit); cut && (rest == "" || !isWord(rest[0])) {
			return at + len(unit)
		}
	}
	return 0
}
