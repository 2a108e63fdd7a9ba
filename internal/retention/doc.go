// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

// Package retention remembers, within bounds, which class each trace went to, so that what comes later goes the same way.
package retention
