// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"

	"github.com/tidwall/gjson"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// request and answer are the whole request and response objects that some clients put into one attribute.
func (v *View) request() gjson.Result { return v.payload(RoleRawInput) }
func (v *View) answer() gjson.Result {
	if answer := v.payload(RoleRawOutput); answer.Exists() {
		return answer
	}
	if response := v.payload(RoleCompletionText); isResponse(response) {
		return response
	}
	return gjson.Result{}
}

func (v *View) payload(r Role) gjson.Result {
	for i := range v.contents {
		if c := &v.contents[i]; c.Role == r && c.Layout == LayoutText {
			if obj := parseObject(c.Value); obj.Exists() {
				return obj
			}
		}
	}
	return gjson.Result{}
}

// answerHolders are the conventions whose model, usage or id may only stand inside the answer; so they may in a span that is made by hand.
var answerHolders = ConventionADK.bit() | ConventionGenkit.bit() | ConventionMLflow.bit() | ConventionLangSmith.bit() | ConventionHaystack.bit() |
	ConventionMastra.bit() | ConventionEino.bit() | ConventionBraintrust.bit()

func (v *View) modelInRequest() string {
	if v.claims&ConventionGenkit.bit() != 0 {
		if _, model, found := strings.Cut(v.text(fieldEntityName), "/"); found {
			return model
		}
	}
	if v.claims&ConventionLlamaIndex.bit() != 0 {
		return v.eventText("model", "model_name", "model_dict.model", "model_dict.model_name")
	}
	if v.claims != 0 && v.claims&answerHolders == 0 {
		return ""
	}
	return v.request().Get("model").String()
}

func (v *View) modelInAnswer() string {
	if v.claims != 0 && v.claims&(answerHolders|ConventionLlamaIndex.bit()) == 0 || !v.operation.IsInference() {
		return ""
	}
	if v.claims&ConventionLlamaIndex.bit() != 0 {
		return v.eventText("response.raw.model")
	}
	answer := v.answer()
	if !isResponse(answer) {
		return ""
	}
	for _, path := range [...]string{"model", "raw.model", "modelVersion", "model_version", "replies.0.meta.model", "replies.0._meta.model", "meta.model"} {
		if m := answer.Get(path).String(); m != "" {
			return m
		}
	}
	return ""
}

// responseMembers mark a provider's response, or a framework's copy of one: what a model answers in JSON may have an id and a model, too.
var responseMembers = []string{
	"choices", "candidates", "replies", "generations", "usage", "usageMetadata", "usage_metadata", "meta", "raw", "object", "stop_reason", "stopReason",
	"finish_reason", "finishReason",
}

func isResponse(answer gjson.Result) bool {
	return firstMember(answer, responseMembers...).Exists() || answer.Get("output").IsArray() && answer.Get("model").Exists()
}

// eventText looks for the first of keys in the span's events, the last event first: LlamaIndex reports a call there and nowhere else.
func (v *View) eventText(keys ...string) string {
	val, ok := v.eventValue(keys...)
	if !ok || isPlaceholder(val.AsString()) {
		return ""
	}
	return val.AsString()
}

func (v *View) eventValue(keys ...string) (val pcommon.Value, found bool) {
	if !v.isSpan {
		return val, false
	}
	events := v.span.Events()
	for i := events.Len() - 1; i >= 0; i-- {
		attrs := events.At(i).Attributes()
		for _, k := range keys {
			if val, found = attrs.Get(k); found && !isAbsent(val) {
				return val, true
			}
		}
	}
	return val, false
}
