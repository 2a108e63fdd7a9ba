// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "github.com/tidwall/gjson"

// usageCounts tells which field fills which count.
var usageCounts = [...]struct {
	field Field
	has   UsageFields
}{
	{fieldInput, HasInput}, {fieldOutput, HasOutput}, {fieldTotal, HasTotal}, {fieldCacheRead, HasCacheRead}, {fieldCacheWrite, HasCacheWrite},
	{fieldCacheWrite5m, 0}, {fieldCacheWrite1h, 0}, {fieldReasoning, HasReasoning}, {fieldInputAudio, HasAudio}, {fieldOutputAudio, HasAudio},
	{fieldCacheAudio, HasAudio}, {fieldInputImage, HasImage}, {fieldOutputImage, HasImage}, {fieldWebSearches, HasSearches},
	{fieldSearchUnits, HasSearches},
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
	for i := range usageCounts {
		c := &usageCounts[i]
		if n, ok := v.count(c.field); ok {
			*u.at(c.field) = n
			u.Has |= c.has
		}
	}
	shape := v.completeFromJSON(&u)
	v.makeInclusive(&u, shape)
	v.addReasoning(&u, shape)
	u.check()
	return u
}

// completeFromJSON adds the counts that stand only in a JSON object, and tells how the object counts.
func (v *View) completeFromJSON(u *Usage) usageShape {
	bare := u.Has&(HasInput|HasOutput) == 0
	obj, found := v.usageObject(bare)
	if !found {
		v.addDetails(u)
		return shapeNone
	}
	parsed, shape := v.readUsageObject(obj)
	if bare {
		total, had := u.Total, u.Has&HasTotal
		*u = parsed
		if had != 0 && u.Has&HasTotal == 0 {
			u.Total, u.Has = total, u.Has|HasTotal
		}
		return shape
	}
	v.addDetails(u)
	u.addMissing(&parsed)
	if shape.exclusive && (u.Input != parsed.Input || v.has(fieldReplaced)) {
		shape = shapeNone // the attribute beside the object has the whole count
	}
	if shape.reasoningApart && u.Output != parsed.Output {
		shape.reasoningApart = false
	}
	return shape
}

// addDetails reads LangSmith's halves: the details of input and output in an object each.
func (v *View) addDetails(u *Usage) {
	var d Usage
	readDetails(&d, v.json(fieldInputDetailsJSON), inputDetails)
	readDetails(&d, v.json(fieldOutputDetailsJSON), outputDetails)
	u.addMissing(&d)
}

// usageObject finds the JSON object with the counts: an attribute of its own, else inside the answer.
func (v *View) usageObject(bare bool) (gjson.Result, bool) {
	if obj := v.json(fieldUsageJSON); obj.IsObject() {
		return obj, true
	}
	if v.claims&ConventionLlamaIndex.bit() != 0 && bare {
		return v.eventUsage()
	}
	if v.claims&answerHolders == 0 && !bare {
		return gjson.Result{}, false
	}
	answer := v.answer()
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
	"raw.usage", "usage", "usageMetadata", "usage_metadata", "replies.0.meta.usage", "replies.0._meta.usage", "meta.usage", "response.usage",
	"llm_output.token_usage", "generations.0.0.message.kwargs.usage_metadata",
}

// eventUsage reads LlamaIndex's own instrumentation, which flattens the response into an event's attributes.
func (v *View) eventUsage() (gjson.Result, bool) {
	for _, e := range v.span.Events().All() {
		for k, val := range e.Attributes().All() {
			if k == "response.raw.usage" {
				if obj := parseObject(val); obj.IsObject() {
					return obj, true
				}
			}
		}
	}
	return v.flattenedEventUsage()
}

// addMissing takes over what was not reported before.
func (u *Usage) addMissing(from *Usage) {
	for i := range usageCounts {
		c := &usageCounts[i]
		if to, n := u.at(c.field), *from.at(c.field); *to == 0 && n != 0 && c.has&(HasInput|HasOutput|HasTotal) == 0 {
			*to = n
			u.Has |= c.has
		}
	}
}
