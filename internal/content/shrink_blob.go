// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

import "strings"

// leastBlob is the size from which on text without a space, of the letters of base64, is taken for the bytes of a file.
const leastBlob = 256

// longestBlobType is the size to which a blob's type is shown.
const longestBlobType = 32

const base64Word = ";base64,"

// blobTypes tells files by the base64 of their first bytes.
var blobTypes = []struct{ head, typ string }{
	{"iVBORw0KGg", "image/png"}, {"/9j/", "image/jpeg"}, {"R0lGOD", "image/gif"}, {"Qk0", "image/bmp"},
	{"JVBERi0", "application/pdf"}, {"UEsDB", "application/zip"}, {"H4sI", "application/gzip"}, {"SUQz", "audio/mpeg"}, {"T2dnUw", "audio/ogg"},
	{"ZkxhQw", "audio/flac"}, {"AAAAIGZ0eX", "video/mp4"}, {"AAAAGGZ0eX", "video/mp4"}, {"GkXfo", "video/webm"},
}

// blobType reports whether text is a file in base64, bare or as a data: address, and of which type, empty if nothing tells.
// Text may be the inside of a JSON string, in which slashes may be escaped.
func blobType(text string) (typ string, isBlob bool) {
	if len(text) < leastBlob {
		return "", false
	}
	data := text
	if strings.HasPrefix(text, "data:") {
		end := strings.Index(text[:leastBlob], base64Word)
		if end < 0 {
			return "", false
		}
		typ, _, _ = strings.Cut(text[len("data:"):end], ";")
		typ = strings.ReplaceAll(typ, `\/`, "/")
		data = text[end+len(base64Word):]
		if len(typ) > longestBlobType || !allOf(typ, isTypeLetter) {
			typ = ""
		}
	}
	if !isBase64(data) {
		return "", false
	}
	for _, t := range blobTypes {
		if typ == "" && strings.HasPrefix(data, t.head) {
			typ = t.typ
		}
	}
	return typ, true
}

// leastMixed is how many bytes are looked at to tell base64, in which capitals, small letters and digits are mixed, from a
// long word, a number or "aaaa".
const leastMixed = 128

func isBase64(text string) bool {
	var capitals, small, digits int
	for i := range min(len(text), leastMixed) {
		switch c := text[i]; {
		case 'A' <= c && c <= 'Z':
			capitals++
		case 'a' <= c && c <= 'z':
			small++
		case isDigit(c):
			digits++
		}
	}
	return capitals >= 8 && small >= 8 && digits >= 4 && isLinesOfBase64(text)
}

// leastLine is how long a line of base64 is that is not the last: MIME has 76 letters in it, PEM 64.
const leastLine = 60

// isLinesOfBase64 reports whether text is nothing but letters of base64, in one line or in long ones.
func isLinesOfBase64(text string) bool {
	line, short := 0, false
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '\\' && i+1 < len(text) {
			i++
			c = unescaped(text[i])
		}
		switch {
		case c == '\n' || c == '\r':
			short, line = short || 0 < line && line < leastLine, 0
		case short || !isBase64Letter(c):
			return false
		default:
			line++
		}
	}
	return true
}

// unescaped is what an escaped letter stands for, of those that may stand in base64; the letter 0 for any other.
func unescaped(c byte) byte {
	switch c {
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case '/':
		return c
	}
	return 0
}

func isBase64Letter(c byte) bool {
	return isAlphanumeric(c) || c == '+' || c == '/' || c == '=' || c == '-' || c == '_'
}

func isTypeLetter(c byte) bool { return isAlphanumeric(c) || strings.IndexByte("/+.-", c) >= 0 }

// typeBeside returns the type of content that one of an object's members tells, empty if none does.
func (t *tree) typeBeside(object *node) string {
	for c := object.first; c != 0; c = t.nodes[c].next {
		n := &t.nodes[c]
		if n.shape != textShape || n.full > longestBlobType || strings.IndexByte(n.raw, '/') < 0 {
			continue
		}
		class, _, _ := strings.Cut(t.text(n), "/")
		switch class {
		case "image", "audio", "video", "application", "text":
			if typ := t.text(n); allOf(typ, isTypeLetter) {
				return typ
			}
		}
	}
	return ""
}
