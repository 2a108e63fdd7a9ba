// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// CutName is the name under which an object says that its members were cut, and the type of an element that says that
// elements were.
const CutName = "llmcol.cut"

// Digest is the first half of a SHA-256, as it is shown.
type Digest [16]byte

// DigestOf is the digest of a value before it was cut.
func DigestOf(text string) Digest {
	sum := sha256.Sum256(bytesOf(text))
	return Digest(sum[:16])
}

func (d Digest) String() string { return hex.EncodeToString(d[:]) }

const (
	markerHead = "…[cut "
	markerTail = "]…"
	hashHead   = ", sha256:"
)

// Markers are never longer than this, whatever the size of the value they stand for and the type of its content.
const (
	longestMarker     = len(markerHead) + len("999,999,999,999 B") + len(markerTail)
	longestHashMarker = longestMarker + len(", ") + longestBlobType + len(hashHead) + 2*len(Digest{})
)

// SmallestBudget is the smallest budget in bytes that has room for the marker of the mode.
func SmallestBudget(m Mode) int {
	if m == Hash {
		return longestHashMarker + len(`{"":""}`) + len(CutName)
	}
	return longestMarker + len(`{"":""}`) + len(CutName)
}

// SmallestValueBudget is the smallest budget that has room for the marker of anything a value can be.
func SmallestValueBudget() int { return SmallestBudget(Hash) }

func cutMarker(bytes int) string {
	return markerHead + grouped(bytes) + " B" + markerTail
}

func cutElementsMarker(elements int, noun string, bytes int) string {
	if elements == 1 {
		noun = noun[:len(noun)-1]
	}
	return markerHead + grouped(elements) + " " + noun + ", " + grouped(bytes) + " B" + markerTail
}

// hashMarker says how large text was, which type of content it had where that is known, and its hash.
func hashMarker(bytes int, typ, text string) string {
	if typ != "" {
		typ = ", " + typ
	}
	return markerHead + grouped(bytes) + " B" + typ + hashHead + DigestOf(text).String() + markerTail
}

// BytesMarker stands for the bytes of a file.
func BytesMarker(bytes int, d Digest) string {
	return markerHead + grouped(bytes) + " B" + hashHead + d.String() + markerTail
}

// ReferenceName is the type of a part that stands for a message stored in an earlier span.
const ReferenceName = "llmcol.ref"

// ReferenceHead begins a reference that is text.
const ReferenceHead = "…[seen "

// ReferenceDigits is how much of a message's SHA-256 a reference has, in hex digits: a trace has too few messages for two of
// them to agree in that.
const ReferenceDigits = 16

// ReferenceText is a reference to a value of that many bytes, as text.
func ReferenceText(d Digest, bytes int) string {
	return ReferenceHead + grouped(bytes) + " B" + hashHead + d.String()[:ReferenceDigits] + markerTail
}

// ReferencePart is a reference as the part of a message: a JSON object.
func ReferencePart(d Digest, bytes int) string {
	return `{"type":"` + ReferenceName + `","sha256":"` + d.String()[:ReferenceDigits] + `","bytes":` + strconv.Itoa(bytes) + `}`
}

// HasMarker reports whether something has been cut of the value before.
func HasMarker(text string) bool {
	return strings.Contains(text, markerHead[len("…"):]) || strings.Contains(text, ReferenceHead[len("…"):]) ||
		strings.Contains(text, ReferenceName)
}

// isMarker reports whether text is nothing but a marker or a reference.
func isMarker(text string) bool {
	return len(text) <= longestHashMarker && (strings.HasPrefix(text, markerHead) || strings.HasPrefix(text, ReferenceHead)) &&
		strings.Index(text, markerTail) == len(text)-len(markerTail)
}

// markerSize is the size of a marker for at most that many bytes.
func markerSize(bytes int) int {
	digits := 1
	for ; bytes >= 10; bytes /= 10 {
		digits++
	}
	return len(markerHead) + digits + (digits-1)/3 + len(" B") + len(markerTail)
}

// grouped is a number with a comma between groups of three digits.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	var out []byte
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, digits[i])
	}
	return string(out)
}
