// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/llmcol/llmcol/internal/sampling"
)

// This file builds the types that contrib's tail_sampling has, too.

func buildLatency(_ *builder, c *PolicyConfig) (sampling.Rule, error) {
	l := c.Latency
	return sampling.Latency(
		time.Duration(l.ThresholdMs)*time.Millisecond, time.Duration(l.UpperThresholdMs)*time.Millisecond), nil
}

func buildNumericAttribute(_ *builder, c *PolicyConfig) (sampling.Rule, error) {
	n := c.NumericAttribute
	if n.Key == "" {
		return nil, errors.New("numeric_attribute::key is empty, expected an attribute's name")
	}
	if n.MinValue == 0 && n.MaxValue == 0 {
		return nil, errors.New("numeric_attribute::min_value and max_value are both 0, which is no bound; expected at least one")
	}
	lower, upper := math.Inf(-1), math.Inf(1)
	if n.MinValue != 0 {
		lower = n.MinValue
	}
	if n.MaxValue != 0 {
		upper = n.MaxValue
	}
	return sampling.NumericAttribute(n.Key, lower, upper, n.InvertMatch), nil
}

func buildProbabilistic(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	if c.Probabilistic.HashSalt != "" {
		b.logger.Warn("hash_salt has no effect: a trace's own randomness decides, as the OpenTelemetry sampling specification has it",
			zap.String("policy", c.Name))
	}
	return sampling.Probabilistic(c.Probabilistic.SamplingPercentage), checkPercentage("probabilistic", c.Probabilistic.SamplingPercentage)
}

func checkPercentage(key string, p float64) error {
	if p < 0 || math.IsNaN(p) {
		return fmt.Errorf("%s::sampling_percentage is %v, expected 0 to 100", key, p)
	}
	return nil
}

func buildStatusCode(_ *builder, c *PolicyConfig) (sampling.Rule, error) {
	return sampling.StatusCode(c.StatusCode.StatusCodes)
}

func buildBooleanAttribute(_ *builder, c *PolicyConfig) (sampling.Rule, error) {
	a := c.BooleanAttribute
	return sampling.BooleanAttribute(a.Key, a.Value, a.InvertMatch), nil
}

func buildStringAttribute(_ *builder, c *PolicyConfig) (sampling.Rule, error) {
	a := c.StringAttribute
	if !a.EnabledRegexMatching {
		values := make(map[string]bool, len(a.Values))
		for _, v := range a.Values {
			values[v] = v != ""
		}
		return sampling.StringAttribute(a.Key, func(s string) bool { return values[s] }, a.InvertMatch), nil
	}
	patterns := make([]*regexp.Regexp, len(a.Values))
	for i, v := range a.Values {
		var err error
		if patterns[i], err = regexp.Compile(v); err != nil {
			return nil, fmt.Errorf("string_attribute::values[%d] is no regular expression: %w", i, err)
		}
	}
	anyMatches := func(s string) bool {
		return slices.ContainsFunc(patterns, func(p *regexp.Regexp) bool { return p.MatchString(s) })
	}
	return sampling.StringAttribute(a.Key, remember(anyMatches, a.CacheMaxSize), a.InvertMatch), nil
}

func buildTraceState(_ *builder, c *PolicyConfig) (sampling.Rule, error) {
	return sampling.TraceState(c.TraceState.Key, c.TraceState.Values), nil
}

func buildSpanCount(_ *builder, c *PolicyConfig) (sampling.Rule, error) {
	return sampling.SpanCount(int64(c.SpanCount.MinSpans), int64(c.SpanCount.MaxSpans)), nil
}

func buildRateLimiting(_ *builder, c *PolicyConfig) (sampling.Rule, error) {
	r := c.RateLimiting
	if r.SpansPerSecond < 0 {
		return nil, notPositive("rate_limiting::spans_per_second", r.SpansPerSecond)
	}
	return sampling.RateLimit(r.SpansPerSecond, r.BurstCapacity), nil
}

func buildBytesLimiting(_ *builder, c *PolicyConfig) (sampling.Rule, error) {
	r := c.BytesLimiting
	if r.BytesPerSecond < 0 {
		return nil, notPositive("bytes_limiting::bytes_per_second", r.BytesPerSecond)
	}
	return sampling.BytesLimit(r.BytesPerSecond, r.BurstCapacity), nil
}

func buildOTTLCondition(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	o := c.OTTLCondition
	if len(o.Span) == 0 && len(o.SpanEvent) == 0 {
		return nil, errors.New("ottl_condition::span and spanevent are both empty, expected a condition")
	}
	spans, err := spanConditions(o.Span, b.onError)
	if err != nil {
		return nil, fmt.Errorf("ottl_condition::span: %w", err)
	}
	events, err := eventConditions(o.SpanEvent, b.onError)
	if err != nil {
		return nil, fmt.Errorf("ottl_condition::spanevent: %w", err)
	}
	return sampling.AnySpan(func(s *sampling.Span) bool { return spans.met(s) || events.met(s) }), nil
}
