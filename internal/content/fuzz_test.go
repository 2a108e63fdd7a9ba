// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

// FuzzRewrite holds the rewriter to its promises for any text: what encoding/json takes is walked; what comes out of
// a walk of valid JSON is valid; a second pass changes nothing; a visitor without edits changes no byte.
func FuzzRewrite(f *testing.F) {
	for _, seed := range []string{
		`{"role":"user","content":"my secret\n\"x\" \ud83d\ude00 \ud83d"}`, `{"a":"{\"b\":\"[42,\\\"secret\\\"]\"}","c":42}`,
		"{\"a\":1}\n{\"secret\":[]}", `"\"secret\""`, `[[[],{}],-1.5e3,null]`, `{"a":"secret`, `{'a':'secret'}`, "[\"\x80secret\"]",
		nested("42", MaxDepth+2), `{}""`, `{} {"a":{}} "secret"`,
	} {
		f.Add(seed)
	}
	nothing := visitorFunc(func(*Token) Edit { return Edit{} })
	f.Fuzz(func(t *testing.T, text string) {
		var r Rewriter
		valid := json.Valid([]byte(text))
		if out, result := r.Rewrite(text, nothing); out != text || result == Changed {
			t.Fatalf("changed without an edit: %q", out)
		}
		out, result := r.Rewrite(text, upper)
		if valid && LooksLikeJSON(text) && result == NotJSON {
			t.Fatal("valid JSON was not walked")
		}
		if result == Changed && valid && !json.Valid([]byte(out)) {
			t.Fatalf("invalid JSON came out: %q", out)
		}
		if again, _ := r.Rewrite(out, upper); again != out {
			t.Fatalf("second pass: %q became %q", out, again)
		}
		if utf8.ValidString(text) && !utf8.ValidString(out) {
			t.Fatalf("invalid UTF-8 came out: %q", out)
		}
	})
}

// FuzzQuoted holds that quoting and decoding are each other's inverse for any bytes that are UTF-8.
func FuzzQuoted(f *testing.F) {
	f.Add("a\n\"\\\x00\u2028é😀\x7f")
	f.Add("\xed\xfd\xe2")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		quoted := string(AppendQuoted(nil, text))
		if got := string(appendDecoded(nil, quoted[1:len(quoted)-1])); got != text {
			t.Fatalf("%q became %q", text, got)
		}
		if !json.Valid([]byte(quoted)) {
			t.Fatalf("no JSON: %q", quoted)
		}
	})
}
