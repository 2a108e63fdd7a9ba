// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loopprocessor

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"

	"github.com/llmcol/llmcol/internal/loop"
)

// store is where the state is kept over restarts: the key, and the runs in shards of which only the changed ones are written.
type store struct{ client storage.Client }

const storedKey = "key"

func shardName(shard int) string { return fmt.Sprintf("runs/%03d", shard) }

func openStore(ctx context.Context, host component.Host, extension, id component.ID) (*store, error) {
	ext, ok := host.GetExtensions()[extension]
	if !ok {
		return nil, fmt.Errorf("storage: extension %q is not configured", extension)
	}
	provider, ok := ext.(storage.Extension)
	if !ok {
		return nil, fmt.Errorf("storage: extension %q is no storage extension", extension)
	}
	client, err := provider.GetClient(ctx, component.KindProcessor, id, "")
	if err != nil {
		return nil, fmt.Errorf("storage: extension %q: %w", extension, err)
	}
	return &store{client}, nil
}

// open takes up what was kept, if the state is to be kept at all.
func (d *detector) open(ctx context.Context, host component.Host) error {
	if d.cfg.Storage == nil {
		return nil
	}
	store, err := openStore(ctx, host, *d.cfg.Storage, d.id)
	if err != nil {
		return err
	}
	d.store = store
	return d.restore(ctx)
}

func (d *detector) closeStore(ctx context.Context) error {
	if d.store == nil {
		return nil
	}
	d.save(ctx)
	err := d.store.client.Close(ctx)
	d.store = nil
	return err
}

// restore reads what was kept. State that cannot be read is left behind: it is worth a line in the log, not a collector that does not start.
func (d *detector) restore(ctx context.Context) error {
	key, err := d.store.client.Get(ctx, storedKey)
	if err != nil {
		return fmt.Errorf("storage: reading the key: %w", err)
	}
	if d.cfg.Key == "" && len(key) == len(d.key) {
		copy(d.key[:], key)
	}
	if err := d.store.client.Set(ctx, storedKey, d.key[:]); err != nil {
		return fmt.Errorf("storage: writing the key: %w", err)
	}
	d.engine.KeepState()
	if len(key) != len(d.key) || loop.Key(key) != d.key {
		return nil // what was hashed under another key cannot be compared
	}
	for shard := range loop.Shards {
		data, err := d.store.client.Get(ctx, shardName(shard))
		if err == nil {
			err = d.engine.Restore(data, time.Now().UnixNano())
		}
		if err != nil {
			d.telemetry.ProcessorLlmLoopStorageErrors.Add(ctx, 1)
			d.logger.Warn("a part of the stored loop state cannot be read and is left behind", zap.Int("shard", shard), zap.Error(err))
		}
	}
	return nil
}

// save writes what has changed since the last time.
func (d *detector) save(ctx context.Context) {
	for _, shard := range d.engine.ChangedShards() {
		if err := d.store.client.Set(ctx, shardName(shard), d.engine.Shard(shard)); err != nil {
			d.engine.ShardFailed(shard)
			d.telemetry.ProcessorLlmLoopStorageErrors.Add(ctx, 1)
			d.logger.Warn("the loop state cannot be written; it is tried again", zap.Error(err))
			return
		}
	}
}
