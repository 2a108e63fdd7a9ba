// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loopprocessor

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/llmcol/llmcol/internal/loop"
	"github.com/llmcol/llmcol/processor/loopprocessor/internal/metadata"
)

// detector is one llm_loop component: the state that its instances share.
type detector struct {
	cfg       *Config
	id        component.ID
	logger    *zap.Logger
	telemetry *metadata.TelemetryBuilder
	key       loop.Key
	engine    *loop.Engine
	workers   sync.Pool
	tools     toolLabels

	lifecycle sync.Mutex
	started   int // instances
	stop      chan struct{}
	stopped   sync.WaitGroup
	store     *store
}

func newDetector(cfg *Config, set processor.Settings) (*detector, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	engineConfig, err := cfg.engine()
	if err != nil {
		return nil, err
	}
	engine, err := loop.New(engineConfig)
	if err != nil {
		return nil, err
	}
	d := &detector{cfg: cfg, id: set.ID, logger: set.Logger, telemetry: telemetry, key: keyOf(string(cfg.Key)), engine: engine}
	d.workers.New = func() any { return newWorker(d) }
	return d, d.observeEngine()
}

// keyOf makes the key from the setting, a random one without it.
func keyOf(secret string) (key loop.Key) {
	if secret == "" {
		_, _ = rand.Read(key[:]) // never fails
		return key
	}
	sum := sha256.Sum256([]byte("llm_loop\x00" + secret))
	copy(key[:], sum[:])
	return key
}

func (d *detector) observeEngine() error {
	err := d.telemetry.RegisterProcessorLlmLoopActiveRunsCallback(func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(int64(d.engine.Stats().Runs))
		return nil
	})
	if err != nil {
		return err
	}
	err = d.telemetry.RegisterProcessorLlmLoopEvictionsCallback(func(_ context.Context, o metric.Int64Observer) error {
		stats := d.engine.Stats()
		o.Observe(stats.EvictedIdle, metric.WithAttributes(attribute.String("reason", "idle")))
		o.Observe(stats.EvictedLimit, metric.WithAttributes(attribute.String("reason", "limit")))
		return nil
	})
	if err != nil {
		return err
	}
	return d.telemetry.RegisterProcessorLlmLoopCallsWithoutArgumentsCallback(func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(d.engine.Stats().CallsNoArgs)
		return nil
	})
}

// sweepInterval is how often idle runs are forgotten while nothing arrives.
const sweepInterval = time.Minute

// instance is the traces or the logs processor of one pipeline.
type instance struct {
	*detector
	running bool
}

// start starts the component with its first instance.
func (i *instance) start(ctx context.Context, host component.Host) error {
	d := i.detector
	d.lifecycle.Lock()
	defer d.lifecycle.Unlock()
	if d.started == 0 {
		if err := d.open(ctx, host); err != nil {
			return err
		}
		stop := make(chan struct{})
		d.stop = stop
		d.stopped.Go(func() { d.keepHouse(stop) })
	}
	i.running = true
	d.started++
	return nil
}

// shutdown stops the component with its last instance. It may be called without start, and twice.
func (i *instance) shutdown(ctx context.Context) error {
	d := i.detector
	d.lifecycle.Lock()
	defer d.lifecycle.Unlock()
	if i.running {
		i.running = false
		d.started--
	}
	if d.started > 0 {
		return nil
	}
	detectors.Forget(d.cfg)
	d.telemetry.Shutdown()
	if d.stop == nil {
		return nil
	}
	close(d.stop)
	d.stop = nil
	d.stopped.Wait()
	return d.closeStore(ctx)
}

func (d *detector) keepHouse(stop <-chan struct{}) {
	sweep := time.NewTicker(sweepInterval)
	defer sweep.Stop()
	save := time.NewTicker(d.cfg.StorageInterval)
	defer save.Stop()
	for {
		select {
		case <-stop:
			return
		case now := <-sweep.C:
			d.engine.Expire(now.UnixNano())
		case <-save.C:
			if d.store != nil {
				d.save(context.Background())
			}
		}
	}
}

func (d *detector) processTraces(ctx context.Context, td ptrace.Traces) (ptrace.Traces, error) {
	w := d.workers.Get().(*worker)
	defer d.workers.Put(w)
	w.traces(ctx, td)
	return td, nil
}

func (d *detector) processLogs(ctx context.Context, ld plog.Logs) (plog.Logs, error) {
	w := d.workers.Get().(*worker)
	defer d.workers.Put(w)
	w.logs(ctx, ld)
	return ld, nil
}

// count a loop that reached a severity.
func (d *detector) count(ctx context.Context, v *loop.Verdict) {
	tool := ""
	if len(v.Tools) > 0 {
		tool = d.tools.label(v.Tools[0])
	}
	d.telemetry.ProcessorLlmLoopLoops.Add(ctx, 1, metric.WithAttributes(
		attribute.String("rule", v.Rule.String()), attribute.String("severity", v.Severity.String()), attribute.String("tool", tool)))
}

// toolLabels bounds the tool names that become values of a metric's attribute.
type toolLabels struct {
	mu   sync.Mutex
	seen map[string]struct{}
}

const (
	maxToolLabels  = 100
	otherToolLabel = "other"
)

func (l *toolLabels) label(tool string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.seen[tool]; ok {
		return tool
	}
	if len(l.seen) >= maxToolLabels {
		return otherToolLabel
	}
	if l.seen == nil {
		l.seen = map[string]struct{}{}
	}
	l.seen[tool] = struct{}{}
	return tool
}
