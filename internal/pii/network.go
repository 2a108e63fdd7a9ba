// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "strings"

var ipContext = []string{"ip", "ipv4", "ipv6", "address", "adresse", "client", "remote", "host", "server", "peer", "forwarded", "dirección", "indirizzo", "endereço", "login", "visitor", "user"}

var networkDetectors = []detector{
	{Entity: personal("IP_ADDRESS"), score: 0.6, context: ipContext, find: findIPv6, on: []trigger{"h=:", "=:=:"}},
	{Entity: personal("MAC_ADDRESS"), score: 0.6, context: []string{"mac", "ethernet", "hardware", "wifi", "bssid"}, find: findMAC, on: []trigger{"h=:", "h=-"}},
}

// findIPv4 finds four octets. Every machine's own addresses (0.0.0.0,
// 127.0.0.1), net masks, versions and object ids are none.
func findIPv4(st *scan, start, run int) int {
	text := st.text
	if run == len(text) || text[run] != '.' || run-start > 3 || st.min[ipID] >= never {
		return 0
	}
	var octets [4]int
	i := start
	for k := range octets {
		end := digits.span(text, i)
		n := end - i
		if n == 0 || n > 3 || n > 1 && text[i] == '0' {
			return 0
		}
		for ; i < end; i++ {
			octets[k] = octets[k]*10 + digit(text[i])
		}
		if octets[k] > 255 {
			return 0
		}
		if k < 3 {
			if end == len(text) || text[end] != '.' {
				return 0
			}
			i = end + 1
		}
	}
	if !ipv4Bounded(text, start, i) || octets[0] == 0 || octets[0] == 127 || octets[0] == 255 {
		return 0
	}
	if endsWithWord(st.key.name, versionWords) {
		return 0
	}
	score := float32(0.6)
	if allUnder(octets, 10) || followsVersion(text, start) {
		score = st.scored(ipID, start, i) - 0.3
	}
	if !st.add(ipID, start, i, score) {
		return 0
	}
	return i
}

func ipv4Bounded(text string, start, end int) bool {
	if start > 1 && (text[start-1] == '.' || text[start-1] == '-') && (alnum[text[start-2]] || replacedBefore(text, start-1)) {
		return false
	}
	return freeRight(text, end) && !(end+1 < len(text) && (text[end] == '.' || text[end] == '-') && (alnum[text[end+1]] || replacedFrom(text, end+1)))
}

func allUnder(octets [4]int, limit int) bool {
	for _, o := range octets {
		if o >= limit {
			return false
		}
	}
	return true
}

// followsVersion tells whether "version", "v" or a product's name and slash,
// as in a User-Agent, stand before the number.
func followsVersion(text string, start int) bool {
	const reach = 12
	end := start
	for end > max(0, start-reach) && betweenVersion[text[end-1]] {
		end--
	}
	before := text[max(0, start-reach):end]
	if before == "" {
		return false
	}
	if before[len(before)-1] == '/' {
		return len(before) > 1 && (alnum[before[len(before)-2]] || replacedBefore(text, end-1))
	}
	return endsWithWord(before, versionWords) || endsWithWord(before, partWords)
}

// betweenVersion may stand between the word and its number.
var betweenVersion = newCharset(" :=\"'")

// Words behind which four numbers between dots are a version, or a part of a
// document.
var (
	versionWords = []string{"version", "release", "build", "ver", "rev"}
	partWords    = []string{"section", "chapter"}
)

// endsWithWord tells whether text ends with one of the words, in any case.
func endsWithWord(text string, words []string) bool {
	for _, word := range words {
		if len(text) >= len(word) && toLower(text[len(text)-1]) == word[len(word)-1] && strings.EqualFold(text[len(text)-len(word):], word) {
			return true
		}
	}
	return false
}

// findIPv6 finds addresses with eight groups, or fewer around one "::". What
// could be a name in a program ("abc::def") is none: there must be a digit.
func findIPv6(st *scan, i int) int {
	text := st.text
	if i+1 >= len(text) || text[i+1] != ':' && !hexSet[text[i+1]] {
		return 0
	}
	start := hexSet.back(text, i, max(0, i-5))
	if text[i-1] == ':' {
		start = hexSet.back(text, i-1, max(0, i-6))
	}
	start = skipEscape(text, start, i)
	if !freeLeft(text, start) || start > 0 && (text[start-1] == ':' || text[start-1] == '.') {
		return 0
	}
	end, groups, ok := readIPv6(text, start)
	if !ok || !freeRight(text, end) || end+1 < len(text) && text[end] == ':' && (alnum[text[end+1]] || replacedFrom(text, end+1)) {
		return 0
	}
	if groups < 3 && !strings.HasPrefix(text[start:], "fe80") && !strings.HasPrefix(text[start:], "2") || !hasDigit(text[start:end]) {
		return 0
	}
	if !st.add(ipID, start, end, 0.6) {
		return 0
	}
	return end
}

// readIPv6 reads hex groups, at most one "::" and a dotted tail, and returns
// the end and the number of groups written.
func readIPv6(text string, start int) (end, groups int, ok bool) {
	const all = 8
	i, gap := start, false
	for groups < all {
		to := hexSet.span(text, i)
		if to-i > 4 {
			return 0, 0, false
		}
		if to > i {
			groups++
			if to < len(text) && text[to] == '.' && groups > 1 {
				if tail := dottedTail(text, i); tail > 0 {
					return tail, groups + 1, gap && groups < all-1 || groups == all-1
				}
			}
			end = to
		}
		if to+1 >= len(text) || text[to] != ':' {
			break
		}
		switch {
		case text[to+1] == ':':
			if gap {
				return 0, 0, false
			}
			gap, i, end = true, to+2, to+2
		case to > i && hexSet[text[to+1]]:
			i = to + 1
		default:
			return end, groups, gap && groups > 0 || groups == all
		}
	}
	return end, groups, gap && groups > 0 && groups < all || !gap && groups == all
}

// dottedTail returns the end of the IPv4 address that begins at i; 0 if none.
func dottedTail(text string, i int) int {
	for k := range 4 {
		end := digits.span(text, i)
		if end == i || end-i > 3 {
			return 0
		}
		if k == 3 {
			return end
		}
		if end == len(text) || text[end] != '.' {
			return 0
		}
		i = end + 1
	}
	return 0
}

// findMAC finds six pairs of hex digits between colons or hyphens.
func findMAC(st *scan, i int) int {
	const length = 17
	text, start, sep := st.text, i-2, st.text[i]
	if start < 0 || start+length > len(text) || !freeLeft(text, start) || !freeRight(text, start+length) {
		return 0
	}
	zero := true
	for k := range length {
		b := text[start+k]
		if k%3 == 2 {
			if b != sep {
				return 0
			}
		} else if !hexSet[b] {
			return 0
		} else if b != '0' {
			zero = false
		}
	}
	end := start + length
	if zero || start > 0 && text[start-1] == sep || end+1 < len(text) && text[end] == sep && (alnum[text[end+1]] || text[end+1] == sep || replacedFrom(text, end+1)) {
		return 0
	}
	if !st.add(macID, start, end, 0.6) {
		return 0
	}
	return end
}
