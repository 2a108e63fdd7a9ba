// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sampleKey makes up a key that a rule should find: random bytes of its
// alphabet, and of its length.
func sampleKey(t *testing.T, rng *rand.Rand, r keyRule) string {
	var set []byte
	for b := range 256 {
		if r.body[b] && b != '.' && b != '-' && b != '_' && b != '=' {
			set = append(set, byte(b))
		}
	}
	for range 20_000 {
		body := make([]byte, max(r.min, 1))
		for i := range body {
			body[i] = set[rng.IntN(len(set))]
		}
		if r.inner != "" {
			copy(body[len(body)/2:], r.inner)
		}
		if len(r.prefix) == len("bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t") {
			body = body[:0]
		}
		if key := r.prefix + string(body); r.random(string(body)) && (r.valid == nil || r.valid(key)) {
			return key
		}
	}
	return ""
}

// structured are the rules whose keys have an inner form that random bytes do
// not hit; the corpus and the table below hold examples of them.
var structuredPrefixes = wordSetOf("xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxo-", "xoxs-", "xoxc-", "sntrys_eyJ", "sdk-", "api-", "bc1", "BC1", "sgp_")

// TestKeyRules finds five made-up keys of every rule, and neither a shorter one
// nor a placeholder.
func TestKeyRules(t *testing.T) {
	s := newScanner(t, Options{})
	rng := rand.New(rand.NewPCG(7, 8))
	for id, d := range registry {
		for _, r := range d.keys {
			t.Run(d.Name+" "+r.prefix, func(t *testing.T) {
				for n := range 5 {
					key := sampleKey(t, rng, r)
					if key == "" && structuredPrefixes[r.prefix] {
						return
					}
					require.NotEmpty(t, key)
					for _, around := range []string{"%s", "key %s.", `{"k":"%s"}`, "(%s)", `\n%s\n`, "use `%s`, please"} {
						before, _, _ := strings.Cut(around, "%s")
						text := fmt.Sprintf(around, key)
						names, whole := entityOver(s, text, len(before), len(before)+len(key), Precise)
						assert.True(t, whole, "%q", text)
						assert.Contains(t, names, d.Name, "sample %d: %q", n, text)
					}
					if r.min > 1 {
						short := r.prefix + key[len(r.prefix):len(r.prefix)+r.min/2]
						names, _ := entityOver(s, short, 0, len(short), Precise)
						assert.NotContains(t, names, s.Entity(EntityID(id)).Name, "%q", short)
					}
				}
				if r.min > 8 {
					placeholder := r.prefix + strings.Repeat("x", r.min)
					names, _ := entityOver(s, placeholder, 0, len(placeholder), Precise)
					assert.NotContains(t, names, d.Name, "%q", placeholder)
				}
			})
		}
	}
}

// documentedKeys are samples from vendors' documentation and rule sets, with
// random bodies.
var documentedKeys = map[string][]string{
	"OPENAI_KEY":          {"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", "sk-3f0c9a527b1e4d689c2a51e0b7d4f683"},
	"OPENROUTER_KEY":      {"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"},
	"LANGSMITH_KEY":       {"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"},
	"GROQ_KEY":            {"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"},
	"SENDGRID_KEY":        {"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"},
	"SLACK_TOKEN":         {"xoxb-781236542736-2364535789652-GkwFDQoHqzXDVsC6GzqYUypD", "xoxp-41684372915-1320496754-45609968301-e708ba56e1517a99f6b5fb07349476ef", "xapp-1-A052FGTS2DL-5171572773297-610b6a11f4b7eb819e87b767d80e6575a3634791acb9a9ead051da879eb5b55e"},
	"SENTRY_TOKEN":        {"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"},
	"LAUNCHDARKLY_KEY":    {"sdk-3f0c9a52-7b1e-4d68-9c2a-51e0b7d4f683", "api-3f0c9a52-7b1e-4d68-9c2a-51e0b7d4f683"},
	"SOURCEGRAPH_TOKEN":   {"sgp_3f0c9a527b1e4d68_3f0c9a527b1e4d689c2a51e0b7d4f68351e0b7d4"},
	"GITHUB_TOKEN":        {"github_pat_11ABCDEFG0Zk3JqX9v2Lm_TbRw8Yc5HdN1fGpQ7sVuE4iOaKrMzB6tWxDyCq2LmZk3JqX9v2LmTb"},
	"NOTION_TOKEN":        {"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"},
	"CLOUDFLARE_KEY":      {"v1.0-aaa334dc886f30631ba0a610-0d98ef66290d7e50aac7c27b5986c99e6f3f1084c881d8ac0eae5de1d1aa0644076ff57022069b3237d19afe60ad045f207ef2b16387ee37b749441b2ae2e9ebe5b4606e846475d4a5"},
	"TEAMS_WEBHOOK":       {"https://mycompany.webhook.office.com/webhookb2/b0klczgq-nhcy-oppe-v5co-o89jswtw1ovv@qfofpk9p-g5h5-2v8x-522e-h7yxh752xh1c/IncomingWebhook/a1b2c3"},
	"SLACK_TOKEN made up": {"xoxb-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx"},
	"SLACK_TOKEN webhook": {"https://hooks.slack.com/services/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"},
}

