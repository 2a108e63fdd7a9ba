// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// wrapper puts a value into a text, with «» around it; change rewrites the
// value itself.
type wrapper struct {
	name   string
	around string
	change func(value string) string
}

var wrappers = []wrapper{
	{name: "plain", around: "%s"},
	{name: "words", around: "it is %s indeed"},
	{name: "double quotes", around: `say "%s" now`},
	{name: "single quotes", around: `say '%s' now`},
	{name: "backticks", around: "say `%s` now"},
	{name: "typographic quotes", around: "say “%s” now"},
	{name: "round brackets", around: "(%s)"},
	{name: "square brackets", around: "[%s]"},
	{name: "braces", around: "{%s}"},
	{name: "angle brackets", around: "<%s>"},
	{name: "full stop", around: "it is %s."},
	{name: "full stop and more", around: "it is %s. Then"},
	{name: "comma", around: "it is %s, and"},
	{name: "semicolon", around: "it is %s; and"},
	{name: "colon", around: "for %s: yes"},
	{name: "exclamation", around: "it is %s!"},
	{name: "question", around: "is it %s?"},
	{name: "assignment", around: "x=%s"},
	{name: "assignment with colon", around: "value: %s\n"},
	{name: "URL query", around: "https://example.com/p?k=%s&y=1", change: strings.NewReplacer(" ", "%20", "@", "%40", "+", "%2B").Replace},
	{name: "Markdown bold", around: "**%s**"},
	{name: "Markdown emphasis", around: "_%s_"},
	{name: "Markdown link", around: "[x](%s)"},
	{name: "Markdown table", around: "| a | %s |"},
	{name: "HTML", around: "<b>%s</b>"},
	{name: "HTML attribute", around: `<a title="%s">`},
	{name: "JSON", around: `{"text":"%s"}`},
	{name: "JSON in JSON", around: `{"text":"{\"inner\":\"%s\"}"}`},
	{name: "JSON in JSON in JSON", around: `"{\"a\":\"{\\\"b\\\":\\\"%s\\\"}\"}"`},
	{name: "after newline", around: "first\n%s\nlast"},
	{name: "after escaped newline", around: `{"text":"first\n%s\nlast"}`},
	{name: "after twice escaped newline", around: `"{\"text\":\"first\\n%s\\nlast\"}"`},
	{name: "after escaped tab", around: `{"text":"\t%s\t"}`},
	{name: "after unicode escape", around: `{"text":"\u003c%s\u003e"}`},
	{name: "CRLF", around: "first\r\n%s\r\nlast"},
	{name: "NBSP", around: "first\u00a0%s\u00a0last"},
	{name: "CJK", around: "我的资料是%s请保密"},
	{name: "CJK punctuation", around: "資料：%s。"},
	{name: "accented words", around: "voilà %s déjà"},
	{name: "zero-width inside", around: "it is %s now", change: func(v string) string { return v[:4] + "\u200b" + v[4:] }},
	{name: "soft hyphen inside", around: "it is %s now", change: func(v string) string { return v[:5] + "\u00ad" + v[5:] }},
	{name: "full-width digits", around: "it is %s now", change: fullWidth(isDigit)},
	{name: "full-width letters", around: "it is %s now", change: fullWidth(isLetter)},
	{name: "escaped at", around: `{"text":"%s"}`, change: strings.NewReplacer("@", `\u0040`).Replace},
	{name: "HTML entity at", around: "%s", change: strings.NewReplacer("@", "&#64;").Replace},
	{name: "NBSP as separator", around: "it is %s now", change: strings.NewReplacer(" ", "\u00a0").Replace},
	{name: "dash as separator", around: "it is %s now", change: strings.NewReplacer("-", "\u2011").Replace},
}

func fullWidth(of func(byte) bool) func(string) string {
	return func(v string) string {
		return strings.Map(func(r rune) rune {
			if r < utf8.RuneSelf && of(byte(r)) {
				return r + 0xfee0
			}
			return r
		}, v)
	}
}

