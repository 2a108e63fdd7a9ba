// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package tailsamplingprocessor keeps or drops whole traces, once they are complete. Deciding is the work of
// internal/sampling; this package is its configuration, its view of spans, its output and its telemetry.
package tailsamplingprocessor
