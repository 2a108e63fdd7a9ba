// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package summaryprocessor writes on the root span of a whole trace what an engineer wants to know of it.
package summaryprocessor
