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
	return capitals >= 8 && small >= 8 && digits >= 4 && allOf(strings.ReplaceAll(text, `\/`, "/"), isBase64Letter)
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
