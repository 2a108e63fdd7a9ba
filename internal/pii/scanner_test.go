// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"encoding/base64"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// scanField scans a value under a name, without the look before a scan.
func (s *Scanner) scanField(name, text string, p Profile) []Match {
	return s.Under(name).scan(nil, text, p)
}

// found lists the hits as "ENTITY value".
func found(s *Scanner, key, text string, p Profile) []string {
	var out []string
	for _, m := range s.scanField(key, text, p) {
		out = append(out, s.Entity(m.Entity).Name+" "+text[m.Start:m.End])
	}
	return out
}

func TestScanAppends(t *testing.T) {
	s := newScanner(t, Options{})
	first := Match{1, 2, emailID, 1}
	out := s.Scan([]Match{first}, "bob@example.com", Precise)
	require.Len(t, out, 2)
	assert.Equal(t, first, out[0])
	assert.Equal(t, "EMAIL", s.Entity(out[1].Entity).Name)
	assert.Empty(t, s.Scan(nil, "", Precise))
}

func TestKeyIsContext(t *testing.T) {
	s := newScanner(t, Options{})
	for _, c := range []struct{ key, text, want string }{
		{"ssn", "219099999", "US_SSN"},
		{"customer.socialSecurity", "219099999", "US_SSN"},
		{"phone_number", "4155550132", "PHONE"},
		{"customer.phone", "07700 900123", "PHONE"},
		{"creditCard", "630427373398", "CREDIT_CARD"},
		{"imei", "354522806004946", "IMEI"},
		{"dob", "1985-03-12", "DATE_OF_BIRTH"},
		{"latitude", "52.520008", "COORDINATES"},
		{"user.passport", "C01X00T47", "PASSPORT"},
		{"db.password", "correcthorse", "PASSWORD"},
		{"authorization", "Bearer a8f5f167f44f4964e6c998dee827110c", "AUTH_TOKEN"},
		{"openai.api_key", "sk-proj-Zk3JqX9v2LmTbRw8Yc5HdN1fGpQ7sVuE4iOaKrMzB6tWxDyC", "OPENAI_KEY"},
	} {
		matches := s.scanField(c.key, c.text, Precise)
		require.Len(t, matches, 1, c.key)
		assert.Equal(t, c.want, s.Entity(matches[0].Entity).Name, c.key)
		if c.key != "authorization" {
			assert.Empty(t, s.scanField("value", c.text[:5]+"-"+c.text[5:], Precise), c.key)
		}
	}
	assert.Empty(t, s.scanField("session.id", "219099999", Precise))
}

// TestFloats holds that the zero a program prints behind a whole float hides no number.
func TestFloats(t *testing.T) {
	s := newScanner(t, Options{})
	for text, want := range map[string]string{
		"card 4111111111111111.0": "card [CREDIT_CARD].0", "card: [4111111111111111.00, 7]": "card: [[CREDIT_CARD].00, 7]", "ssn: 219099999.0": "ssn: [US_SSN].0",
		"4111111111111111.0": "", "card 4111111111111111.5": "", "card 4111111111111111.0e3": "", "card 4111111111111111.0.1": "", "219099999.0": "",
	} {
		if want == "" {
			want = text
		}
		assert.Equal(t, want, redact(t, s, ActionRule{}, text), text)
	}
}

// TestVersionKeys holds that what a name calls a version is no address.
func TestVersionKeys(t *testing.T) {
	s := newScanner(t, Options{})
	for key, want := range map[string]int{
		"app.version": 0, "clientVersion": 0, "server.release": 0, "VERSION": 0, "client.address": 1, "": 1, "versions_of": 1,
	} {
		assert.Len(t, s.scanField(key, "10.11.2.30", Precise), want, key)
	}
}

