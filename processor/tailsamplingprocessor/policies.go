// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/llmcol/llmcol/internal/sampling"
	"github.com/llmcol/llmcol/internal/trace"
)

// builder turns policies into rules.
type builder struct {
	logger *zap.Logger
	// onError is called for every condition that cannot be evaluated.
	onError func()
	// needs gathers what the policies ask of spans.
	needs needs
	// slow and costly are the thresholds of policies of these kinds: the lowest makes the class.
	slow   []time.Duration
	costly []int64
}

func newBuilder(logger *zap.Logger, onError func()) *builder {
	return &builder{logger: logger, onError: onError}
}

// limits say from where on a trace is of the class slow or costly.
func (b *builder) limits() trace.Limits {
	l := trace.Limits{Slow: defaultSlow, Costly: defaultCostly}
	if len(b.slow) > 0 {
		l.Slow = slices.Min(b.slow)
	}
	if len(b.costly) > 0 {
		l.Costly = slices.Min(b.costly)
	}
	return l
}

const (
	defaultSlow = 5 * time.Second
	nanoUSD     = 1e9
	// defaultCostly is from where on a trace is of the class costly, billionths of a USD.
	defaultCostly = 1 * nanoUSD
	policyDrop    = "drop"
)

type ruleBuilder func(*builder, *PolicyConfig) (sampling.Rule, error)

// ruleBuilders are the types of policies. Those with parts are added by init, since they refer to this table.
var ruleBuilders = map[string]ruleBuilder{
	"always_sample":         func(*builder, *PolicyConfig) (sampling.Rule, error) { return sampling.Always(), nil },
	"trace_flags":           func(*builder, *PolicyConfig) (sampling.Rule, error) { return sampling.TraceFlags(), nil },
	"latency":               buildLatency,
	"numeric_attribute":     buildNumericAttribute,
	"probabilistic":         buildProbabilistic,
	"status_code":           buildStatusCode,
	"string_attribute":      buildStringAttribute,
	"boolean_attribute":     buildBooleanAttribute,
	"trace_state":           buildTraceState,
	"span_count":            buildSpanCount,
	"rate_limiting":         buildRateLimiting,
	"bytes_limiting":        buildBytesLimiting,
	"ottl_condition":        buildOTTLCondition,
	"error":                 buildError,
	"slow":                  buildSlow,
	"cost_over":             buildCostOver,
	"tokens_over":           buildTokensOver,
	"tool_calls_over":       buildToolCallsOver,
	"loop":                  buildLoop,
	"finish_reason":         buildFinishReason,
	"retrieval_score_below": buildRetrievalScoreBelow,
	"evaluation":            buildEvaluation,
	"redacted":              buildRedacted,
	"conversation":          buildConversation,
	"orphan":                buildOrphan,
	"diverse":               buildDiverse,
	"adaptive":              buildAdaptive,
}

func init() {
	ruleBuilders["and"] = buildAnd
	ruleBuilders["not"] = buildNot
	ruleBuilders["composite"] = buildComposite
	ruleBuilders[policyDrop] = buildDrop
}

func (c *Config) validatePolicies() error {
	if len(c.Policies) == 0 {
		return errors.New("policies is empty, expected at least one: without any, every trace would be dropped")
	}
	_, err := newBuilder(zap.NewNop(), func() {}).build(c.Policies)
	return err
}

// build compiles the policies.
func (b *builder) build(policies []PolicyConfig) (*sampling.Program, error) {
	names := map[string]bool{}
	var compiled []sampling.Policy
	var errs []error
	for i := range policies {
		c := &policies[i]
		switch {
		case c.Name == "":
			errs = append(errs, fmt.Errorf("policies[%d]::name is empty, expected a name", i))
			continue
		case names[c.Name]:
			errs = append(errs, fmt.Errorf("policies[%d]::name is %q, which another policy has already", i, c.Name))
			continue
		}
		names[c.Name] = true
		rule, err := b.rule(c)
		if err != nil {
			errs = append(errs, fmt.Errorf("policy %q: %w", c.Name, err))
			continue
		}
		compiled = append(compiled, sampling.Policy{Name: c.Name, Rule: rule, Drop: c.Type == policyDrop})
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return sampling.Compile(compiled, b.limits())
}

func (b *builder) rule(c *PolicyConfig) (sampling.Rule, error) {
	build, ok := ruleBuilders[c.Type]
	if !ok {
		return nil, fmt.Errorf("unknown type %q, expected one of %s", c.Type, strings.Join(slices.Sorted(maps.Keys(ruleBuilders)), ", "))
	}
	return build(b, c)
}

// parts builds the parts of a policy that has some. Only a policy of its own may drop.
func (b *builder) parts(key string, policies []PolicyConfig) ([]sampling.Rule, error) {
	if len(policies) == 0 {
		return nil, fmt.Errorf("%s is empty, expected at least one policy", key)
	}
	rules := make([]sampling.Rule, len(policies))
	for i := range policies {
		if policies[i].Type == policyDrop {
			return nil, fmt.Errorf("%s[%d]::type is drop, which must stand by itself", key, i)
		}
		rule, err := b.rule(&policies[i])
		if err != nil {
			return nil, fmt.Errorf("%s[%d] %q: %w", key, i, policies[i].Name, err)
		}
		rules[i] = rule
	}
	return rules, nil
}

func buildAnd(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	if c.And == nil {
		return nil, missing("and")
	}
	parts, err := b.parts("and::and_sub_policy", c.And.SubPolicies)
	return sampling.And(parts...), err
}

func buildDrop(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	if c.Drop == nil {
		return nil, missing("drop")
	}
	parts, err := b.parts("drop::drop_sub_policy", c.Drop.SubPolicies)
	return sampling.And(parts...), err
}

func buildNot(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	if c.Not == nil || c.Not.SubPolicy == nil {
		return nil, missing("not::not_sub_policy")
	}
	parts, err := b.parts("not::not_sub_policy", []PolicyConfig{*c.Not.SubPolicy})
	if err != nil {
		return nil, err
	}
	return sampling.Not(parts[0]), nil
}

func buildComposite(b *builder, c *PolicyConfig) (sampling.Rule, error) {
	if c.Composite == nil {
		return nil, missing("composite")
	}
	parts, err := b.parts("composite::composite_sub_policy", c.Composite.SubPolicies)
	if err != nil {
		return nil, err
	}
	if c.Composite.MaxTotalSpansPerSecond <= 0 {
		return nil, notPositive("composite::max_total_spans_per_second", c.Composite.MaxTotalSpansPerSecond)
	}
	percent := map[string]float64{}
	for _, a := range c.Composite.RateAllocation {
		percent[a.Policy] = float64(a.Percent)
	}
	shares := make([]sampling.Share, len(parts))
	for i, part := range parts {
		shares[i] = sampling.Share{Rule: part, Percent: percent[c.Composite.SubPolicies[i].Name]}
		if shares[i].Percent <= 0 {
			shares[i].Percent = 100 / float64(len(parts))
		}
	}
	return sampling.Composite(c.Composite.MaxTotalSpansPerSecond, shares), nil
}

func missing(key string) error { return fmt.Errorf("%s is missing, expected the policy's parts", key) }

func notPositive(key string, value any) error {
	return fmt.Errorf("%s is %v, expected more than 0", key, value)
}
