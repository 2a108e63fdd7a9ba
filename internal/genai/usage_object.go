// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"

	"github.com/tidwall/gjson"
)

// usageShape is how a JSON object of counts is to be understood.
type usageShape struct {
	exclusive      bool // input lacks the cache
	reasoningApart bool // output lacks the reasoning
	raised         bool // input and output are whole already
}

var shapeNone = usageShape{}

type usageMember struct {
	name  string
	field Field
}

// usageMembers are the names of counts in the objects of providers and frameworks, the first that is there wins.
// Sources: research/cost.md 2.1, 2.2, genai.md 8.1.
var usageMembers = []usageMember{
	{"input_tokens", fieldInput}, {"prompt_tokens", fieldInput}, {"inputTokens", fieldInput}, {"promptTokens", fieldInput},
	{"promptTokenCount", fieldInput}, {"inputTokenCount", fieldInput}, {"prompt_token_count", fieldInput}, {"input", fieldInput},
	{"output_tokens", fieldOutput}, {"completion_tokens", fieldOutput}, {"outputTokens", fieldOutput}, {"completionTokens", fieldOutput},
	{"candidatesTokenCount", fieldOutput}, {"outputTokenCount", fieldOutput}, {"candidates_token_count", fieldOutput}, {"output", fieldOutput},
	{"total_tokens", fieldTotal}, {"totalTokens", fieldTotal}, {"totalTokenCount", fieldTotal}, {"total_token_count", fieldTotal}, {"total", fieldTotal},
	{"tokens", fieldTotal}, // Braintrust
	{"cache_read_input_tokens", fieldCacheRead}, {"cacheReadInputTokens", fieldCacheRead}, {"cachedContentTokenCount", fieldCacheRead},
	{"cached_content_token_count", fieldCacheRead}, {"cachedContentTokens", fieldCacheRead}, {"input_cached_tokens", fieldCacheRead},
	{"input_cache_read", fieldCacheRead}, {"cachedPromptTokens", fieldCacheRead}, {"prompt_cached_tokens", fieldCacheRead}, {"cachedInputTokens", fieldCacheRead}, {"cachedInputTokenCount", fieldCacheRead}, {"cache_read_tokens", fieldCacheRead},
	{"cache_creation_input_tokens", fieldCacheWrite}, {"cacheWriteInputTokens", fieldCacheWrite}, {"cacheCreationInputTokens", fieldCacheWrite}, {"prompt_cache_creation_tokens", fieldCacheWrite}, {"input_cache_creation", fieldCacheWrite},
	{"input_cache_write", fieldCacheWrite}, {"cache_write_tokens", fieldCacheWrite},
	{"cache_creation.ephemeral_5m_input_tokens", fieldCacheWrite5m}, {"cache_creation.ephemeral_1h_input_tokens", fieldCacheWrite1h},
	{"thoughtsTokenCount", fieldReasoning}, {"thoughts_token_count", fieldReasoning}, {"thoughtsTokens", fieldReasoning},
	{"output_reasoning_tokens", fieldReasoning}, {"output_reasoning", fieldReasoning}, {"reasoningTokens", fieldReasoning},
	{"reasoning_tokens", fieldReasoning}, {"reasoningTokenCount", fieldReasoning}, {"completion_reasoning_tokens", fieldReasoning},
	{"input_audio_tokens", fieldInputAudio}, {"input_audio", fieldInputAudio}, {"output_audio_tokens", fieldOutputAudio}, {"output_audio", fieldOutputAudio},
	{"server_tool_use.web_search_requests", fieldWebSearches}, {"search_units", fieldSearchUnits},
}

var inputDetails = []usageMember{
	{"cached_tokens", fieldCacheRead}, {"cachedTokenCount", fieldCacheRead}, {"cachedTokens", fieldCacheRead}, {"cache_read", fieldCacheRead}, {"cacheRead", fieldCacheRead}, {"cache_creation", fieldCacheWrite},
	{"cache_write_tokens", fieldCacheWrite}, {"ephemeral_5m_input_tokens", fieldCacheWrite5m}, {"ephemeral_1h_input_tokens", fieldCacheWrite1h},
	{"audio_tokens", fieldInputAudio}, {"audio", fieldInputAudio}, {"image_tokens", fieldInputImage}, {"cacheReadTokens", fieldCacheRead},
	{"cacheWriteTokens", fieldCacheWrite},
}

