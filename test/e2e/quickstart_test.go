// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/llmcol/llmcol/test/harness"
)

func TestQuickstartServesWhatItPromises(t *testing.T) {
	c := harness.Start(t, harness.Config(t, "config/quickstart.yaml"))
	assert.True(t, c.Healthy())
	spans, records := 0, 0
	out := c.Outbox()
	fixtures := harness.Fixtures(t)
	for _, f := range fixtures {
		harness.Replay(t, c, f, harness.AsCaptured)
		spans, records = spans+harness.SpanCount(f.Requests), records+harness.LogRecordCount(f.Requests)
	}
	assert.Len(t, out.Spans(t, "traces", spans), spans, "every trace is kept")
	assert.Len(t, out.Records(t, "logs", records), records)
	assert.NotEmpty(t, out.Metrics(t, "metrics", 1))
	assert.Contains(t, c.Exposed(t), "gen_ai_client_token_usage", "the client's own metrics")
	assert.InDelta(t, spans, c.Metric(t, "otelcol_receiver_accepted_spans", "receiver", "otlp"), 0)
	assert.InDelta(t, records, c.Metric(t, "otelcol_receiver_accepted_log_records", "transport", "http"), 0)
	require.NoError(t, c.Stop())
	for _, f := range fixtures {
		for literal := range f.Label.PIILiterals {
			assert.NotContains(t, c.Logs(), literal, "the log repeats what a user typed")
		}
	}
}

// TestWhatTheFileExporterWroteCanBeReplayed feeds the files of one collector to another.
func TestWhatTheFileExporterWroteCanBeReplayed(t *testing.T) {
	first := harness.Start(t, harness.Pipeline{}.YAML())
	f := harness.Fixtures(t)[0]
	sent := harness.SpanCount(f.Requests)
	harness.Replay(t, first, f, harness.AsCaptured).Spans(t, "traces", sent)
	require.NoError(t, first.Stop())

	second := harness.Start(t, harness.Pipeline{}.YAML(), fmt.Sprintf(`
receivers: {otlp_json_file: {include: [%q], start_at: beginning}}
service: {pipelines: {traces: {receivers: [otlp_json_file]}}}
`, filepath.Join(first.Dir, "data", "traces.jsonl")))
	assert.Len(t, second.OutboxFromStart().Spans(t, "traces", sent), sent)
}
