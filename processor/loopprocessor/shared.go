// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loopprocessor

import (
	"go.opentelemetry.io/collector/processor"

	"github.com/llmcol/llmcol/internal/instances"
)

// detectors holds the detector of each component: its traces and its logs instance, in however many pipelines, share one state.
var detectors instances.Shared[*Config, *detector]

func instanceOf(cfg *Config, set processor.Settings) (*instance, error) {
	d, err := detectors.Take(cfg, func() (*detector, error) { return newDetector(cfg, set) })
	if err != nil {
		return nil, err
	}
	return &instance{detector: d}, nil
}
