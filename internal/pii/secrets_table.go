// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"slices"
	"strings"
)

// Alphabets of keys.
var (
	base64URL   = newCharset("A-Za-z0-9_-")
	base64URLEq = newCharset("A-Za-z0-9_=-")
	base64Std   = newCharset("A-Za-z0-9+/=")
	base64Any   = newCharset("A-Za-z0-9+/=_-")
	base64Dots  = newCharset("A-Za-z0-9_.=-")
	upperDigits = newCharset("A-Z0-9")
	lowerDigits = newCharset("a-z0-9")
	wordSet     = newCharset("A-Za-z0-9_")
	anyKeyByte  = newCharset("A-Za-z0-9_.+/=~-")
)

// keyed builds an entity that is found by the prefixes of its keys.
func keyed(name string, rules ...keyRule) detector {
	return detector{Entity: secret(name), score: 1, keys: rules}
}

// secretDetectors hold every secret that has a recognisable form. The shapes
// come from the vendors' documentation and from the rule files that
// research/redaction.md 3.2 names.
var secretDetectors = slices.Concat(modelKeyDetectors, cloudKeyDetectors, developerKeyDetectors, serviceKeyDetectors,
	[]detector{
		{Entity: secret("PRIVATE_KEY"), score: 1, find: findPEM, on: []trigger{"=-=B"},
			keys: []keyRule{{prefix: "AGE-SECRET-KEY-1", body: upperDigits, min: 58, max: 58, distinct: 1}, {prefix: "PuTTY-User-Key-File-", body: anyKeyByte, min: 1, distinct: 1}}},
		{Entity: secret("JWT"), score: 1, find: findJWT, on: []trigger{"=y=J"},
			keys: []keyRule{{prefix: "ZXlK", body: base64Any, min: 60}}},
		{Entity: secret("URL_CREDENTIALS"), score: 1, find: findURLLogin, on: []trigger{"=/=/"}},
		{Entity: secret("PASSWORD"), score: 0.6, find: findSaidPassword, on: []trigger{"=s=w", "=S=W"}},
		{Entity: secret("AUTH_TOKEN"), score: 0.8, find: findBearer, on: []trigger{"=b=e", "=B=e", "=B=E", "=-=u", "= =B"}},
		{Entity: secret("API_KEY"), score: 0.6, find: findAssigned, on: assignmentTriggers},
	})

// modelKeyDetectors are the keys of model providers and LLM tooling.
var modelKeyDetectors = []detector{
	keyed("ANTHROPIC_KEY", keyRule{prefix: "sk-ant-", body: base64URL, min: 32, noAlphabet: true}),
	keyed("OPENROUTER_KEY", keyRule{prefix: "sk-or-", body: base64URL, min: 32}),
	keyed("LANGFUSE_KEY",
		keyRule{prefix: "sk-lf-", body: base64URL, min: 32, max: 36, distinct: 6},
		keyRule{prefix: "pk-lf-", body: base64URL, min: 32, max: 36, distinct: 6}),
	keyed("OPENAI_KEY",
		keyRule{prefix: "sk-proj-", body: base64URL, min: 32},
		keyRule{prefix: "sk-svcacct-", body: base64URL, min: 32},
		keyRule{prefix: "sk-admin-", body: base64URL, min: 32},
		keyRule{prefix: "sk-None-", body: base64URL, min: 32},
		keyRule{prefix: "sk-", body: base64URL, min: 40, inner: "T3BlbkFJ"},
		keyRule{prefix: "sk-", body: alnum, min: 32, max: 64, valid: mixesDigits},
		keyRule{prefix: "sess-", body: alnum, min: 40, max: 40}),
	keyed("MINIMAX_KEY", keyRule{prefix: "sk-api-", body: base64URL, min: 32}),
	keyed("HUGGINGFACE_TOKEN",
		keyRule{prefix: "hf_", body: alnum, min: 34, max: 40, valid: mixesCase},
		keyRule{prefix: "api_org_", body: alnum, min: 34, max: 34}),
	keyed("GROQ_KEY", keyRule{prefix: "gsk_", body: alnum, min: 40, max: 64}),
	keyed("XAI_KEY", keyRule{prefix: "xai-", body: wordSet, min: 60, max: 120}),
	keyed("NVIDIA_KEY", keyRule{prefix: "nvapi-", body: base64URL, min: 50, max: 80}),
	keyed("CEREBRAS_KEY", keyRule{prefix: "csk-", body: alnum, min: 40, max: 64}),
	keyed("TOGETHER_KEY", keyRule{prefix: "tgp_v1_", body: base64URL, min: 40, max: 50}),
	keyed("REPLICATE_TOKEN", keyRule{prefix: "r8_", body: alnum, min: 37, max: 40}),
	keyed("PERPLEXITY_KEY", keyRule{prefix: "pplx-", body: alnum, min: 40, max: 64}),
	keyed("LANGSMITH_KEY",
		keyRule{prefix: "lsv2_pt_", body: wordSet, min: 32, max: 48, distinct: 6},
		keyRule{prefix: "lsv2_sk_", body: wordSet, min: 32, max: 48, distinct: 6},
		keyRule{prefix: "ls__", body: alnum, min: 32, max: 40}),
	keyed("PINECONE_KEY", keyRule{prefix: "pcsk_", body: wordSet, min: 32, max: 100}),
	keyed("WANDB_KEY", keyRule{prefix: "wandb_v1_", body: wordSet, min: 60, max: 90}),
	keyed("VERCEL_KEY",
		keyRule{prefix: "vck_", body: alnum, min: 40, max: 64},
		keyRule{prefix: "vercel_blob_rw_", body: wordSet, min: 30}),
	keyed("FIREWORKS_KEY", keyRule{prefix: "fw_", body: alnum, min: 22, max: 32}),
	keyed("VOYAGE_KEY", keyRule{prefix: "pa-", body: base64URL, min: 40, max: 48, alone: true}, keyRule{prefix: "al-", body: base64URL, min: 40, max: 48, alone: true}),
	keyed("HELICONE_KEY",
		keyRule{prefix: "sk-helicone-", body: base64URL, min: 20},
		keyRule{prefix: "pk-helicone-", body: base64URL, min: 20},
		keyRule{prefix: "sk-helicone-eu-", body: base64URL, min: 20}),
	keyed("JINA_KEY", keyRule{prefix: "jina_", body: base64URL, min: 40, max: 72}),
	keyed("TAVILY_KEY", keyRule{prefix: "tvly-", body: base64URL, min: 20, max: 60}),
	keyed("FIRECRAWL_KEY", keyRule{prefix: "fc-", body: hexSet, min: 32, max: 32, alone: true}),
	keyed("E2B_KEY", keyRule{prefix: "e2b_", body: hexSet, min: 40, max: 40}),
	keyed("LLAMACLOUD_KEY", keyRule{prefix: "llx-", body: alnum, min: 40, max: 60}),
	keyed("TRACELOOP_KEY", keyRule{prefix: "tl_", body: hexSet, min: 32, max: 96}),
	keyed("BRAINTRUST_KEY", keyRule{prefix: "sk-bt-", body: base64URL, min: 32}, keyRule{prefix: "bt-st-", body: base64URL, min: 32}),
	keyed("COMPOSIO_KEY", keyRule{prefix: "ak_", body: base64URL, min: 20, max: 40, distinct: 12}),
	keyed("BASETEN_KEY", keyRule{prefix: "bsc_", body: alnum, min: 30, max: 40}),
}

