// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type fileCase struct {
	provider, model, tier string
	usage                 map[string]int64
	at                    time.Time
	status                Status
	total, entry, table   string
}

func checkFile(t *testing.T, file string, cases []fileCase) {
	t.Helper()
	table := load(t, file)
	for _, c := range cases {
		if c.usage == nil {
			c.usage = someCall
		}
		if c.at.IsZero() {
			c.at = someDay
		}
		if c.status == "" {
			c.status = Priced
		}
		if c.table == "" {
			c.table = "file:" + filepath.Base(file)
		}
		p := table.Price(&Call{Provider: c.provider, RequestModel: c.model, ServiceTier: c.tier, Usage: usageOf(t, c.usage), At: c.at})
		assert.Equal(t, c.status, p.Status, "%s %s %s", c.provider, c.model, c.tier)
		if !c.status.HasAmount() {
			continue
		}
		assert.Equal(t, c.total, p.Total.String(), "%s %s %s", c.provider, c.model, c.tier)
		assert.Equal(t, c.entry, p.Entry)
		assert.Equal(t, c.table, p.Table)
	}
}

func TestOwnFormat(t *testing.T) {
	long := map[string]int64{"input_tokens": 200_001, "output_tokens": 10}
	checkFile(t, "testdata/own.yaml", []fileCase{
		{provider: "openai", model: "gpt-4o", total: "0.006", entry: "openai/gpt-4o"},
		{provider: "openai.chat", model: "openai/gpt-4o", total: "0.006", entry: "openai/gpt-4o"},
		{provider: "mycorp-openai", model: "gpt-4o", total: "0.006", entry: "openai/gpt-4o"},
		{provider: "openai", model: "gpt-4o", usage: long, total: "0.800124", entry: "openai/gpt-4o"},
		{provider: "openai", model: "gpt-4o", tier: "flex", total: "0.003", entry: "openai/gpt-4o"},
		{provider: "openai", model: "gpt-4o", tier: "Priority", total: "0.0105", entry: "openai/gpt-4o"},
		{provider: "openai", model: "gpt-4o", tier: "batch", total: "0.003", entry: "openai/gpt-4o"},
		{provider: "openai", model: "gpt-4o", tier: "scale", status: TierUnpriced, total: "0.006", entry: "openai/gpt-4o"},
		{provider: "openai", model: "gpt-4o-mini", tier: "batch", total: "0.000225", entry: "openai/gpt-4o-mini", table: "genai-prices/0.1.8"},
		{provider: "anthropic", model: "claude-sonnet-4-5", total: "0.0105", entry: "anthropic/claude-sonnet-4-5"},
		{provider: "anthropic", model: "claude-sonnet-4-5", at: someDay.AddDate(0, 1, 0), total: "0.007", entry: "anthropic/claude-sonnet-4-5"},
		{provider: "corp-gateway", model: "house-large", total: "0.0002", entry: "mycorp/house-*"},
		{provider: "mycorp", model: "house-small", usage: map[string]int64{"input_tokens": 10, "output_tokens": 30, "output_reasoning_tokens": 20}, total: "0.000011", entry: "mycorp/house-*"},
		{provider: "ollama", model: "house-small", total: "0", entry: "ollama/*"},
		{provider: "", model: "house-small", total: "0.000075", entry: "house-small"},
		{provider: "hosted-vllm", model: "meta-llama/llama-3.3-70b", total: "0.0009", entry: "meta-llama/Llama-3.3-70B"},
		{provider: "azure", model: "prod-chat", total: "0.00045", entry: "openai/gpt-4o-mini", table: "genai-prices/0.1.8"},
		{provider: "", model: "PROD-chat", total: "0.00045", entry: "openai/gpt-4o-mini", table: "genai-prices/0.1.8"},
		{provider: "litellm", model: "azure/prod-chat", total: "0.00045", entry: "openai/gpt-4o-mini", table: "genai-prices/0.1.8"},
		{provider: "azure.ai.openai", model: "legacy", total: "0.000075", entry: "azure/house-small"},
		{provider: "aws.bedrock", model: "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcd1234", total: "0.0105", entry: "aws/global.anthropic.claude-sonnet-4-5-20250929-v1:0", table: "genai-prices/0.1.8"},
		{provider: "google", model: "gemini-2.5-flash", total: "0.0013175", entry: "google/gemini-2.5-flash", table: "genai-prices/0.1.8"},
		{provider: "google", model: "gemini-2.5-pro", total: "0.00425", entry: "google/gemini-2.5-pro", table: "genai-prices/0.1.8"},
		{provider: "ollama", model: "deepseek-r1:8b", total: "0", entry: "ollama/*"},
		{provider: "vllm", model: "llama-3", total: "0", entry: "vllm/llama-3"},
		{provider: "vllm", model: "llama-4", status: UnknownModel},
	})
}

