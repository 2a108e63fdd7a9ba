// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "strings"

// scope is what the name of an instrumentation scope says of its spans, beyond their attributes.
type scope struct {
	name       string     // whole, or a prefix where it ends in *
	convention Convention // claims every span of the scope; ConventionNone for those that must show it themselves
	counts     func(v *View) bool
}

// scopes are the instrumentations that need more than their attributes to be understood. counts tells that the input count was sent
// without the cache. Sources: captures and research/cost.md 2.2, 2.4, genai.md 8.2.
var scopes = []scope{
	{name: "com.anthropic.claude_code*", convention: ConventionClaudeCode, counts: always},
	{name: "gcp.vertex.agent", convention: ConventionADK},
	{name: "goose", convention: ConventionGoose},
	{name: "cline", convention: ConventionCline, counts: always},
	{name: "gemini-cli*", convention: ConventionGeminiCLI},
	{name: "llama_index*", convention: ConventionLlamaIndex},
	{name: "llamaindex*", convention: ConventionLlamaIndex},
	{name: "llama-index*", convention: ConventionLlamaIndex},
	{name: "genkit*", convention: ConventionGenkit},
	{name: "mlflow*", convention: ConventionMLflow},
	{name: "haystack*", convention: ConventionHaystack},
	{name: "com.anthropic.sdk*", convention: ConventionAnthropicSDK},
	{name: "mistralai_sdk*", convention: ConventionMistralSDK},
	{name: "com.anthropic.claude-platform", convention: ConventionAnthropicSDK}, // the API's own side of a request
	{name: "autogen*", convention: ConventionSemConv},
	{name: "logfire.openai_agents", convention: ConventionPydanticAI},
	{name: "@voltagent/core", convention: ConventionVoltAgent},
	{name: "litellm", convention: ConventionLiteLLM},
	{name: "@traceloop/instrumentation-anthropic", counts: always},
	{name: "opentelemetry.instrumentation.bedrock", counts: always},
	{name: "opentelemetry.instrumentation.botocore*", counts: always},
	{name: "opentelemetry.instrumentation.chromadb", convention: ConventionOpenLLMetry},
	{name: "opentelemetry.instrumentation.pinecone", convention: ConventionOpenLLMetry},
	{name: "opentelemetry.instrumentation.qdrant", convention: ConventionOpenLLMetry},
	{name: "opentelemetry.instrumentation.weaviate", convention: ConventionOpenLLMetry},
	{name: "opentelemetry.instrumentation.milvus", convention: ConventionOpenLLMetry},
	{name: "@traceloop/instrumentation-pinecone", convention: ConventionOpenLLMetry},
	{name: "@traceloop/instrumentation-qdrant", convention: ConventionOpenLLMetry},
	{name: "@traceloop/instrumentation-bedrock", convention: ConventionOpenLLMetry}, // Converse has nothing but its name and its model
	{name: "strands-agents", counts: ofAnthropic},                                   // for TypeScript
	{name: "openlit*", convention: ConventionOpenLIT, counts: ofAnthropic},          // a failed call may have nothing but its name
	{name: "@openlit/*", convention: ConventionOpenLIT, counts: ofAnthropic},
	{name: "ai", counts: vercelWithoutDetails},
}

func always(*View) bool { return true }

// ofAnthropic: OpenLIT hands on Anthropic's own count, which lacks the cache; other providers' counts contain it.
func ofAnthropic(v *View) bool { return vendorOf(v.Provider(), v.Model()) == "anthropic" }

// vercelWithoutDetails: AI SDK 4 and 5 hand on the count of Anthropic and Bedrock as it is; from 6 on inputTokenDetails is there and
// the count inclusive (sentry-javascript#21488).
func vercelWithoutDetails(v *View) bool {
	if v.has(fieldInputDetailed) {
		return false
	}
	vendor := vendorOf(v.Provider(), v.Model())
	return vendor == "anthropic" || vendor == "bedrock"
}

func vendorOf(provider, model string) string {
	switch {
	case strings.Contains(provider, "bedrock"):
		return "bedrock"
	case strings.Contains(provider, "anthropic"), strings.Contains(model, "claude") && !speaksOpenAI(provider):
		return "anthropic"
	}
	return provider
}

// speaksOpenAI tells a provider that was called by OpenAI's API, which counts the cache in, whoever made the model.
func speaksOpenAI(provider string) bool {
	for _, name := range [...]string{"openai", "openrouter", "litellm"} {
		if strings.HasPrefix(provider, name) {
			return true
		}
	}
	return strings.HasSuffix(provider, ".chat") || strings.HasSuffix(provider, ".responses")
}

func findScope(name string) *scope {
	for i := range scopes {
		s := &scopes[i]
		if prefix, open := strings.CutSuffix(s.name, "*"); s.name == name || open && strings.HasPrefix(name, prefix) {
			return s
		}
	}
	return &scope{}
}