func TestNumbers(t *testing.T) {
	s := newScanner(t, Options{})
	for _, c := range []struct {
		key  string
		n    int64
		want string
	}{
		{"amount", 4111111111111111, "CREDIT_CARD"},
		{"ssn", 219099999, "US_SSN"},
		{"mobile", 4155550132, "PHONE"},
		{"order", 4111111111111112, ""},
		{"order", 219099999, ""},
		{"start_time_unix_nano", 1732500000000000000, ""},
		{"tokens", 128000, ""},
		{"ssn", -219099999, ""},
	} {
		m, ok := s.Under(c.key).ScanInt(c.n)
		assert.Equal(t, c.want != "", ok, "%s %d", c.key, c.n)
		if ok {
			assert.Equal(t, c.want, s.Entity(m.Entity).Name)
		}
	}
	allowing := newScanner(t, Options{Allow: []string{"5555555555554444"}})
	_, ok := allowing.Under("amount").ScanInt(5555555555554444)
	assert.False(t, ok)
	_, ok = allowing.Under("amount").ScanInt(4111111111111111)
	assert.True(t, ok)
	_, ok = s.Under("total").ScanNumber("4111111111111111")
	assert.True(t, ok)
	_, ok = s.Under("total").ScanNumber("4111111111111111.5")
	assert.False(t, ok)
	_, ok = s.Under("phone_score").ScanNumber("4155.552671")
	assert.False(t, ok)
	_, ok = s.Under("latitude").ScanNumber("51.5007321")
	assert.True(t, ok)
	_, ok = s.Under("score").ScanNumber("0.4111111111111111")
	assert.False(t, ok)
}

// TestContextWindow wants a word no further than 60 bytes before and 30 after.
func TestContextWindow(t *testing.T) {
	s := newScanner(t, Options{})
	const number = "219099999"
	hit := func(text string) bool { return len(s.Scan(nil, text, Broad)) > 0 }
	assert.True(t, hit("SSN "+strings.Repeat("x ", 25)+number))
	assert.False(t, hit("SSN "+strings.Repeat("x ", 40)+number))
	assert.True(t, hit(number+" is the SSN"))
	assert.False(t, hit(number+strings.Repeat(" x", 20)+" SSN"))
	assert.False(t, hit("passnote "+number), "a word inside another is none")
	assert.True(t, hit("customerSsn="+number), "camel case is a border")
	assert.False(t, hit("[US_SSN] "+number), "a label is no context")
}

func TestContextLanguages(t *testing.T) {
	s := newScanner(t, Options{Regions: []string{"DE", "FR", "ES", "IT", "PT"}})
	for _, text := range []string{
		"call 0301234567", "Telefon 0301234567", "téléphone 0123456789", "teléfono 912345678", "cellulare 0612345678", "telemóvel 912345678",
		"passport C01X00T47", "Reisepass C01X00T47", "passeport C01X00T47", "pasaporte C01X00T47", "passaporto C01X00T47", "passaporte C01X00T47",
		"born 12.03.1985", "geboren 12.03.1985", "naissance 12.03.1985", "nacimiento 12.03.1985", "nascita 12.03.1985", "nascimento 12.03.1985",
		"FÜHRERSCHEIN B072RRE2I55",
	} {
		assert.Len(t, s.Scan(nil, text, Broad), 1, text)
		_, number, _ := strings.Cut(text, " ")
		assert.Empty(t, s.Scan(nil, number, Broad), number)
	}
}

func TestProfiles(t *testing.T) {
	s := newScanner(t, Options{Regions: []string{"DE"}})
	const text = "call me on 030 901820"
	assert.Equal(t, []string{"PHONE 030 901820"}, found(s, "", text, Broad))
	assert.Empty(t, found(s, "", text, Precise))
}

func TestSelection(t *testing.T) {
	const text = "bob@example.com 203.0.113.42 my name is Ada Lovelace"
	assert.Equal(t, []string{"EMAIL bob@example.com", "IP_ADDRESS 203.0.113.42"}, found(newScanner(t, Options{}), "", text, Broad))
	assert.Equal(t, []string{"EMAIL bob@example.com"}, found(newScanner(t, Options{Disable: []string{"IP_ADDRESS"}}), "", text, Broad))
	assert.Equal(t, []string{"IP_ADDRESS 203.0.113.42"}, found(newScanner(t, Options{Entities: []string{"IP_ADDRESS"}}), "", text, Broad))
	assert.Equal(t, []string{"EMAIL bob@example.com", "IP_ADDRESS 203.0.113.42", "PERSON Ada Lovelace"}, found(newScanner(t, Options{Enable: []string{"PERSON"}}), "", text, Broad))
	assert.Equal(t, []string{"IP_ADDRESS 203.0.113.42"}, found(newScanner(t, Options{MinScore: map[string]float32{"EMAIL": 0.9}}), "", text, Broad))
	assert.Equal(t, []string{"US_NPI 1234567893"}, found(newScanner(t, Options{MinScore: map[string]float32{"US_NPI": 0.05}, Entities: []string{"US_NPI"}}), "", "1234567893", Broad))
}

