// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"math/bits"
	"strings"

	"github.com/tidwall/gjson"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// countHas tells which of Usage's Has bits stands for each field that is a count.
var countHas = [numFields]UsageFields{
	fieldInput: HasInput, fieldOutput: HasOutput, fieldTotal: HasTotal, fieldCacheRead: HasCacheRead, fieldCacheWrite: HasCacheWrite,
	fieldReasoning: HasReasoning, fieldInputAudio: HasAudio, fieldOutputAudio: HasAudio, fieldCacheAudio: HasAudio, fieldInputImage: HasImage,
	fieldOutputImage: HasImage, fieldWebSearches: HasSearches, fieldSearchUnits: HasSearches,
}

// countFields is the set of the fields that are counts, as bits of View.filled's first word.
var countFields = func() (set uint64) {
	for _, f := range usageCounts {
		set |= 1 << f
	}
	return set
}()

var usageCounts = [...]Field{
	fieldInput, fieldOutput, fieldTotal, fieldCacheRead, fieldCacheWrite, fieldCacheWrite5m, fieldCacheWrite1h, fieldReasoning, fieldInputAudio,
	fieldOutputAudio, fieldCacheAudio, fieldInputImage, fieldOutputImage, fieldWebSearches, fieldSearchUnits,
}

func (u *Usage) at(f Field) *int64 {
	switch f {
	case fieldInput:
		return &u.Input
	case fieldOutput:
		return &u.Output
	case fieldTotal:
		return &u.Total
	case fieldCacheRead:
		return &u.CacheRead
	case fieldCacheWrite:
		return &u.CacheWrite
	case fieldCacheWrite5m:
		return &u.CacheWrite5m
	case fieldCacheWrite1h:
		return &u.CacheWrite1h
	case fieldReasoning:
		return &u.Reasoning
	case fieldInputAudio:
		return &u.InputAudio
	case fieldOutputAudio:
		return &u.OutputAudio
	case fieldCacheAudio:
		return &u.CacheAudio
	case fieldInputImage:
		return &u.InputImage
	case fieldOutputImage:
		return &u.OutputImage
	case fieldWebSearches:
		return &u.WebSearches
	default:
		return &u.SearchUnits
	}
}

// Usage is what the model call used, inclusive of cache and reasoning; the zero Usage for anything that is not a model call.
func (v *View) Usage() Usage {
	var u Usage
	if !v.operation.IsInference() {
		return u
	}
	for reported := v.filled[0] & countFields; reported != 0; reported &= reported - 1 {
		f := Field(bits.TrailingZeros64(reported))
		if n, ok := v.count(f); ok {
			*u.at(f) = n
			u.Has |= countHas[f]
		}
	}
	shape := v.completeFromJSON(&u)
	if !u.hasNegative() {
		v.makeInclusive(&u, shape)
		v.addReasoning(&u, shape)
	}
	u.check()
	return u
}

// completeFromJSON adds the counts that stand only in a JSON object, and tells how the object counts.
func (v *View) completeFromJSON(u *Usage) usageShape {
	bare := u.Has&(HasInput|HasOutput) == 0
	obj, found := v.usageObject(bare)
	if !found {
		v.addDetails(u)
		return usageShape{raised: bare && v.readUsageEvent(u)}
	}
	parsed, shape := v.readUsageObject(obj)
	if bare {
		own := *u
		*u = parsed
		u.addMissing(&own)
		if own.Has&HasTotal != 0 && u.Has&HasTotal == 0 {
			u.Total, u.Has = own.Total, u.Has|HasTotal
		}
		return shape
	}
	v.addDetails(u)
	if v.claims&answerHolders == 0 && !v.has(fieldUsageJSON) && u.Input != parsed.Input && u.Input != parsed.Input+parsed.CacheRead+parsed.CacheWrite {
		return shapeNone // another call's answer
	}
	u.addMissing(&parsed)
	cache := u.CacheRead + u.CacheWrite
	shape.raised = shape.raised && u.Input == parsed.Input || cache > 0 && parsed.Has&HasInput != 0 && u.Input == parsed.Input+cache
	if shape.exclusive && (u.Input != parsed.Input || v.has(fieldReplaced)) {
		shape.exclusive, shape.reasoningApart = false, false // the attribute beside the object has the whole count
	}
	if shape.reasoningApart && u.Output != parsed.Output {
		shape.reasoningApart = false
	}
	return shape
}

