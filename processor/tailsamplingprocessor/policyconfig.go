// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl"
)

// PolicyConfig is one policy: its type says which of the blocks applies. The types up to composite are those of
// contrib's tail_sampling, with the same settings.
type PolicyConfig struct {
	Name string `mapstructure:"name"`
	Type string `mapstructure:"type"`

	Latency          LatencyConfig          `mapstructure:"latency"`
	NumericAttribute NumericAttributeConfig `mapstructure:"numeric_attribute"`
	Probabilistic    ProbabilisticConfig    `mapstructure:"probabilistic"`
	StatusCode       StatusCodeConfig       `mapstructure:"status_code"`
	StringAttribute  StringAttributeConfig  `mapstructure:"string_attribute"`
	BooleanAttribute BooleanAttributeConfig `mapstructure:"boolean_attribute"`
	TraceState       TraceStateConfig       `mapstructure:"trace_state"`
	SpanCount        SpanCountConfig        `mapstructure:"span_count"`
	RateLimiting     RateLimitingConfig     `mapstructure:"rate_limiting"`
	BytesLimiting    BytesLimitingConfig    `mapstructure:"bytes_limiting"`
	OTTLCondition    OTTLConditionConfig    `mapstructure:"ottl_condition"`
	// Those with parts are pointers, which also ends the recursion for whoever walks these types.
	And       *AndConfig       `mapstructure:"and"`
	Not       *NotConfig       `mapstructure:"not"`
	Drop      *DropConfig      `mapstructure:"drop"`
	Composite *CompositeConfig `mapstructure:"composite"`

	Error               ErrorConfig        `mapstructure:"error"`
	Slow                SlowConfig         `mapstructure:"slow"`
	CostOver            ThresholdConfig    `mapstructure:"cost_over"`
	TokensOver          ThresholdConfig    `mapstructure:"tokens_over"`
	ToolCallsOver       ThresholdConfig    `mapstructure:"tool_calls_over"`
	Loop                LoopConfig         `mapstructure:"loop"`
	FinishReason        FinishReasonConfig `mapstructure:"finish_reason"`
	RetrievalScoreBelow ThresholdConfig    `mapstructure:"retrieval_score_below"`
	Evaluation          EvaluationConfig   `mapstructure:"evaluation"`
	Redacted            RedactedConfig     `mapstructure:"redacted"`
	Conversation        ConversationConfig `mapstructure:"conversation"`
	Diverse             DiverseConfig      `mapstructure:"diverse"`
	Adaptive            AdaptiveConfig     `mapstructure:"adaptive"`
	Orphan              OrphanConfig       `mapstructure:"orphan"`
}

// LatencyConfig is for latency: milliseconds, exclusive below and inclusive above; 0 is no upper bound.
type LatencyConfig struct {
	ThresholdMs      int64 `mapstructure:"threshold_ms"`
	UpperThresholdMs int64 `mapstructure:"upper_threshold_ms"`
}

// NumericAttributeConfig is for numeric_attribute; a bound of 0 is none.
type NumericAttributeConfig struct {
	Key         string  `mapstructure:"key"`
	MinValue    float64 `mapstructure:"min_value"`
	MaxValue    float64 `mapstructure:"max_value"`
	InvertMatch bool    `mapstructure:"invert_match"`
}

// ProbabilisticConfig is for probabilistic. HashSalt is accepted for contrib's sake and has no effect.
type ProbabilisticConfig struct {
	HashSalt           string  `mapstructure:"hash_salt"`
	SamplingPercentage float64 `mapstructure:"sampling_percentage"`
}

// StatusCodeConfig is for status_code.
type StatusCodeConfig struct {
	StatusCodes []string `mapstructure:"status_codes"`
}

// StringAttributeConfig is for string_attribute.
type StringAttributeConfig struct {
	Key                  string   `mapstructure:"key"`
	Values               []string `mapstructure:"values"`
	EnabledRegexMatching bool     `mapstructure:"enabled_regex_matching"`
	// CacheMaxSize is the most results of regular expressions that are remembered, 128 if 0.
	CacheMaxSize int  `mapstructure:"cache_max_size"`
	InvertMatch  bool `mapstructure:"invert_match"`
}

// BooleanAttributeConfig is for boolean_attribute.
type BooleanAttributeConfig struct {
	Key         string `mapstructure:"key"`
	Value       bool   `mapstructure:"value"`
	InvertMatch bool   `mapstructure:"invert_match"`
}

// TraceStateConfig is for trace_state.
type TraceStateConfig struct {
	Key    string   `mapstructure:"key"`
	Values []string `mapstructure:"values"`
}

// SpanCountConfig is for span_count; a maximum of 0 is none.
type SpanCountConfig struct {
	MinSpans int32 `mapstructure:"min_spans"`
	MaxSpans int32 `mapstructure:"max_spans"`
}

