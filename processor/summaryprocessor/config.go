// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package summaryprocessor

import (
	"errors"
	"fmt"
	"math"
	"time"

	"go.opentelemetry.io/collector/component"

	"github.com/llmcol/llmcol/internal/summary"
)

// Config of llm_summary: from where on a figure is a finding.
type Config struct {
	// BottleneckShare is the share of the trace's time that one span must hold, 0 to 1; BottleneckMin the least time worth a sentence.
	BottleneckShare float64       `mapstructure:"bottleneck_share"`
	BottleneckMin   time.Duration `mapstructure:"bottleneck_min"`
	// RetrievalScore is the score that the best document should reach.
	RetrievalScore float64 `mapstructure:"retrieval_score"`
	// PromptShare is the share of all input tokens that one call must take, 0 to 1; PromptMin the least prompt worth a sentence, in tokens.
	PromptShare float64 `mapstructure:"prompt_share"`
	PromptMin   int64   `mapstructure:"prompt_min"`
	// PromptGrowth is how many times its first size a prompt must reach.
	PromptGrowth float64 `mapstructure:"prompt_growth"`
	// RepeatedShare is the share of input tokens that had been sent before, 0 to 1.
	RepeatedShare float64 `mapstructure:"repeated_share"`
	// TimeToFirstToken is how long a reader may wait.
	TimeToFirstToken time.Duration `mapstructure:"time_to_first_token"`
	// CostOver is what a trace may cost, in USD.
	CostOver float64 `mapstructure:"cost_over"`
	// MaxFindings is how many sentences are written, worst first.
	MaxFindings int `mapstructure:"max_findings"`
}

const mostFindings = 8

func createDefaultConfig() component.Config {
	return &Config{
		BottleneckShare: 0.5, BottleneckMin: time.Second, RetrievalScore: 0.5, PromptShare: 0.5, PromptMin: 2000, PromptGrowth: 4,
		RepeatedShare: 0.5, TimeToFirstToken: 5 * time.Second, CostOver: 1, MaxFindings: mostFindings,
	}
}

// Validate names the setting that is wrong, what it is and what it could be.
func (c *Config) Validate() error {
	return errors.Join(
		checkShare("bottleneck_share", c.BottleneckShare),
		checkShare("prompt_share", c.PromptShare),
		checkShare("repeated_share", c.RepeatedShare),
		checkAtLeast("bottleneck_min", c.BottleneckMin.Seconds(), 0, "0s or more"),
		checkAtLeast("time_to_first_token", c.TimeToFirstToken.Seconds(), 0, "0s or more"),
		checkAtLeast("prompt_min", float64(c.PromptMin), 0, "0 tokens or more"),
		checkAtLeast("prompt_growth", c.PromptGrowth, 1, "1 or more"),
		checkAtLeast("cost_over", c.CostOver, 0, "0 USD or more"),
		checkAtLeast("retrieval_score", c.RetrievalScore, math.Inf(-1), "a number"),
		c.checkMaxFindings(),
	)
}

func (c *Config) checkMaxFindings() error {
	if c.MaxFindings < 0 || c.MaxFindings > mostFindings {
		return fmt.Errorf("max_findings: %d is not from 0 to %d", c.MaxFindings, mostFindings)
	}
	return nil
}

func checkShare(setting string, value float64) error {
	if value >= 0 && value <= 1 {
		return nil
	}
	return fmt.Errorf("%s: %g is not a share from 0 to 1", setting, value)
}

func checkAtLeast(setting string, value, least float64, want string) error {
	if value >= least && !math.IsInf(value, 1) {
		return nil
	}
	return fmt.Errorf("%s: %g is not %s", setting, value, want)
}

const nanoUSD = 1e9

func (c *Config) limits() summary.Limits {
	return summary.Limits{
		BottleneckShare: c.BottleneckShare, BottleneckMin: c.BottleneckMin, RetrievalScore: c.RetrievalScore, PromptShare: c.PromptShare,
		PromptMin: c.PromptMin, PromptGrowth: c.PromptGrowth, RepeatedShare: c.RepeatedShare, TimeToFirstToken: c.TimeToFirstToken,
		Cost: int64(math.Min(c.CostOver*nanoUSD, math.MaxInt64/2)), MaxFindings: c.MaxFindings,
	}
}
