// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// inputName is the attribute that llmcol.normalizer.replaced lists once the count is inclusive.
const inputName = "gen_ai.usage.input_tokens"

// makeInclusive decides how the client counted, in the order of research/cost.md 2.4, and raises the input by the cache if need be.
func (v *View) makeInclusive(u *Usage, shape usageShape) {
	u.Accounting = v.accounting(u, shape)
	if u.Accounting.Exclusive() && u.Has&HasInput != 0 {
		u.Input += u.CacheRead + u.CacheWrite
	}
}

func (v *View) accounting(u *Usage, shape usageShape) Accounting {
	cache := u.CacheRead + u.CacheWrite
	switch {
	case v.isListed(inputName), shape.raised:
		return InclusiveListed
	case u.Has&HasInput == 0 || cache == 0:
		return Inclusive
	case shape.exclusive, v.copiesAnthropic():
		return ExclusiveShape
	case cache > u.Input:
		return ExclusiveProof
	case v.scopeCountsWithoutCache(cache):
		return ExclusiveScope
	case u.Has&(HasTotal|HasOutput) != HasTotal|HasOutput:
		return Inclusive
	case u.Total == u.Input+u.Output+cache:
		return ExclusiveChecksum
	case u.Total == u.Input+u.Output:
		return InclusiveChecksum
	}
	return Inclusive
}

// copiesAnthropic: who puts Anthropic's usage on a span by hand, in Anthropic's names or in Bedrock's, copies its count, which lacks the cache.
func (v *View) copiesAnthropic() bool {
	return v.isPlainly(fieldInput, "input_tokens") &&
		(v.isPlainly(fieldCacheRead, "cache_read_input_tokens") || v.isPlainly(fieldCacheWrite, "cache_creation_input_tokens")) &&
		isAnthropicStyle(vendorOf(v.Provider(), v.Model()))
}

// isPlainly tells a field that stands under a bare name, in snake case or camel case, or under that name behind another.
func (v *View) isPlainly(f Field, name string) bool {
	if !v.has(f) || !v.slots[f].rule.plain {
		return false
	}
	key := v.slots[f].rule.key
	return strings.HasSuffix(key, name) || strings.HasSuffix(key, camelCase(name))
}

// scopeCountsWithoutCache holds for the client's own count only: where llmcol has added the current name beside it, that one is whole.
func (v *View) scopeCountsWithoutCache(cache int64) bool {
	if v.scope.counts == nil || !v.has(fieldInput) || v.slots[fieldInput].rule.flags&counted == 0 {
		return false
	}
	if own, ok := v.otherInput(); ok && own+cache == v.inputCount() {
		return false
	}
	return v.scope.counts(v)
}

func (v *View) inputCount() int64 {
	n, _ := v.count(fieldInput)
	return n
}

// otherInput is the input count that stands on the span under a second name.
func (v *View) otherInput() (int64, bool) {
	if v.secondInput.rule == nil {
		return 0, false
	}
	return count(v.secondInput.value)
}

func (v *View) isListed(name string) bool {
	if !v.has(fieldReplaced) || v.slots[fieldReplaced].value.Type() != pcommon.ValueTypeSlice {
		return false
	}
	for _, e := range v.slots[fieldReplaced].value.Slice().All() {
		if e.Str() == name {
			return true
		}
	}
	return false
}

// addReasoning makes the output whole where a client left the reasoning out of it: Gemini and xAI count it apart, and OpenLLMetry's
// Google instrumentation drops it, so that only the total still holds it (research/cost.md 2.1, 2.2).
func (v *View) addReasoning(u *Usage, shape usageShape) {
	if thoughts, ok := v.count(fieldThoughts); ok && u.Reasoning == 0 {
		u.Reasoning, u.Has = thoughts, u.Has|HasReasoning
		shape.reasoningApart = u.Total >= u.Input+u.Output+thoughts || u.Total == 0 && countsReasoningApart(v)
	}
	if v.isListed("gen_ai.usage.output_tokens") {
		return
	}
	switch {
	case u.Reasoning > u.Output, shape.reasoningApart && u.Reasoning > 0:
		u.Output += u.Reasoning
		u.SeparateReasoning = true
	case u.Reasoning > 0 && u.Has&HasTotal != 0 && u.Total == u.Input+u.Output+u.Reasoning && countsReasoningApart(v):
		u.Output += u.Reasoning
		u.SeparateReasoning = true
	case u.Reasoning == 0 && u.Has&(HasInput|HasOutput|HasTotal) == HasInput|HasOutput|HasTotal && u.Total > u.Input+u.Output && countsReasoningApart(v):
		dropped := u.Total - u.Input - u.Output
		u.Reasoning, u.Output = dropped, u.Output+dropped
		u.Has |= HasReasoning
		u.RecoveredReasoning = true
	}
}

// countsReasoningApart tells providers whose own total contains more than input and output: Google's and xAI's.
func countsReasoningApart(v *View) bool {
	model, provider := v.Model(), v.Provider()
	return containsFold(model, "gemini") || containsFold(model, "grok") || containsFold(provider, "gemini") || containsFold(provider, "google") ||
		containsFold(provider, "vertex") || containsFold(provider, "gcp") || containsFold(provider, "xai") || containsFold(provider, "x_ai")
}

func containsFold(s, lower string) bool { return strings.Contains(strings.ToLower(s), lower) }

// hasNegative looks for one sign bit in all counts.
func (u *Usage) hasNegative() bool {
	return u.Input|u.Output|u.Total|u.CacheRead|u.CacheWrite|u.CacheWrite5m|u.CacheWrite1h|u.Reasoning|u.InputAudio|u.OutputAudio|
		u.CacheAudio|u.InputImage|u.OutputImage|u.WebSearches|u.SearchUnits < 0
}

// check finds counts that contradict each other. Nothing is clamped: the caller decides what to do.
func (u *Usage) check() {
	if u.hasNegative() {
		u.Inconsistent = true
	}
	if u.Has&HasInput != 0 && (u.CacheRead+u.CacheWrite > u.Input || u.InputAudio > u.Input || u.InputImage > u.Input) {
		u.Inconsistent = true
	}
	if u.Has&HasOutput != 0 && (u.Reasoning > u.Output || u.OutputAudio > u.Output) {
		u.Inconsistent = true
	}
	if u.CacheWrite5m+u.CacheWrite1h > u.CacheWrite && u.CacheWrite > 0 {
		u.Inconsistent = true
	}
}
