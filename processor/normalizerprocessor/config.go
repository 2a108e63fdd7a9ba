// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package normalizerprocessor

import (
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/component"

	"github.com/llmcol/llmcol/internal/genai"
)

// Originals says what becomes of the client's own attributes.
type Originals string

// The settings of originals.
const (
	KeepOriginals   Originals = "keep"
	RemoveOriginals Originals = "remove"
)

// Semconv says which spelling of names that changed is written.
type Semconv string

// The settings of write_semconv.
const (
	SemconvLatest Semconv = "latest"
	SemconvV141   Semconv = "v1.41"
)

// Config of llm_normalizer.
type Config struct {
	// Mappings takes the user's own attribute names to the current name that each one means.
	Mappings map[string]string `mapstructure:"mappings"`
	// Originals: keep, or remove what was carried over without loss.
	Originals Originals `mapstructure:"originals"`
	// WriteSemconv: latest, or v1.41 (the last release of the main repository).
	WriteSemconv Semconv `mapstructure:"write_semconv"`
}

func createDefaultConfig() component.Config {
	return &Config{Originals: KeepOriginals, WriteSemconv: SemconvLatest}
}

// Validate names the setting that is wrong, what it says and what it could say.
func (c *Config) Validate() error {
	var errs []error
	if c.Originals != KeepOriginals && c.Originals != RemoveOriginals {
		errs = append(errs, fmt.Errorf("originals: %q is neither %q nor %q", c.Originals, KeepOriginals, RemoveOriginals))
	}
	if c.WriteSemconv != SemconvLatest && c.WriteSemconv != SemconvV141 {
		errs = append(errs, fmt.Errorf("write_semconv: %q is neither %q nor %q", c.WriteSemconv, SemconvLatest, SemconvV141))
	}
	if _, err := genai.NewMappings(c.Mappings); err != nil {
		errs = append(errs, fmt.Errorf("mappings: %w", err))
	}
	return errors.Join(errs...)
}

func (c *Config) options() (genai.NormalizerOptions, error) {
	o := genai.NormalizerOptions{Names: genai.NamesLatest, RemoveOriginals: c.Originals == RemoveOriginals}
	if c.WriteSemconv == SemconvV141 {
		o.Names = genai.NamesV141
	}
	if len(c.Mappings) == 0 {
		return o, nil
	}
	var err error
	o.Mappings, err = genai.NewMappings(c.Mappings)
	return o, err
}