func TestLiteLLMFormat(t *testing.T) {
	checkFile(t, "testdata/litellm.json", []fileCase{
		{provider: "openai", model: "gpt-4o", total: "0.009", entry: "openai/gpt-4o"},
		{provider: "openai", model: "gpt-4o", usage: map[string]int64{"input_tokens": 1000, "cache_read_tokens": 1000, "web_searches": 2}, total: "0.0715", entry: "openai/gpt-4o"},
		{provider: "openai", model: "gpt-4o", tier: "flex", total: "0.0045", entry: "openai/gpt-4o"},
		{provider: "openai", model: "gpt-4o", tier: "batch", total: "0.0045", entry: "openai/gpt-4o"},
		{provider: "openai", model: "gpt-4o", tier: "priority", total: "0.015", entry: "openai/gpt-4o"},
		{provider: "azure.ai.openai", model: "eu/gpt-4o", total: "0.0099", entry: "azure/eu/gpt-4o"},
		{provider: "gcp.gemini", model: "gemini-2.5-pro", total: "0.006", entry: "google/gemini-2.5-pro"},
		{provider: "google", model: "gemini-2.5-pro", usage: map[string]int64{"input_tokens": 200_000}, total: "0.2", entry: "google/gemini-2.5-pro"},
		{provider: "google", model: "gemini-2.5-pro", usage: map[string]int64{"input_tokens": 200_001}, total: "0.400002", entry: "google/gemini-2.5-pro"},
		{provider: "x_ai", model: "grok-9", usage: map[string]int64{"input_tokens": 128_000}, total: "0.256", entry: "x-ai/grok-9"},
		{provider: "dashscope", model: "qwen-max", usage: map[string]int64{"input_tokens": 32_000}, total: "0.032", entry: "dashscope/qwen-max"},
		{provider: "dashscope", model: "qwen-max", usage: map[string]int64{"input_tokens": 32_001}, total: "0.096003", entry: "dashscope/qwen-max"},
		{provider: "litellm", model: "dashscope/qwen-max", usage: map[string]int64{"input_tokens": 32_000}, total: "0.032", entry: "dashscope/qwen-max"},
		{provider: "cohere", model: "rerank-v9", usage: map[string]int64{"rerank_searches": 3}, total: "0.006", entry: "cohere/rerank-v9"},
		{provider: "ollama", model: "llama3", total: "0", entry: "ollama/llama3"},
		{provider: "openai", model: "dall-e-9", status: UnknownModel},
		{provider: "openai", model: "gpt-4o-mini", total: "0.00045", entry: "openai/gpt-4o-mini", table: "genai-prices/0.1.8"},
	})
}

func TestModelsDevFormat(t *testing.T) {
	checkFile(t, "testdata/modelsdev.json", []fileCase{
		{provider: "openai", model: "gpt-4o", total: "0.0078", entry: "openai/gpt-4o"},
		{provider: "openai", model: "gpt-4o", tier: "priority", total: "0.015", entry: "openai/gpt-4o"},
		{provider: "openai", model: "gpt-4o", usage: map[string]int64{"input_tokens": 128_001}, total: "0.6656052", entry: "openai/gpt-4o"},
		{provider: "amazon-bedrock", model: "amazon.nova-9", usage: map[string]int64{"input_tokens": 200_001}, total: "0.3200016", entry: "aws/amazon.nova-9"},
		{provider: "inception", model: "mercury", usage: map[string]int64{"output_tokens": 10, "output_reasoning_tokens": 4}, total: "0.000014", entry: "inception/mercury"},
		{provider: "litellm", model: "inception/mercury", usage: map[string]int64{"output_tokens": 10, "output_reasoning_tokens": 4}, total: "0.000014", entry: "inception/mercury"},
		{provider: "openai", model: "gpt-free", status: UnknownModel},
	})
}

func TestGenAIPricesFormat(t *testing.T) {
	checkFile(t, "testdata/genai-prices.json", []fileCase{
		{provider: "openai", model: "gpt-4o", total: "0.006", entry: "openai/gpt-4o"},
		{provider: "openai", model: "gpt-4o-x", usage: map[string]int64{"input_tokens": 1001, "output_tokens": 1000}, total: "0.011002", entry: "openai/gpt-4o"},
		{provider: "openai", model: "gpt-4o", at: someDay.AddDate(0, 0, 1), total: "0.003", entry: "openai/gpt-4o"},
	})
}

// TestTheFirstFileWins lays two files above the compiled-in table.
func TestTheFirstFileWins(t *testing.T) {
	for _, files := range [][]string{{"testdata/own.yaml", "testdata/litellm.json"}, {"testdata/litellm.json", "testdata/own.yaml"}} {
		p := load(t, files...).Price(&Call{Provider: "openai", RequestModel: "gpt-4o", Usage: usageOf(t, someCall), At: someDay})
		assert.Equal(t, "file:"+filepath.Base(files[0]), p.Table)
	}
}