var outputDetails = []usageMember{
	{"reasoning_tokens", fieldReasoning}, {"reasoning", fieldReasoning}, {"thinking_tokens", fieldReasoning}, {"audio_tokens", fieldOutputAudio},
	{"audio", fieldOutputAudio}, {"image_tokens", fieldOutputImage}, {"reasoningTokens", fieldReasoning}, {"reasoningTokenCount", fieldReasoning},
}

var inputDetailNames = [...]string{"prompt_tokens_details", "input_tokens_details", "input_token_details", "inputTokenDetails", "promptTokensDetails", "promptTokenDetails"}
var outputDetailNames = [...]string{"completion_tokens_details", "output_tokens_details", "output_token_details", "outputTokenDetails", "completionTokensDetails"}

func (v *View) readUsageObject(obj gjson.Result) (Usage, usageShape) {
	var u Usage
	readDetails(&u, obj, usageMembers)
	for _, n := range inputDetailNames {
		readDetails(&u, obj.Get(n), inputDetails)
	}
	for _, n := range outputDetailNames {
		readDetails(&u, obj.Get(n), outputDetails)
	}
	if extra := obj.Get("toolUsePromptTokenCount"); extra.Type == gjson.Number {
		u.Input += extra.Int()
	}
	if u.addLangfuseParts(obj) {
		return u, usageShape{raised: true}
	}
	return u, v.shapeOf(obj)
}

// addLangfuseParts makes the counts of Langfuse's SDKs whole: from `input` and `output` they take off every part that they list beside
// it, as input_cached_tokens or output_reasoning, also those that no field of ours is for.
func (u *Usage) addLangfuseParts(obj gjson.Result) (is bool) {
	if obj.Get("input").Type != gjson.Number && obj.Get("output").Type != gjson.Number {
		return false
	}
	obj.ForEach(func(name, part gjson.Result) bool {
		if part.Type != gjson.Number {
			return true
		}
		switch {
		case strings.HasPrefix(name.Str, "input_"):
			u.Input, u.Has, is = u.Input+part.Int(), u.Has|HasInput, true
		case strings.HasPrefix(name.Str, "output_"):
			u.Output, u.Has, is = u.Output+part.Int(), u.Has|HasOutput, true
		}
		return true
	})
	return is
}

// shapeOf tells the provider's object by its members: Anthropic's and Bedrock's own, Haystack's copy of Anthropic's, Gemini's.
func (v *View) shapeOf(obj gjson.Result) usageShape {
	switch {
	case obj.Get("cacheReadInputTokens").Exists():
		return usageShape{exclusive: true}
	case obj.Get("cache_read_input_tokens").Exists() && !obj.Get("prompt_tokens").Exists() && !obj.Get("input_token_details").Exists():
		return usageShape{exclusive: isAnthropicStyle(vendorOf(v.Provider(), v.Model()))}
	case obj.Get("cache_read_input_tokens").Exists() && v.claims&ConventionHaystack.bit() != 0 && !obj.Get("prompt_tokens_details").Exists():
		return usageShape{exclusive: true}
	case obj.Get("candidatesTokenCount").Exists(), obj.Get("candidates_token_count").Exists():
		return usageShape{reasoningApart: true}
	}
	return shapeNone
}

// hasCounts tells an object with at least one of the counts of a usage object.
func hasCounts(obj gjson.Result) bool {
	var u Usage
	readDetails(&u, obj, usageMembers)
	return u.Has != 0
}

func readDetails(u *Usage, obj gjson.Result, members []usageMember) {
	if !obj.IsObject() {
		return
	}
	for i := range members {
		m := &members[i]
		r := obj.Get(m.name)
		if r.Type != gjson.Number && r.Type != gjson.String {
			continue
		}
		u.set(m.field, r.Int())
	}
}

// set fills a count that is not yet there. No audio and no image is what nearly all calls report that have neither.
func (u *Usage) set(field Field, n int64) {
	if n == 0 && countHas[field]&(HasAudio|HasImage) != 0 {
		return
	}
	if to := u.at(field); *to == 0 {
		*to = n
		u.Has |= countHas[field]
	}
}

// isAnthropicStyle tells vendors whose own usage object leaves the cache out of the input.
func isAnthropicStyle(vendor string) bool {
	return vendor == "anthropic" || vendor == "bedrock" || containsFold(vendor, "minimax")
}