func TestDocumentedKeys(t *testing.T) {
	s := newScanner(t, Options{})
	for name, keys := range documentedKeys {
		entity, _, _ := strings.Cut(name, " ")
		for _, key := range keys {
			names, _ := entityOver(s, "see "+key+".", 4, 4+len(key), Precise)
			assert.Equal(t, []string{entity}, names, "%q", key)
		}
	}
}

// TestIdsAreNoSecrets is the list of what must never be hit on its own, and
// shows that a secret's name before it makes it one.
func TestIdsAreNoSecrets(t *testing.T) {
	s := newScanner(t, Options{})
	for _, id := range []string{
		"3f0c9a52-7b1e-4d68-9c2a-51e0b7d4f683", "3F0C9A52-7B1E-4D68-9C2A-51E0B7D4F683", "01J8Z3K4M5N6P7Q8R9S0T1V2W3", "4bf92f3577b34da6", "4bf92f3577b34da6a3ce929d0e0e4736",
		"da39a3ee5e6b4b0d3255bfef95601890afd80709", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "call_Zk3JqX9v2LmTbRw8Yc5HdN1f", "chatcmpl-Zk3JqX9v2LmTbRw8Yc5HdN1fGpQ7s",
		"msg_01Zk3JqX9v2LmTbRw8Yc5HdN", "resp_3f0c9a527b1e4d689c2a51e0b7d4f683", "toolu_01Zk3JqX9v2LmTbRw8Yc5Hd", "run-3f0c9a52-7b1e-4d68-9c2a-51e0b7d4f683", "thread_Zk3JqX9v2LmTbRw8Yc5HdN1f",
		"1732500000", "1732500000000", "1732500000000000", "1732500000000000000", "2026-11-25T01:02:03.123456789Z", "v1.2.3-rc.4+build.5678", "10.15.7", "128000", "0.4111111111111111",
	} {
		for _, around := range []string{"%s", `{"id":"%s"}`, "trace_id=%s", "id: %s,", "%s.json"} {
			for _, p := range []Profile{Precise, Broad} {
				text := fmt.Sprintf(around, id)
				assert.Empty(t, s.Scan(nil, text, p), "%q", text)
			}
		}
	}
	for _, text := range []string{"DD_API_KEY=4bf92f3577b34da6a3ce929d0e0e4736", "heroku_api_key: 3f0c9a52-7b1e-4d68-9c2a-51e0b7d4f683", `"api_key": "da39a3ee5e6b4b0d3255bfef95601890afd80709"`} {
		matches := s.Scan(nil, text, Precise)
		require.Len(t, matches, 1, "%q", text)
		assert.Equal(t, Secret, s.Entity(matches[0].Entity).Class)
	}
	assert.Len(t, s.scanField("dd_api_key", "4bf92f3577b34da6a3ce929d0e0e4736", Precise), 1)
	assert.Empty(t, s.scanField("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736", Precise))
}
