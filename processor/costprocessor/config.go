// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package costprocessor

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/pricing"
)

// Config is the configuration of the llm_cost processor. Everything has a default.
type Config struct {
	// Prices are files that lie above the compiled-in table, the first one uppermost: llmcol's own YAML, genai-prices JSON, LiteLLM's
	// model_prices_and_context_window.json, models.dev's api.json, told apart by their shape. They are watched.
	Prices []string `mapstructure:"prices"`

	// PollInterval is how often the files are looked at where the file system does not report changes.
	PollInterval time.Duration `mapstructure:"poll_interval"`

	// Write lists the profiles of attributes to write the cost to.
	Write []string `mapstructure:"write"`

	// ExistingCost says what happens to a cost that the client has sent: keep, overwrite or compare.
	ExistingCost ExistingCost `mapstructure:"existing_cost"`

	// Memory is what is remembered of calls, to recognise further reports of them.
	Memory MemoryConfig `mapstructure:"memory"`
}

// MemoryConfig bounds the memory of calls.
type MemoryConfig struct {
	// Window is how long a call is remembered.
	Window time.Duration `mapstructure:"window"`

	// MaxCalls is how many calls are remembered; one takes about 500 bytes.
	MaxCalls int `mapstructure:"max_calls"`
}

// ExistingCost says what happens to a cost that the client has sent.
type ExistingCost string

// The ways to treat a client's cost.
const (
	Keep      ExistingCost = "keep"      // it counts
	Overwrite ExistingCost = "overwrite" // the table's price counts, where there is one
	Compare   ExistingCost = "compare"   // it counts, and how much more the table would take is written beside it
)

var _ confmap.Validator = (*Config)(nil)

func createDefaultConfig() component.Config {
	return &Config{
		PollInterval: 30 * time.Second,
		Write:        []string{"gen_ai"},
		ExistingCost: Keep,
		Memory:       MemoryConfig{Window: time.Minute, MaxCalls: 100_000},
	}
}

// Validate checks the settings and loads the price files.
func (cfg *Config) Validate() error {
	_, errProfiles := cfg.profiles()
	errs := []error{errProfiles}
	if !slices.Contains([]ExistingCost{Keep, Overwrite, Compare}, cfg.ExistingCost) {
		errs = append(errs, fmt.Errorf("existing_cost: %q is none of keep, overwrite, compare", cfg.ExistingCost))
	}
	if cfg.PollInterval < time.Second {
		errs = append(errs, fmt.Errorf("poll_interval: %s is shorter than 1s", cfg.PollInterval))
	}
	if cfg.Memory.Window <= 0 {
		errs = append(errs, fmt.Errorf("memory::window: %s is not more than 0", cfg.Memory.Window))
	}
	if cfg.Memory.MaxCalls < 1 {
		errs = append(errs, fmt.Errorf("memory::max_calls: %d is not more than 0", cfg.Memory.MaxCalls))
	}
	if _, err := pricing.Load(cfg.Prices...); err != nil {
		errs = append(errs, fmt.Errorf("prices: %w", err))
	}
	return errors.Join(errs...)
}

// profiles are the profiles of the list in Write.
func (cfg *Config) profiles() ([]*genai.CostProfile, error) {
	if len(cfg.Write) == 0 {
		return nil, fmt.Errorf("write: names no profile; there are %s", strings.Join(genai.CostProfileNames(), ", "))
	}
	var profiles []*genai.CostProfile
	for i, name := range cfg.Write {
		p, ok := genai.FindCostProfile(name)
		if !ok {
			return nil, fmt.Errorf("write: %q is no profile; there are %s", name, strings.Join(genai.CostProfileNames(), ", "))
		}
		if slices.Contains(profiles, p) {
			return nil, fmt.Errorf("write: %q stands there twice", name)
		}
		for j, other := range profiles {
			if p.Clashes(other) {
				return nil, fmt.Errorf("write: %q and %q cannot be written together: one's attribute is the prefix of the other's", cfg.Write[j], cfg.Write[i])
			}
		}
		profiles = append(profiles, p)
	}
	return profiles, nil
}
