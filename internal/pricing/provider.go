// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"regexp"
	"slices"
	"strings"
)

// providerAliases maps what clients call a provider to its id in the price table: the names of the OTel GenAI conventions, old and
// current, Vercel's (without the API behind the dot), LiteLLM's prefixes, and class names of frameworks. Written in lower case with
// underscores, see [spelled]. Sources: research/cost.md 1.3 and 9, the providers' own names in the fixtures.
var providerAliases = map[string]string{
	"openai": "openai", "open_ai": "openai", "text_completion_openai": "openai", "openai_agents": "openai",
	"openai_sdk": "openai", "openai_official": "openai",

	"azure": "azure", "azure.ai.openai": "azure", "az.ai.openai": "azure", "azure.ai.inference": "azure", "az.ai.inference": "azure",
	"azure.openai": "azure", "azure_openai": "azure", "azure_ai": "azure", "azure_text": "azure", "azureopenai": "azure",
	"azurechatopenai": "azure", "azureaichatcompletionsmodel": "azure", "microsoft.foundry": "azure", "azure.ai.foundry": "azure", "azure_ai_foundry": "azure",
	"azure_cognitive_services": "azure", "azure.anthropic": "azure", "azure_open_ai": "azure", "azure_ai_inference": "azure",
	"microsoft_foundry": "azure", "az_ai_inference": "azure", "az_ai_openai": "azure",

	"anthropic": "anthropic", "claude": "anthropic", "anthropic_text": "anthropic",

	"aws": "aws", "aws.bedrock": "aws", "aws_bedrock": "aws", "bedrock": "aws", "bedrock_converse": "aws", "bedrock_runtime": "aws",
	"amazon_bedrock": "aws", "amazon": "aws", "aws.anthropic": "aws", "bedrock_mantle": "aws",
	"aws_bedrock_converse": "aws", "amazonbedrock": "aws", "awsbedrock": "aws", "bedrockconverse": "aws", "amazon.bedrock": "aws",

	"google": "google", "gcp": "google", "gcp.gemini": "google", "gcp.vertex_ai": "google", "gcp.gen_ai": "google",
	"gcp.vertex.agent": "google", "gcp.anthropic": "google", "gcp.vertexai": "google", "gemini": "google", "vertex_ai": "google",
	"vertexai": "google", "vertex": "google", "vertex_ai_beta": "google", "google.generative_ai": "google", "google.vertex": "google",
	"google_vertex": "google", "google_vertex_anthropic": "google", "google_genai": "google", "google_gen_ai": "google",
	"google_generativeai": "google", "google_generative_ai": "google", "google_vertexai": "google", "google_vertex_ai": "google",
	"googleai": "google", "google_ai": "google", "google_ai_studio": "google", "google_gla": "google", "google_gemini": "google",
	"anthropicvertex": "google", "googlevertex": "google", "vertex.anthropic": "google", "palm": "google", "vertex_ai.anthropic": "google",
	"google_ai_gemini": "google", "google_vertex_ai_gemini": "google", "google_vertex_ai_anthropic": "google", "vertex_ai_gemini": "google",
	"google_genai_ai": "google", "google.ai_studio": "google", "googlegenerativeai": "google",

	"x_ai": "x-ai", "xai": "x-ai", "x.ai": "x-ai", "grok": "x-ai",
	"mistral": "mistral", "mistral_ai": "mistral", "mistralai": "mistral", "codestral": "mistral", "text_completion_codestral": "mistral",
	"cohere": "cohere", "cohere_chat": "cohere", "deepseek": "deepseek", "groq": "groq", "perplexity": "perplexity",
	"perplexity_ai": "perplexity", "together": "together", "together_ai": "together", "togetherai": "together",
	"fireworks": "fireworks", "fireworks_ai": "fireworks", "fireworksai": "fireworks", "openrouter": "openrouter",
	"open_router": "openrouter", "cerebras": "cerebras", "moonshot": "moonshotai", "moonshotai": "moonshotai",
	"moonshot_ai": "moonshotai", "kimi": "moonshotai", "minimax": "minimax", "zai": "zai", "z_ai": "zai", "z.ai": "zai",
	"zhipu": "zhipuai", "zhipuai": "zhipuai", "zhipu_ai": "zhipuai", "bigmodel": "zhipuai", "novita": "novita", "novita_ai": "novita",
	"voyage": "voyageai", "voyageai": "voyageai", "voyage_ai": "voyageai", "cloudflare": "cloudflare", "workers_ai": "cloudflare",
	"cloudflare_workers_ai": "cloudflare", "workersai": "cloudflare", "github_copilot": "github-copilot", "copilot": "github-copilot",
	"ovhcloud": "ovhcloud", "baseten": "baseten", "modal": "modal", "avian": "avian", "arcee": "arcee", "arcee_ai": "arcee",
	"cursor": "cursor", "doubleword": "doubleword", "quicksilverpro": "quicksilverpro", "typesafe": "typesafe",
	"huggingface.cerebras": "huggingface_cerebras", "huggingface.groq": "huggingface_groq", "huggingface.together": "huggingface_together",
	"huggingface.novita": "huggingface_novita", "huggingface.nebius": "huggingface_nebius",
	"huggingface.fireworks_ai": "huggingface_fireworks-ai", "huggingface.sambanova": "huggingface_sambanova",
	"huggingface.hyperbolic": "huggingface_hyperbolic", "huggingface.nscale": "huggingface_nscale",
}

