// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package truncationprocessor makes what LLM apps send small enough to store: it cuts what can be spared, says so, and leaves
// JSON, roles, ids and the beginning and the end of a conversation as they are.
package truncationprocessor
