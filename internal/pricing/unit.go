// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import "math/bits"

// Unit is something that is counted and has a price. Units form a lattice: an audio token that was read from the cache is an audio
// token, a cached token and an input token at once. A unit is inside another when it has all of the other's dimensions.
type Unit uint8

// The units that telemetry reports. Durations are counted in milliseconds, everything else by the piece. units has the others.
const (
	InputTokens Unit = iota
	OutputTokens
	CacheReadTokens
	CacheWriteTokens
	CacheWrite5mTokens
	CacheWrite1hTokens
	ReasoningTokens
	InputAudioTokens
	OutputAudioTokens
	CacheAudioReadTokens
	InputImageTokens
	OutputImageTokens
	WebSearches
	RerankSearches
	InputAudioMillis
	requests
)

type dimensions uint32

const (
	tokens dimensions = 1 << iota
	characters
	messages
	durations
	pixels
	pages
	reranks
	toolCalls
	calls
	input
	output
	cacheRead
	cacheWrite
	toolUse
	reasoning
	citation
	text
	audio
	image
	video
	ttl5m
	ttl1h
	annotated
	webSearch
	socialSearch
	storageSearch
	codeExecution
)

// units is the lattice of genai-prices 0.1.8: what is counted, the key of its price, and its dimensions.
var units = [...]struct {
	key, priceKey string
	is            dimensions
}{
	InputTokens:          {"input_tokens", "input_mtok", tokens | input},
	OutputTokens:         {"output_tokens", "output_mtok", tokens | output},
	CacheReadTokens:      {"cache_read_tokens", "cache_read_mtok", tokens | input | cacheRead},
	CacheWriteTokens:     {"cache_write_tokens", "cache_write_mtok", tokens | input | cacheWrite},
	CacheWrite5mTokens:   {"cache_write_5m_tokens", "cache_write_5m_mtok", tokens | input | cacheWrite | ttl5m},
	CacheWrite1hTokens:   {"cache_write_1h_tokens", "cache_write_1h_mtok", tokens | input | cacheWrite | ttl1h},
	ReasoningTokens:      {"output_reasoning_tokens", "output_reasoning_mtok", tokens | output | reasoning},
	InputAudioTokens:     {"input_audio_tokens", "input_audio_mtok", tokens | input | audio},
	OutputAudioTokens:    {"output_audio_tokens", "output_audio_mtok", tokens | output | audio},
	CacheAudioReadTokens: {"cache_audio_read_tokens", "cache_audio_read_mtok", tokens | input | audio | cacheRead},
	InputImageTokens:     {"input_image_tokens", "input_image_mtok", tokens | input | image},
	OutputImageTokens:    {"output_image_tokens", "output_image_mtok", tokens | output | image},
	WebSearches:          {"web_searches", "web_searches_kcount", toolCalls | webSearch},
	RerankSearches:       {"rerank_searches", "rerank_searches_kcount", reranks},
	InputAudioMillis:     {"input_audio_seconds", "input_audio_hours", durations | input | audio},
	requests:             {"requests", "requests_kcount", calls},

	{"audio_seconds", "audio_hours", durations | audio},
	{"output_audio_seconds", "output_audio_hours", durations | output | audio},
	{"input_text_tokens", "input_text_mtok", tokens | input | text},
	{"output_text_tokens", "output_text_mtok", tokens | output | text},
	{"input_video_tokens", "input_video_mtok", tokens | input | video},
	{"output_video_tokens", "output_video_mtok", tokens | output | video},
	{"cache_text_read_tokens", "cache_text_read_mtok", tokens | input | text | cacheRead},
	{"cache_image_read_tokens", "cache_image_read_mtok", tokens | input | image | cacheRead},
	{"cache_video_read_tokens", "cache_video_read_mtok", tokens | input | video | cacheRead},
	{"cache_text_write_tokens", "cache_text_write_mtok", tokens | input | text | cacheWrite},
	{"cache_text_write_5m_tokens", "cache_text_write_5m_mtok", tokens | input | text | cacheWrite | ttl5m},
	{"cache_text_write_1h_tokens", "cache_text_write_1h_mtok", tokens | input | text | cacheWrite | ttl1h},
	{"cache_audio_write_tokens", "cache_audio_write_mtok", tokens | input | audio | cacheWrite},
	{"cache_audio_write_5m_tokens", "cache_audio_write_5m_mtok", tokens | input | audio | cacheWrite | ttl5m},
	{"cache_audio_write_1h_tokens", "cache_audio_write_1h_mtok", tokens | input | audio | cacheWrite | ttl1h},
	{"cache_image_write_tokens", "cache_image_write_mtok", tokens | input | image | cacheWrite},
	{"cache_image_write_5m_tokens", "cache_image_write_5m_mtok", tokens | input | image | cacheWrite | ttl5m},
	{"cache_image_write_1h_tokens", "cache_image_write_1h_mtok", tokens | input | image | cacheWrite | ttl1h},
	{"cache_video_write_tokens", "cache_video_write_mtok", tokens | input | video | cacheWrite},
	{"cache_video_write_5m_tokens", "cache_video_write_5m_mtok", tokens | input | video | cacheWrite | ttl5m},
	{"cache_video_write_1h_tokens", "cache_video_write_1h_mtok", tokens | input | video | cacheWrite | ttl1h},
	{"input_tool_tokens", "input_tool_mtok", tokens | input | toolUse},
	{"input_text_tool_tokens", "input_text_tool_mtok", tokens | input | text | toolUse},
	{"input_audio_tool_tokens", "input_audio_tool_mtok", tokens | input | audio | toolUse},
	{"input_image_tool_tokens", "input_image_tool_mtok", tokens | input | image | toolUse},
	{"input_video_tool_tokens", "input_video_tool_mtok", tokens | input | video | toolUse},
	{"output_text_reasoning_tokens", "output_text_reasoning_mtok", tokens | output | text | reasoning},
	{"output_audio_reasoning_tokens", "output_audio_reasoning_mtok", tokens | output | audio | reasoning},
	{"output_image_reasoning_tokens", "output_image_reasoning_mtok", tokens | output | image | reasoning},
	{"output_video_reasoning_tokens", "output_video_reasoning_mtok", tokens | output | video | reasoning},
	{"output_citation_tokens", "output_citation_mtok", tokens | output | citation},
	{"output_text_citation_tokens", "output_text_citation_mtok", tokens | output | text | citation},
	{"output_audio_citation_tokens", "output_audio_citation_mtok", tokens | output | audio | citation},
	{"output_image_citation_tokens", "output_image_citation_mtok", tokens | output | image | citation},
	{"output_video_citation_tokens", "output_video_citation_mtok", tokens | output | video | citation},
	{"input_characters", "input_mchars", characters | input},
	{"input_text_messages", "input_text_messages_kcount", messages | input | text},
	{"input_pixels", "input_gpixels", pixels | input},
	{"input_document_pages", "input_document_kpages", pages | input},
	{"input_annotated_document_pages", "input_annotated_document_kpages", pages | input | annotated},
	{"social_searches", "social_searches_kcount", toolCalls | socialSearch},
	{"storage_searches", "storage_searches_kcount", toolCalls | storageSearch},
	{"code_executions", "code_executions_kcount", toolCalls | codeExecution},
}

