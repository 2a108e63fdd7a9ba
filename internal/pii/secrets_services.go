// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "strings"

// developerKeyDetectors are the keys of code hosts, registries and monitoring.
var developerKeyDetectors = []detector{
	keyed("GITHUB_TOKEN",
		keyRule{prefix: "ghp_", body: alnum, min: 36, max: 255}, keyRule{prefix: "gho_", body: alnum, min: 36, max: 255}, keyRule{prefix: "ghu_", body: alnum, min: 36, max: 255},
		keyRule{prefix: "ghs_", body: alnum, min: 36, max: 255}, keyRule{prefix: "ghr_", body: alnum, min: 36, max: 255}, keyRule{prefix: "github_pat_", body: wordSet, min: 60, max: 255}),
	keyed("GITLAB_TOKEN",
		keyRule{prefix: "glpat-", body: base64Dots, min: 20, max: 300}, keyRule{prefix: "gldt-", body: base64URL, min: 20, max: 64}, keyRule{prefix: "glrt-", body: base64Dots, min: 20, max: 300},
		keyRule{prefix: "glcbt-", body: base64URL, min: 16, max: 64}, keyRule{prefix: "glptt-", body: hexSet, min: 40, max: 40}, keyRule{prefix: "glft-", body: base64URL, min: 20, max: 64},
		keyRule{prefix: "glimt-", body: base64URL, min: 20, max: 64}, keyRule{prefix: "glagent-", body: base64URL, min: 50, max: 64}, keyRule{prefix: "gloas-", body: base64URL, min: 64, max: 64},
		keyRule{prefix: "glsoat-", body: base64URL, min: 20, max: 64}, keyRule{prefix: "glffct-", body: base64URL, min: 20, max: 64},
		keyRule{prefix: "GR1348941", body: base64URL, min: 20, max: 20, distinct: 9}, keyRule{prefix: "_gitlab_session=", body: alnum, min: 32, max: 32}),
	keyed("NPM_TOKEN", keyRule{prefix: "npm_", body: alnum, min: 36, max: 36}),
	keyed("PYPI_TOKEN", keyRule{prefix: "pypi-AgE", body: base64URL, min: 50}),
	keyed("RUBYGEMS_KEY", keyRule{prefix: "rubygems_", body: hexSet, min: 48, max: 48}),
	keyed("CLOJARS_TOKEN", keyRule{prefix: "CLOJARS_", body: alnum, min: 60, max: 60, fold: true}),
	keyed("DOCKER_TOKEN",
		keyRule{prefix: "dckr_pat_", body: base64URL, min: 20, max: 40}, keyRule{prefix: "dckr_oat_", body: base64URL, min: 20, max: 40}),
	keyed("JFROG_KEY", keyRule{prefix: "AKCp", body: alnum, min: 69, max: 69}, keyRule{prefix: "cmVmd", body: alnum, min: 59, max: 59}),
	keyed("SOURCEGRAPH_TOKEN", keyRule{prefix: "sgp_", body: hexSet, min: 40, max: 40}, keyRule{prefix: "sgp_local_", body: hexSet, min: 40, max: 40}, keyRule{prefix: "sgp_", body: wordSet, min: 57, max: 57, valid: sourcegraphParts}),
	keyed("ATLASSIAN_TOKEN", keyRule{prefix: "ATATT3", body: base64URLEq, min: 100}, keyRule{prefix: "ATCTT3", body: base64URLEq, min: 100}),
	keyed("LINEAR_KEY", keyRule{prefix: "lin_api_", body: alnum, min: 40, max: 40}, keyRule{prefix: "lin_oauth_", body: alnum, min: 40, max: 64}),
	keyed("NOTION_TOKEN", keyRule{prefix: "ntn_", body: alnum, min: 40, max: 48, distinct: 14, valid: mixesAll}, keyRule{prefix: "secret_", body: alnum, min: 43, max: 43, distinct: 16}),
	keyed("POSTMAN_KEY", keyRule{prefix: "PMAK-", body: newCharset("a-f0-9A-F-"), min: 50, max: 64}),
	keyed("FIGMA_TOKEN", keyRule{prefix: "figd_", body: base64URL, min: 36, max: 64}),
	keyed("AIRTABLE_TOKEN", keyRule{prefix: "pat", body: newCharset("A-Za-z0-9."), min: 79, max: 79}),
	keyed("SENTRY_TOKEN",
		keyRule{prefix: "sntrys_eyJ", body: newCharset("A-Za-z0-9+/=_"), min: 80, max: 500, distinct: 20, valid: sentryTail}, keyRule{prefix: "sntryu_", body: hexSet, min: 64, max: 64, distinct: 10}),
	keyed("GRAFANA_KEY",
		keyRule{prefix: "glc_", body: base64Std, min: 32}, keyRule{prefix: "glsa_", body: wordSet, min: 41, max: 41, distinct: 10}, keyRule{prefix: "eyJrIjoi", body: base64Std, min: 70, max: 400}),
	keyed("NEW_RELIC_KEY",
		keyRule{prefix: "NRAK-", body: alnum, min: 27, max: 27}, keyRule{prefix: "NRJS-", body: hexSet, min: 19, max: 19},
		keyRule{prefix: "NRII-", body: base64URL, min: 32, max: 32}, keyRule{prefix: "NRRA-", body: hexSet, min: 42, max: 42}),
	keyed("DYNATRACE_TOKEN", keyRule{prefix: "dt0c01.", body: newCharset("A-Za-z0-9."), min: 80, max: 100}),
	keyed("POSTHOG_KEY", keyRule{prefix: "phc_", body: alnum, min: 40, max: 48}, keyRule{prefix: "phx_", body: alnum, min: 40, max: 48}),
	keyed("SONAR_TOKEN", keyRule{prefix: "sqp_", body: hexSet, min: 40, max: 40}, keyRule{prefix: "squ_", body: hexSet, min: 40, max: 40}, keyRule{prefix: "sqa_", body: hexSet, min: 40, max: 40}),
	keyed("OCTOPUS_KEY", keyRule{prefix: "API-", body: upperDigits, min: 25, max: 32, distinct: 10, valid: mixesDigits, alone: true}),
	keyed("BUILDKITE_TOKEN", keyRule{prefix: "bkua_", body: hexSet, min: 40, max: 40}),
	keyed("CIRCLECI_TOKEN", keyRule{prefix: "CCIPAT_", body: wordSet, min: 40}),
	keyed("README_KEY", keyRule{prefix: "rdme_", body: alnum, min: 70, max: 70}),
	keyed("SNYK_TOKEN", keyRule{prefix: "snyk_uat.", body: base64Dots, min: 30}),
	keyed("MAPBOX_TOKEN", keyRule{prefix: "pk.", body: newCharset("A-Za-z0-9._-"), min: 60, distinct: 20}, keyRule{prefix: "sk.eyJ", body: newCharset("A-Za-z0-9._-"), min: 60, distinct: 20}),
	keyed("LAUNCHDARKLY_KEY", keyRule{prefix: "sdk-", body: hyphenHex, min: 36, max: 36, distinct: 8, valid: uuidTail}, keyRule{prefix: "api-", body: hyphenHex, min: 36, max: 36, distinct: 8, valid: uuidTail}),
	keyed("AUTHRESS_KEY",
		keyRule{prefix: "sc_", body: newCharset("A-Za-z0-9._-"), min: 50, inner: ".acc_", alone: true}, keyRule{prefix: "ext_", body: newCharset("A-Za-z0-9._-"), min: 50, inner: ".acc", alone: true},
		keyRule{prefix: "scauth_", body: newCharset("A-Za-z0-9._-"), min: 50, inner: ".acc"}, keyRule{prefix: "authress_", body: newCharset("A-Za-z0-9._-"), min: 50, inner: ".acc"}),
	keyed("INTRA42_SECRET", keyRule{prefix: "s-s4t2", body: newCharset("a-z0-9-"), min: 66, max: 68}),
}