func TestPersonCues(t *testing.T) {
	s := newScanner(t, Options{Entities: []string{"PERSON"}})
	for text, want := range map[string]string{
		"Hello, my name is Ada Lovelace.": "Ada Lovelace", "Dear Mr. Smith,": "Smith", "Sehr geehrte Frau Müller-Lüdenscheidt!": "Müller-Lüdenscheidt",
		"Je m'appelle Élodie Dupont et": "Élodie Dupont", "Me llamo José García López y": "José García López", "mi chiamo Ugo": "Ugo",
	} {
		assert.Equal(t, []string{"PERSON " + want}, found(s, "", text, Broad), text)
	}
	assert.Empty(t, found(s, "", "my name is not important. The dear old man went to Paris", Broad))
}

func TestOptionErrors(t *testing.T) {
	for want, o := range map[string]Options{
		`entities: unknown entity "NOPE"`:       {Entities: []string{"NOPE"}},
		`disable: unknown entity "NOPE"`:        {Disable: []string{"NOPE"}},
		`min_score: EMAIL: 2, want 0 to 1`:      {MinScore: map[string]float32{"EMAIL": 2}},
		`regions: unknown region "XX"`:          {Regions: []string{"XX"}},
		`allow_patterns: "(" is no RE2 pattern`: {AllowPatterns: []string{"("}},
		`custom[0] ID: regex`:                   {Custom: []CustomPattern{{Name: "ID", Regex: "("}}},
		`name "id"`:                             {Custom: []CustomPattern{{Name: "id", Regex: "x"}}},
		`matches the empty string`:              {Custom: []CustomPattern{{Name: "ID", Regex: "x*"}}},
		`entity of that name already`:           {Custom: []CustomPattern{{Name: "EMAIL", Regex: "x"}}},
		`score 3: want 0 to 1`:                  {Custom: []CustomPattern{{Name: "ID", Regex: "x", Score: 3}}},
	} {
		_, _, err := New(o)
		assert.ErrorContains(t, err, want)
	}
}

func TestAllow(t *testing.T) {
	s := newScanner(t, Options{Allow: []string{"support@ourcompany.com", "4111-1111-1111-1111", "AKIAIOSFODNN7EXAMPLE"}, AllowPatterns: []string{`.*@test\.example`, `10\.\d+\.\d+\.\d+`}})
	const text = "from Support@OurCompany.com and qa@test.example (10.1.2.3) to bob@example.com, card 4111 1111 1111 1111 or 5555 5555 5555 4444, AKIAIOSFODNN7EXAMPLE"
	assert.Equal(t, []string{"EMAIL bob@example.com", "CREDIT_CARD 5555 5555 5555 4444"}, found(s, "", text, Broad))
	assert.Equal(t, []string{"EMAIL xqa@test.example.com"}, found(s, "", "xqa@test.example.com", Broad), "a pattern matches all of a hit")
}

func TestCustom(t *testing.T) {
	s, warnings, err := New(Options{Custom: []CustomPattern{
		{Name: "EMPLOYEE_ID", Regex: `EMP-\d{6}`},
		{Name: "TICKET", Regex: `(?i)ticket (?P<value>[a-z]{2}\d+)`},
		{Name: "BADGE", Regex: `[A-Z]\d{4}[A-Z]`, Score: 0.2, Context: []string{"Badge"}},
		{Name: "VAULT_REF", Regex: `vault:[a-z]+/[a-z]+`, Secret: true},
	}})
	require.NoError(t, err)
	require.Len(t, warnings, 1, "only BADGE has no literal")
	assert.Equal(t, "custom[2] BADGE", warnings[0].Setting)
	assert.Contains(t, warnings[0].Text, "20 ms")
	assert.Equal(t, []string{"EMPLOYEE_ID EMP-123456", "TICKET ab12", "EMAIL bob@example.com"}, found(s, "", "EMP-123456 has TICKET ab12, bob@example.com", Broad))
	assert.Equal(t, []string{"BADGE A1234B"}, found(s, "", "badge A1234B", Broad))
	assert.Empty(t, found(s, "", "row A1234B", Broad))
	matches := s.Scan(nil, "vault:kv/prod", Precise)
	require.Len(t, matches, 1)
	assert.Equal(t, Secret, s.Entity(matches[0].Entity).Class)
	id, ok := s.Lookup("VAULT_REF")
	assert.True(t, ok)
	assert.Equal(t, matches[0].Entity, id)
}

