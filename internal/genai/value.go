// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"math"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// text is a slot's value as a string; numbers and structures are put into text, which allocates.
func (s *slot) text() string {
	if s.value.Type() != pcommon.ValueTypeStr {
		return s.value.AsString()
	}
	str := unwrapOption(s.value.Str())
	if s.rule.flags&quoted != 0 && len(str) > 1 && str[0] == '"' {
		return gjson.Parse(str).String()
	}
	if s.rule.flags&typed != 0 && len(str) > 1 && str[0] == '{' {
		return gjson.Get(str, "type").String()
	}
	return str
}

// unwrapOption takes off what Rust prints around a value that may be missing: Some(9), Some("gpt-4o").
func unwrapOption(s string) string {
	inner, wrapped := strings.CutPrefix(s, "Some(")
	if !wrapped || !strings.HasSuffix(inner, ")") {
		return s
	}
	inner = inner[:len(inner)-1]
	if len(inner) > 1 && inner[0] == '"' && inner[len(inner)-1] == '"' {
		return inner[1 : len(inner)-1]
	}
	return inner
}

func (v *View) text(f Field) string {
	if !v.visible(f) {
		return ""
	}
	return v.slots[f].text()
}

// number reads an int, a double or a numeric string: clients send all three (research/genai.md 1.5).
func number(val pcommon.Value) (float64, bool) {
	switch val.Type() {
	case pcommon.ValueTypeInt:
		return float64(val.Int()), true
	case pcommon.ValueTypeDouble:
		d := val.Double()
		return d, !math.IsNaN(d) && !math.IsInf(d, 0)
	case pcommon.ValueTypeStr:
		s := strings.TrimSpace(unwrapOption(val.Str()))
		if s == "" || s[0] > '9' { // no digit, sign or point: the error of a failed attempt would cost an allocation
			return 0, false
		}
		d, err := strconv.ParseFloat(s, 64)
		return d, err == nil && !math.IsNaN(d) && !math.IsInf(d, 0)
	default:
		return 0, false
	}
}

// maxCount is a count no call can reach; above it a number is no count.
const maxCount = 1 << 50

func count(val pcommon.Value) (int64, bool) {
	switch val.Type() {
	case pcommon.ValueTypeInt:
		n := val.Int()
		return n, -maxCount < n && n < maxCount
	default:
		d, ok := number(val)
		return int64(d), ok && math.Abs(d) < maxCount && d == math.Trunc(d)
	}
}

func (v *View) number(f Field) (float64, bool) {
	if !v.visible(f) {
		return 0, false
	}
	return number(v.slots[f].value)
}

func (v *View) count(f Field) (int64, bool) {
	if !v.visible(f) {
		return 0, false
	}
	return count(v.slots[f].value)
}

// boolean reads a bool or the words for one.
func boolean(val pcommon.Value) (value, known bool) {
	switch val.Type() {
	case pcommon.ValueTypeBool:
		return val.Bool(), true
	case pcommon.ValueTypeStr:
		switch val.Str() {
		case "true", "True", "1":
			return true, true
		case "false", "False", "0":
			return false, true
		}
	}
	return false, false
}

// json is a slot's value as JSON: text that holds an object, or a structure, which is put into text.
func (v *View) json(f Field) gjson.Result {
	if !v.visible(f) {
		return gjson.Result{}
	}
	return parseObject(v.slots[f].value)
}

func parseObject(val pcommon.Value) gjson.Result {
	switch val.Type() {
	case pcommon.ValueTypeStr:
		return unwrapString(val.Str())
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		return gjson.Parse(val.AsString())
	default:
		return gjson.Result{}
	}
}

// usageJSON is the slot's JSON object of counts, also where a program has printed it in its own language.
func (v *View) usageJSON() gjson.Result {
	if !v.visible(fieldUsageJSON) {
		return gjson.Result{}
	}
	obj := v.json(fieldUsageJSON)
	switch {
	case obj.IsObject() && v.slots[fieldUsageJSON].rule.flags&framed != 0:
		if found := unframeUsage(obj); found.Exists() || !hasCounts(obj) {
			return found
		}
		return obj
	case hasCounts(obj):
		return obj
	}
	if printed := printedCounts(v.slots[fieldUsageJSON].text()); hasCounts(printed) {
		return printed
	}
	return obj
}

// unframeUsage finds the counts in an object of objects by provider: {"anthropic":{"usage":{…}}}, {"openai":{"cachedPromptTokens":9}}; or in
// the one that LangWatch puts around any value: {"type":"json","value":{…}}.
func unframeUsage(byProvider gjson.Result) (found gjson.Result) {
	byProvider.ForEach(func(_, own gjson.Result) bool {
		for _, path := range [...]string{"usage", "usageMetadata", "@this"} {
			if obj := own.Get(path); hasCounts(obj) {
				found = obj
				return false
			}
		}
		return true
	})
	return found
}

// unwrapString parses text that holds a JSON object or array, also one that was put into a JSON string once or twice more.
func unwrapString(s string) gjson.Result {
	for range 3 {
		s = strings.TrimSpace(s)
		if s == "" {
			return gjson.Result{}
		}
		switch s[0] {
		case '{', '[':
			return gjson.Parse(s)
		case '"':
			s = gjson.Parse(s).String()
		default:
			return gjson.Result{}
		}
	}
	return gjson.Result{}
}

// placeholders are values that clients send where they have none: as an id they would throw strangers together.
var placeholders = newWordSet("none", "null", "undefined", "nan", "unknown", "<not specified>", "n/a", "default", "[redacted]", "__redacted__")

func isPlaceholder(s string) bool {
	return placeholders.has(s) || strings.HasPrefix(s, "[Scrubbed due to")
}

// frameworks are names that stand where a provider's should (research/genai.md 1.5).
var frameworks = newWordSet(
	"langchain", "langgraph", "llamaindex", "llama_index", "strands-agents", "strands", "crewai", "autogen", "ag2", "haystack", "gcp.vertex.agent",
	"openai-agents", "agno", "mastra", "pydantic-ai", "pydantic_ai", "semantic_kernel", "microsoft.agent_framework", "microsoft.agents.ai", "smolagents",
	"dspy", "spring_ai", "spring-ai", "langchain4j", "genkit", "google_adk", "beeai", "litellm_proxy", "traceloop", "openlit", "mcp", "none", "unknown",
	"null", "eino", "rig", "ai-sdk", "vercel", "embedchain", "mem0", "letta", "browser_use", "n8n", "koog",
)

func isFramework(provider string) bool { return frameworks.has(provider) }
