// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

// Shards into which the state is divided where it is kept over restarts: only those that have changed are written.
const Shards = 256

func shardOf(k nodeKey) int { return int(k >> 3 & (Shards - 1)) }
