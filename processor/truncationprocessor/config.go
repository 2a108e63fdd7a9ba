// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/llmcol/llmcol/internal/content"
	"github.com/llmcol/llmcol/internal/genai"
)

// Config of llm_truncation.
type Config struct {
	// MaxAttributeBytes is the size of the largest attribute, body, name or message of a status; maps and lists count as the
	// JSON they would be.
	MaxAttributeBytes int `mapstructure:"max_attribute_bytes"`
	// MaxMessageBytes is the size of the largest message of a conversation; 0: no limit.
	MaxMessageBytes int `mapstructure:"max_message_bytes"`
	// MaxSpanBytes is the size of the largest span or log record, in OTLP's binary form; 0: no limit.
	MaxSpanBytes int `mapstructure:"max_span_bytes"`

	Prompts       ContentConfig `mapstructure:"prompts"`
	Completions   ContentConfig `mapstructure:"completions"`
	ToolArguments ContentConfig `mapstructure:"tool_arguments"`
	ToolResults   ContentConfig `mapstructure:"tool_results"`
	Documents     ContentConfig `mapstructure:"documents"`
	// Other is all text that is none of these.
	Other ContentConfig `mapstructure:"other"`

	// Deduplicate stores a message once a trace, and drops copies of it under another name.
	Deduplicate bool `mapstructure:"deduplicate"`
}

// Mode says what becomes of content that is over its budget.
type Mode string

// The modes.
const (
	ModeTruncate Mode = "truncate"
	ModeHash     Mode = "hash"
	ModeDrop     Mode = "drop"
)

// ContentConfig is the budget of each piece of one kind of content, in bytes or in tokens; without either, it has none but those
// of the attribute, the message and the span it is in.
type ContentConfig struct {
	Mode      Mode `mapstructure:"mode"`
	MaxBytes  int  `mapstructure:"max_bytes"`
	MaxTokens int  `mapstructure:"max_tokens"`
}

// bytesPerToken is what a token of English takes on average (OpenAI's rule of thumb: four characters).
const bytesPerToken = 4

const (
	defaultMaxAttributeBytes = 16 << 10
	// leastSpanBytes has room for a span without content, its marks included.
	leastSpanBytes = 4 << 10
)

func createDefaultConfig() component.Config {
	truncate := ContentConfig{Mode: ModeTruncate}
	return &Config{
		MaxAttributeBytes: defaultMaxAttributeBytes,
		Prompts:           truncate, Completions: truncate, ToolArguments: truncate, ToolResults: truncate, Documents: truncate, Other: truncate,
	}
}

var _ confmap.Validator = (*Config)(nil)

// Validate reports every wrong setting by name.
func (c *Config) Validate() error {
	least := content.SmallestValueBudget()
	errs := []error{
		atLeast("max_attribute_bytes", c.MaxAttributeBytes, least, "has room for its marker"),
		unsetOrAtLeast("max_message_bytes", c.MaxMessageBytes, least, "has room for its marker"),
		unsetOrAtLeast("max_span_bytes", c.MaxSpanBytes, leastSpanBytes, "has room for a span's own fields and marks"),
	}
	for _, k := range c.kinds() {
		errs = append(errs, k.validate())
	}
	return errors.Join(errs...)
}

// kind is a kind of content with its settings. Other text is of kind genai.ContentOther.
type kind struct {
	setting string
	kind    genai.ContentKind
	ContentConfig
}

func (c *Config) kinds() []kind {
	return []kind{
		{"prompts", genai.ContentPrompt, c.Prompts},
		{"completions", genai.ContentCompletion, c.Completions},
		{"tool_arguments", genai.ContentToolArguments, c.ToolArguments},
		{"tool_results", genai.ContentToolResult, c.ToolResults},
		{"documents", genai.ContentDocument, c.Documents},
		{"other", genai.ContentOther, c.Other},
	}
}

var modes = map[Mode]content.Mode{ModeTruncate: content.Truncate, ModeHash: content.Hash, ModeDrop: content.Drop}

func (k *kind) validate() error {
	mode, known := modes[k.Mode]
	if !known {
		return fmt.Errorf("%s::mode: %q, want one of truncate, hash, drop", k.setting, string(k.Mode))
	}
	if k.MaxBytes != 0 && k.MaxTokens != 0 {
		return fmt.Errorf("%s: max_bytes and max_tokens are both set, want one of them", k.setting)
	}
	least, enough := content.SmallestBudget(mode), fmt.Sprintf("has room for the marker of mode %s", k.Mode)
	if k.MaxTokens != 0 {
		return unsetOrAtLeast(k.setting+"::max_tokens", k.MaxTokens, (least+bytesPerToken-1)/bytesPerToken, enough)
	}
	return unsetOrAtLeast(k.setting+"::max_bytes", k.MaxBytes, least, enough)
}

func unsetOrAtLeast(setting string, value, least int, why string) error {
	if value == 0 {
		return nil
	}
	return atLeast(setting, value, least, why)
}

func atLeast(setting string, value, least int, why string) error {
	if value >= least {
		return nil
	}
	return fmt.Errorf("%s: %d is too small, %d is the least that %s", setting, value, least, why)
}

// limits are the settings as the engine takes them.
func (c *Config) limits() *content.Limits {
	l := &content.Limits{Message: c.MaxMessageBytes}
	for _, k := range c.kinds() {
		limit := content.Limit{MaxBytes: k.MaxBytes + bytesPerToken*k.MaxTokens, Mode: modes[k.Mode]}
		if k.kind == genai.ContentOther {
			l.Other = limit
		} else {
			l.Kinds[k.kind] = limit
		}
	}
	return l
}
