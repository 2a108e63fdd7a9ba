// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"errors"
	"fmt"
)

// Shards into which the state is divided where it is kept over restarts: only those that have changed are written.
const Shards = 256

func shardOf(k nodeKey) int { return int(k >> 3 & (Shards - 1)) }

// KeepState makes the engine note which shards of its state change.
func (e *Engine) KeepState() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.dirty = &[Shards]bool{}
}

// ChangedShards are the shards that have changed since the last time they were asked for.
func (e *Engine) ChangedShards() []int {
	e.mu.Lock()
	defer e.mu.Unlock()
	var changed []int
	for shard := range e.dirty {
		if e.dirty[shard] {
			changed = append(changed, shard)
			e.dirty[shard] = false
		}
	}
	return changed
}

// ShardFailed notes that a shard could not be written.
func (e *Engine) ShardFailed(shard int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.dirty[shard] = true
}

// stateVersion is the first byte of a shard. Another version's state is not read.
const stateVersion = 1

// Shard is a shard's state as bytes: hashes, ids, times, counts and the names of tools.
func (e *Engine) Shard(shard int) []byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	c := coder{buf: []byte{stateVersion}, tools: e.tools}
	for k, r := range e.runs {
		if shardOf(k) == shard {
			c.run(r)
		}
	}
	return c.buf
}

var errCutOff = errors.New("state is cut off or damaged")

// Restore takes a shard's state in, as if all of it had been seen at the time now. It fails if data is no state of this version; what stood
// before the damage has been taken in then.
func (e *Engine) Restore(data []byte, now int64) error {
	if len(data) == 0 {
		return nil
	}
	if data[0] != stateVersion {
		return fmt.Errorf("state has version %d, want %d", data[0], stateVersion)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	c := coder{buf: data[1:], tools: e.tools, decoding: true}
	for len(c.buf) > 0 {
		r := &run{}
		c.run(r)
		if c.failed || r.key == 0 {
			return errCutOff
		}
		if e.runs[r.key] == nil {
			r.join(0)
			e.add(r, now)
		}
	}
	return nil
}
