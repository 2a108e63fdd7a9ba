// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package harness

import (
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
)

// Metric scrapes the collector's own telemetry and sums the metric's samples that carry all the given
// labels ("processor", "llm_cost", ...). Names are those of metadata.yaml with the prefix otelcol_ and
// without suffixes; a histogram counts its observations. What was never recorded is 0.
func (c *Collector) Metric(tb testing.TB, name string, labels ...string) float64 {
	tb.Helper()
	require.Zero(tb, len(labels)%2, "labels come in pairs of name and value")
	count, err := c.Counters()
	require.NoError(tb, err)
	return count(name, labels...)
}

// Counters is [Collector.Metric] for programs that are no tests, and for several metrics of one moment.
func (c *Collector) Counters() (func(name string, labels ...string) float64, error) {
	families, err := scrape(c.Metrics)
	if err != nil {
		return nil, err
	}
	return func(name string, labels ...string) (sum float64) {
		for _, sample := range families[name].GetMetric() {
			if hasLabels(sample, labels) {
				sum += sample.GetCounter().GetValue() + sample.GetGauge().GetValue() +
					sample.GetUntyped().GetValue() + float64(sample.GetHistogram().GetSampleCount())
			}
		}
		return sum
	}, nil
}

// Exposed is the text of the page that the pipeline's prometheus exporter serves.
func (c *Collector) Exposed(tb testing.TB) string {
	tb.Helper()
	text, err := get("http://" + c.Prometheus + "/metrics")
	require.NoError(tb, err)
	return text
}

// Healthy tells whether the health_check extension answers that it is.
func (c *Collector) Healthy() bool {
	_, err := get("http://" + c.Health + "/")
	return err == nil
}

func scrape(address string) (map[string]*dto.MetricFamily, error) {
	text, err := get("http://" + address + "/metrics")
	if err != nil {
		return nil, err
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	return parser.TextToMetricFamilies(strings.NewReader(text))
}

func hasLabels(sample *dto.Metric, want []string) bool {
	have := map[string]string{}
	for _, label := range sample.GetLabel() {
		have[label.GetName()] = label.GetValue()
	}
	for i := 0; i < len(want); i += 2 {
		if have[want[i]] != want[i+1] {
			return false
		}
	}
	return true
}
