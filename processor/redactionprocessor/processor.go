// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"context"
	"fmt"
	"sync"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/otel/attribute"
	"go.uber.org/zap"

	"github.com/llmcol/llmcol/processor/redactionprocessor/internal/metadata"
)

// redaction is the processor of one signal.
type redaction struct {
	telemetry *metadata.TelemetryBuilder
	signal    attribute.KeyValue
	scrubbers sync.Pool
}

func newProcessor(set processor.Settings, c *Config, signal string) (*redaction, error) {
	s, err := newSettings(c)
	if err != nil {
		return nil, err
	}
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	c.warned.Do(func() { warn(set.Logger, s.engine) })
	p := &redaction{telemetry: telemetry, signal: attribute.String("signal", signal)}
	p.scrubbers.New = func() any { return newScrubber(s) }
	return p, nil
}

func newSettings(c *Config) (*settings, error) {
	e, err := newEngine(c)
	if err != nil {
		return nil, err
	}
	s := &settings{
		engine: e, rules: c.keyRules(), report: c.Mode == ModeReport, storage: newStorage(c.Content), maxValueBytes: c.MaxValueBytes,
	}
	if c.Consent.Attribute != "" {
		s.consentKey, s.consentValue = c.Consent.Attribute, fmt.Sprint(c.Consent.Value)
	}
	return s, nil
}

func warn(logger *zap.Logger, e *engine) {
	if e.keyIsRandom {
		logger.Warn("no key is set: pseudonyms and hashes are made with a random one, " +
			"and will differ after a restart and between collectors; set key to at least 32 bytes")
	}
	for _, w := range e.warnings {
		logger.Warn(w.Text, zap.String("setting", w.Setting))
	}
}

func (p *redaction) processTraces(ctx context.Context, td ptrace.Traces) (ptrace.Traces, error) {
	s := p.scrubbers.Get().(*scrubber)
	defer p.finish(ctx, s)
	s.traces(td)
	return td, nil
}

func (p *redaction) processLogs(ctx context.Context, ld plog.Logs) (plog.Logs, error) {
	s := p.scrubbers.Get().(*scrubber)
	defer p.finish(ctx, s)
	s.logs(ld)
	return ld, nil
}

func (p *redaction) processMetrics(ctx context.Context, md pmetric.Metrics) (pmetric.Metrics, error) {
	s := p.scrubbers.Get().(*scrubber)
	defer p.finish(ctx, s)
	s.metrics(md)
	return md, nil
}

func (p *redaction) finish(ctx context.Context, s *scrubber) {
	s.tally.settle(s.settings)
	s.tally.record(ctx, p.telemetry, p.signal)
	p.scrubbers.Put(s)
}

func (p *redaction) shutdown(context.Context) error {
	p.telemetry.Shutdown()
	return nil
}