// addDetails reads LangSmith's halves: the details of input and output in an object each.
func (v *View) addDetails(u *Usage) {
	if !v.has(fieldInputDetailsJSON) && !v.has(fieldOutputDetailsJSON) {
		return
	}
	var d Usage
	readDetails(&d, v.json(fieldInputDetailsJSON), inputDetails)
	readDetails(&d, v.json(fieldOutputDetailsJSON), outputDetails)
	u.addMissing(&d)
}

// usageObject finds the JSON object with the counts: an attribute of its own, else inside the answer.
func (v *View) usageObject(bare bool) (gjson.Result, bool) {
	if obj := v.usageJSON(); obj.IsObject() {
		return obj, true
	}
	if v.claims&ConventionLlamaIndex.bit() != 0 && bare {
		return v.eventUsage()
	}
	whole := bare || v.claims&answerHolders != 0
	for i := range v.contents {
		c := &v.contents[i]
		if c.Role != RoleRawOutput && c.Role != RoleCompletionText || c.Layout != LayoutText || !whole && !v.missesCacheOf(c) {
			continue
		}
		answer := parseObject(c.Value)
		if c.Role == RoleCompletionText && !isResponse(answer) {
			continue
		}
		if obj, found := usageIn(answer); found {
			return obj, true
		}
	}
	return v.usageInPrint()
}

// missesCacheOf tells an answer that may know of a cache which the span's attributes do not tell: several of OpenInference's instrumentors
// copy input and output, and leave in the provider's response, or in LangChain's copy of it, what was read from or written to a cache.
func (v *View) missesCacheOf(answer *Content) bool {
	if v.has(fieldCacheRead) && v.has(fieldCacheWrite) || answer.Value.Type() != pcommon.ValueTypeStr {
		return false
	}
	text := answer.Value.Str()
	return strings.Contains(text, "cache") &&
		(!v.has(fieldCacheRead) && mayName(text, cacheReadNames...) || !v.has(fieldCacheWrite) && mayName(text, cacheWriteNames...))
}

// What providers call the tokens read from a cache and written to one.
var (
	cacheReadNames  = []string{`"cached_tokens"`, `"cache_read_input_tokens"`, `"cacheReadInputTokens"`, `"cachedContentTokenCount"`, `"cached_content_token_count"`}
	cacheWriteNames = []string{"cache_creation", "cacheWriteInputTokens"}
)

func usageIn(answer gjson.Result) (gjson.Result, bool) {
	if !answer.Exists() {
		return gjson.Result{}, false
	}
	for _, path := range usagePaths {
		if obj := answer.Get(path); obj.IsObject() {
			return obj, true
		}
	}
	return gjson.Result{}, false
}

// usagePaths are where a response keeps its usage: the provider's own object first, which has more than a framework's excerpt.
var usagePaths = [...]string{
	"raw.usage", "raw.usageMetadata", "usage", "usageMetadata", "usage_metadata", "replies.0.meta.usage", "replies.0._meta.usage", "meta.usage", "response.usage",
	"llm_output.token_usage", "generations.0.0.message.kwargs.usage_metadata",
}

// addMissing takes over the parts that were not reported before; input, output and total stand first in usageCounts.
func (u *Usage) addMissing(from *Usage) {
	for _, f := range usageCounts[3:] {
		if to, n := u.at(f), *from.at(f); *to == 0 && (n != 0 || from.Has&countHas[f] != 0) {
			*to = n
			u.Has |= countHas[f]
		}
	}
}
