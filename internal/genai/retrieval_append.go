// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "strconv"

// AppendDocuments appends documents as gen_ai.retrieval.documents has them: a JSON array of {"id", "score", "content"}, each where known.
func AppendDocuments(dst []byte, documents []Document) []byte {
	dst = append(dst, '[')
	for i := range documents {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendDocument(dst, &documents[i])
	}
	return append(dst, ']')
}

func appendDocument(dst []byte, d *Document) []byte {
	open := len(dst)
	dst = append(dst, '{')
	dst = appendMemberName(dst, open, "id", d.ID != "")
	if d.ID != "" {
		dst = appendString(dst, d.ID)
	}
	dst = appendMemberName(dst, open, "score", d.HasScore)
	if d.HasScore {
		dst = strconv.AppendFloat(dst, d.Score, 'g', -1, 64)
	}
	dst = appendMemberName(dst, open, "content", d.Content != "")
	if d.Content != "" {
		dst = appendString(dst, d.Content)
	}
	return append(dst, '}')
}

// appendMemberName starts the next member of the object that was opened at open, if it is there at all.
func appendMemberName(dst []byte, open int, name string, present bool) []byte {
	if !present {
		return dst
	}
	if len(dst) > open+1 {
		dst = append(dst, ',')
	}
	dst = append(dst, '"')
	dst = append(dst, name...)
	return append(dst, `":`...)
}
