// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "strings"

// saidVerbs stand between a secret's name and the secret in a sentence.
var saidVerbs = []string{" is ", " was ", " ist ", " lautet ", " es ", " est ", " è ", " é ", " is: ", " ist: ", " lautet: ", " = ", " to "}

// findSaidPassword finds "my password is hunter2", "--password hunter2" and "the password for the
// router is hunter2": the pair is the sw of "password" or "Passwort".
func findSaidPassword(st *scan, i int) int {
	start := i - 4
	if start < 0 || !freeLeft(st.text, start) {
		return 0
	}
	after := start + len("password")
	if rest := st.text[start:]; !hasPrefix(rest, "password", true) && !hasPrefix(rest, "passwort", true) {
		return 0
	}
	if start > 1 && st.text[start-2:start] == "--" && strings.HasPrefix(st.text[after:], " ") {
		return st.saidPassword(after + 1)
	}
	for _, verb := range saidVerbs {
		if hasPrefix(st.text[after:], verb, true) {
			return st.saidPassword(after + len(verb))
		}
	}
	const mostWords = 40 // bytes of "for the router at home"
	clause := st.text[after:min(len(st.text), after+mostWords)]
	if is := strings.Index(clause, " is "); is > 0 && (strings.HasPrefix(clause, " for ") || strings.HasPrefix(clause, " of ")) && !strings.ContainsAny(clause[:is], ".!?;\n") {
		return st.saidPassword(after + is + len(" is "))
	}
	return 0
}

func (st *scan) saidPassword(from int) int {
	from = skipEmphasis(st.text, from)
	open := byte(0)
	if from < len(st.text) && quotes[st.text[from]] {
		open, from = st.text[from], from+1
	}
	end := trimEnd(st.text, from, valueEnd(st.text[:min(len(st.text), from+maxValue)], from, open))
	if end <= from || replacementAt(st.text, from) > 0 || !isPassword(st.text[from:end], open != 0) {
		return 0
	}
	st.add(passwordID, from, end, 0.6)
	return end
}

// minSaidKey is the length from which a word with digits is believed to be the
// key that "the API key is" announces, in bytes.
const minSaidKey = 16

// saidKey adds what begins at start if the words before it say that it is a
// key or a token.
func (st *scan) saidKey(start int) int {
	before := st.text[max(0, start-maxName):start]
	for _, verb := range saidVerbs {
		name, said := strings.CutSuffix(before, verb)
		if !said {
			continue
		}
		name = name[strings.LastIndexAny(name, ",.;:!?\n")+1:]
		if kind := kindOf(name); kind != keyWord && kind != tokenWord {
			return 0
		}
		end := trimDot(st.text, start, tokenBytes.span(st.text[:min(len(st.text), start+maxValue)], start))
		if !looksRandom(st.text[start:end]) {
			return 0
		}
		return st.addSecret(apiKeyID, start, end)
	}
	return 0
}