var hyphenHex = newCharset("0-9a-f-")

// uuidTail wants a UUID after the four bytes of the prefix.
func uuidTail(key string) bool { return isUUID(key[4:]) }

// serviceKeyDetectors are the keys of payment, messaging and commerce.
var serviceKeyDetectors = []detector{
	keyed("STRIPE_KEY",
		keyRule{prefix: "sk_live_", body: alnum, min: 10, max: 128}, keyRule{prefix: "sk_test_", body: alnum, min: 10, max: 128}, keyRule{prefix: "sk_prod_", body: alnum, min: 10, max: 128},
		keyRule{prefix: "rk_live_", body: alnum, min: 10, max: 128}, keyRule{prefix: "rk_test_", body: alnum, min: 10, max: 128}, keyRule{prefix: "rk_prod_", body: alnum, min: 10, max: 128},
		keyRule{prefix: "whsec_", body: base64Std, min: 24, max: 64}),
	keyed("ELEVENLABS_KEY", keyRule{prefix: "sk_", body: hexSet, min: 48, max: 48}),
	keyed("SLACK_TOKEN",
		keyRule{prefix: "xoxb-", body: base64URL, min: 20, distinct: 9, valid: slackNumbers}, keyRule{prefix: "xoxp-", body: base64URL, min: 20, distinct: 9, valid: slackNumbers},
		keyRule{prefix: "xoxa-", body: base64URL, min: 20, distinct: 9, valid: slackNumbers}, keyRule{prefix: "xoxr-", body: base64URL, min: 20, distinct: 9, valid: slackNumbers},
		keyRule{prefix: "xoxo-", body: base64URL, min: 20, distinct: 9, valid: slackNumbers}, keyRule{prefix: "xoxs-", body: base64URL, min: 20, distinct: 9, valid: slackNumbers},
		keyRule{prefix: "xoxc-", body: base64URL, min: 20, distinct: 9, valid: slackNumbers}, keyRule{prefix: "xoxd-", body: newCharset("A-Za-z0-9%_+/-"), min: 20, distinct: 9},
		keyRule{prefix: "xoxe-", body: base64URL, min: 40, distinct: 12, fold: true}, keyRule{prefix: "xoxe.xox", body: base64URL, min: 100, distinct: 12, fold: true},
		keyRule{prefix: "xapp-", body: base64URL, min: 30, distinct: 9, fold: true},
		keyRule{prefix: "hooks.slack.com/services/", body: newCharset("A-Za-z0-9+/"), min: 40, distinct: 10}, keyRule{prefix: "hooks.slack.com/workflows/", body: newCharset("A-Za-z0-9+/"), min: 40, distinct: 10},
		keyRule{prefix: "hooks.slack.com/triggers/", body: newCharset("A-Za-z0-9+/"), min: 40, distinct: 10}),
	keyed("TEAMS_WEBHOOK", keyRule{prefix: "webhook.office.com/webhookb2/", body: newCharset("A-Za-z0-9@/-"), min: 80}),
	keyed("DISCORD_WEBHOOK",
		keyRule{prefix: "discord.com/api/webhooks/", body: newCharset("A-Za-z0-9_/-"), min: 60}, keyRule{prefix: "discordapp.com/api/webhooks/", body: newCharset("A-Za-z0-9_/-"), min: 60}),
	{Entity: secret("DISCORD_TOKEN"), score: 1, find: findDiscord, on: []trigger{"=.a", "=.9", "=.=_", "=.=-"}},
	{Entity: secret("TELEGRAM_TOKEN"), score: 1, find: findTelegram, on: []trigger{"=:=A"}},
	keyed("TWILIO_KEY", keyRule{prefix: "SK", body: lowerHex, min: 32, max: 32, distinct: 8}, keyRule{prefix: "AC", body: lowerHex, min: 32, max: 32, distinct: 8}),
	keyed("SENDGRID_KEY", keyRule{prefix: "SG.", body: base64Dots, min: 60, max: 70}),
	keyed("SENDINBLUE_KEY", keyRule{prefix: "xkeysib-", body: newCharset("a-z0-9-"), min: 81, max: 81}),
	keyed("MAILGUN_KEY", keyRule{prefix: "key-", body: lowerHex, min: 32, max: 32, alone: true}, keyRule{prefix: "pubkey-", body: lowerHex, min: 32, max: 32}),
	{Entity: secret("MAILCHIMP_KEY"), score: 1, find: findMailchimp, on: []trigger{"=-=u"}},
	keyed("RESEND_KEY", keyRule{prefix: "re_", body: wordSet, min: 30, max: 40, distinct: 14, valid: mixesAll, alone: true}),
	keyed("SHOPIFY_TOKEN",
		keyRule{prefix: "shpat_", body: hexSet, min: 32, max: 32}, keyRule{prefix: "shpca_", body: hexSet, min: 32, max: 32},
		keyRule{prefix: "shppa_", body: hexSet, min: 32, max: 32}, keyRule{prefix: "shpss_", body: hexSet, min: 32, max: 32}),
	keyed("SQUARE_TOKEN",
		keyRule{prefix: "EAAA", body: base64URL, min: 18, max: 60, distinct: 12, valid: mixesAll}, keyRule{prefix: "sq0atp-", body: base64URL, min: 22, max: 60}, keyRule{prefix: "sq0csp-", body: base64URL, min: 43, max: 50}),
	keyed("FACEBOOK_TOKEN", keyRule{prefix: "EAAC", body: alnum, min: 80}, keyRule{prefix: "EAAM", body: alnum, min: 80}, keyRule{prefix: "EAAG", body: alnum, min: 80}, keyRule{prefix: "EAAB", body: alnum, min: 80}),
	keyed("TWITTER_TOKEN", keyRule{prefix: "AAAAAAAAAAAAAAAAAAAAAA", body: newCharset("A-Za-z0-9%"), min: 60, distinct: 20}),
	keyed("HUBSPOT_TOKEN", keyRule{prefix: "pat-na1-", body: hyphenHex, min: 36, max: 36}, keyRule{prefix: "pat-eu1-", body: hyphenHex, min: 36, max: 36}),
	keyed("DUFFEL_TOKEN", keyRule{prefix: "duffel_test_", body: base64URLEq, min: 43, max: 43}, keyRule{prefix: "duffel_live_", body: base64URLEq, min: 43, max: 43}),
	keyed("EASYPOST_KEY", keyRule{prefix: "EZAK", body: alnum, min: 54, max: 54}, keyRule{prefix: "EZTK", body: alnum, min: 54, max: 54}),
	keyed("FLUTTERWAVE_KEY",
		keyRule{prefix: "FLWSECK_TEST-", body: newCharset("a-hA-H0-9X-"), min: 12, max: 34, distinct: 5}, keyRule{prefix: "FLWPUBK_TEST-", body: newCharset("a-hA-H0-9X-"), min: 12, max: 34, distinct: 5},
		keyRule{prefix: "FLWSECK-", body: newCharset("a-hA-H0-9X-"), min: 12, max: 34, distinct: 5}),
	keyed("FRAMEIO_TOKEN", keyRule{prefix: "fio-u-", body: base64URLEq, min: 64, max: 64}),
	keyed("GOCARDLESS_TOKEN", keyRule{prefix: "live_", body: base64URLEq, min: 40, max: 40}),
	keyed("LOB_KEY", keyRule{prefix: "live_", body: lowerHex, min: 35, max: 35}, keyRule{prefix: "test_", body: lowerHex, min: 35, max: 35}, keyRule{prefix: "test_pub_", body: lowerHex, min: 31, max: 31}, keyRule{prefix: "live_pub_", body: lowerHex, min: 31, max: 31}),
	keyed("PLAID_TOKEN", keyRule{prefix: "access-sandbox-", body: hyphenHex, min: 36, max: 36}, keyRule{prefix: "access-development-", body: hyphenHex, min: 36, max: 36}, keyRule{prefix: "access-production-", body: hyphenHex, min: 36, max: 36}),
	keyed("SHIPPO_TOKEN", keyRule{prefix: "shippo_live_", body: hexSet, min: 40, max: 40}, keyRule{prefix: "shippo_test_", body: hexSet, min: 40, max: 40}),
	keyed("TYPEFORM_TOKEN", keyRule{prefix: "tfp_", body: base64Dots, min: 59, max: 59}),
	keyed("ADOBE_SECRET", keyRule{prefix: "p8e-", body: lowerDigits, min: 32, max: 32}),
	keyed("BEAMER_TOKEN", keyRule{prefix: "b_", body: base64URLEq, min: 44, max: 44, alone: true}),
	keyed("RAZORPAY_KEY", keyRule{prefix: "rzp_live_", body: alnum, min: 14, max: 14}, keyRule{prefix: "rzp_test_", body: alnum, min: 14, max: 14}),
}

var lowerHex = newCharset("0-9a-f")

// slackSecret is the length of what is random in a bot's token, in bytes.
const slackSecret = 24

// slackNumbers wants the ids of a workspace and a user, or a version, and then
// something random.
func slackNumbers(key string) bool {
	parts := strings.Split(key[5:], "-")
	last := parts[len(parts)-1]
	return isDigit(key[5]) && len(parts) > 1 && len(parts[0])+len(parts[1]) >= 10 && len(last) >= 8 && strings.ContainsAny(last, "abcdefABCDEFghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ") && (hasDigit(last) || len(last) == slackSecret)
}

// sentryTail wants a signature of 43 bytes.
func sentryTail(key string) bool { return len(key)-strings.LastIndexByte(key, '_')-1 == 43 }

// sourcegraphParts wants 16 hex digits, an underscore and 40 more.
func sourcegraphParts(key string) bool {
	instance, token, ok := strings.Cut(key[4:], "_")
	return ok && len(instance) == 16 && hexSet.all(instance) && hexSet.all(token)
}
