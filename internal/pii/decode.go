// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "encoding/base64"

const (
	maxDecodeDepth = 2
	minEncoded     = 24 // characters of base64 that are worth a look
)

var encoded = newCharset("A-Za-z0-9+/_-")

// runDecode looks into the runs of base64 in the text. What is found inside
// makes the whole run a hit.
func (st *scan) runDecode() {
	var hits []Match
	for i := 0; i < len(st.text); i++ {
		end := encoded.span(st.text, i)
		if end-i >= minEncoded {
			if m, ok := st.decoded(st.text[i:end], 1); ok {
				for end < len(st.text) && st.text[end] == '=' {
					end++
				}
				m.Start, m.End = i, end
				hits = append(hits, m)
			}
		}
		i = end
	}
	st.merge(hits)
}

// decoded returns the surest hit inside a run of base64.
func (st *scan) decoded(run string, depth int) (Match, bool) {
	raw := decodeBase64(run)
	if raw == nil || !mostlyText(raw) {
		return Match{}, false
	}
	inner := scans.Get().(*scan)
	defer inner.end()
	inner.begin(st.key, inner.found[:0], view(raw), st.profile)
	inner.run()
	if inner.disguised {
		inner.unmask()
	}
	inner.found = inner.out[:0]
	if len(inner.out) > 0 {
		best := inner.out[0]
		for _, m := range inner.out {
			if m.Score > best.Score {
				best = m
			}
		}
		return best, true
	}
	if depth == maxDecodeDepth {
		return Match{}, false
	}
	for i := 0; i < len(raw); i++ {
		end := encoded.span(view(raw), i)
		if end-i >= minEncoded {
			if m, ok := st.decoded(string(raw[i:end]), depth+1); ok {
				return m, true
			}
		}
		i = end
	}
	return Match{}, false
}

// decodeBase64 decodes either alphabet, padded or not; nil if run is neither.
func decodeBase64(run string) []byte {
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if raw, err := enc.DecodeString(run[:len(run)-len(run)%4+[]int{0, 0, 2, 3}[len(run)%4]]); err == nil {
			return raw
		}
	}
	return nil
}

// mostlyText tells decoded text from a key or a picture.
func mostlyText(raw []byte) bool {
	odd := 0
	for _, b := range raw {
		if b < ' ' && b != '\n' && b != '\t' && b != '\r' || b >= 0x7f {
			odd++
		}
	}
	return odd*10 <= len(raw)
}
