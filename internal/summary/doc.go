// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

// Package summary says in a few figures and sentences what an engineer wants to know of one trace of an LLM app: where its time went, what
// it cost, what the answer rested on, what went wrong first, whether an agent looped.
//
// Spans go in, a [Summary] comes out. The tree and its times are in tree.go and critical.go, the figures in figures.go, the sentences in
// findings.go: each finding is one entry of a table, and thresholds are the caller's.
package summary
