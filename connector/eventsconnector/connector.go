// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package eventsconnector

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/llmcol/llmcol/connector/eventsconnector/internal/metadata"
	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/pii"
)

// events is the connector of one pair of pipelines.
type events struct {
	cfg       *Config
	next      consumer.Logs
	logger    *zap.Logger
	telemetry *metadata.TelemetryBuilder
	memory    *memory
	secrets   map[string]bool
	enabled   [numKinds]bool
	byKind    [numKinds]metric.MeasurementOption
	watchers  sync.Pool
	now       func() time.Time
	closed    sync.Once
}

func newConnector(cfg *Config, set connector.Settings, next consumer.Logs) (*events, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	memory, err := memoryOf(cfg)
	if err != nil {
		return nil, err
	}
	c := &events{
		cfg: cfg, next: next, logger: set.Logger, telemetry: telemetry, memory: memory, secrets: map[string]bool{}, now: time.Now,
	}
	for _, e := range pii.Entities() {
		c.secrets[e.Name] = e.Class == pii.Secret
	}
	for _, name := range cfg.SecretEntities {
		c.secrets[name] = true
	}
	for k := range kinds {
		c.enabled[k] = cfg.enabled(kinds[k].name)
		c.byKind[k] = metric.WithAttributeSet(attribute.NewSet(attribute.String("kind", kinds[k].name)))
	}
	c.watchers.New = func() any { return &watcher{events: c, reader: genai.NewReader(nil)} }
	return c, nil
}

// Capabilities: what is watched is not changed.
func (*events) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

// Start does nothing.
func (*events) Start(context.Context, component.Host) error { return nil }

// Shutdown may be called without Start, and twice.
func (c *events) Shutdown(context.Context) error {
	c.closed.Do(func() {
		memories.Give(c.cfg)
		c.telemetry.Shutdown()
	})
	return nil
}

// ConsumeTraces never fails: a refused event must not make a client send its spans again.
func (c *events) ConsumeTraces(ctx context.Context, td ptrace.Traces) error {
	w := c.watchers.Get().(*watcher)
	defer c.watchers.Put(w)
	c.emit(ctx, w.traces(ctx, td))
	return nil
}

// ConsumeLogs never fails either.
func (c *events) ConsumeLogs(ctx context.Context, ld plog.Logs) error {
	w := c.watchers.Get().(*watcher)
	defer c.watchers.Put(w)
	c.emit(ctx, w.logs(ctx, ld))
	return nil
}

func (c *events) emit(ctx context.Context, out plog.Logs) {
	n := out.LogRecordCount()
	if n == 0 {
		return
	}
	if err := c.next.ConsumeLogs(ctx, out); err != nil {
		c.telemetry.ConnectorLlmEventsDownstreamErrors.Add(ctx, int64(n))
		c.logger.Debug("events were refused and are lost", zap.Int("events", n), zap.Error(err))
	}
}
