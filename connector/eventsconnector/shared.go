// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package eventsconnector

import "github.com/llmcol/llmcol/internal/instances"

// memories holds what the instances of each connector share: its traces and its logs have one limit, and tell each thing once.
var memories instances.Shared[*Config, *memory]

func memoryOf(cfg *Config) (*memory, error) {
	return memories.Take(cfg, func() (*memory, error) { return newMemory(cfg), nil })
}
