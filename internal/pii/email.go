// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "strings"

var emailDetector = detector{
	Entity: personal("EMAIL"), score: 0.6,
	context: []string{"email", "e-mail", "mail", "correo", "courriel", "posta"},
	find:    findEmail, on: []trigger{"*=@"},
}

const (
	maxLocalPart = 64 // RFC 5321 4.5.3.1.1
	maxDomain    = 253
	// unknownTLD is the score of an address whose top-level domain is not
	// known: believed in prose only.
	unknownTLD = 0.45
)

// localBytes may stand in an address's local part. Two-byte letters (Latin,
// Greek, Cyrillic) may too; longer ones, such as Chinese, stand beside it.
var (
	localBytes  = newCharset("A-Za-z0-9._+'~-")
	domainBytes = newCharset("A-Za-z0-9-")
)

func findEmail(st *scan, i int) int {
	start := localStart(st.text, i)
	if last := st.lastEnd(); start < last && st.entities[st.out[len(st.out)-1].Entity].Class == Secret {
		start = last
	}
	if start >= i || i+1 == len(st.text) || replacementEnds(st.text, start) {
		return 0
	}
	end, score := domainEnd(st.text, i+1)
	if end == 0 || isNoPerson(st.text, start, i, end) || !st.add(emailID, start, end, score) {
		return 0
	}
	return end
}

func localStart(text string, at int) int {
	start := at
	for start > 0 && start > at-maxLocalPart {
		switch b := text[start-1]; {
		case localBytes[b]:
			start--
			continue
		case b >= 0x80 && start > 1 && text[start-2] >= 0xc3 && text[start-2] <= 0xd1:
			start -= 2
			continue
		}
		break
	}
	start = skipEscape(text, start, at)
	for start < at && !alnum[text[start]] && text[start] < 0x80 && text[start] != '_' {
		start++
	}
	if quote := strings.LastIndexByte(text[start:at], '\''); quote >= 0 && (start+quote+1 == at || !isLetter(text[start+quote+1])) {
		start += quote + 1
	}
	return start
}

// domainEnd returns where the domain that begins at i ends, and the score of
// its top-level domain; 0 if it is none.
func domainEnd(text string, i int) (int, float32) {
	end, score := 0, float32(0)
	for label := i; label < len(text) && label < i+maxDomain; {
		to := label
		for to < len(text) && (domainBytes[text[to]] || text[to] >= 0xc3 && text[to] <= 0xd1 && to+1 < len(text) || text[to] >= 0x80 && to > label && text[to-1] >= 0xc3 && text[to-1] <= 0xd1) {
			to++
		}
		if to == label || text[label] == '-' {
			break
		}
		if label > i {
			if n, s := topLevel(text[label:to]); n > 0 && s >= score {
				end, score = label+n, s
			}
		}
		if to == len(text) || text[to] != '.' {
			break
		}
		label = to + 1
	}
	return end, score
}

// topLevel tells how many bytes of label are a top-level domain, and how sure
// that is. What is glued to a known one is cut off: "comNext".
func topLevel(label string) (int, float32) {
	letterRun := letters.span(label, 0)
	if strings.HasPrefix(strings.ToLower(label[:min(4, len(label))]), "xn--") {
		return len(label), 0.6
	}
	if letterRun == 0 && label[0] >= 0x80 {
		return len(label), unknownTLD
	}
	if letterRun < 2 || letterRun > 24 {
		return 0, 0
	}
	if isTopLevel(label[:letterRun]) {
		return letterRun, 0.6
	}
	if letterRun < len(label) {
		return 0, 0
	}
	return letterRun, unknownTLD
}

// isNoPerson knows addresses that are no mailbox: git@host:path, scoped
// packages with versions, file names.
func isNoPerson(text string, start, at, end int) bool {
	if end < len(text) && text[end] == '(' {
		return true
	}
	return text[start:at] == "git" && end < len(text) && (text[end] == ':' || text[end] == '/')
}
