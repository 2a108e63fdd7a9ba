// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"
	"unicode/utf8"
)

// AppendMessages appends msgs as gen_ai.input.messages and gen_ai.output.messages have them (semantic conventions v1.41): a JSON array of
// {"role", "parts", "name", "finish_reason"}, the last two where they are known. What it appends is always well-formed JSON in UTF-8.
func AppendMessages(dst []byte, msgs []Message) []byte {
	dst = append(dst, '[')
	for i := range msgs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendMessage(dst, &msgs[i])
	}
	return append(dst, ']')
}

func appendMessage(dst []byte, m *Message) []byte {
	dst = append(dst, `{"role":`...)
	dst = appendString(dst, m.Role)
	dst = append(dst, `,"parts":`...)
	dst = AppendParts(dst, m.Parts)
	dst = appendField(dst, "name", m.Name)
	dst = appendField(dst, "finish_reason", m.FinishReason)
	return append(dst, '}')
}

// AppendParts appends parts as gen_ai.system_instructions has them: a JSON array of parts.
func AppendParts(dst []byte, parts []Part) []byte {
	dst = append(dst, '[')
	for i := range parts {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendPart(dst, &parts[i])
	}
	return append(dst, ']')
}

func appendPart(dst []byte, p *Part) []byte {
	if p.Type == PartGeneric {
		return appendRaw(dst, p.Raw, `{"type":"generic"}`)
	}
	dst = append(dst, `{"type":`...)
	dst = appendString(dst, string(p.Type))
	switch p.Type {
	case PartText, PartReasoning:
		dst = append(dst, `,"content":`...)
		dst = appendString(dst, p.Text)
	case PartToolCall:
		dst = appendField(dst, "id", p.ID)
		dst = append(dst, `,"name":`...)
		dst = appendString(dst, p.Name)
		if p.Arguments != "" {
			dst = append(dst, `,"arguments":`...)
			dst = appendContent(dst, p.Arguments, p.ArgumentsAreJSON)
		}
	case PartToolCallResponse:
		dst = appendField(dst, "id", p.ID)
		dst = appendField(dst, "name", p.Name)
		dst = append(dst, `,"response":`...)
		dst = appendContent(dst, p.Response, p.ResponseIsJSON)
		if p.Failed {
			dst = append(dst, `,"is_error":true`...)
		}
	case PartBlob, PartURI, PartFile:
		dst = appendField(dst, "modality", p.Modality)
		dst = appendField(dst, "mime_type", p.MIMEType)
		dst = appendField(dst, mediaContent[p.Type], p.Text)
	}
	return append(dst, '}')
}

var mediaContent = map[PartType]string{PartBlob: "content", PartURI: "uri", PartFile: "file_id"}

func appendField(dst []byte, name, value string) []byte {
	if value == "" {
		return dst
	}
	dst = append(dst, ',', '"')
	dst = append(dst, name...)
	dst = append(dst, '"', ':')
	return appendString(dst, value)
}

func appendContent(dst []byte, s string, isJSON bool) []byte {
	if !isJSON {
		return appendString(dst, s)
	}
	return appendRaw(dst, s, `""`)
}

// appendRaw appends JSON as it stands, which the decoder has checked; raw may come from elsewhere, so an empty one becomes instead.
func appendRaw(dst []byte, raw, instead string) []byte {
	switch {
	case raw == "":
		return append(dst, instead...)
	case utf8.ValidString(raw):
		return append(dst, raw...)
	default:
		return append(dst, strings.ToValidUTF8(raw, "\uFFFD")...)
	}
}

const hexDigits = "0123456789abcdef"

// appendString appends s as encoding/json does without HTML escaping: invalid UTF-8 and the line separators of JavaScript escaped.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); {
		if i += plainLength(s[i:]); i == len(s) {
			break
		}
		c := s[i]
		size := 1
		if c >= utf8.RuneSelf {
			var r rune
			r, size = utf8.DecodeRuneInString(s[i:])
			if !(r == utf8.RuneError && size == 1) && r != '\u2028' && r != '\u2029' {
				i += size
				continue
			}
		}
		dst = append(dst, s[from:i]...)
		dst = appendEscaped(dst, s[i:i+size])
		i += size
		from = i
	}
	dst = append(dst, s[from:]...)
	return append(dst, '"')
}

// plainLength is how many bytes at the beginning of s stand in a JSON string as they are. It looks at eight at a time.
func plainLength(s string) (n int) {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; n+8 <= len(s); n += 8 {
		w := load64(s, n)
		quotes, backslashes := w^ones*'"', w^ones*'\\'
		if (w|(w-ones*' ')|(quotes-ones)|(backslashes-ones))&highs != 0 {
			break
		}
	}
	for n < len(s) && s[n] >= ' ' && s[n] != '"' && s[n] != '\\' && s[n] < utf8.RuneSelf {
		n++
	}
	return n
}

// appendEscaped appends the escape of one character that may not stand in a JSON string.
func appendEscaped(dst []byte, char string) []byte {
	switch c := char[0]; c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	default:
		if c < ' ' {
			return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
		}
		if len(char) == 3 {
			return append(dst, '\\', 'u', '2', '0', '2', hexDigits[char[2]&0xf])
		}
		return append(dst, `\ufffd`...)
	}
}
