// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package normalizerprocessor brings the telemetry of LLM apps to the current OTel GenAI conventions, whatever the client speaks.
package normalizerprocessor
