// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor"

	"github.com/llmcol/llmcol/processor/tailsamplingprocessor/internal/metadata"
)

// NewFactory returns the factory of the llm_tail_sampling processor.
func NewFactory() processor.Factory {
	return processor.NewFactory(metadata.Type, createDefaultConfig,
		processor.WithTraces(createTraces, metadata.TracesStability))
}

func createTraces(_ context.Context, set processor.Settings, cfg component.Config, next consumer.Traces) (processor.Traces, error) {
	return newSampler(set, cfg.(*Config), next)
}
