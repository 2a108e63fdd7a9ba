// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "strings"

// assignmentTriggers are what may stand between a name and its secret:
// name: v, name=v, "name": v, <name>v, set("name", v).
var assignmentTriggers = []trigger{
	"a=:", "9=:", "=*=:", "=\"=:", "='=:", "=`=:", "=]=:", "= =:",
	"a==", "9==", "=\"==", "='==", "=`==", "=]==", "= ==", "=:==", "=|==", "=?==", "=.==",
	"a=>", "=\"=,", "='=,",
}

const maxName = 64

// findAssigned finds a secret that its name announces directly before it. It
// looks back from the operator at i, then forward.
func findAssigned(st *scan, i int) int {
	name, ok := assignedName(st.text, i)
	if !ok {
		return 0
	}
	kind := kindOf(name)
	if kind == noSecret || inLabel(st.text, i) {
		return 0
	}
	v, ok := assignedValue(st.text, i)
	if !ok || v.start < st.lastEnd() {
		return 0
	}
	return st.announced(kind, v)
}

// assignedName returns the name before the operator at i. A type between the
// name and the operator is passed over, as in "var token string =".
func assignedName(text string, i int) (string, bool) {
	if text[i] == ',' && !firstArgument(text, i) {
		return "", false
	}
	j := i
	for j > 0 && j > i-6 && operatorBytes[text[j-1]] {
		j--
	}
	for j > 0 && j > i-12 && closers[text[j-1]] && (freeLeft(text, j) || nameStars(text, j)) {
		j--
	}
	if j == 0 || !nameBytes[text[j-1]] {
		return "", false
	}
	start := nameBytes.back(text, j, max(0, j-maxName))
	name := text[start:j]
	if name == "string" || name == "String" || name == "str" {
		if start == 0 || text[start-1] != ' ' && text[start-1] != ':' {
			return "", false
		}
		end := start - 1
		for end > 0 && (text[end-1] == ' ' || text[end-1] == ':') {
			end--
		}
		start = nameBytes.back(text, end, max(0, end-maxName))
		name = text[start:end]
	}
	if start > 0 && text[start-1] == ':' && text[i] == ':' {
		return "", false // a part of a resource name: arn:aws:…:secret:name
	}
	if strings.HasSuffix(text[:start], partialStars) && shownEnd(text, start) == start+len(name) {
		return "", false // the end of a value
	}
	// The escape before a raw JSON key belongs to no name.
	if start > 0 && text[start-1] == '\\' && len(name) > 1 && strings.IndexByte("nrtbf", name[0]) >= 0 {
		name = name[1:]
	}
	return name, name != ""
}

// firstArgument tells whether a call's first argument, in quotes, ends before
// i.
func firstArgument(text string, i int) bool {
	open := nameBytes.back(text, i-1, max(0, i-1-maxName))
	return open > 1 && quotes[text[open-1]] && text[open-2] == '('
}

var (
	nameBytes     = newCharset("A-Za-z0-9_.\x80-\xff-")
	closers       = newCharset(" \"'`\\])*")
	operatorBytes = newCharset(":=?|+. ")
	quotes        = newCharset("\"'`")
)

// value is the text of an assigned secret.
type value struct {
	start, end int
	quoted     bool
	// scheme is the word before it, as in "Bearer abc".
	scheme bool
	// spaced says that a blank stands before it, as in prose.
	spaced bool
}

// assignedValue reads the value behind the operator at i.
func assignedValue(text string, i int) (value, bool) {
	var v value
	j, limit := i, min(len(text), i+64)
	for j < limit && (operatorBytes[text[j]] && text[j] != '.' || text[j] == '>' || text[j] == ',' || text[j] == '\t' || text[j] == '\n' && text[i] == '>') {
		v.spaced = text[j] == ' '
		j++
	}
	j = skipEmphasis(text, j)
	open := byte(0)
	if j+1 < len(text) && text[j] == '\\' && quotes[text[j+1]] {
		open, j = '\\', j+2
	} else if j < len(text) && quotes[text[j]] {
		open, j = text[j], j+1
	}
	v.quoted = open != 0
	if n := schemeAt(text[j:]); n > 0 {
		v.scheme, j = true, j+n
	}
	v.start, v.end = j, valueEnd(text[:min(len(text), j+maxValue)], j, open)
	if !v.quoted {
		v.end = trimEnd(text, v.start, v.end)
	}
	return v, v.end > v.start
}

// valueEnd returns where the value that begins at j ends. Inside quotes an
// escape belongs to the value; outside of them the first byte ends it that
// cannot belong to it.
func valueEnd(text string, j int, open byte) int {
	query := j > 0 && text[j-1] == '='
	for j < len(text) {
		b := text[j]
		switch {
		case b == '&' && query:
			return j
		case b == '\n' || b == '\r':
			return j
		case open == 0 && (b <= ' ' || unquotedEnd[b]):
			return j
		case open == '\\' && b == '\\', b == open:
			return j
		case open != 0 && b == '\\':
			j++
		}
		j++
	}
	return len(text)
}

var unquotedEnd = newCharset("\"'`<>,;)}]\\")

var schemes = []string{"Bearer ", "Basic ", "Token ", "Digest ", "ApiKey ", "Negotiate ", "bearer ", "basic ", "token ", "BEARER "}

// skipEmphasis skips Markdown's ** or * before a value, and the blank behind
// them if they end the emphasis of the name. More stars hide a value.
func skipEmphasis(text string, i int) int {
	j := i
	for j < len(text) && text[j] == '*' {
		j++
	}
	if j == i || j > i+2 {
		return i
	}
	for j < len(text) && text[j] == ' ' {
		j++
	}
	return j
}