// TestBrokenFiles: each error names the file, the line and the key.
func TestBrokenFiles(t *testing.T) {
	for _, c := range []struct{ content, want string }{
		{"modles:\n  openai/gpt-4o: {input: 1}\n", `f:1: modles: unknown key; did you mean "models"?`},
		{"{\"chat\": {\"gpt-4o\": {\"promptPrice\": 0.0025}}}", `f:1: chat: unknown key`}, // OpenLIT's pricing.json, per thousand
		{"models:\n  openai/: {input: 1}\n", `f:2: models.openai/: "openai/" names no model`},
		{"free: [\"\"]", `f:1: free.0: "" names no model; all of a provider's are provider/*`},
		{"models:\n  openai/gpt-4o:\n    inptu: 1\n", `f:3: models.openai/gpt-4o.inptu: unknown unit; did you mean "input"?`},
		{"models:\n  openai/gpt-4o:\n    input: -1\n", `f:3: models.openai/gpt-4o.input: "-1" is negative; prices are 0 or more`},
		{"models:\n  openai/gpt-4o:\n    input: much\n", `f:3: models.openai/gpt-4o.input: "much" is not a decimal number`},
		{"models:\n  openai/gpt-4o:\n    input: [1]\n", `f:3: models.openai/gpt-4o.input: is a list; a price is a single value`},
		{"models:\n  openai/gpt-4o: {}\n", `f:2: models.openai/gpt-4o: has no price; a model that costs nothing is listed under free`},
		{"models:\n  a/b: {input: 1}\n  a/b: {input: 2}\n", `f:3: models.a/b: stands here twice`},
		{"models:\n  a/b: {input: 1, above: {many: {input: 1}}}\n", `f:2: models.a/b.above.many: "many" is no number of tokens`},
		{"models:\n  a/b: {input: 1, from: soon}\n", `f:2: models.a/b.from: "soon" is no date like 2026-09-23`},
		{"models: [1]\n", `f:1: models: is a list; models is a mapping`},
		{"free: ollama\n", `f:1: free: is a single value; free models is a list`},
		{"discounts:\n  openai: 140%\n", `f:2: discounts.openai: "140%" is more than everything; a discount is 0 to 100%`},
		{"multipliers:\n  openai: 99999\n", `f:2: multipliers.openai: "99999" is too large for a price`},
		{"service_tiers:\n  flex: 0.5\n", `f:2: service_tiers.flex: is a single value; factors by service tier is a mapping`},
		{"models: {a: &x {input: 1}, b: *x}\n", `f:1: models.b: uses a YAML anchor or alias; write the value out`},
		{"models:\n\t- x\n", `f: broken YAML: line 2: found character that cannot start any token`},
		{"", `f: is empty; expected prices in one of the four formats`},
		{"just text\n", `f:1: is a single value; prices are a mapping (own format, LiteLLM, models.dev) or a list (genai-prices)`},
		{"{\n \"a\": {\"litellm_provider\": \"openai\",\n  \"input_cost_per_token\": -1}}", `f:3: a.input_cost_per_token: "-1" is negative; prices are 0 or more`},
		{"{\n \"a\": {\"litellm_provider\": \"openai\",\n  \"input_cost_per_token\": \"x\"}}", `f:3: a.input_cost_per_token: "x" is not a decimal number`},
		{"{\"openai\": {\"id\": \"openai\", \"models\": {\n\"m\": {\"cost\": {\n\"input\": -2}}}}}", `f:3: openai.models.m.cost.input: "-2" is negative; prices are 0 or more`},
		{"[{\"id\": \"p\", \"models\": [\n{\"id\": \"m\", \"match\": {\"equals\": \"m\"}, \"prices\": {\n\"inptu_mtok\": 1}}]}]", `f:3: providers[0].models.m.prices.inptu_mtok: unknown unit; did you mean "input_mtok"?`},
		{"[{\"id\": \"p\", \"models\": [\n{\"id\": \"m\", \"match\": {\"is\": \"m\"}, \"prices\": {}}]}]", `f:2: providers[0].models.m.match.is: a match has one of equals, starts_with, ends_with, contains, regex, or, and`},
		{"{\"a\": 1,\n \"b\" 2}", `f:2: broken JSON: invalid character '2' after object key`},
		{"{\"a\": {\n", `f:2: broken JSON: the file ends too early`},
	} {
		file := filepath.Join(t.TempDir(), "f")
		require.NoError(t, os.WriteFile(file, []byte(c.content), 0o600))
		_, err := Load(file)
		var fileError *FileError
		require.ErrorAs(t, err, &fileError, c.content)
		assert.Equal(t, file, fileError.File)
		fileError.File = "f"
		assert.Equal(t, c.want, err.Error())
	}
	_, err := Load("testdata/missing.yaml")
	require.EqualError(t, err, "testdata/missing.yaml: cannot be opened: no such file or directory")
}
