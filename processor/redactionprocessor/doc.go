// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package redactionprocessor takes personal data and secrets out of traces, logs and metrics: every string is looked
// at, in place, with structure, types and the validity of JSON kept.
package redactionprocessor
