// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package costprocessor writes on each call of a model what it costs, once however many spans and log records report it.
package costprocessor