// RateLimitingConfig is for rate_limiting; the burst is twice the rate if 0.
type RateLimitingConfig struct {
	SpansPerSecond int64 `mapstructure:"spans_per_second"`
	BurstCapacity  int64 `mapstructure:"burst_capacity"`
}

// BytesLimitingConfig is for bytes_limiting; the burst is twice the rate if 0.
type BytesLimitingConfig struct {
	BytesPerSecond int64 `mapstructure:"bytes_per_second"`
	BurstCapacity  int64 `mapstructure:"burst_capacity"`
}

// OTTLConditionConfig is for ottl_condition. A condition that cannot be evaluated counts as not met, in every mode.
type OTTLConditionConfig struct {
	ErrorMode ottl.ErrorMode `mapstructure:"error_mode"`
	Span      []string       `mapstructure:"span"`
	SpanEvent []string       `mapstructure:"spanevent"`
}

// AndConfig is for and.
type AndConfig struct {
	SubPolicies []PolicyConfig `mapstructure:"and_sub_policy"`
}

// NotConfig is for not.
type NotConfig struct {
	SubPolicy *PolicyConfig `mapstructure:"not_sub_policy"`
}

// DropConfig is for drop: what all its parts match is dropped.
type DropConfig struct {
	SubPolicies []PolicyConfig `mapstructure:"drop_sub_policy"`
}

// CompositeConfig is for composite.
type CompositeConfig struct {
	MaxTotalSpansPerSecond int64 `mapstructure:"max_total_spans_per_second"`
	// PolicyOrder is accepted for contrib's sake; the parts are asked in the order in which they are listed.
	PolicyOrder    []string               `mapstructure:"policy_order"`
	SubPolicies    []PolicyConfig         `mapstructure:"composite_sub_policy"`
	RateAllocation []RateAllocationConfig `mapstructure:"rate_allocation"`
}

// RateAllocationConfig gives a part of a composite its share of the total; without one it has an equal share.
type RateAllocationConfig struct {
	Policy  string `mapstructure:"policy"`
	Percent int64  `mapstructure:"percent"`
}

// ErrorConfig is for error.
type ErrorConfig struct {
	// Include counts more as an error: length, content_filter, unfinished.
	Include []string `mapstructure:"include"`
}

// SlowConfig is for slow.
type SlowConfig struct {
	// Threshold is the duration above which a trace is slow; with seconds_per_output_token, the time per token.
	Threshold time.Duration `mapstructure:"threshold"`
	// Signal is duration, time_to_first_token or seconds_per_output_token.
	Signal            string            `mapstructure:"signal"`
	LatencyPercentile *PercentileConfig `mapstructure:"latency_percentile"`
}

// PercentileConfig learns the threshold for each service, agent and operation.
type PercentileConfig struct {
	P        float64       `mapstructure:"p"`
	MinCount int64         `mapstructure:"min_count"`
	Floor    time.Duration `mapstructure:"floor"`
	Ceiling  time.Duration `mapstructure:"ceiling"`
	HalfLife time.Duration `mapstructure:"half_life"`
}

// ThresholdConfig is for the policies of one number.
type ThresholdConfig struct {
	Threshold float64 `mapstructure:"threshold"`
}

// LoopConfig is for loop.
type LoopConfig struct {
	Severity string `mapstructure:"severity"`
}

// FinishReasonConfig is for finish_reason.
type FinishReasonConfig struct {
	Reasons []string `mapstructure:"reasons"`
}

// EvaluationConfig is for evaluation; what is not set matches any.
type EvaluationConfig struct {
	Name     string   `mapstructure:"name"`
	Labels   []string `mapstructure:"labels"`
	MinScore *float64 `mapstructure:"min_score"`
	MaxScore *float64 `mapstructure:"max_score"`
}

// RedactedConfig is for redacted; without entities, any match.
type RedactedConfig struct {
	Entities []string `mapstructure:"entities"`
}

// ConversationConfig is for conversation.
type ConversationConfig struct {
	SamplingPercentage float64 `mapstructure:"sampling_percentage"`
	// Follow is for how long the next turn is kept after one that was kept for cause, 1h if 0.
	Follow time.Duration `mapstructure:"follow"`
}

// OrphanConfig is for orphan, which has no settings.
type OrphanConfig struct{}

// DiverseConfig is for diverse.
type DiverseConfig struct {
	// Window is the time in which one trace of a kind is kept, 15m if 0.
	Window time.Duration `mapstructure:"window"`
}

// AdaptiveConfig is for adaptive; one of the targets must be set.
type AdaptiveConfig struct {
	TracesPerSecond float64  `mapstructure:"traces_per_second"`
	BytesPerSecond  ByteSize `mapstructure:"bytes_per_second"`
	// Key is what traffic is divided by: some of service, agent, operation, model; the first three if empty.
	Key []string `mapstructure:"key"`
}
