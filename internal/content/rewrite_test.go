// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// visitorFunc makes a function a Visitor.
type visitorFunc func(*Token) Edit

func (f visitorFunc) Visit(t *Token) Edit { return f(t) }

// upper replaces every string that holds "secret" and every number 42.
var upper = visitorFunc(func(t *Token) Edit {
	if t.Kind == Number {
		return Edit{Replace: t.Text == "42", Text: "[N]"}
	}
	out := strings.ReplaceAll(t.Text, "secret", "[S]")
	return Edit{Replace: out != t.Text, Text: out}
})

func TestRewrite(t *testing.T) {
	tests := []struct {
		name, in, want string
		result         Result
	}{
		{"plain text", `my secret`, `my secret`, NotJSON},
		{"empty", ``, ``, NotJSON},
		{"only space", "  \n", "  \n", NotJSON},
		{"a bare number is no JSON text worth a walk", `42`, `42`, NotJSON},
		{"Markdown link", `[secret](http://x)`, `[secret](http://x)`, NotJSON},
		{"quoted prose", `"a" said the secret`, `"a" said the secret`, NotJSON},
		{"cut off", `{"a":"secret`, `{"a":"secret`, NotJSON},
		{"trailing comma", `["secret",]`, `["secret",]`, NotJSON},
		{"Python repr", `{'a': 'secret'}`, `{'a': 'secret'}`, NotJSON},
		{"bad escape", `{"a":"\x secret"}`, `{"a":"\x secret"}`, NotJSON},
		{"bad number", `{"a":042,"b":"secret"}`, `{"a":042,"b":"secret"}`, NotJSON},
		{"mismatched brackets", `{"a":["secret"}]`, `{"a":["secret"}]`, NotJSON},
		{"nothing to change", ` { "a" : [ 1, -2.5e+3, true, null ], "b":{} , "c":[]}`, ` { "a" : [ 1, -2.5e+3, true, null ], "b":{} , "c":[]}`, Unchanged},
		{"value", `{"a": "my secret"}`, `{"a": "my [S]"}`, Changed},
		{"name", `{"secret" : 1}`, `{"[S]" : 1}`, Changed},
		{"escaped name", `{"se\u0063ret":1}`, `{"[S]":1}`, Changed},
		{"number", `[41,42,43]`, `[41,"[N]",43]`, Changed},
		{"whole JSON string", `"secret"`, `"[S]"`, Changed},
		{"JSON lines", "{\"a\":\"secret\"}\n{\"b\":42}\n", "{\"a\":\"[S]\"}\n{\"b\":\"[N]\"}\n", Changed},
		{"escapes only where needed", `["\u00e9\/", "\u00e9\/ secret\n\"\\"]`, `["\u00e9\/", "é/ [S]\n\"\\"]`, Changed},
		{"escaped letters", `["s\u0065cret"]`, `["[S]"]`, Changed},
		{"surrogate pair", `["\ud83d\ude00 secret"]`, `["😀 [S]"]`, Changed},
		{"lone surrogate stays", `["\ud83d secret \ude00"]`, `["\ud83d [S] \ude00"]`, Changed},
		{"control characters", "[\"\x01 secret\"]", `["\u0001 [S]"]`, Changed},
		{"JSON in JSON", `{"a":"{\"b\":\"secret\",\"c\":42}"}`, `{"a":"{\"b\":\"[S]\",\"c\":\"[N]\"}"}`, Changed},
		{"JSON string in JSON string", `"\"secret\""`, `"\"[S]\""`, Changed},
		{"not quite JSON in JSON", `{"a":"{'b':'secret'}"}`, `{"a":"{'b':'[S]'}"}`, Changed},
	}
	var r Rewriter
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, result := r.Rewrite(tt.in, upper)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.result, result)
			again, _ := r.Rewrite(got, upper)
			assert.Equal(t, got, again, "second pass")
		})
	}
}

// nested wraps text as the only string of depth JSON texts, one in the other.
func nested(text string, depth int) string {
	for range depth {
		b, _ := json.Marshal(map[string]string{"k": text})
		text = string(b)
	}
	return text
}

func TestRewriteReadsFourTextsInsideTheOutermost(t *testing.T) {
	var r Rewriter
	for depth := 1; depth <= MaxDepth+1; depth++ {
		got, result := r.Rewrite(nested(`42 secret`, depth), upper)
		assert.Equal(t, Changed, result)
		assert.Equal(t, nested("42 [S]", depth), got)
	}
	got, result := r.Rewrite(nested(`[42]`, MaxDepth), upper)
	assert.Equal(t, Changed, result)
	assert.Equal(t, nested(`["[N]"]`, MaxDepth), got)

	_, result = r.Rewrite(nested(`[42]`, MaxDepth+1), upper)
	assert.Equal(t, Unchanged, result, "deeper text is shown as a string")
}