// notProviders are names that clients put where a provider should stand: their own, a gateway's, or a placeholder. They say nothing
// about who is billed, so the server or the model has to.
var notProviders = set(
	"", "langchain", "langchain_core", "langgraph", "llamaindex", "llama_index", "haystack", "crewai", "crew_ai", "strands",
	"strands_agents", "agno", "autogen", "ag2", "semantic_kernel", "microsoft.agent_framework", "agent_framework", "pydantic_ai",
	"vercel", "vercel_ai", "ai_sdk", "ai", "gateway", "ai_gateway", "vercel_ai_gateway", "litellm", "lite_llm", "litellm_proxy", "dspy",
	"smolagents", "spring_ai", "spring", "langchain4j", "google_adk", "mastra", "genkit", "beeai", "camel", "eino", "rig", "instructor",
	"guardrails", "openai_compatible", "openai_like", "openailike", "openai_compat", "custom", "custom_openai", "portkey", "helicone",
	"agentgateway", "envoy", "claude_code", "gemini_cli", "codex", "openinference", "openllmetry", "traceloop", "langfuse", "langsmith",
	"mlflow", "opentelemetry", "other", "_other", "unknown", "none", "null", "undefined", "n/a",
)

func set(names ...string) map[string]bool {
	in := make(map[string]bool, len(names))
	for _, name := range names {
		in[name] = true
	}
	return in
}

// spelled brings the ways to write one name together: "X-AI", "x ai" and "x_ai" are the same.
func spelled(name string) string {
	return underscored.Replace(strings.ToLower(strings.TrimSpace(name)))
}

var underscored = strings.NewReplacer("-", "_", " ", "_")

// aliased finds a provider by its name, by the part before a dot, as Vercel appends the API (openai.responses), or by the class of a
// framework that calls it: LangChain's ChatGroq, LlamaIndex' Anthropic_LLM.
func aliased(name string) (id string, ok bool) {
	name = spelled(name)
	if id, ok = aliasedBeforeDot(name); !ok {
		id, ok = aliasedBeforeDot(strings.TrimPrefix(strings.TrimSuffix(strings.TrimPrefix(name, "chat"), "_llm"), "_"))
	}
	return id, ok
}

func aliasedBeforeDot(name string) (id string, ok bool) {
	for name != "" {
		if id, ok = providerAliases[name]; ok {
			return id, true
		}
		dot := strings.LastIndexByte(name, '.')
		if dot < 0 {
			break
		}
		name = name[:dot]
	}
	return "", false
}

