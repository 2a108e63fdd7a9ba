// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"encoding"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/confmap"

	"github.com/llmcol/llmcol/internal/pii"
)

// Mode says whether what is found is taken out.
type Mode string

// The modes.
const (
	ModeRedact Mode = "redact"
	ModeReport Mode = "report"
)

// Config is the configuration of the llm_redaction processor.
type Config struct {
	// Mode is "redact", or "report": count and label what is found, change nothing.
	Mode Mode `mapstructure:"mode"`
	// Key is the secret of pseudonyms and hashes, at least 32 bytes. Without one, a random key is made at start.
	Key configopaque.String `mapstructure:"key"`

	// Action is what happens to a match of an entity that Actions does not name; empty keeps each entity's own.
	Action string `mapstructure:"action"`
	// Actions has what happens to the matches of an entity, by its name.
	Actions map[string]ActionConfig `mapstructure:"actions"`

	// Entities limits the search to these; Enable and Disable add to it and take from it.
	Entities []string `mapstructure:"entities"`
	Enable   []string `mapstructure:"enable"`
	Disable  []string `mapstructure:"disable"`
	// MinScore replaces the score, 0 to 1, that a match of an entity must have.
	MinScore map[string]float32 `mapstructure:"min_score"`
	// Regions are the countries (ISO 3166) whose national phone formats are recognised.
	Regions []string `mapstructure:"regions"`
	// Allow and AllowPatterns are matches that may stay.
	Allow         []string `mapstructure:"allow"`
	AllowPatterns []string `mapstructure:"allow_patterns"`
	// Custom has the user's own patterns.
	Custom []CustomConfig `mapstructure:"custom"`
	// Decode also looks into base64.
	Decode bool `mapstructure:"decode"`

	// AllowKeys, DropKeys, HashKeys and MaskKeys decide about attributes by name, before anything is searched. A star
	// stands for any text.
	AllowKeys []string `mapstructure:"allow_keys"`
	DropKeys  []string `mapstructure:"drop_keys"`
	HashKeys  []string `mapstructure:"hash_keys"`
	MaskKeys  []string `mapstructure:"mask_keys"`
	// InfrastructureKeys are attributes that say where something ran; only secrets are taken out of them.
	InfrastructureKeys []string `mapstructure:"infrastructure_keys"`

	// Consent lets personal data pass where an attribute says that its owner agreed.
	Consent ConsentConfig `mapstructure:"consent"`
	// Content says what is stored of each kind of content.
	Content ContentConfig `mapstructure:"content"`

	// MaxValueBytes is the size above which a string is replaced unseen.
	MaxValueBytes int `mapstructure:"max_value_bytes"`

	// warned says that its warnings are logged: the processors of all signals share a configuration.
	warned sync.Once
}

// ActionConfig is an action, and its text if it is "fixed". In YAML a bare name will do.
type ActionConfig struct {
	Action string `mapstructure:"action"`
	Text   string `mapstructure:"text"`
}

// CustomConfig is a user's pattern; see pii.CustomPattern.
type CustomConfig struct {
	Name    string   `mapstructure:"name"`
	Regex   string   `mapstructure:"regex"`
	Score   float32  `mapstructure:"score"`
	Context []string `mapstructure:"context"`
	Secret  bool     `mapstructure:"secret"`
}

// ConsentConfig names the attribute, of the span, record, data point or resource, that says that personal data may
// be kept, and the value it then has.
type ConsentConfig struct {
	Attribute string `mapstructure:"attribute"`
	Value     any    `mapstructure:"value"`
}

// Storage says what is stored of a kind of content: all of it, a keyed hash, nothing.
type Storage string

// The ways to store content.
const (
	StorageKeep Storage = "keep"
	StorageHash Storage = "hash"
	StorageDrop Storage = "drop"
)

// ContentConfig has what is stored of each kind of content.
type ContentConfig struct {
	Prompts       Storage `mapstructure:"prompts"`
	Completions   Storage `mapstructure:"completions"`
	ToolArguments Storage `mapstructure:"tool_arguments"`
	ToolResults   Storage `mapstructure:"tool_results"`
	Documents     Storage `mapstructure:"documents"`
}

const defaultMaxValueBytes = 16 << 20

func createDefaultConfig() component.Config {
	return &Config{
		Mode:               ModeRedact,
		InfrastructureKeys: []string{"host.*", "k8s.*", "cloud.*", "server.*"},
		Content: ContentConfig{
			Prompts: StorageKeep, Completions: StorageKeep, ToolArguments: StorageKeep, ToolResults: StorageKeep, Documents: StorageKeep,
		},
		MaxValueBytes: defaultMaxValueBytes,
	}
}

var (
	_ confmap.Validator        = (*Config)(nil)
	_ encoding.TextUnmarshaler = (*ActionConfig)(nil)
)

// UnmarshalText takes an action that is written as its bare name.
func (a *ActionConfig) UnmarshalText(name []byte) error {
	a.Action = string(name)
	return nil
}

// Validate reports every wrong setting by name.
func (c *Config) Validate() error {
	errs := []error{oneOf("mode", c.Mode, ModeRedact, ModeReport)}
	for _, k := range newStorage(c.Content).kinds {
		errs = append(errs, oneOf("content::"+k.setting, k.mode, StorageKeep, StorageHash, StorageDrop))
	}
	errs = append(errs, c.validateKeys(), c.validateConsent())
	if c.MaxValueBytes <= 0 {
		errs = append(errs, fmt.Errorf("max_value_bytes: %d, want more than 0", c.MaxValueBytes))
	}
	if _, err := newEngine(c); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func oneOf[T ~string](setting string, value T, allowed ...T) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	names := make([]string, len(allowed))
	for i, a := range allowed {
		names[i] = string(a)
	}
	return fmt.Errorf("%s: %q, want one of %s", setting, string(value), strings.Join(names, ", "))
}

func (c *Config) validateKeys() error {
	var errs []error
	owner := make(map[string]string)
	for _, rule := range c.keyRules() {
		for _, pattern := range rule.patterns {
			if strings.Trim(pattern, "*") == "" {
				errs = append(errs, fmt.Errorf("%s: %q names no attribute", rule.setting, pattern))
			}
			if other, taken := owner[pattern]; taken && other != rule.setting {
				errs = append(errs, fmt.Errorf("%s: %q is in %s, too", rule.setting, pattern, other))
			}
			owner[pattern] = rule.setting
		}
	}
	return errors.Join(errs...)
}

func (c *Config) validateConsent() error {
	switch {
	case c.Consent.Attribute == "" && c.Consent.Value != nil:
		return errors.New("consent::attribute: missing, though consent::value is set")
	case c.Consent.Attribute != "" && c.Consent.Value == nil:
		return errors.New("consent::value: missing, though consent::attribute is set")
	}
	switch c.Consent.Value.(type) {
	case nil, string, bool, int, int64, float64:
		return nil
	}
	return fmt.Errorf("consent::value: a %T, want a string, a bool or a number", c.Consent.Value)
}

// scannerOptions are the settings of the search.
func (c *Config) scannerOptions() pii.Options {
	custom := make([]pii.CustomPattern, len(c.Custom))
	for i, p := range c.Custom {
		custom[i] = pii.CustomPattern{Name: p.Name, Regex: p.Regex, Score: p.Score, Context: p.Context, Secret: p.Secret}
	}
	return pii.Options{
		Entities: c.Entities, Enable: c.Enable, Disable: c.Disable, MinScore: c.MinScore, Regions: c.Regions,
		Allow: c.Allow, AllowPatterns: c.AllowPatterns, Custom: custom, Decode: c.Decode,
	}
}