func TestDecode(t *testing.T) {
	once := base64.StdEncoding.EncodeToString([]byte("the card is 4111 1111 1111 1111, thanks"))
	twice := base64.URLEncoding.EncodeToString([]byte("wrapped " + once + " again"))
	thrice := base64.StdEncoding.EncodeToString([]byte("and " + twice + " more"))
	s := newScanner(t, Options{Decode: true})
	assert.Equal(t, []string{"CREDIT_CARD " + once}, found(s, "", "data "+once+" end", Broad))
	assert.Equal(t, []string{"CREDIT_CARD " + twice}, found(s, "", "data "+twice+" end", Broad))
	assert.Empty(t, found(s, "", "data "+thrice+" end", Broad), "deeper than two")
	assert.Empty(t, found(s, "", "data "+base64.StdEncoding.EncodeToString([]byte("nothing to see in this one"))+" end", Broad))
	assert.Empty(t, found(newScanner(t, Options{}), "", "data "+once+" end", Broad), "off by default")
}

// TestNewlineInJSON is the fault of the contrib processor: the letter of an
// escape is no part of a number or an address.
func TestNewlineInJSON(t *testing.T) {
	s := newScanner(t, Options{})
	assert.Equal(t, []string{"CREDIT_CARD 4111111111111111"}, found(s, "", `{"content":"my card:\n4111111111111111\nthanks"}`, Broad))
	assert.Equal(t, []string{"EMAIL bob@example.com"}, found(s, "", `Hi\nbob@example.com\nbye`, Broad))
	assert.Equal(t, []string{`EMAIL bob\u0040example.com`}, found(s, "", `Hi\nbob\u0040example.com\nbye`, Broad))
}

func TestGluedCards(t *testing.T) {
	s := newScanner(t, Options{})
	assert.Equal(t, []string{"CREDIT_CARD 4111 1111 1111 1111"}, found(s, "", "4111 1111 1111 1111 123", Broad))
	assert.Equal(t, []string{"CREDIT_CARD 4111111111111111"}, found(s, "", "card 4111111111111111123", Broad))
	assert.Empty(t, found(s, "", "4111111111111111123", Broad), "an integer of 64 bits")
}

func TestJoinedHits(t *testing.T) {
	s := newScanner(t, Options{})
	assert.Equal(t, []string{"EMAIL 4155550132@example.com"}, found(s, "phone", "4155550132@example.com", Broad), "the longer one swallows the shorter")
	assert.Equal(t, []string{"URL_CREDENTIALS bob:s3cret"}, found(s, "", "postgres://bob:s3cret@example.com/db", Broad))
}

func TestSecretKeys(t *testing.T) {
	for _, key := range []string{"password", "db.password", "DB_PASSWORD", "userPassword", "apiKey", "api_key", "x-api-key", "http.request.header.authorization", "Authorization", "set-cookie", "cookie", "client_secret", "accessToken", "refresh_token", "privateKey", "aws_secret_access_key", "passphrase", "credentials", "proxy-authorization", "MISTRAL_KEY", "azureOpenAIKey"} {
		assert.True(t, IsSecretKey(key), key)
	}
	for _, key := range []string{"input_tokens", "gen_ai.usage.input_tokens", "max_tokens", "token", "stop_token", "next_page_token", "first_token", "primary_key", "key", "keyword", "secretary", "password_length", "session.id", "gen_ai.conversation.id", "passenger", "author", "monkey", "cookie_count", "", "pw", "pass", "test.pass", "partition_key", "cache.key", "foreign_key", "sort_key", "public_key"} {
		assert.False(t, IsSecretKey(key), key)
	}
}

