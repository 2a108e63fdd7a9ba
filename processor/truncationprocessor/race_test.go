// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

//go:build race

package truncationprocessor

// raceDetector says that code runs ten times slower, and that sync.Pool drops what it holds at random, so that allocations cannot
// be counted.
const raceDetector = true