// wrapped are the values that need no context, one or two of a kind.
var wrapped = map[string][]string{
	"EMAIL":             {"jane.doe@example.com"},
	"CREDIT_CARD":       {"4111 1111 1111 1111", "4012888888881881", "3782-822463-10005"},
	"IBAN":              {"DE89370400440532013000", "GB29 NWBK 6016 1331 9268 19", "nl91abna0417164300"},
	"PHONE":             {"+49 30 901820", "(415) 555-0132", "415-555-0132"},
	"IP_ADDRESS":        {"203.0.113.42", "2001:db8::8a2e:370:7334"},
	"MAC_ADDRESS":       {"00:1b:44:11:3a:b7"},
	"US_SSN":            {"078-05-1120"},
	"US_ITIN":           {"912-70-1234"},
	"UK_NINO":           {"AB123456C"},
	"ES_DNI":            {"60282748R"},
	"IT_FISCAL_CODE":    {"VFRFLZ32C10C716E"},
	"FR_NIR":            {"1 71 06 55 665 774 63"},
	"DE_TAX_ID":         {"29 176 940 983"},
	"SE_PERSONNUMMER":   {"620217-5086"},
	"BR_CPF":            {"327.878.420-03"},
	"CN_RESIDENT_ID":    {"510107199903010981"},
	"BTC_ADDRESS":       {"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"},
	"ETH_ADDRESS":       {"0x742d35Cc6634C0532925a3b844Bc454e4438f44e"},
	"VIN":               {"1HGCM82633A004352"},
	"JWT":               {"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"},
	"AWS_ACCESS_KEY":    {"AKIAIOSFODNN7EXAMPLE"},
	"OPENAI_KEY":        {"sk-proj-Zk3JqX9v2LmTbRw8Yc5HdN1fGpQ7sVuE4iOaKrMzB6tWxDyC"},
	"ANTHROPIC_KEY":     {"sk-ant-api03-Zk3JqX9v2LmTbRw8Yc5HdN1fGpQ7sVuE4iOaKrMzB6tWxDyCZk3JqX9v2LmTbRw8Yc5HdN1fGpQ7sVuE4iOaKrAA"},
	"GITHUB_TOKEN":      {"ghp_Zk3JqX9v2LmTbRw8Yc5HdN1fGpQ7sVuE4iOa"},
	"GOOGLE_KEY":        {"AIzaSyZk3JqX9v2LmTbRw8Yc5HdN1fGpQ7sVuE4"},
	"HUGGINGFACE_TOKEN": {"hf_ZkJqXvLmTbRwYcHdNfGpQsVuEiOaKrMzBtWx"},
	"SLACK_TOKEN":       {"xoxb-781236542736-2364535789652-GkwFDQoHqzXDVsC6GzqYUypD"},
	"STRIPE_KEY":        {"sk_live_Zk3JqX9v2LmTbRw8Yc5HdN1f"},
	"LANGFUSE_KEY":      {"sk-lf-3f0c9a52-7b1e-4d68-9c2a-51e0b7d4f683"},
	"DISCORD_TOKEN":     {"MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"},
	"TELEGRAM_TOKEN":    {"123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw4"},
	"AZURE_SECRET":      {"abc8Q~79R7TOWOspFnWcEG-dYt4KXqFqxK16cxrW", "Zk3JqX9v2LmTbRw8Yc5HdN1fGpQ7sVuE4iOaKrMzB6tWxDyCZk3JJQQJ99AKACYeBjFXJ3w3AAABACOGabcd"},
	"TERRAFORM_TOKEN":   {"90703c02d4b9081.atlasv1.iklazmcmxwfhbareb2_0k0-z1nbz71rym6fl702qkp4txgimcjlc9wclw5wo"[1:]},
	"MAILCHIMP_KEY":     {"4b755f2b8a987e93006de30a7754f64c-us20"},
}

// breaks says which wrappers change what a value is, so that it need not be
// found: an address's bracket is its own, and so on.
func breaks(entity, wrapper string) bool {
	switch wrapper {
	case "URL query":
		return entity == "MAC_ADDRESS" || entity == "JWT"
	}
	return false
}

// TestWrappers is done-when 3 of issue 5.
func TestWrappers(t *testing.T) {
	s := newScanner(t, Options{})
	for entity, values := range wrapped {
		for _, value := range values {
			for _, w := range wrappers {
				if breaks(entity, w.name) {
					continue
				}
				changed := value
				if w.change != nil {
					changed = w.change(value)
				}
				before, after, ok := strings.Cut(w.around, "%s")
				require.True(t, ok)
				text := before + changed + after
				for _, p := range []Profile{Precise, Broad} {
					_, whole := entityOver(s, text, len(before), len(before)+len(changed), p)
					assert.True(t, whole, "%s in %s: %q", entity, w.name, text)
				}
				assertStable(t, s, text)
			}
		}
	}
}

// assertStable checks what holds for every text: a second pass changes
// nothing, hits are sorted and disjoint, and JSON stays JSON.
func assertStable(t *testing.T, s *Scanner, text string) {
	t.Helper()
	for _, p := range []Profile{Precise, Broad} {
		once, err := rewriteChecked(s, text, p)
		require.NoError(t, err, "%q", text)
		twice, err := rewriteChecked(s, once, p)
		require.NoError(t, err, "%q", once)
		assert.Equal(t, once, twice, "from %q", text)
		if json.Valid([]byte(text)) && strings.HasPrefix(text, "{") {
			assert.True(t, json.Valid([]byte(once)), "%q from %q", once, text)
		}
	}
}

func rewriteChecked(s *Scanner, text string, p Profile) (string, error) {
	matches := s.Scan(nil, text, p)
	end := 0
	var out strings.Builder
	for _, m := range matches {
		if m.Start < end || m.End <= m.Start || m.End > len(text) {
			return "", fmt.Errorf("hits overlap or are out of place: %v", matches)
		}
		out.WriteString(text[end:m.Start])
		out.WriteString("[" + s.Entity(m.Entity).Name + "]")
		end = m.End
	}
	return out.String() + text[end:], nil
}
