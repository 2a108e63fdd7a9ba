// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/sampling"
	"github.com/llmcol/llmcol/internal/trace"
)

// This file builds the types that only llm_tail_sampling has.

func buildError(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	b.needs |= needOutcome
	rules := []sampling.Rule{sampling.Failed()}
	var reasons []string
	for i, include := range c.Error.Include {
		switch include {
		case genai.FinishLength, genai.FinishContentFilter:
			reasons = append(reasons, include)
		case "unfinished":
			rules = append(rules, sampling.Unfinished())
			b.needs |= needFinishReasons
		default:
			return nil, fmt.Errorf("error::include[%d] is %q, expected length, content_filter or unfinished", i, include)
		}
	}
	if len(reasons) > 0 {
		rules = append(rules, sampling.FinishReason(reasons))
		b.needs |= needFinishReasons
	}
	if len(rules) == 1 {
		return rules[0], nil
	}
	return sampling.Or(rules...), nil
}

var signals = map[string]sampling.Signal{
	"": sampling.TraceDuration, "duration": sampling.TraceDuration,
	"time_to_first_token": sampling.TimeToFirstToken, "ttft": sampling.TimeToFirstToken,
	"seconds_per_output_token": sampling.SecondsPerOutputToken, "s_per_output_token": sampling.SecondsPerOutputToken,
}

func buildSlow(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	s := c.Slow
	signal, ok := signals[s.Signal]
	if !ok {
		return nil, fmt.Errorf("slow::signal is %q, expected duration, time_to_first_token (ttft) or seconds_per_output_token (s_per_output_token)", s.Signal)
	}
	if s.Threshold < 0 {
		return nil, notPositive("slow::threshold", s.Threshold)
	}
	if s.Threshold == 0 {
		s.Threshold = defaultSlow
	}
	if signal == sampling.TraceDuration {
		b.slow = append(b.slow, s.Threshold)
	} else {
		b.needs |= needPace
	}
	if s.LatencyPercentile == nil {
		return sampling.SlowOver(signal, s.Threshold.Seconds()), nil
	}
	p, err := percentile(*s.LatencyPercentile)
	if err != nil {
		return nil, err
	}
	b.needs |= needIdentity
	return sampling.SlowAmong(signal, s.Threshold.Seconds(), p), nil
}

const (
	defaultMinCount = 200
	defaultHalfLife = 10 * time.Minute
)

func percentile(c PercentileConfig) (sampling.Percentile, error) {
	if c.P <= 0 || c.P >= 1 {
		return sampling.Percentile{}, fmt.Errorf("slow::latency_percentile::p is %v, expected more than 0 and less than 1", c.P)
	}
	if c.MinCount < 0 || c.HalfLife < 0 || c.Floor < 0 || c.Ceiling < 0 || c.Ceiling > 0 && c.Ceiling < c.Floor {
		return sampling.Percentile{}, errors.New(
			"slow::latency_percentile: min_count, half_life, floor and ceiling must not be negative, nor ceiling below floor")
	}
	if c.MinCount == 0 {
		c.MinCount = defaultMinCount
	}
	if c.HalfLife == 0 {
		c.HalfLife = defaultHalfLife
	}
	return sampling.Percentile{
		P: c.P, MinCount: float64(c.MinCount), Floor: c.Floor.Seconds(), Ceiling: c.Ceiling.Seconds(), HalfLife: c.HalfLife,
	}, nil
}

func buildCostOver(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	if c.CostOver.Threshold < 0 {
		return nil, notPositive("cost_over::threshold", c.CostOver.Threshold)
	}
	b.needs |= needOutcome
	nanos := int64(math.Round(c.CostOver.Threshold * nanoUSD))
	b.costly = append(b.costly, nanos)
	return sampling.CostOver(nanos), nil
}

func buildTokensOver(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	b.needs |= needTokens
	return sampling.TokensOver(int64(c.TokensOver.Threshold)), nil
}

func buildToolCallsOver(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	b.needs |= needOutcome
	return sampling.ToolCallsOver(int64(c.ToolCallsOver.Threshold)), nil
}

func buildLoop(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	b.needs |= needOutcome
	if c.Loop.Severity == "" {
		return sampling.Looping(trace.LoopDetected), nil
	}
	severity, err := trace.ParseSeverity(c.Loop.Severity)
	if err != nil {
		return nil, fmt.Errorf("loop::severity: %w", err)
	}
	return sampling.Looping(severity), nil
}

func buildFinishReason(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	if len(c.FinishReason.Reasons) == 0 {
		return nil, errors.New("finish_reason::reasons is empty, expected some, such as length or content_filter")
	}
	b.needs |= needFinishReasons
	reasons := make([]string, len(c.FinishReason.Reasons))
	for i, r := range c.FinishReason.Reasons {
		reasons[i] = genai.NormalizeFinishReason(r)
	}
	return sampling.FinishReason(reasons), nil
}

func buildRetrievalScoreBelow(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	b.needs |= needRetrieval
	return sampling.RetrievalScoreBelow(c.RetrievalScoreBelow.Threshold), nil
}

func buildEvaluation(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	b.needs |= needEvaluation
	e := c.Evaluation
	if e.MinScore != nil && e.MaxScore != nil && *e.MinScore > *e.MaxScore {
		return nil, fmt.Errorf("evaluation::min_score is %v, expected at most max_score (%v)", *e.MinScore, *e.MaxScore)
	}
	return sampling.Evaluated(sampling.ScoreRange{Name: e.Name, Labels: e.Labels, Min: e.MinScore, Max: e.MaxScore}), nil
}

func buildRedacted(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	b.needs |= needRedacted
	return sampling.Redacted(c.Redacted.Entities), nil
}

func buildConversation(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	follow := c.Conversation.Follow
	if follow < 0 {
		return nil, notPositive("conversation::follow", follow)
	}
	if follow == 0 {
		follow = time.Hour
	}
	b.needs |= needConversation
	return sampling.Conversation(c.Conversation.SamplingPercentage, follow),
		checkPercentage("conversation", c.Conversation.SamplingPercentage)
}

func buildOrphan(b *builder, _ *PolicyConfig) (sampling.Rule, error) {
	b.needs |= needFinishReasons
	return sampling.Orphaned(), nil
}

func buildDiverse(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	window := c.Diverse.Window
	if window < 0 {
		return nil, notPositive("diverse::window", window)
	}
	if window == 0 {
		window = 15 * time.Minute
	}
	b.needs |= needIdentity
	return sampling.Diverse(window), nil
}

var keyFields = map[string]sampling.Field{
	"service": sampling.ByService, "agent": sampling.ByAgent, "operation": sampling.ByOperation, "model": sampling.ByModel,
}

func buildAdaptive(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	a := c.Adaptive
	if (a.TracesPerSecond > 0) == (a.BytesPerSecond > 0) {
		return nil, errors.New("adaptive: expected either traces_per_second or bytes_per_second, more than 0")
	}
	if len(a.Key) == 0 {
		a.Key = []string{"service", "agent", "operation"}
	}
	fields := make([]sampling.Field, len(a.Key))
	for i, name := range a.Key {
		field, ok := keyFields[name]
		if !ok {
			return nil, fmt.Errorf("adaptive::key[%d] is %q, expected service, agent, operation or model", i, name)
		}
		fields[i] = field
	}
	b.needs |= needIdentity
	if a.BytesPerSecond > 0 {
		return sampling.AdaptiveBytes(float64(a.BytesPerSecond), fields), nil
	}
	return sampling.AdaptiveTraces(a.TracesPerSecond, fields), nil
}