// providerID is the id of the named provider: by the user's aliases, ours, an id of any layer, or a layer's rules. ok is false if no
// layer knows it; mute is true if the name is none of a provider.
func (t *Table) providerID(name string) (id string, ok, mute bool) {
	key := spelled(name)
	for _, l := range t.layers {
		if id, ok = l.providerAliases[key]; ok {
			return id, true, false
		}
	}
	lower := strings.ToLower(strings.TrimSpace(name))
	for _, l := range t.layers {
		for _, id := range []string{lower, key} {
			if id != "" && l.byID[id] != nil {
				return id, true, false
			}
		}
	}
	if notProviders[key] {
		return "", false, true
	}
	if id, ok = aliased(name); ok {
		return id, true, false
	}
	for _, l := range t.layers {
		for _, p := range l.providers {
			if p.match != nil && p.match.matches(lower) {
				return p.id, true, false
			}
		}
	}
	return "", false, false
}

// byServer is the provider whose API a host belongs to.
func (t *Table) byServer(host string) (id string, ok bool) {
	if host == "" {
		return "", false
	}
	url := host
	if !strings.Contains(url, "://") {
		url = "https://" + url + "/"
	}
	for _, l := range t.layers {
		for _, p := range l.providers {
			if p.api != nil && p.api.MatchString(url) {
				return p.id, true
			}
		}
	}
	return "", false
}

// modelHomes are the makers of models that the table's own rules do not know by name, by how the names start.
var modelHomes = []struct{ prefix, provider string }{
	{"text-embedding-3", "openai"}, {"text-embedding-ada", "openai"}, {"chatgpt-", "openai"}, {"codex-", "openai"}, {"computer-use", "openai"},
	{"dall-e", "openai"}, {"tts-1", "openai"}, {"omni-moderation", "openai"}, {"text-moderation", "openai"}, {"ft:gpt-", "openai"},
	{"text-embedding-00", "google"}, {"imagen-", "google"}, {"embed-", "cohere"}, {"rerank-", "cohere"}, {"sonar", "perplexity"},
}

// selfHosted are names with a tag as Ollama gives them, deepseek-r1:8b: nobody bills them.
var selfHosted = regexp.MustCompile(`:(?:latest|[\d.]+[bm])(?:-|$)`)

// byModel is the provider that a model's name alone tells.
func (t *Table) byModel(model string) (id string, ok bool) {
	for _, l := range t.layers {
		for _, p := range l.providers {
			if p.modelMatch != nil && p.modelMatch.matches(model) {
				return p.id, true
			}
		}
	}
	for _, home := range modelHomes {
		if strings.HasPrefix(model, home.prefix) {
			return home.provider, true
		}
	}
	return "", false
}

// providersOf lists who may have billed the call, the likeliest first. named is false if the client named nobody that is known.
func (t *Table) providersOf(c *Call, models []string) (ids []string, named bool, unknownName bool) {
	id, ok, mute := t.providerID(c.Provider)
	if host, found := t.byServer(c.Server); found { // openai is also the protocol that many others speak
		ids = append(ids, host)
	}
	if ok && !slices.Contains(ids, id) {
		ids = append(ids, id)
	}
	for _, model := range models {
		if id, found := t.spelledProvider(model); found && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if mute && len(ids) == 0 {
		for _, model := range models {
			if selfHosted.MatchString(model) {
				continue
			}
			for _, name := range spellings(model) {
				if id, found := t.byModel(name); found {
					return []string{id}, true, false
				}
			}
		}
	}
	return ids, len(ids) > 0, !ok && !mute
}

// spelledProvider is the provider that stands in a model's name: openai/gpt-4o, us.anthropic.claude-sonnet-4-5.
func (t *Table) spelledProvider(model string) (string, bool) {
	if isBedrockID(model) {
		return "aws", true
	}
	prefix, _, found := strings.Cut(model, "/")
	if !found {
		if prefix, _, found = cutVendor(model); !found {
			return "", false
		}
	}
	switch prefix {
	case "models", "publishers", "projects":
		return "google", true
	case "accounts":
		return "fireworks", true
	}
	if id, known := aliased(prefix); known {
		return id, true
	}
	return prefix, slices.ContainsFunc(t.layers, func(l *layer) bool { return l.byID[prefix] != nil })
}
