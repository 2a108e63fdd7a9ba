// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/llmcol/llmcol/processor/redactionprocessor/internal/metadata"
)

// load reads one block of testdata/config.yaml and validates it.
func load(t *testing.T, name string) (*Config, error) {
	t.Helper()
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	id := component.NewIDWithName(metadata.Type, name)
	block, err := conf.Sub(id.String())
	require.NoError(t, err)
	c := createDefaultConfig().(*Config)
	if err := block.Unmarshal(c); err != nil {
		return nil, err
	}
	return c, confmap.Validate(c)
}

func TestDefaultConfig(t *testing.T) {
	c, err := load(t, "")
	require.NoError(t, err)
	assert.Equal(t, createDefaultConfig(), c)
}

func TestFullConfig(t *testing.T) {
	c, err := load(t, "full")
	require.NoError(t, err)
	assert.Equal(t, &Config{
		Mode: ModeReport, Key: "0123456789abcdef0123456789abcdef", Action: "partial",
		Actions:       map[string]ActionConfig{"EMAIL": {Action: "pseudonym"}, "PHONE": {Action: "fixed", Text: "***"}},
		MinScore:      map[string]float32{"PHONE": 0.6},
		Regions:       []string{"US", "DE"},
		Allow:         []string{"support@example.com"},
		AllowPatterns: []string{`.*@example\.org`},
		Custom:        []CustomConfig{{Name: "EMPLOYEE_ID", Regex: "EMP-[0-9]{6}", Score: 0.8, Context: []string{"employee"}, Secret: true}},
		Decode:        true,
		AllowKeys:     []string{"app.public.*"}, DropKeys: []string{"app.private"}, HashKeys: []string{"enduser.id"},
		MaskKeys: []string{"*.secret_note"}, InfrastructureKeys: []string{"host.*"},
		Consent: ConsentConfig{Attribute: "user.consent.pii", Value: true},
		Content: ContentConfig{
			Prompts: StorageHash, Completions: StorageDrop, ToolArguments: StorageKeep, ToolResults: StorageKeep, Documents: StorageKeep,
		},
		MaxValueBytes: 1000,
	}, c)
	assert.NotContains(t, fmt.Sprintf("%v %+v", c, c), "0123456789abcdef", "the key is opaque")
}

func TestWrongConfigsNameTheSetting(t *testing.T) {
	for name, want := range map[string]string{
		"mode":                 `mode: "delete", want one of redact, report`,
		"key":                  "key: 5 bytes, want at least 32",
		"action":               `action: unknown action "shred"`,
		"pseudonym":            "actions::EMAIL: pseudonym needs a key",
		"fixed_without_text":   "actions::EMAIL: fixed needs a text",
		"text_without_fixed":   "actions::EMAIL: text is for the action fixed, not label",
		"fixed_text_is_hit":    "actions::EMAIL: the text would itself be redacted",
		"unknown_entity":       `actions: unknown entity "E_MAIL"`,
		"unknown_disabled":     `disable: unknown entity "E_MAIL"`,
		"score":                "min_score: PHONE: 2, want 0 to 1",
		"pattern":              "custom",
		"empty_key_rule":       `drop_keys: "*" names no attribute`,
		"contradiction":        `allow_keys: "a.b" is in drop_keys, too`,
		"consent_value":        "consent::value: missing",
		"consent_attribute":    "consent::attribute: missing",
		"content":              `content::prompts: "burn", want one of keep, hash, drop`,
		"size":                 "max_value_bytes: 0, want more than 0",
		"unknown_setting":      "maskkeys",
		"unknown_in_action":    "colour",
		"action_of_wrong_form": "actions",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, name)
			assert.ErrorContains(t, err, want)
		})
	}
}

func TestWarnings(t *testing.T) {
	core, logs := observer.New(zap.WarnLevel)
	set := processortest.NewNopSettings(metadata.Type)
	set.Logger = zap.New(core)
	c := createDefaultConfig().(*Config)
	c.Custom = []CustomConfig{{Name: "ANY_DIGITS", Regex: `[0-9]+x?`}}
	_, err := newProcessor(set, c, "traces")
	require.NoError(t, err)
	_, err = newProcessor(set, c, "logs")
	require.NoError(t, err)
	require.Equal(t, 2, logs.Len(), "once, however many signals there are")
	assert.Contains(t, logs.All()[0].Message, "no key is set")
	assert.Contains(t, fmt.Sprint(logs.All()[1].ContextMap()["setting"]), "ANY_DIGITS")

	_, err = newProcessor(set, testConfig(t, ""), "traces")
	require.NoError(t, err)
	assert.Equal(t, 2, logs.Len(), "nothing to warn of")
}

func TestKeyPatterns(t *testing.T) {
	for _, tt := range []struct {
		pattern, name string
		want          bool
	}{
		{"a.b", "a.b", true}, {"a.b", "a.bc", false}, {"a.*", "a.b", true}, {"a.*", "ab", false}, {"*.b", "a.b", true}, {"*.b", "a.b.c", false},
		{"a.*.c", "a.b.c", true}, {"a.*.c", "a.c", false}, {"*pass*word*", "my.pass.sword", true}, {"a*b*b", "ab", false}, {"a*a", "a", false},
	} {
		assert.Equal(t, tt.want, matches(tt.pattern, tt.name), "%s %s", tt.pattern, tt.name)
	}
}
