// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// standardString is s as encoding/json writes it without HTML escaping.
func standardString(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	require.NoError(t, enc.Encode(s))
	return strings.TrimSuffix(b.String(), "\n")
}

func TestStringsAreWrittenAsEncodingJSONDoes(t *testing.T) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	for _, s := range []string{
		"", "plain", "quote \" backslash \\ slash /", "\b\f\n\r\t\x00\x1f\x7f", "<html> & 'more'", "grüße 日本語 😀",
		"line \u2028 paragraph \u2029 end", "cut \xe2\x80", "bad \xff\xfe inside", "\ufffd is a character", string(every),
	} {
		assert.Equal(t, standardString(t, s), string(appendString(nil, s)), "%q", s)
	}
}

func TestRawJSONIsWrittenAsUTF8(t *testing.T) {
	msgs := []Message{{Role: "user", Parts: []Part{
		{Type: PartGeneric, Raw: "{\"type\":\"x\",\"y\":\"\xff\"}"},
		{Type: PartToolCall, Name: "f", Arguments: "{\"a\":\"\xff\"}", ArgumentsAreJSON: true},
		{Type: PartGeneric},
		{Type: PartToolCallResponse, ResponseIsJSON: true},
	}}}
	got := AppendMessages(nil, msgs)
	assert.Equal(t, "[{\"role\":\"user\",\"parts\":[{\"type\":\"x\",\"y\":\"\ufffd\"},{\"type\":\"tool_call\",\"name\":\"f\",\"arguments\":{\"a\":\"\ufffd\"}},"+
		"{\"type\":\"generic\"},{\"type\":\"tool_call_response\",\"response\":\"\"}]}]", string(got))
	assert.True(t, json.Valid(got))
}

func TestPartsOfSystemInstructions(t *testing.T) {
	assert.Equal(t, `[]`, string(AppendParts(nil, nil)))
	assert.Equal(t, `x[{"type":"text","content":"a"},{"type":"text","content":"b"}]`,
		string(AppendParts([]byte("x"), []Part{{Type: PartText, Text: "a"}, {Type: PartText, Text: "b"}})))
}