func TestTokens(t *testing.T) {
	text := `{"role":"user","parts":[{"type":"text","n":1.5},"x",["y"]],"args":"{\"id\":7,\"q\":\"z\"}"}`
	var got []string
	var r Rewriter
	_, result := r.Rewrite(text, visitorFunc(func(token *Token) Edit {
		role, _ := Member(token.Object(1), "role")
		got = append(got, fmt.Sprintf("%d %s=%s in %s", token.Kind, token.Name, token.Text, role))
		if token.Text == "args" {
			assert.Equal(t, `"{\"id\":7,\"q\":\"z\"}"`, token.Value[:ValueEnd(token.Value)])
		}
		return Edit{}
	}))
	assert.Equal(t, Unchanged, result)
	assert.Equal(t, []string{
		"0 role=role in ", "1 role=user in ", "0 parts=parts in ",
		"0 type=type in user", "1 type=text in user", "0 n=n in user", "2 n=1.5 in user",
		"1 parts=x in ", "1 parts=y in ",
		"0 args=args in ", "0 id=id in user", "2 id=7 in user", "0 q=q in user", "1 q=z in user",
	}, got)
}

func TestObjectIDs(t *testing.T) {
	ids := make(map[string]int)
	var r Rewriter
	r.Rewrite(`[{"a":1,"b":{"c":1},"d":2},"{\"e\":1}","{\"f\":1}","g"]`, visitorFunc(func(token *Token) Edit {
		if token.Kind != Number {
			ids[strings.Clone(token.Text)] = token.ObjectID()
		}
		return Edit{}
	}))
	assert.Equal(t, ids["a"], ids["d"])
	assert.Zero(t, ids["g"])
	different := map[int]bool{}
	for _, name := range []string{"a", "c", "e", "f", "g"} {
		different[ids[name]] = true
	}
	assert.Len(t, different, 5)
}

func TestReplaceValue(t *testing.T) {
	mask := visitorFunc(func(t *Token) Edit {
		if t.Kind == Name && t.Text == "password" {
			return Edit{ReplaceValue: true, Value: `"*"`, Replace: true, Text: "p"}
		}
		return upper(t)
	})
	var r Rewriter
	for in, want := range map[string]string{
		`{"password":"x","a":"secret"}`:                   `{"p":"*","a":"[S]"}`,
		`{"password": 12 , "a":[true]}`:                   `{"p": "*" , "a":[true]}`,
		`{"password":{"a":["]",{"b":"}"}]},"b":"secret"}`: `{"p":"*","b":"[S]"}`,
		`[{"password":null}]`:                             `[{"p":"*"}]`,
		`{"x":"{\"password\":false}"}`:                    `{"x":"{\"p\":\"*\"}"}`,
	} {
		got, result := r.Rewrite(in, mask)
		assert.Equal(t, want, got)
		assert.Equal(t, Changed, result)
	}
}

func TestMember(t *testing.T) {
	object := `{ "a" : 1, "b":{"role":"inner"}, "role" : "user" } trailing`
	role, ok := Member(object, "role")
	assert.True(t, ok)
	assert.Equal(t, "user", role)
	for _, absent := range []string{`{"b":{"role":"x"}}`, `{"role":1}`, `["role"]`, `{}`, ``, `{"role`, `{"role":`, `{"a":1`} {
		_, ok := Member(absent, "role")
		assert.False(t, ok, absent)
	}
}

func TestDeepNestingIsBounded(t *testing.T) {
	var r Rewriter
	deep := strings.Repeat("[", maxNesting) + `"secret"` + strings.Repeat("]", maxNesting)
	got, result := r.Rewrite(deep, upper)
	assert.Equal(t, Changed, result)
	assert.Contains(t, got, `["[S]"]`)
	_, result = r.Rewrite("["+deep+"]", upper)
	assert.Equal(t, NotJSON, result)
	_, result = r.Rewrite(strings.Repeat(`{"a":`, 1<<20), upper)
	assert.Equal(t, NotJSON, result)
}

func TestUnchangedTextCostsNoAllocation(t *testing.T) {
	var r Rewriter
	text := `{"role":"user","content":"two\nlines","args":"{\"n\":[1,2,3],\"s\":\"a\\nb\"}"}`
	allocs := testing.AllocsPerRun(100, func() {
		if out, result := r.Rewrite(text, upper); result != Unchanged || out != text {
			t.Fatal("changed")
		}
	})
	assert.Zero(t, allocs)
}

// TestAgainstEncodingJSON holds the grammar against the standard library's.
func TestAgainstEncodingJSON(t *testing.T) {
	var r Rewriter
	for _, text := range []string{
		`{}`, `[]`, `[0]`, `[-0]`, `[-]`, `[01]`, `[1.]`, `[.5]`, `[1e]`, `[1e+]`, `[1E-2]`, `[1.5e10]`, `[tru]`, `[true]`, `[nul]`, `[NaN]`,
		`{"a"}`, `{"a":}`, `{a:1}`, `{"a":1,}`, `{,}`, `[,]`, `[1 2]`, `{"a":1 "b":2}`, `["\u12"]`, `["\u12g4"]`, `["\"]`, `["\\"]`, `"`, `"\`, `"\"`,
		`[`, `]`, `{`, `}`, `[{]}`, `{"a":[1,{"b":[]}]}`, `  [1]  `, "[1]\x00", `["a"]]`,
	} {
		_, result := r.Rewrite(text, upper)
		require.Equal(t, json.Valid([]byte(text)), result != NotJSON, text)
	}
}
