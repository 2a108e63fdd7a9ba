// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"math"
	"strings"

	"github.com/tidwall/gjson"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// Parameter is one setting of a request.
type Parameter uint8

// The parameters that the convention names.
const (
	Temperature Parameter = iota
	TopP
	TopK
	MaxTokens
	FrequencyPenalty
	PresencePenalty
	Seed
	ChoiceCount
	numParameters
)

var parameters = [numParameters]struct {
	field Field
	names []string // in a JSON object of parameters
}{
	Temperature:      {fieldTemperature, []string{"temperature"}},
	TopP:             {fieldTopP, []string{"top_p", "topP"}},
	TopK:             {fieldTopK, []string{"top_k", "topK"}},
	MaxTokens:        {fieldMaxTokens, []string{"max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens", "maxTokens"}},
	FrequencyPenalty: {fieldFrequencyPenalty, []string{"frequency_penalty", "frequencyPenalty"}},
	PresencePenalty:  {fieldPresencePenalty, []string{"presence_penalty", "presencePenalty"}},
	Seed:             {fieldSeed, []string{"seed"}},
	ChoiceCount:      {fieldChoiceCount, []string{"n", "candidate_count", "candidateCount"}},
}

// Param is a numeric parameter of the request.
func (v *View) Param(p Parameter) (float64, bool) {
	def := &parameters[p]
	if n, ok := v.number(def.field); ok {
		return n, true
	}
	if r := v.param(def.names...); r.Type == gjson.Number {
		return r.Num, true
	}
	return 0, false
}

// maxExact is the integer below which a double holds each one.
const maxExact = 1 << 53

// CountParam is a parameter that is an integer. A number with a fraction, or one that a double cannot hold, is none.
func (v *View) CountParam(p Parameter) (int64, bool) {
	def := &parameters[p]
	if v.visible(def.field) && v.slots[def.field].value.Type() == pcommon.ValueTypeInt {
		return v.slots[def.field].value.Int(), true
	}
	n, known := v.Param(p)
	return int64(n), known && math.Abs(n) < maxExact && n == math.Trunc(n)
}

// Stream reports whether the answer was asked for as a stream.
func (v *View) Stream() (stream, known bool) {
	if v.visible(fieldStream) {
		return boolean(v.slots[fieldStream].value)
	}
	if r := v.param("stream"); r.IsBool() {
		return r.Bool(), true
	}
	if v.claims&ConventionVercel.bit() != 0 && v.has(fieldKind) && strings.HasSuffix(v.slots[fieldKind].text(), ".doStream") {
		return true, true
	}
	return false, false
}

// StopSequences appends the request's stop sequences to dst.
func (v *View) StopSequences(dst []string) []string {
	if v.visible(fieldStop) {
		return appendWords(dst, v.slots[fieldStop].value)
	}
	r := v.param("stop", "stop_sequences", "stopSequences")
	if r.Type == gjson.String && r.Str != "" {
		return append(dst, r.Str)
	}
	r.ForEach(func(_, s gjson.Result) bool {
		dst = append(dst, s.String())
		return true
	})
	return dst
}

// param is the first of names that the request's JSON object of parameters holds, else the request itself.
func (v *View) param(names ...string) gjson.Result {
	if !v.params.read {
		v.params = v.readParams()
	}
	if r := firstMember(v.params.own, names...); r.Exists() {
		return r
	}
	return firstMember(v.params.requested, names...)
}

// requestParameters are the objects that hold a request's parameters: many are asked for, one after the other.
type requestParameters struct {
	read           bool
	own, requested gjson.Result
}

func (v *View) readParams() requestParameters {
	p := requestParameters{read: true, own: v.json(fieldParamsJSON)}
	if v.operation.IsInference() && (v.has(fieldParamsJSON) || v.claims&requestHolders != 0) {
		p.requested = v.requestParams()
	}
	return p
}

// requestHolders are the conventions that report parameters only inside the request itself.
var requestHolders = ConventionADK.bit() | ConventionGenkit.bit() | ConventionMLflow.bit() | ConventionLangSmith.bit() | ConventionLangfuse.bit()

// requestParams is the object inside the request that holds its parameters.
func (v *View) requestParams() gjson.Result {
	request := v.request()
	for _, inner := range [...]string{"config", "generation_config", "generationConfig"} {
		if r := firstMember(request, inner); r.IsObject() {
			return r
		}
	}
	return request
}

// firstMember is the first of some members, by their paths, that is there and not null.
func firstMember(object gjson.Result, paths ...string) gjson.Result {
	if !object.IsObject() {
		return gjson.Result{}
	}
	escaped := strings.Contains(object.Raw, escape)
	for _, p := range paths {
		head, _, _ := strings.Cut(p, ".")
		if !escaped && !strings.HasSuffix(head, `\`) && !strings.Contains(object.Raw, head) {
			continue
		}
		if r := object.Get(p); r.Exists() && r.Type != gjson.Null {
			return r
		}
	}
	return gjson.Result{}
}

// mayName tells JSON text that may have a member whose name holds one of some words from text that has none: to search costs far less
// than to parse.
func mayName(raw string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(raw, w) {
			return true
		}
	}
	return strings.Contains(raw, escape)
}

// escape is what stands in JSON text whose names may be spelled otherwise than they read.
const escape = `\u`

// appendWords appends the words of an array, of JSON text of an array, or a single word.
func appendWords(dst []string, val pcommon.Value) []string {
	switch val.Type() {
	case pcommon.ValueTypeSlice:
		for _, e := range val.Slice().All() {
			if e.Type() != pcommon.ValueTypeEmpty {
				dst = append(dst, e.AsString())
			}
		}
	case pcommon.ValueTypeStr:
		s := unwrapOption(val.Str())
		if len(s) > 0 && (s[0] == '[' || s[0] == '"') && validJSON(s) {
			parsed := gjson.Parse(s)
			if parsed.Type == gjson.String {
				return append(dst, parsed.Str)
			}
			for _, e := range parsed.Array() {
				dst = append(dst, e.String())
			}
			return dst
		}
		if s != "" {
			dst = append(dst, s)
		}
	}
	return dst
}
