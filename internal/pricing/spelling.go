// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"regexp"
	"slices"
	"strings"
)

// maxNameLength is the longest name of a provider, model or server that is looked up; the longest in the table has 71 bytes, an ARN 2048
// at most and those of the profiles that are priced below 200.
const maxNameLength = 256

// spellings lists the names by which a model may stand in the table, the client's own first and the least certain last: what stands
// before a name goes one by one, and each time what stands behind it. A gateway has entries of its own for openai/gpt-4o, too.
func spellings(model string) (names []string) {
	for _, name := range withoutPrefixes(strings.ToLower(strings.TrimSpace(model))) {
		names = appendNew(appendNew(names, name), dashedDate(name))
		for _, respell := range []func(string) string{compactVersion, withoutRevision, withoutVariant, withoutDate, withoutRegion} {
			name = respell(name)
			names = appendNew(appendNew(names, name), dashedDate(name))
		}
	}
	return names
}

// maxVendors is how many vendors and routes may stand before a name: litellm/openrouter/openai/responses/gpt-4o.
const maxVendors = 4

// withoutPrefixes lists a name with ever fewer parts that say where a model is served.
func withoutPrefixes(name string) []string {
	names := []string{name}
	for _, respell := range []func(string) string{lastOfARN, withoutPath} {
		name = respell(name)
		names = appendNew(names, name)
	}
	for range maxVendors {
		_, rest, found := cutVendor(name)
		if !found {
			break
		}
		name = rest
		names = appendNew(names, name)
	}
	return names
}

func appendNew(names []string, name string) []string {
	if name == "" || slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

// Amazon Bedrock names a model region.vendor.model, the region only where calls may be routed across regions.
const (
	bedrockRegion = `(?:us|us-gov|eu|apac|jp|au|ca|in|sa|me|af|il|global)\.`
	bedrockMakers = `ai21|amazon|anthropic|cohere|deepseek|google|luma|meta|minimax|mistral|moonshot|moonshotai|nvidia|openai|qwen|stability|twelvelabs|writer|zai`
)

var (
	compactDate = regexp.MustCompile(`-(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(-|:|@|$)`)
	endingDate  = regexp.MustCompile(`-20\d{2}-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])$`)
	versionedAt = regexp.MustCompile(`@(20\d{6})$`)
	region      = regexp.MustCompile(`^` + bedrockRegion)
	bedrockID   = regexp.MustCompile(`^(?:` + bedrockRegion + `)?(?:` + bedrockMakers + `)\.[a-z]`)
)

// dashedDate turns gpt-4o-20240806 into gpt-4o-2024-08-06 (genai-prices 0.1.8 does so for a name that is not found).
func dashedDate(name string) string { return compactDate.ReplaceAllString(name, "-$1-$2-$3$4") }

// lastOfARN turns arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-… into what follows the last slash.
func lastOfARN(name string) string {
	if strings.HasPrefix(name, "arn:") {
		return name[strings.LastIndexByte(name, '/')+1:]
	}
	return name
}

// withoutPath strips models/ and projects/…/publishers/google/models/ of Google's APIs.
func withoutPath(name string) string {
	if at := strings.LastIndex(name, "/models/"); at >= 0 {
		return name[at+len("/models/"):]
	}
	return strings.TrimPrefix(name, "models/")
}

// routes are segments of LiteLLM's names that say which API of a provider is called.
var routes = set("converse", "invoke", "responses")

// cutVendor cuts a leading segment off that names a provider, a gateway or a route: openai/gpt-4o, converse/us.anthropic.…, and
// LangChain's and Pydantic AI's openai:gpt-4o.
func cutVendor(name string) (vendor, rest string, found bool) {
	if vendor, rest, found = strings.Cut(name, "/"); found {
		_, known := aliased(vendor)
		return vendor, rest, known || notProviders[spelled(vendor)] || routes[vendor]
	}
	if vendor, rest, found = strings.Cut(name, ":"); found { // Ollama's mistral:latest is none
		_, known := providerAliases[spelled(vendor)]
		return vendor, rest, known && !selfHosted.MatchString(name)
	}
	return "", name, false
}

// withoutVendors strips all that cutVendor knows.
func withoutVendors(name string) string {
	prefixes := withoutPrefixes(name)
	return prefixes[len(prefixes)-1]
}

// compactVersion turns Vertex' claude-sonnet-4@20250514 into claude-sonnet-4-20250514.
func compactVersion(name string) string { return versionedAt.ReplaceAllString(name, "-$1") }

// withoutRevision strips @20250514, @001, @default.
func withoutRevision(name string) string {
	name, _, _ = strings.Cut(name, "@")
	return name
}

// variants that do not change a price of which the table has none apart. :free is not among them: it does.
var variants = set("latest", "nitro", "floor", "online", "exacto", "extended", "beta", "thinking")

func withoutVariant(name string) string {
	if at := strings.LastIndexByte(name, ':'); at > 0 && variants[name[at+1:]] {
		return name[:at]
	}
	return name
}

func withoutDate(name string) string { return endingDate.ReplaceAllString(name, "") }

// withoutRegion strips the geography of a Bedrock inference profile that the table does not have.
func withoutRegion(name string) string {
	if isBedrockID(name) {
		return region.ReplaceAllString(name, "")
	}
	return name
}

// withMakers are the names that Amazon Bedrock may have for what OpenLLMetry calls nova-pro-v1:0.
func withMakers(name string) (ids []string) {
	if isBedrockID(name) || strings.Contains(name, "/") {
		return nil
	}
	for maker := range strings.SplitSeq(bedrockMakers, "|") {
		ids = append(ids, maker+"."+name)
	}
	return ids
}

// isBedrockID reports whether a model's name is one of Amazon Bedrock: us.anthropic.claude-…, or an ARN.
func isBedrockID(name string) bool {
	return strings.HasPrefix(name, "arn:aws") || bedrockID.MatchString(name)
}

// hasRegion reports whether a Bedrock id says where the call may be routed, which the price depends on.
func hasRegion(name string) bool {
	return strings.HasPrefix(name, "arn:aws") || region.MatchString(name) && isBedrockID(name)
}
