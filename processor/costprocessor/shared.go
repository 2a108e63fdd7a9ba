// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package costprocessor

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/processor"
	"go.uber.org/zap"

	"github.com/llmcol/llmcol/internal/instances"
)

// pricers holds the pricer of each component: its traces and its logs instances, in however many pipelines, share the memory of calls
// and the price table.
var pricers instances.Shared[*Config, *pricer]

func pricerOf(cfg *Config, set processor.Settings) (*pricer, error) {
	return pricers.Take(cfg, func() (*pricer, error) { return newPricer(cfg, set) })
}

// lifecycle starts the background work with the first instance and stops it with the last.
type lifecycle struct {
	mu      sync.Mutex
	started int
	cancel  context.CancelFunc
	done    sync.WaitGroup
}

func (p *pricer) start(context.Context, component.Host) error {
	l := &p.lifecycle
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.started++; l.started > 1 {
		return nil
	}
	var ctx context.Context
	ctx, l.cancel = context.WithCancel(context.Background())
	l.done.Go(func() { p.store.Watch(ctx, p.cfg.PollInterval, p.reloaded) })
	l.done.Go(func() { p.unknown.watch(ctx) })
	return nil
}

func (p *pricer) shutdown(context.Context) error {
	l := &p.lifecycle
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.started > 0 {
		l.started--
	}
	if l.started > 0 {
		return nil
	}
	if l.cancel != nil {
		l.cancel()
		l.done.Wait()
		l.cancel = nil
	}
	p.telemetry.shutdown()
	pricers.Forget(p.cfg)
	return nil
}

// reloaded is told of each change of the price files.
func (p *pricer) reloaded(err error) {
	p.telemetry.reloaded(err == nil)
	if err != nil {
		p.logger.Error("Price files changed but cannot be loaded; the last good prices stay in use", zap.Error(err))
		return
	}
	p.logger.Info("Price files reloaded", zap.Strings("prices", p.cfg.Prices))
}