const numUnits = Unit(len(units))

// unitSet has one bit for each unit.
type unitSet uint64

func (u Unit) bit() unitSet { return 1 << u }

// String is the unit's name as genai-prices has it: input_tokens.
func (u Unit) String() string { return units[u].key }

// within reports whether every u is also an outer.
func (u Unit) within(outer Unit) bool {
	return u != outer && units[u].is&units[outer].is == units[outer].is
}

// depth is how specific a unit is: the number of its dimensions.
func (u Unit) depth() int { return bits.OnesCount32(uint32(units[u].is)) }

// inside has, for each unit, the units that are inside it.
var inside = func() (sets [numUnits]unitSet) {
	for outer := range numUnits {
		for u := range numUnits {
			if u.within(outer) {
				sets[outer] |= u.bit()
			}
		}
	}
	return sets
}()

var unitsByKey, unitsByPriceKey = func() (byKey, byPriceKey map[string]Unit) {
	byKey, byPriceKey = make(map[string]Unit, numUnits), make(map[string]Unit, numUnits)
	for u := range numUnits {
		byKey[units[u].key], byPriceKey[units[u].priceKey] = u, u
	}
	return byKey, byPriceKey
}()

// UnitNamed finds a unit by its name: input_tokens, web_searches, input_audio_seconds.
func UnitNamed(key string) (Unit, bool) {
	u, ok := unitsByKey[key]
	return u, ok
}

// priceScales says how a price that is given per some number of units becomes a [rate] by the end of its key: the power of ten to
// multiply with, and what to divide by.
var priceScales = []struct {
	suffix   string
	exponent int
	divisor  int64
}{
	{"_mtok", 12, 1},
	{"_mchars", 12, 1},
	{"_kcount", 15, 1},
	{"_kpages", 15, 1},
	{"_gpixels", 9, 1},
	{"_hours", 15, 3600}, // counted in milliseconds: 10^12 * 10^6 / (3600 * 10^3)
}
