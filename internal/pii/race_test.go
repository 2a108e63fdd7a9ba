// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

//go:build race

package pii

// raceDetector says that sync.Pool drops what it holds at random, so that allocations cannot be counted.
const raceDetector = true
