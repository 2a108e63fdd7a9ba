// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"

	"github.com/llmcol/llmcol/internal/sampling"
	"github.com/llmcol/llmcol/processor/tailsamplingprocessor/internal/metadata"
)

// senders is how many batches are on their way to the next component at the same time.
const senders = 4

// spareAbove is the share of memory_limit in use from where on memory is worth more than time. Below it nobody would notice what that saves.
const spareAbove = 0.1

// sampler is the processor.
type sampler struct {
	engine          *sampling.Engine
	telemetry       *metadata.TelemetryBuilder
	shutdownTimeout time.Duration
}

func newSampler(set processor.Settings, cfg *Config, next consumer.Traces) (*sampler, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	settings, err := engineSettings(set, cfg, telemetry)
	if err != nil {
		telemetry.Shutdown()
		return nil, err
	}
	out := newSink(next, set.Logger, telemetry)
	settings.Deliver = out.deliver
	s := &sampler{engine: sampling.New(settings), telemetry: telemetry, shutdownTimeout: cfg.ShutdownTimeout}
	if err := s.observe(); err != nil {
		telemetry.Shutdown()
		return nil, err
	}
	return s, nil
}

func engineSettings(set processor.Settings, cfg *Config, telemetry *metadata.TelemetryBuilder) (sampling.Settings, error) {
	onError := func() {
		telemetry.ProcessorLlmTailSamplingConditionErrors.Add(context.Background(), 1)
	}
	onFailure := func() {
		telemetry.ProcessorLlmTailSamplingFailures.Add(context.Background(), 1)
	}
	b := newBuilder(set.Logger, onError)
	program, err := b.build(cfg.Policies)
	if err != nil {
		return sampling.Settings{}, err
	}
	isRoot, err := rootCondition(cfg.Root, onError)
	if err != nil {
		return sampling.Settings{}, err
	}
	var newClassifier func() sampling.Describer
	if b.needs == 0 {
		newClassifier = func() sampling.Describer { return newDescriber(needOutcome, onFailure) }
	}
	return sampling.Settings{
		Program: program, IsRoot: isRoot, Decided: decided(telemetry),
		NewDescriber:  func() sampling.Describer { return newDescriber(b.needs, onFailure) },
		NewClassifier: newClassifier,
		Settle:        cfg.Settle, Idle: cfg.Idle, MaxAge: cfg.MaxAge, FlushEarly: cfg.EarlyKeep == Flush,
		MemoryLimit: int64(cfg.MemoryLimit), MaxTraceSpans: cfg.MaxTraceSpans, MaxTraceBytes: int64(cfg.maxTraceBytes()),
		DecisionsTTL: cfg.Decisions.TTL, DecisionsMemory: int64(cfg.Decisions.MemoryLimit),
		MaxBatchBytes: int64(cfg.MaxBatchBytes), Senders: senders, SpareAbove: spareAbove,
	}, nil
}

// rootCondition compiles the root setting. The default, a span without a parent, needs no condition.
func rootCondition(root string, onError func()) (func(*sampling.Span) bool, error) {
	if root == isRootSpan {
		return nil, nil
	}
	condition, err := spanConditions([]string{root}, onError)
	if err != nil {
		return nil, fmt.Errorf("root is no OTTL condition on spans: %w", err)
	}
	return condition.met, nil
}

func (*sampler) Capabilities() consumer.Capabilities { return consumer.Capabilities{MutatesData: true} }

func (s *sampler) Start(context.Context, component.Host) error {
	s.engine.Start(true)
	return nil
}

// ConsumeTraces returns an error only for spans it has left alone; the sender is to send them again.
func (s *sampler) ConsumeTraces(_ context.Context, td ptrace.Traces) error {
	return s.engine.Consume(td)
}

// Shutdown decides and hands on what is held, within shutdown_timeout or ctx, whichever ends first.
func (s *sampler) Shutdown(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.shutdownTimeout)
	defer cancel()
	s.engine.Shutdown(ctx)
	s.telemetry.Shutdown()
	return nil
}