// trimEnd takes punctuation and emphasis off the end of a value.
func trimEnd(text string, start, end int) int {
	for end > start && strings.IndexByte(".:*", text[end-1]) >= 0 {
		end--
	}
	return end
}

// maxValue bounds what is read as one value, in bytes. What looks like a key
// so far is taken to its end, however long.
const maxValue = 1 << 10

func schemeAt(text string) int {
	for _, s := range schemes {
		if strings.HasPrefix(text, s) {
			return len(s)
		}
	}
	return 0
}

// announced adds the value v of a name of the given kind.
func (st *scan) announced(kind secretKind, v value) int {
	text := st.text[v.start:v.end]
	if replacementAt(st.text, v.start) > 0 {
		return 0
	}
	id, ok := apiKeyID, false
	switch kind {
	case passwordWord:
		id, ok = passwordID, isPassword(text, v.quoted || !v.spaced)
	case headerWord:
		id, ok = authTokenID, v.scheme && len(text) >= 8 && looksEncoded(text) || len(text) >= 16 && looksRandom(text)
	case cookieWord:
		return st.cookie(v.start)
	case keyWord:
		ok = len(text) >= minKeyText && st.isKeyText(v) && looksRandom(text)
	case tokenWord:
		ok = len(text) >= minTokenText && st.isKeyText(v) && looksRandom(text)
	}
	if !ok {
		return 0
	}
	if v.end-v.start == maxValue {
		v.end = keyText.span(st.text, v.end)
	}
	return st.addSecret(id, v.start, v.end)
}

// addSecret adds a secret known by its surroundings, under the entity of its
// own form if it has one.
func (st *scan) addSecret(id EntityID, start, end int) int {
	if strings.HasPrefix(st.text[start:], "eyJ") && start+2 < len(st.text) {
		if next := findJWT(st, start+2); next > 0 {
			return next
		}
	}
	for i := start + 1; i < min(end, start+12); i++ {
		list := st.triggers[pairOf(st.text[i-1], st.text[i])]
		if next := st.findKey(st.lists[list].keys, i); next > 0 {
			return next
		}
	}
	const score = 0.85
	if !st.add(id, start, end, score) {
		return 0
	}
	return end
}

// cookie adds the whole of a cookie header's value.
func (st *scan) cookie(start int) int {
	end := start
	for end < min(len(st.text), start+maxValue) && strings.IndexByte("\"'\\\n\r<", st.text[end]) < 0 {
		end++
	}
	for rest := st.text[start:end]; rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, ";")
		const shortest = 8
		if _, value, ok := strings.Cut(pair, "="); ok && len(value) >= shortest && keyText.all(value) && looksRandom(value) {
			st.add(authTokenID, start, end, 0.85)
			return end
		}
	}
	return 0
}

// Lengths from which a value under "api_key", and one under "token", is
// believed, in bytes.
const (
	minKeyText   = 10
	minTokenText = 18
)

// isKeyText refuses what no key is written with, such as blanks, brackets and
// calls; what is cut short by dots; and what looks like a Telegram token but
// has not its length.
func (st *scan) isKeyText(v value) bool {
	text := st.text[v.start:v.end]
	if !keyText.all(text) || strings.HasPrefix(st.text[v.end:], "..") {
		return false
	}
	bot := digits.span(text, 0)
	return bot == 0 || !strings.HasPrefix(text[bot:], ":A") || len(text)-bot == telegramSecret && isTelegramBot(bot)
}

// telegramSecret is the length of ":A" and the 34 bytes behind it.
const telegramSecret = 36

var keyText = newCharset("A-Za-z0-9_.+/=~:|@#!$%^*?-")

// notPasswords follow "password:" and are none.
var notPasswords = wordSetOf("string", "required", "optional", "none", "null", "nil", "true", "false", "undefined", "password", "passwd", "secret", "hidden", "text", "input", "field", "user", "username", "pass", "invalid", "incorrect", "wrong", "missing", "expired", "changed", "reset", "empty", "login", "admin", "value", "varchar", "encrypted", "hashed", "yes", "no", "set", "unset", "default", "prompt", "str", "opaque", "token", "credentials")

// isPassword tells whether text, which follows a word for password, is one.
// Directly behind "=" or in quotes a word without digits may be one as well.
func isPassword(text string, tight bool) bool {
	const shortest, longest = 4, 128
	if len(text) < shortest || len(text) > longest || isTemplate(text) || strings.ContainsAny(text, " (){}[]<>\t") || isPlaceholder(text) {
		return false
	}
	if letters.all(text) {
		lower := strings.ToLower(text)
		return tight && len(text) >= 6 && !notPasswords[lower] && !strings.Contains(lower, "password")
	}
	if strings.HasPrefix(text, "/") || strings.HasPrefix(text, "--") || strings.HasPrefix(text, ".") {
		return false
	}
	if !tight && containsFold(text, "pass") && isIdentifier(text) {
		return false
	}
	return hasDigit(text) || tight && len(text) >= 6 && !isIdentifier(text) && distinct(text) > 3 && !strings.Contains(text, ":")
}

// secretField looks at a value whose key names a secret: all of it is one.
func (st *scan) secretField() {
	if !st.key.announces(st.text) {
		return
	}
	v := value{start: schemeAt(st.text), end: len(st.text), quoted: true}
	v.scheme = v.start > 0
	if v.end > v.start && strings.IndexByte(st.text[v.start:], ' ') < 0 {
		st.announced(st.key.secret(), v)
	}
}

// nameStars tells whether the stars that end before j end the emphasis of a name.
func nameStars(text string, j int) bool {
	for j > 0 && text[j-1] == '*' {
		j--
	}
	return j > 0 && alnum[text[j-1]]
}
