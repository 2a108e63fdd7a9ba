// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package eventsconnector

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
)

// Config of the llm_events connector.
type Config struct {
	// CostOver is the cost of one call, or of one trace, in USD, above which there is an event.
	CostOver float64 `mapstructure:"cost_over"`
	// MinScore is the score that at least one document of a retrieval should reach.
	MinScore float64 `mapstructure:"min_score"`
	// TruncatedOver is how many bytes may be cut from one span or record without an event.
	TruncatedOver int64 `mapstructure:"truncated_over"`
	// SecretEntities are names of secrets that llm_redaction was taught, besides those that it knows by itself.
	SecretEntities []string `mapstructure:"secret_entities"`
	// MaxPerMinute is how many events of one kind one service may cause in a minute; 0 is no limit.
	MaxPerMinute int `mapstructure:"max_per_minute"`
	// Kinds switches single kinds off, or gives them a limit of their own.
	Kinds map[string]KindConfig `mapstructure:"kinds"`
}

// KindConfig is one kind of event. What is not set stays as it was: on, with the common limit.
type KindConfig struct {
	Enabled      *bool `mapstructure:"enabled"`
	MaxPerMinute *int  `mapstructure:"max_per_minute"`
}

var _ confmap.Validator = (*Config)(nil)

func createDefaultConfig() component.Config {
	return &Config{CostOver: 1, MinScore: 0.5, TruncatedOver: 64 << 10, MaxPerMinute: 60}
}

// Validate names the setting that is wrong, what was found and what would be right.
func (c *Config) Validate() error {
	switch {
	case c.CostOver < 0 || math.IsNaN(c.CostOver):
		return fmt.Errorf("cost_over is %g, must be 0 USD or more", c.CostOver)
	case math.IsNaN(c.MinScore) || math.IsInf(c.MinScore, 0):
		return fmt.Errorf("min_score is %g, must be a number", c.MinScore)
	case c.TruncatedOver < 0:
		return fmt.Errorf("truncated_over is %d, must be 0 bytes or more", c.TruncatedOver)
	case c.MaxPerMinute < 0:
		return fmt.Errorf("max_per_minute is %d, must be 0 (no limit) or more", c.MaxPerMinute)
	}
	for name, k := range c.Kinds {
		if !slices.Contains(kindNames(), name) {
			return fmt.Errorf("kinds: unknown kind %q, must be one of %s", name, strings.Join(kindNames(), ", "))
		}
		if k.MaxPerMinute != nil && *k.MaxPerMinute < 0 {
			return fmt.Errorf("kinds: %s: max_per_minute is %d, must be 0 (no limit) or more", name, *k.MaxPerMinute)
		}
	}
	return nil
}

func (c *Config) enabled(kind string) bool {
	e := c.Kinds[kind].Enabled
	return e == nil || *e
}

func (c *Config) limit(kind string) int {
	if m := c.Kinds[kind].MaxPerMinute; m != nil {
		return *m
	}
	return c.MaxPerMinute
}