func TestLabels(t *testing.T) {
	for _, label := range []string{"[EMAIL]", "[EMAIL:9f2c41ab8d03e7f1]", "__REDACTED__", "[US_SSN]", "hmac-sha256:" + strings.Repeat("0a", 32)} {
		assert.True(t, IsLabel(label), label)
	}
	for _, text := range []string{"", "EMAIL", "[email]", "[EMAIL", "[EMAIL:xyz]", "[EMAIL] x", "[AKIAIOSFODNN7EXAMPLE]", "[CARD:4111111111111111]"} {
		assert.False(t, IsLabel(text), text)
	}
	s := newScanner(t, Options{})
	assert.NotEmpty(t, s.Scan(nil, "password: hmac-sha256:k3y4u", Precise), "too short for a hash of ours")
	for _, text := range []string{"password: [PASSWORD]", "api_key=[API_KEY:9f2c41ab8d03e7f1]", "token: __REDACTED__", "https://[URL_CREDENTIALS]@host/", "card [CREDIT_CARD] ssn [US_SSN]"} {
		assert.Empty(t, s.Scan(nil, text, Broad), text)
	}
}

func TestCleanTextDoesNotAllocate(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector makes sync.Pool allocate")
	}
	s := newScanner(t, Options{Regions: []string{"DE"}, Allow: []string{"a@b.de"}})
	messages := s.Under("gen_ai.input.messages")
	dst := make([]Match, 0, 4)
	for _, text := range []string{
		"The light which comes from the bodies that are seen by it, in 1704 and after, falls on 3 prisms: red, blue.",
		`{"role":"user","content":"what is the weather in Paris at 10:30?","id":"3f0c9a52-7b1e-4d68-9c2a-51e0b7d4f683","n":1732500000}`,
		"gpt-4o-2024-08-06", "“typographic” — text with 12 000 € and naïve façades",
	} {
		assert.Zero(t, testing.AllocsPerRun(100, func() { dst = s.Scan(dst[:0], text, Broad) }), text)
		assert.Empty(t, dst, text)
		assert.Zero(t, testing.AllocsPerRun(100, func() { dst = messages.Scan(dst[:0], text, Broad) }), text)
		assert.Empty(t, dst, text)
	}
	count := s.Under("count")
	assert.Zero(t, testing.AllocsPerRun(100, func() { count.ScanInt(1732500000000) }))
}

// TestScannersInTurn: what one scanner has made of a key is nothing to another.
func TestScannersInTurn(t *testing.T) {
	custom := func(context string) *Scanner {
		return newScanner(t, Options{Custom: []CustomPattern{{Name: "TICKET", Regex: `T\d{5}`, Score: 0.3, Context: []string{context}}}})
	}
	scanners := map[string]*Scanner{"ticket": custom("ticket"), "coupon": custom("coupon")}
	for range 3 {
		for _, key := range []string{"ticket", "coupon", strings.Repeat("long.", 20) + "ticket"} {
			for context, s := range scanners {
				assert.Equal(t, strings.HasSuffix(key, context), len(s.scanField(key, "T12345", Precise)) == 1, "%s under %s", context, key)
			}
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	s := newScanner(t, Options{})
	text := strings.Repeat("to jane.doe@example.com, card 4111 1111 1111 1111; ", 20)
	want := s.Scan(nil, text, Broad)
	require.Len(t, want, 40)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				assert.Equal(t, want, s.Scan(nil, text, Broad))
			}
		})
	}
	wg.Wait()
}

// TestEveryEntityHasATable keeps the registry and the tables together.
func TestEveryEntityHasATable(t *testing.T) {
	tested := map[string]bool{"PERSON": true} // TestPersonCues
	for _, c := range checkedCases {
		tested[c.entity] = true
	}
	for _, c := range formedCases {
		tested[c.entity] = true
	}
	for name := range wrapped {
		tested[name] = true
	}
	names := map[string]bool{}
	for _, d := range registry {
		assert.False(t, names[d.Name], "%s is there twice", d.Name)
		names[d.Name] = true
		assert.True(t, tested[d.Name] || len(d.keys) > 0, "%s has no table", d.Name)
		for _, w := range d.context {
			assert.Equal(t, strings.ToLower(w), w, "context words are in lower case")
		}
	}
	assert.Less(t, len(newScanner(t, Options{}).lists), 256, "triggers number their lists in a byte")
}
