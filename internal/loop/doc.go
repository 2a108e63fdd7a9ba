// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

// Package loop finds agents that make no progress: the same call with the same outcome again and again, while they still run.
//
// An [Engine] takes one [Observation] for each span or log record, in whatever order they arrive, and answers with the [Verdict] that
// the record is to carry. It groups tool calls and model calls into agent runs by their ancestors, keeps the newest of each run in the
// order of their start, and judges a run as it stands: what is found depends on which calls have been seen, not on how they came.
//
// Only keyed hashes, ids, times and counts are held, never content; and every table is bounded.
package loop
