// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"strconv"
	"strings"
)

// Key is the name that values stand under, an attribute's or a JSON member's, as a Scanner sees it. It serves as context: 219-09-9999
// under "ssn", a bare number under "phone", 32 hex digits under "dd_api_key". What it says is found out once, when it is asked for:
// that costs more than to scan a short value. One goroutine at a time uses it.
type Key struct {
	scanner *Scanner
	name    string
	asked   bool
	kind    secretKind // once asked
	marked  bool
	named   contextSide // once marked
}

// Under returns the Key of a name, which must stay as it is.
func (s *Scanner) Under(name string) *Key { return &Key{scanner: s, name: name} }

// Scan is Scanner.Scan for a value that stands under the key.
func (k *Key) Scan(dst []Match, text string, p Profile) []Match {
	if k.isClean(text) {
		return dst
	}
	return k.scan(dst, text, p)
}

func (k *Key) scan(dst []Match, text string, p Profile) []Match {
	st := scans.Get().(*scan)
	st.begin(k, dst, text, p)
	st.all()
	dst = st.out
	st.end()
	return dst
}

// isClean tells at one look that there is nothing in a text, as in most.
func (k *Key) isClean(text string) bool {
	s := k.scanner
	if len(s.custom) > 0 || s.decode || len(text) > atOneLook || k.announces(text) {
		return false
	}
	return len(text) == 0 || s.triggers[pairOf('\n', text[0])] == 0 && s.trigger(text, 1) == len(text)
}

// atOneLook is how long a text is at most that is looked at before a scan is begun, bytes.
const atOneLook = 256

// ScanNumber tells whether a number, in decimal digits as it would be printed,
// is as a whole a card number or, beside a key that says so, an identifier or a
// coordinate, the only one of them that has decimals.
func (k *Key) ScanNumber(digits string) (Match, bool) {
	var buf [4]Match
	found := k.Scan(buf[:0], digits, Precise)
	if len(found) != 1 || found[0].Start != 0 || found[0].End != len(digits) {
		return Match{}, false
	}
	whole := strings.IndexByte(digits, '.') < 0
	return found[0], whole || found[0].Entity == coordinatesID
}

// ScanInt is ScanNumber for an integer attribute; it does not allocate.
func (k *Key) ScanInt(n int64) (Match, bool) {
	const shortest = 100_000 // nothing under six digits is an identifier
	if n < shortest {
		return Match{}, false
	}
	st := scans.Get().(*scan)
	defer st.end()
	st.digits = strconv.AppendInt(st.digits[:0], n, 10)
	text := view(st.digits)
	st.begin(k, st.found[:0], text, Precise)
	st.run()
	st.found = st.out
	if len(st.out) == 1 && st.out[0].Start == 0 && st.out[0].End == len(text) {
		return st.out[0], true
	}
	return Match{}, false
}

// secret is what the key announces.
func (k *Key) secret() secretKind {
	if !k.asked {
		k.asked, k.kind = true, kindOf(k.name)
	}
	return k.kind
}

// announces tells whether the key says of a text that it is a secret as a whole.
func (k *Key) announces(text string) bool {
	return len(text) <= maxLogin && k.secret() != noSecret && k.secret() != cookieWord
}

// names tells whether the key has a context word of id.
func (k *Key) names(id EntityID) bool {
	if k.name == "" {
		return false
	}
	if !k.marked {
		k.marked = true
		k.named.begin(0, k.scanner.context.size)
		k.scanner.context.mark(&k.named, k.name, max(0, len(k.name)-maxContextKey), len(k.name), true)
	}
	return k.named.has(id)
}
