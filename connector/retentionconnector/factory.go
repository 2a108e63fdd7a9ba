// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package retentionconnector

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"

	"github.com/llmcol/llmcol/connector/retentionconnector/internal/metadata"
)

// NewFactory makes llm_retention.
func NewFactory() connector.Factory {
	return connector.NewFactory(metadata.Type, createDefaultConfig,
		connector.WithTracesToTraces(createTraces, metadata.TracesToTracesStability),
		connector.WithLogsToLogs(createLogs, metadata.LogsToLogsStability))
}

func createTraces(_ context.Context, set connector.Settings, cfg component.Config, next consumer.Traces) (connector.Traces, error) {
	return newTracesRouter(cfg.(*Config), set, next)
}

func createLogs(_ context.Context, set connector.Settings, cfg component.Config, next consumer.Logs) (connector.Logs, error) {
	return newLogsRouter(cfg.(*Config), set, next)
}
