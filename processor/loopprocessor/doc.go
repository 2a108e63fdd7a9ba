// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package loopprocessor finds agents that make no progress while they still run: it reads tool calls and model calls of any convention from
// spans and log records, and annotates the record that completes the evidence of a loop and every later one of it.
package loopprocessor
