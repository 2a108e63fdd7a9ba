// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "strings"

const maxPEM = 1 << 14 // bytes between BEGIN and END

// findPEM finds private keys in PEM, from BEGIN to END, or to where the base64
// stops if END is missing.
func findPEM(st *scan, i int) int {
	const begin, end = "-----BEGIN ", "-----END "
	start := i - 5
	if start < 0 || !strings.HasPrefix(st.text[start:], begin) {
		return 0
	}
	header := st.text[start+len(begin) : min(len(st.text), start+80)]
	close := strings.Index(header, "-----")
	if close < 0 || !strings.Contains(header[:close], "PRIVATE KEY") {
		return 0
	}
	from := start + len(begin) + close + 5
	rest := st.text[from:min(len(st.text), from+maxPEM)]
	to, foot := strings.Index(rest, end), 0
	if to < 0 {
		to = len(strings.TrimRight(rest[:pemBody.span(rest, 0)], `\`))
	} else {
		foot = len(end) + strings.Index(rest[to+len(end):]+"-----", "-----") + 5
	}
	const shortest = 40 // bytes of a body that can be a key
	if to < shortest || unreplaced(rest[:to]) < shortest || distinct(rest[:to]) < 12 {
		return 0
	}
	stop := min(from+to+foot, len(st.text))
	st.add(privateKeyID, start, stop, 1)
	return stop
}

var pemBody = newCharset("A-Za-z0-9+/=\n\r\t \\:,-")

// maxJWTHeader bounds the first part of a token, in bytes.
const maxJWTHeader = 1 << 11

// findJWT finds JSON Web Tokens and encrypted ones: base64url parts between
// dots, of which the first begins with {" in base64.
func findJWT(st *scan, i int) int {
	start := i - 2
	if start < 0 || st.text[start] != 'e' || !freeLeft(st.text, start) {
		return 0
	}
	header := base64URL.span(st.text[:min(len(st.text), start+maxJWTHeader)], start)
	if header-start < 15 || header == len(st.text) || st.text[header] != '.' {
		return 0
	}
	payload := base64URLEq.span(st.text, header+1)
	if payload-header < 8 {
		return 0
	}
	end := payload
	for end+1 < len(st.text) && st.text[end] == '.' && base64URLEq[st.text[end+1]] {
		end = base64URLEq.span(st.text, end+1)
	}
	if end == payload && !strings.HasPrefix(st.text[header+1:], "eyJ") {
		return 0
	}
	st.add(jwtID, start, end, 1)
	return end
}

// findURLLogin finds user:password@ behind a scheme, and long tokens that
// stand there alone.
func findURLLogin(st *scan, i int) int {
	from := i + 1
	if i < 3 || st.text[i-2] != ':' || !alnum[st.text[i-3]] {
		return 0
	}
	colon, at := -1, -1
	for j := from; j < len(st.text) && j < from+maxLogin && loginBytes[st.text[j]]; j++ {
		switch st.text[j] {
		case ':':
			if colon < 0 {
				colon = j
			}
		case '@':
			at = j
		}
	}
	if at < 0 || labelEnds(st.text, at) || replacementAt(st.text, from) > 0 {
		return 0
	}
	const shortestToken = 20
	password := st.text[from:at]
	if colon >= 0 && colon < at {
		password = st.text[colon+1 : at]
	} else if len(password) < shortestToken || !looksRandom(password) {
		return 0
	}
	if password == "" || isTemplate(password) {
		return 0
	}
	st.add(urlLoginID, from, at, 1)
	return at
}

const maxLogin = 512

var loginBytes = newCharset("!$%&()*+,-.0-9:;=?@A-Z[]^_a-z{|}~#")

// findBearer finds what follows "Bearer ", "Basic " and curl's -u.
func findBearer(st *scan, i int) int {
	text := st.text
	if i+1 == len(text) || text[i+1]|0x20 != 'a' && text[i] != 'u' {
		return 0
	}
	switch rest := text[i-1:]; {
	case hasPrefix(rest, "bearer ", true) && freeLeft(text, i-1):
		return st.token(i - 1 + len("bearer "))
	case strings.HasPrefix(rest, " Basic "):
		return st.token(i - 1 + len(" Basic "))
	case strings.HasPrefix(rest, "-u ") && freeLeft(text, i-1):
		return st.curlUser(i + 2)
	case strings.HasPrefix(rest, "-user ") && i > 1 && text[i-2] == '-':
		return st.curlUser(i + 5)
	}
	return 0
}

var tokenBytes = newCharset("A-Za-z0-9._~+/=|:-")

// token adds the credential of an authorization header that begins at start.
func (st *scan) token(start int) int {
	for start < len(st.text) && (st.text[start] == ' ' || st.text[start] == '"' || st.text[start] == '\'') {
		start++
	}
	end := trimDot(st.text, start, tokenBytes.span(st.text, start))
	value := st.text[start:end]
	const shortest = 16
	if len(value) < shortest || !looksEncoded(value) {
		return 0
	}
	return st.addSecret(authTokenID, start, end)
}

func trimDot(text string, start, end int) int {
	for end > start && (text[end-1] == '.' || text[end-1] == ':') {
		end--
	}
	return end
}

// curlUser adds the user:password argument that begins at start.
func (st *scan) curlUser(start int) int {
	for start < len(st.text) && strings.IndexByte(" \"'\\", st.text[start]) >= 0 {
		start++
	}
	end := start
	for end < min(len(st.text), start+maxLogin) && strings.IndexByte(" \"'\\\n<>", st.text[end]) < 0 {
		end++
	}
	if replacementAt(st.text, start) > 0 {
		return 0
	}
	user, password, ok := strings.Cut(st.text[start:end], ":")
	if !ok || strings.HasPrefix(password, "/") || isTemplate(user) || !isPassword(password, true) {
		return 0
	}
	st.add(urlLoginID, start, end, 1)
	return end
}

// findAzureSecret finds Entra ID client secrets: three bytes, a digit, Q~ and
// 31 to 34 more.
func findAzureSecret(st *scan, i int) int {
	start, end := i-5, azureBytes.span(st.text[:min(len(st.text), i+64)], i+1)
	if start < 0 || !freeLeft(st.text, start) || !isDigit(st.text[i-2]) || !azureBytes.all(st.text[start:i-2]) {
		return 0
	}
	for end > i+35 && (st.text[end-1] == '_' || st.text[end-1] == '.') {
		end--
	}
	if n := trimDot(st.text, i+1, end) - i - 1; n < 31 || n > 34 || distinct(st.text[i+1:end]) < 12 {
		return 0
	}
	st.add(azureSecretID, start, end, 1)
	return end
}

// azureServiceKey adds the word text[start:end] if it is a key to Azure's AI
// services: 84 letters and digits with the signature JQQJ99 in the middle.
func (st *scan) azureServiceKey(start, end int) int {
	const signature, at, length = "JQQJ99", 52, 84
	if end-start != length || !strings.HasPrefix(st.text[start+at:], signature) || !st.add(azureSecretID, start, end, 1) {
		return 0
	}
	return end
}

var azureBytes = newCharset("A-Za-z0-9_~.-")

// findTerraform finds 14 bytes, .atlasv1. and 60 to 70 more.
func findTerraform(st *scan, i int) int {
	const middle = ".atlasv1."
	dot := i - 7
	start := dot - 14
	if start < 0 || !strings.HasPrefix(st.text[dot:], middle) || !alnum.all(st.text[start:dot]) || !freeLeft(st.text, start) {
		return 0
	}
	from := dot + len(middle)
	end := base64URLEq.span(st.text, from)
	if end-from < 60 || end-from > 70 || distinct(st.text[from:end]) < 12 {
		return 0
	}
	st.add(terraformID, start, end, 1)
	return end
}

// findDiscord finds bot tokens: a user id in base64, a time and a signature
// between dots.
func findDiscord(st *scan, i int) int {
	dot := i - 1
	start := skipEscape(st.text, base64URL.back(st.text, dot, max(0, dot-29)), dot)
	for start < dot && st.text[start] == '_' {
		start++
	}
	if n := dot - start; n < 24 || n > 28 || strings.IndexByte("MNO", st.text[start]) < 0 || !freeLeft(st.text, start) {
		return 0
	}
	second := base64URL.span(st.text, i)
	if second-i != 6 || second == len(st.text) || st.text[second] != '.' {
		return 0
	}
	end := base64URL.span(st.text, second+1)
	if n := end - second - 1; n < 27 || n > 40 || distinct(st.text[second+1:end]) < 12 {
		return 0
	}
	st.add(discordID, start, end, 1)
	return end
}

// findTelegram finds a bot's number, :A and 34 more bytes.
func findTelegram(st *scan, i int) int {
	colon := i - 1
	start := digits.back(st.text, colon, max(0, colon-17))
	end := base64URL.span(st.text, i)
	if end-i == telegramSecret && st.text[end-1] == '_' {
		end--
	}
	if !isTelegramBot(colon-start) || end-i != telegramSecret-1 || !freeLeft(st.text, start) || distinct(st.text[i:end]) < 10 {
		return 0
	}
	st.add(telegramID, start, end, 1)
	return end
}

// isTelegramBot tells whether a bot's number may have so many digits.
func isTelegramBot(digits int) bool { return digits >= 5 && digits <= 16 }

// findMailchimp finds 32 hex digits, -us and the number of a data centre.
func findMailchimp(st *scan, i int) int {
	start := i - 33
	if start < 0 || !hexSet.all(st.text[start:i-1]) || !freeLeft(st.text, start) || !strings.HasPrefix(st.text[i:], "us") {
		return 0
	}
	end := digits.span(st.text, i+2)
	if n := end - i - 2; n < 1 || n > 2 {
		return 0
	}
	st.add(mailchimpID, start, end, 1)
	return end
}