// cloudKeyDetectors are the keys of clouds and hosting.
var cloudKeyDetectors = []detector{
	keyed("AWS_ACCESS_KEY",
		keyRule{prefix: "AKIA", body: upperDigits, min: 16, max: 16}, keyRule{prefix: "ASIA", body: upperDigits, min: 16, max: 16},
		keyRule{prefix: "ABIA", body: upperDigits, min: 16, max: 16}, keyRule{prefix: "ACCA", body: upperDigits, min: 16, max: 16},
		keyRule{prefix: "A3T", body: upperDigits, min: 17, max: 17},
		keyRule{prefix: "ABSK", body: base64Std, min: 80},
		keyRule{prefix: "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t", body: base64Std, distinct: -1}),
	keyed("GOOGLE_KEY",
		keyRule{prefix: "AIza", body: base64URL, min: 35, max: 35, distinct: 12, noAlphabet: true},
		keyRule{prefix: "AQ.Ab8", body: base64URL, min: 40, max: 60},
		keyRule{prefix: "ya29.", body: base64URL, min: 30},
		keyRule{prefix: "GOCSPX-", body: base64URL, min: 24, max: 36}),
	{Entity: secret("AZURE_SECRET"), score: 1, find: findAzureSecret, on: []trigger{"=Q=~"},
		keys: []keyRule{
			{prefix: "AccountKey=", body: base64Std, min: 40}, {prefix: "SharedAccessKey=", body: base64Std, min: 40},
			{prefix: "sig=", body: newCharset("A-Za-z0-9%+/="), min: 43, max: 90},
		}},
	keyed("ALIBABA_KEY", keyRule{prefix: "LTAI", body: alnum, min: 16, max: 24}),
	keyed("TENCENT_KEY", keyRule{prefix: "AKID", body: alnum, min: 32, max: 32}),
	keyed("DIGITALOCEAN_TOKEN",
		keyRule{prefix: "dop_v1_", body: hexSet, min: 64, max: 64}, keyRule{prefix: "doo_v1_", body: hexSet, min: 64, max: 64},
		keyRule{prefix: "dor_v1_", body: hexSet, min: 64, max: 64}),
	keyed("HEROKU_KEY", keyRule{prefix: "HRKU-", body: base64URL, min: 36}),
	keyed("CLOUDFLARE_KEY", keyRule{prefix: "v1.0-", body: newCharset("0-9a-f-"), min: 100, max: 180}),
	keyed("FLY_TOKEN",
		keyRule{prefix: "fo1_", body: base64URL, min: 43, max: 43}, keyRule{prefix: "fm1a_", body: base64Std, min: 60}, keyRule{prefix: "fm1r_", body: base64Std, min: 60},
		keyRule{prefix: "fm2_", body: base64Std, min: 60}),
	keyed("YANDEX_KEY",
		keyRule{prefix: "AQVN", body: base64URL, min: 35, max: 38}, keyRule{prefix: "YCAJ", body: base64URL, min: 36, max: 36},
		keyRule{prefix: "t1.", body: base64Dots, min: 80, distinct: 20}),
	keyed("DATABRICKS_TOKEN", keyRule{prefix: "dapi", body: newCharset("0-9a-f-"), min: 32, max: 34}),
	keyed("SUPABASE_KEY",
		keyRule{prefix: "sbp_", body: alnum, min: 36, max: 48}, keyRule{prefix: "sb_secret_", body: base64URL, min: 20}, keyRule{prefix: "sb_publishable_", body: base64URL, min: 20}),
	keyed("PLANETSCALE_TOKEN",
		keyRule{prefix: "pscale_tkn_", body: base64Dots, min: 32, max: 64}, keyRule{prefix: "pscale_pw_", body: base64Dots, min: 32, max: 64},
		keyRule{prefix: "pscale_oauth_", body: base64Dots, min: 32, max: 64}),
	keyed("HASHICORP_TOKEN",
		keyRule{prefix: "hvs.", body: base64URL, min: 24}, keyRule{prefix: "hvb.", body: base64URL, min: 100}, keyRule{prefix: "hvr.", body: base64URL, min: 24},
		keyRule{prefix: "s.", body: alnum, min: 24, max: 24, distinct: 12, valid: mixesAll}),
	{Entity: secret("TERRAFORM_TOKEN"), score: 1, find: findTerraform, on: []trigger{"=v=1"}},
	keyed("OPENSHIFT_TOKEN", keyRule{prefix: "sha256~", body: base64URL, min: 43, max: 43, distinct: 16}),
	keyed("CLICKHOUSE_KEY", keyRule{prefix: "4b1d", body: alnum, min: 38, max: 38, valid: mixesAll}),
	keyed("NETLIFY_TOKEN", keyRule{prefix: "nfp_", body: alnum, min: 36, max: 44}),
	keyed("RENDER_KEY", keyRule{prefix: "rnd_", body: alnum, min: 28, max: 40}),
	keyed("RAILWAY_TOKEN", keyRule{prefix: "railway_", body: base64URL, min: 32, distinct: 12}),
	keyed("NEON_KEY", keyRule{prefix: "napi_", body: alnum, min: 60, max: 68}),
	keyed("TAILSCALE_KEY", keyRule{prefix: "tskey-", body: base64URL, min: 20}),
	keyed("PULUMI_TOKEN", keyRule{prefix: "pul-", body: hexSet, min: 40, max: 40}),
	keyed("DOPPLER_TOKEN", keyRule{prefix: "dp.pt.", body: alnum, min: 40, max: 44}, keyRule{prefix: "dp.st.", body: newCharset("A-Za-z0-9._-"), min: 40, max: 80}, keyRule{prefix: "dp.ct.", body: alnum, min: 40, max: 44}),
	keyed("SCALINGO_TOKEN", keyRule{prefix: "tk-us-", body: base64URL, min: 48, max: 48}),
	keyed("INFRACOST_KEY", keyRule{prefix: "ico-", body: alnum, min: 32, max: 32, distinct: 14, alone: true}),
	keyed("HARNESS_KEY", keyRule{prefix: "pat.", body: newCharset("A-Za-z0-9._-"), min: 60, max: 70}, keyRule{prefix: "sat.", body: newCharset("A-Za-z0-9._-"), min: 60, max: 70}),
	keyed("PREFECT_KEY", keyRule{prefix: "pnu_", body: alnum, min: 36, max: 36}),
	keyed("ONEPASSWORD_KEY",
		keyRule{prefix: "A3-", body: newCharset("A-Z0-9-"), min: 34, max: 38, distinct: 12},
		keyRule{prefix: "ops_eyJ", body: base64Std, min: 200}),
	keyed("DEFINED_NETWORKING_KEY", keyRule{prefix: "dnkey-", body: base64URLEq, min: 60}),
	keyed("SETTLEMINT_TOKEN",
		keyRule{prefix: "sm_aat_", body: alnum, min: 16, max: 16}, keyRule{prefix: "sm_pat_", body: alnum, min: 16, max: 16}, keyRule{prefix: "sm_sat_", body: alnum, min: 16, max: 16}),
}

// mixesDigits refuses words: a key has digits.
func mixesDigits(key string) bool { return hasDigit(key) }

// mixesCase wants letters of both cases.
func mixesCase(key string) bool {
	body := key[strings.IndexByte(key, '_')+1:]
	return hasLower(body) && strings.ToLower(body) != body
}

// mixesAll wants digits, upper-case and lower-case letters, and no name of a
// program.
func mixesAll(key string) bool {
	body := key[strings.IndexByte(key, '.')+1:]
	return hasDigit(body) && hasLower(body) && !isIdentifier(body) && strings.ContainsAny(body, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}
