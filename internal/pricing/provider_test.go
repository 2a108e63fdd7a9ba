// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestProviderNames are names of providers as clients send them: the OTel GenAI conventions, old and current, Vercel, LiteLLM, LangSmith,
// OpenInference, Spring AI, LangChain4j, Envoy AI Gateway.
func TestProviderNames(t *testing.T) {
	table := load(t)
	for id, names := range map[string][]string{
		"openai":     {"openai", "OpenAI", "openai.chat", "openai.responses", "openai.embedding", "OPEN_AI", "text-completion-openai", "openai_sdk", "ChatOpenAI", "openai_llm"},
		"azure":      {"azure.ai.openai", "az.ai.openai", "azure.ai.inference", "az.ai.inference", "azure", "azure_ai", "azure-openai.chat", "azure.openai", "AZURE_OPEN_AI", "AzureChatOpenAI", "azure_openai_llm", "AzureAIChatCompletionsModel"},
		"anthropic":  {"anthropic", "Anthropic", "anthropic.messages", "ANTHROPIC", "ChatAnthropic", "Anthropic_LLM"},
		"aws":        {"aws.bedrock", "aws_bedrock", "amazon-bedrock", "amazon_bedrock", "bedrock", "bedrock_converse", "AWS", "aws.anthropic", "AMAZON_BEDROCK", "ChatBedrockConverse", "ChatBedrock", "Bedrock_Converse_LLM"},
		"google":     {"gcp.gemini", "gcp.vertex_ai", "gcp.gen_ai", "google.generative-ai", "google.vertex.chat", "google-vertex", "gemini", "vertex_ai", "vertexai", "google_genai", "google_vertexai", "google-gla", "GOOGLE_AI_GEMINI", "gcp.vertex.agent", "gcp.anthropic", "googleai", "ChatGoogleGenerativeAI", "ChatVertexAI", "ChatAnthropicVertex", "googleVertex.anthropic"},
		"x-ai":       {"x_ai", "xai", "xai.chat", "x-ai", "xAI", "ChatXAI"},
		"mistral":    {"mistral_ai", "mistral", "mistralai", "mistral.chat", "codestral", "MISTRAL_AI", "ChatMistralAI", "MistralAI_LLM"},
		"cohere":     {"cohere", "cohere_chat", "cohere.chat"},
		"deepseek":   {"deepseek", "deepseek.chat", "ChatDeepSeek"},
		"groq":       {"groq", "groq.chat", "ChatGroq"},
		"perplexity": {"perplexity", "perplexity.chat", "ChatPerplexity"},
		"moonshotai": {"moonshot_ai", "moonshotai", "moonshot"},
		"together":   {"together_ai", "togetherai.chat", "together", "ChatTogether"},
		"fireworks":  {"fireworks_ai", "fireworks-ai", "fireworks.chat", "ChatFireworks"},
		"openrouter": {"openrouter", "openrouter.chat"},
		"cerebras":   {"cerebras"},
		"voyageai":   {"voyage"},

		"huggingface_together": {"huggingface_together", "huggingface.together"},
	} {
		for _, name := range names {
			got, ok, _ := table.providerID(name)
			assert.True(t, ok, name)
			assert.Equal(t, id, got, name)
		}
	}
	for _, name := range []string{"ollama", "vllm", "hosted_vllm", "ibm.watsonx.ai", "huggingface", "replicate", "acme", "chat", "ChatOllama"} {
		_, ok, mute := table.providerID(name)
		assert.False(t, ok || mute, "%s is a provider that the table does not have", name)
	}
	for _, name := range []string{"", "Langchain", "langgraph", "llama_index", "strands-agents", "litellm", "gateway", "OpenAILike", "openai-compatible", "spring_ai", "unknown", "_OTHER"} {
		_, ok, mute := table.providerID(name)
		assert.True(t, mute && !ok, "%s names no provider", name)
	}
}

// TestAliasesMeanProvidersOfTheTable: a misspelled id in the alias table would make its names unknown.
func TestAliasesMeanProvidersOfTheTable(t *testing.T) {
	compiledIn := load(t).layers[0]
	for name, id := range providerAliases {
		assert.NotNil(t, compiledIn.byID[id], name)
		assert.Equal(t, spelled(name), name, "aliases are looked up in this spelling")
	}
	for _, home := range modelHomes {
		assert.NotNil(t, compiledIn.byID[home.provider], home.prefix)
	}
	for key := range minimums {
		provider, model, _ := strings.Cut(key, "/")
		assert.NotNil(t, compiledIn.byID[provider].find(model), key)
	}
}
