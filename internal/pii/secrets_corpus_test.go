// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"fmt"
	"sort"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// unprefixed are the rules of the corpus whose keys have no recognisable
// prefix: any string of some length, which only the name before it announces.
var unprefixed = wordSetOf("adafruit-api-key", "adobe-client-id", "airtable-api-key", "algolia-api-key", "alibaba-secret-key", "asana-client-id", "asana-client-secret",
	"atlassian-api-token", "bitbucket-client-id", "bitbucket-client-secret", "bittrex-access-key", "bittrex-secret-key", "codecov-access-token", "coinbase-access-token",
	"cloudflare-api-key", "cloudflare-global-api-key", "cohere-api-token", "confluent-access-token", "confluent-secret-key", "contentful-delivery-api-token",
	"curl-auth-header", "curl-auth-user", "datadog-access-token", "discord-api-token", "discord-client-id", "discord-client-secret", "dropbox-api-token",
	"droneci-access-token", "etsy-access-token", "facebook-secret", "facebook-access-token", "fastly-api-token", "finicity-client-secret", "finicity-api-token",
	"flickr-access-token", "finnhub-access-token", "freshbooks-access-token", "gitter-access-token", "heroku-api-key", "hubspot-api-key", "intercom-api-key",
	"jfrog-api-key", "jfrog-identity-token", "jwt-base64", "kraken-access-token", "kucoin-access-token", "kucoin-secret-key", "launchdarkly-access-token", "linear-client-secret",
	"linkedin-client-id", "linkedin-client-secret", "looker-client-id", "looker-client-secret", "mailgun-signing-key", "mattermost-access-token", "maxmind-license-key",
	"cisco-meraki-api-key", "messagebird-api-token", "messagebird-client-id", "netlify-access-token", "new-relic-user-api-id", "nytimes-access-token",
	"plaid-client-id", "plaid-secret-key", "privateai-api-token", "rapidapi-access-token", "sendbird-access-id", "sendbird-access-token", "sentry-access-token",
	"sidekiq-secret", "sidekiq-sensitive-url", "snyk-api-token", "sonar-api-token", "squarespace-access-token", "sumologic-access-id", "sumologic-access-token",
	"travisci-access-token", "twitch-api-token", "twitter-api-key", "twitter-api-secret", "twitter-access-token", "twitter-access-secret", "yandex-aws-access-token", "zendesk-secret-key",
	"generic-api-key", "kubernetes-secret-yaml", "hashicorp-tf-password", "nuget-config-password", "pkcs12-file", "freemius-secret-key")

type secretRule struct {
	Rule string
	TP   []string
	FP   []string
}

// TestSecretRules is done-when 1 of issue 5, second half.
func TestSecretRules(t *testing.T) {
	var rules []secretRule
	readCorpus(t, "secrets.json.gz", &rules)
	require.Len(t, rules, 220)
	s := newScanner(t, Options{})
	var prefixed, all, wrong tally
	var lines []string
	for _, rule := range rules {
		found := 0
		for _, text := range rule.TP {
			if hitsSecret(s, text) {
				found++
			}
		}
		all.gold, all.found = all.gold+len(rule.TP), all.found+found
		if !unprefixed[rule.Rule] {
			prefixed.gold, prefixed.found = prefixed.gold+len(rule.TP), prefixed.found+found
		}
		false := 0
		for _, text := range rule.FP {
			if hitsSecret(s, text) {
				false++
			}
		}
		wrong.gold, wrong.found = wrong.gold+len(rule.FP), wrong.found+false
		if found < len(rule.TP) || false > 0 {
			lines = append(lines, fmt.Sprintf("%-40s found %3d of %3d, false %2d of %2d", rule.Rule, found, len(rule.TP), false, len(rule.FP)))
		}
	}
	sort.Strings(lines)
	for _, l := range lines {
		t.Log(l)
	}
	t.Logf("prefixed rules: %d of %d, all rules: %d of %d, false-positive rows: %d of %d", prefixed.found, prefixed.gold, all.found, all.gold, wrong.found, wrong.gold)
	assert.GreaterOrEqual(t, float64(prefixed.found), 0.95*float64(prefixed.gold), "prefixed rules")
	assert.GreaterOrEqual(t, float64(all.found), 0.80*float64(all.gold), "all rules")
	assert.LessOrEqual(t, float64(wrong.found), 0.10*float64(wrong.gold), "false positives")
}

func hitsSecret(s *Scanner, text string) bool {
	for _, m := range s.Scan(nil, text, Precise) {
		if s.Entity(m.Entity).Class == Secret {
			return true
		}
	}
	return false
}
