// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	someDay  = time.Date(2026, 9, 23, 12, 0, 0, 0, time.UTC)
	someCall = map[string]int64{"input_tokens": 1000, "output_tokens": 500}
)

func load(t testing.TB, files ...string) *Table {
	t.Helper()
	table, err := Load(files...)
	require.NoError(t, err)
	return table
}

// TestSpellings are the names that clients really send (research/cost.md 1.3), and the entries they mean.
func TestSpellings(t *testing.T) {
	for _, c := range []struct{ provider, model, entry string }{
		{"openai", "gpt-4o", "openai/gpt-4o"},
		{"openai", "openai/gpt-4o", "openai/gpt-4o"},
		{"openai", "gpt-4o-mini-2024-07-18", "openai/gpt-4o-mini"},
		{"openai", "GPT-4o ", "openai/gpt-4o"},
		{"openai.chat", "gpt-4o", "openai/gpt-4o"},
		{"openai.responses", "gpt-4o", "openai/gpt-4o"},
		{"OPEN_AI", "gpt-4o", "openai/gpt-4o"},
		{"", "gpt-4o", "openai/gpt-4o"},
		{"", "openai/gpt-4o", "openai/gpt-4o"},
		{"Langchain", "gpt-4o", "openai/gpt-4o"},
		{"", "text-embedding-3-small", "openai/text-embedding-3-small"},
		{"AZURE_OPEN_AI", "gpt-4o", "openai/gpt-4o"},
		{"GOOGLE_AI_GEMINI", "gemini-2.5-pro", "google/gemini-2.5-pro"},
		{"gateway", "anthropic/claude-sonnet-4.5", "anthropic/claude-sonnet-4-5"},
		{"openai", "anthropic/claude-sonnet-4.5", "anthropic/claude-sonnet-4-5"}, // through a gateway that speaks OpenAI
		{"", "sonar-pro", "perplexity/sonar-pro"},
		{"strands-agents", "gpt-4o", "openai/gpt-4o"},
		{"litellm", "openai/gpt-4o", "openai/gpt-4o"},
		{"litellm", "azure/gpt-4o", "openai/gpt-4o"}, // Azure's own list does not have it, its fallback does
		{"anthropic", "anthropic/claude-3-haiku", "anthropic/claude-3-haiku"},
		{"anthropic", "claude-3-haiku-20240307", "anthropic/claude-3-haiku"},
		{"gcp.gemini", "models/gemini-2.5-flash", "google/gemini-2.5-flash"},
		{"gcp.vertex_ai", "publishers/google/models/gemini-2.5-pro", "google/gemini-2.5-pro"},
		{"gcp.gen_ai", "gemini-2.5-pro", "google/gemini-2.5-pro"},
		{"google.generative-ai", "gemini-2.5-pro", "google/gemini-2.5-pro"},
		{"google.vertex.chat", "gemini-2.5-pro", "google/gemini-2.5-pro"},
		{"gcp.vertex_ai", "claude-sonnet-4-5@20250929", "google/claude-sonnet-4-5"},
		{"", "projects/p/locations/us/publishers/google/models/gemini-2.5-pro", "google/gemini-2.5-pro"},
		{"x_ai", "grok-4.3", "x-ai/grok-4.3"},
		{"xai.chat", "grok-4.3", "x-ai/grok-4.3"},
		{"mistral_ai", "mistral-large-latest", "mistral/mistral-large"},
		{"amazon-bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0"},
		{"aws.bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0"},
		{"aws.bedrock", "apac.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0"},
		{"aws.bedrock", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws/global.anthropic.claude-sonnet-4-5-20250929-v1:0"},
		{"aws.bedrock", "ca.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0"},
		{"aws_bedrock", "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0"},
		{"aws.bedrock", "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0"},
		{"anthropic", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws/global.anthropic.claude-sonnet-4-5-20250929-v1:0"},
		{"AWS", "nova-pro-v1:0", "aws/amazon.nova-pro-v1:0"}, // OpenLLMetry drops the maker
		{"AWS", "llama3-1-70b-instruct-v1:0", "aws/meta.llama3-1-70b-instruct-v1:0"},
		{"aws.bedrock", "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0", "aws/amazon.nova-lite-v1:0"},
		{"", "openrouter/openai/gpt-4o", "openrouter/openai/gpt-4o"}, // a gateway's own entry, not that of whom it asks
		{"litellm", "openrouter/deepseek/deepseek-chat-v3-0324", "openrouter/deepseek/deepseek-chat-v3-0324"},
		{"openrouter", "openai/gpt-4o-mini:online", "openrouter/openai/gpt-4o-mini"},
		{"litellm", "azure/responses/gpt-4o", "openai/gpt-4o"},
		{"litellm", "litellm_proxy/gpt-4o", "openai/gpt-4o"},
		{"", "openai:gpt-4o", "openai/gpt-4o"}, // LangChain, Pydantic AI
		{"openai", "openai:gpt-4o", "openai/gpt-4o"},
		{"", "google-gla:gemini-2.5-flash", "google/gemini-2.5-flash"},
		{"langchain", "bedrock:us.anthropic.claude-sonnet-4-20250514-v1:0", "aws/regional.anthropic.claude-sonnet-4-20250514-v1:0"},
		{"", "anthropic.claude-3-sonnet-20240229-v1:0", "aws/regional.anthropic.claude-3-sonnet-20240229-v1:0"}, // no prefix with a colon
		{"", "accounts/fireworks/models/deepseek-v3p2", "fireworks/deepseek-v3p2"},
		{"openai", "ft:gpt-4o-mini-2024-07-18:acme::abc123", "openai/ft:gpt-4o-mini"},
		{"azure.ai.openai", "gpt-35-turbo", "openai/gpt-3.5-turbo"},
		{"openai", "text-embedding-ada-002-v2", "openai/text-embedding-ada-002"},
	} {
		p := load(t).Price(&Call{Provider: c.provider, RequestModel: c.model, Usage: usageOf(t, someCall), At: someDay})
		assert.Equal(t, c.entry, p.Entry, "%q %q", c.provider, c.model)
		assert.Equal(t, Priced, p.Status, "%q %q", c.provider, c.model)
		assert.Equal(t, "genai-prices/0.1.8", p.Table)
	}
}

func TestAzureIsNotOpenAI(t *testing.T) {
	for _, name := range []string{"azure.ai.openai", "az.ai.openai", "azure.ai.inference", "azure-openai.chat", "azure"} {
		id, ok, _ := load(t).providerID(name)
		assert.True(t, ok, name)
		assert.Equal(t, "azure", id, name)
	}
}

// TestUnknown are calls that must not get a guessed price.
func TestUnknown(t *testing.T) {
	for _, c := range []struct {
		provider, model string
		status          Status
	}{
		{"openai", "gpt-99-nova", UnknownModel},
		{"openai", "claude-sonnet-4-5-is-not-theirs", UnknownModel},
		{"aws.bedrock", "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcd1234", UnknownModel},
		{"azure.ai.openai", "prod-chat", UnknownModel}, // a deployment's name
		{"ollama", "deepseek-r1:8b", UnknownProvider},  // self-hosted: not DeepSeek's price
		{"ibm.watsonx.ai", "granite-3-8b", UnknownProvider},
		{"", "my-finetune", UnknownModel},
		{"", "deepseek-r1:8b", UnknownModel},
		{"LlamaIndex", "mistral:latest", UnknownModel},
		{"ollama", "mistral:7b-instruct", UnknownProvider},
		{"azure", "azure/eu/gpt-4o", UnknownModel}, // a data zone has a surcharge that the table does not have
		{"openrouter", "someone/something:free", UnknownModel},
		{"openai", "", NoModel},
		{"", "none", NoModel},
	} {
		p := load(t).Price(&Call{Provider: c.provider, RequestModel: c.model, Usage: usageOf(t, someCall), At: someDay})
		assert.Equal(t, c.status, p.Status, "%q %q", c.provider, c.model)
		assert.False(t, p.Status.HasAmount())
		assert.True(t, p.Total.IsZero())
	}
}

func TestServerNamesTheProvider(t *testing.T) {
	for server, entry := range map[string]string{"api.groq.com": "groq/", "api.openai.com": "openai/", "openrouter.ai": "openrouter/", "my.openai.azure.com": ""} {
		table := load(t)
		id, ok := table.byServer(server)
		require.True(t, ok, server)
		if entry != "" {
			assert.Equal(t, entry, id+"/")
		}
	}
	p := load(t).Price(&Call{Provider: "openai", RequestModel: "openai/gpt-4o", Server: "openrouter.ai", Usage: usageOf(t, someCall), At: someDay})
	assert.Equal(t, "openrouter/openai/gpt-4o", p.Entry, "who serves the call bills it, whatever protocol it speaks")
	p = load(t).Price(&Call{Provider: "openai", RequestModel: "deepseek-chat", Server: "api.deepseek.com", Usage: usageOf(t, someCall), At: someDay})
	assert.Equal(t, "deepseek/deepseek-chat", p.Entry)
	p = load(t).Price(&Call{Provider: "openai", RequestModel: "deepseek-chat", Server: "127.0.0.1", Usage: usageOf(t, someCall), At: someDay})
	assert.Equal(t, UnknownModel, p.Status)
}

func TestTheRequestKnowsTheRegion(t *testing.T) {
	table := load(t)
	call := Call{
		Provider: "aws.bedrock", RequestModel: "global.anthropic.claude-sonnet-4-5-20250929-v1:0", ResponseModel: "claude-sonnet-4-5-20250929",
		Usage: usageOf(t, someCall), At: someDay,
	}
	assert.Equal(t, "aws/global.anthropic.claude-sonnet-4-5-20250929-v1:0", table.Price(&call).Entry)
	call.RequestModel = "gpt-4o"
	call.Provider, call.ResponseModel = "openai", "gpt-4o-mini-2024-07-18"
	assert.Equal(t, "openai/gpt-4o-mini", table.Price(&call).Entry, "the response's model is what was billed")
}

func TestLookAheadIsRewrittenOrRefused(t *testing.T) {
	c, err := parsePattern(`^(?![^/]+/)(?:labs-)?mistral`)
	require.NoError(t, err)
	assert.True(t, c.matches("labs-mistral-x"))
	assert.False(t, c.matches("mistralai/mistral-x"))
	for _, text := range []string{`^(?!a(?!b))c`, `a(?=b)`, `(?<!a)b`, `^(?!`, `^(?!(`} {
		_, err := parsePattern(text)
		assert.Error(t, err, text)
	}
	_, err = parseLayer([]byte(`[{"id":"x","models":[{"id":"m","match":{"regex":"a(?=b)"},"prices":{}}]}]`))
	require.ErrorContains(t, err, "providers[0].models.m.match.regex")
}

func TestMemoIsBounded(t *testing.T) {
	table := load(t)
	u := usageOf(t, someCall)
	for i := range 3 * maxMemo {
		call := Call{Provider: "avian", RequestModel: "m" + time.Duration(i).String(), Usage: u, At: someDay}
		require.Equal(t, UnknownModel, table.Price(&call).Status)
		table.Price(&Call{Provider: "openai", RequestModel: "gpt-4o", Usage: u, At: someDay})
	}
	assert.LessOrEqual(t, len(table.memo.young)+len(table.memo.old), 2*maxMemo)
	assert.Equal(t, UnknownModel, table.Price(&Call{RequestModel: string(make([]byte, 1<<20)), Usage: u}).Status)
}

func TestSuggest(t *testing.T) {
	table := load(t)
	assert.Contains(t, table.Suggest(&Call{Provider: "openai", RequestModel: "gpt-4o-mimi"}, 3), "openai/gpt-4o-mini")
	assert.Empty(t, table.Suggest(&Call{Provider: "openai"}, 3))
	assert.Equal(t, "openai/gpt-4o", table.Suggest(&Call{Provider: "opnai", RequestModel: "gpt-4o"}, 3)[0])
	assert.Equal(t, "anthropic/claude-sonnet-4-5", table.Suggest(&Call{Provider: "anthropic", RequestModel: "cluade-sonnet-4-5"}, 3)[0])
}
