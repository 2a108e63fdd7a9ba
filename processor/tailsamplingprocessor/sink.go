// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.uber.org/zap"

	"github.com/llmcol/llmcol/processor/tailsamplingprocessor/internal/metadata"
)

const (
	firstPause   = 50 * time.Millisecond
	longestPause = 5 * time.Second
)

// sink hands spans to the next component, again and again while that refuses them for the time being.
type sink struct {
	next consumer.Traces
	// copies tells that the next component changes what it is given, so that a refused batch may be spoilt.
	copies    bool
	logger    *zap.Logger
	telemetry *metadata.TelemetryBuilder
}

func newSink(next consumer.Traces, logger *zap.Logger, telemetry *metadata.TelemetryBuilder) *sink {
	return &sink{next: next, copies: next.Capabilities().MutatesData, logger: logger, telemetry: telemetry}
}

// deliver returns how many spans the next component has not taken, and never will.
func (s *sink) deliver(ctx context.Context, td ptrace.Traces) (lost int) {
	if !s.copies {
		td.MarkReadOnly()
	}
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		if ctx.Err() != nil {
			return td.SpanCount()
		}
		err := s.next.ConsumeTraces(ctx, s.expendable(td))
		if err == nil {
			return 0
		}
		var part consumererror.Traces
		if errors.As(err, &part) {
			td = part.Data()
		}
		if consumererror.IsPermanent(err) {
			lost = td.SpanCount()
			s.logger.Error("Spans of kept traces are dropped: the next component rejects them for good",
				zap.Int("spans", lost), zap.Error(err))
			return lost
		}
		s.telemetry.ProcessorLlmTailSamplingRetries.Add(ctx, 1)
		select {
		case <-ctx.Done():
		case <-time.After(pause/2 + rand.N(pause)): //nolint:gosec // jitter needs no cryptography
		}
	}
}

// expendable is what the next component may do with as it likes.
func (s *sink) expendable(td ptrace.Traces) ptrace.Traces {
	if !s.copies {
		return td
	}
	out := ptrace.NewTraces()
	td.CopyTo(out)
	return out
}
