// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !race

package pii

const raceDetector = false
