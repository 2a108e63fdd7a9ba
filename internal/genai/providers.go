// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"slices"
	"strings"
)

// providerNames are the values of gen_ai.provider.name for what clients write instead. Sources: semantic-conventions v1.41, captures.
var providerNames = map[string]string{
	"openai": "openai", "open_ai": "openai", "openai-chat": "openai", "openai.responses": "openai",
	"anthropic": "anthropic", "claude": "anthropic", "firstparty": "anthropic", // Claude Code
	"azure": "azure.ai.openai", "azure-openai": "azure.ai.openai", "azure_openai": "azure.ai.openai", "azureopenai": "azure.ai.openai",
	"az.ai.openai": "azure.ai.openai", "azure.openai": "azure.ai.openai", "azure_open_ai": "azure.ai.openai", "azure.ai.openai": "azure.ai.openai",
	"az.ai.inference": "azure.ai.inference", "azure_ai": "azure.ai.inference", "azure.ai.inference": "azure.ai.inference",
	"bedrock": "aws.bedrock", "amazon-bedrock": "aws.bedrock", "amazon_bedrock": "aws.bedrock", "aws_bedrock": "aws.bedrock", "aws": "aws.bedrock",
	"bedrock_converse": "aws.bedrock", "aws.bedrock": "aws.bedrock", "amazon": "aws.bedrock", "bedrock.anthropic": "aws.bedrock",
	"gemini": "gcp.gemini", "google.generative-ai": "gcp.gemini", "google-gla": "gcp.gemini", "google_genai": "gcp.gemini", "google_ai_studio": "gcp.gemini",
	"googleai": "gcp.gemini", "googlegeminiai": "gcp.gemini", "gcp.gemini": "gcp.gemini", "google_ai_gemini": "gcp.gemini", "google_ai": "gcp.gemini", "google-ai": "gcp.gemini",
	"vertexai": "gcp.vertex_ai", "vertex_ai": "gcp.vertex_ai", "vertex": "gcp.vertex_ai", "google.vertex": "gcp.vertex_ai", "google-vertex": "gcp.vertex_ai",
	"google_vertexai": "gcp.vertex_ai", "google_vertex_ai_gemini": "gcp.vertex_ai", "google.vertex.anthropic": "gcp.vertex_ai", "vertex.anthropic": "gcp.vertex_ai", "gcp.vertex_ai": "gcp.vertex_ai",
	"google": "gcp.gen_ai", "gcp.gen_ai": "gcp.gen_ai",
	"xai": "x_ai", "x_ai": "x_ai", "x-ai": "x_ai",
	"mistral": "mistral_ai", "mistralai": "mistral_ai", "mistral_ai": "mistral_ai",
	"watsonx": "ibm.watsonx.ai", "ibm.watsonx.ai": "ibm.watsonx.ai",
	"cohere": "cohere", "deepseek": "deepseek", "groq": "groq", "perplexity": "perplexity", "moonshot": "moonshot_ai", "moonshot_ai": "moonshot_ai",
	"ollama": "ollama", "openrouter": "openrouter",
}

// apiSuffixes are the parts that Vercel's provider names add for the API: openai.chat, anthropic.messages.
var apiSuffixes = []string{".chat", ".responses", ".completion", ".embedding", ".textEmbedding", ".messages", ".image", ".speech", ".transcription", ".reranking", ".generative-ai"}

// hasAPISuffix tells a provider's name that says more than the provider.
func hasAPISuffix(p string) bool {
	if _, known := lookupFold(providerNames, p); known {
		return false
	}
	return slices.ContainsFunc(apiSuffixes, func(s string) bool { return strings.HasSuffix(p, s) })
}

// canonicalProvider is the value of gen_ai.provider.name for a provider as a client spells it; one that is not known stays.
func canonicalProvider(p string) string {
	if name, known := lookupFold(providerNames, p); known {
		return name
	}
	if strings.Count(p, "/") == 2 { // Dify's plugins: langgenius/openai/openai. What stands behind one slash may be a model's maker.
		if name, known := lookupFold(providerNames, p[strings.LastIndexByte(p, '/')+1:]); known {
			return name
		}
	}
	for _, s := range apiSuffixes {
		base, cut := strings.CutSuffix(p, s)
		if !cut {
			continue
		}
		if name, known := lookupFold(providerNames, base); known {
			return name
		}
		return base
	}
	return p
}
