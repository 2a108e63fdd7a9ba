// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/llmcol/llmcol/processor/tailsamplingprocessor/internal/metadata"
)

// load reads one block of testdata/config.yaml and validates it.
func load(t *testing.T, name string) (*Config, error) {
	t.Helper()
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	block, err := conf.Sub(component.NewIDWithName(metadata.Type, name).String())
	require.NoError(t, err)
	c := createDefaultConfig().(*Config)
	if err := block.Unmarshal(c); err != nil {
		return nil, err
	}
	return c, confmap.Validate(c)
}

func TestShippedConfig(t *testing.T) {
	c, err := load(t, "")
	require.NoError(t, err)
	want := createDefaultConfig().(*Config)
	want.Policies = c.Policies
	assert.Equal(t, want, c, "all but the policies has a default")
	assert.Len(t, c.Policies, 4)
}

func TestTraceBytesFollowTheMemoryLimit(t *testing.T) {
	c, err := load(t, "small")
	require.NoError(t, err, "a small memory_limit needs no other setting")
	assert.Equal(t, ByteSize(2<<20), c.maxTraceBytes())
	assert.Equal(t, ByteSize(64<<20), createDefaultConfig().(*Config).maxTraceBytes())
}

func TestFullConfig(t *testing.T) {
	c, err := load(t, "full")
	require.NoError(t, err)
	assert.Equal(t, &Config{
		Settle: 2 * time.Second, Idle: 10 * time.Minute, MaxAge: 4 * time.Hour,
		Root: `IsRootSpan() or span.attributes["agent.run"] == true`, EarlyKeep: Flush,
		MemoryLimit: 3 << 29, MaxTraceSpans: 50_000, MaxTraceBytes: 100 << 20,
		Decisions:     DecisionsConfig{TTL: 2 * time.Hour, MemoryLimit: 32 << 20},
		MaxBatchBytes: 1_000_000, ShutdownTimeout: 30 * time.Second,
		Policies: []PolicyConfig{{Name: "slow", Type: "slow", Slow: SlowConfig{
			Signal: "ttft",
			LatencyPercentile: &PercentileConfig{
				P: 0.99, MinCount: 100, Floor: time.Second, Ceiling: time.Minute, HalfLife: 5 * time.Minute,
			},
		}}},
	}, c)
}

func TestContribsPoliciesLoadUnchanged(t *testing.T) {
	c, err := load(t, "contrib")
	require.NoError(t, err)
	assert.Len(t, c.Policies, 19)
	core, logs := observer.New(zap.WarnLevel)
	_, err = newBuilder(zap.New(core), nil).build(c.Policies)
	require.NoError(t, err)
	require.Equal(t, 1, logs.Len())
	assert.Contains(t, logs.All()[0].Message, "hash_salt has no effect")
}

func TestInvalidConfigs(t *testing.T) {
	for name, want := range map[string]string{
		"no_policies":        "policies is empty",
		"no_name":            "policies[0]::name is empty",
		"same_name":          `policies[1]::name is "a", which another policy has already`,
		"unknown_type":       `policy "a": unknown type "eror", expected one of adaptive, always_sample`,
		"unknown_key":        "treshold",
		"settle":             "settle is 0s, expected more than 0",
		"max_age":            "max_age is 1000h0m0s, expected more than 0 and at most 720h0m0s",
		"early_keep":         `early_keep is "sometimes", expected "hold" or "flush"`,
		"root":               "root is no OTTL condition on spans",
		"memory_unit":        `size "512 bananas" is not understood`,
		"memory_small":       "memory_limit is 512, expected at least 1048576",
		"trace_above_memory": "max_trace_bytes is 67108864, expected at most memory_limit (8388608)",
		"status_codes":       `policy "a": unknown status code "BAD"`,
		"no_status_codes":    "status_codes is empty",
		"regexp":             "string_attribute::values[0] is no regular expression",
		"no_condition":       "ottl_condition::span and spanevent are both empty",
		"condition":          "ottl_condition::span:",
		"event_condition":    "ottl_condition::spanevent:",
		"numeric_key":        "numeric_attribute::key is empty",
		"percentage":         "probabilistic::sampling_percentage is -1, expected 0 to 100",
		"and":                "and is missing",
		"and_empty":          "and::and_sub_policy is empty",
		"drop":               "drop is missing",
		"drop_within":        "and::and_sub_policy[0]::type is drop, which must stand by itself",
		"not":                "not::not_sub_policy is missing",
		"not_unknown":        `not::not_sub_policy[0] "b": unknown type "c"`,
		"composite":          "composite is missing",
		"composite_total":    "composite::max_total_spans_per_second is 0, expected more than 0",
		"rate":               "rate_limiting::spans_per_second is -1",
		"bytes":              "bytes_limiting::bytes_per_second is -1",
		"include":            `error::include[0] is "lenght"`,
		"signal":             `slow::signal is "latency"`,
		"threshold":          "slow::threshold is -1s",
		"percentile":         "slow::latency_percentile::p is 99",
		"ceiling":            "nor ceiling below floor",
		"cost":               "cost_over::threshold is -1",
		"severity":           `loop::severity: unknown loop severity "bad"`,
		"reasons":            "finish_reason::reasons is empty",
		"scores":             "evaluation::min_score is 2, expected at most max_score (1)",
		"follow":             "conversation::follow is -1s",
		"window":             "diverse::window is -1s",
		"no_target":          "adaptive: expected either traces_per_second or bytes_per_second",
		"two_targets":        "adaptive: expected either traces_per_second or bytes_per_second",
		"key":                `adaptive::key[0] is "pod"`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, name)
			assert.ErrorContains(t, err, want)
		})
	}
}

func TestByteSizes(t *testing.T) {
	for text, want := range map[string]ByteSize{
		"1024": 1024, "1KiB": 1024, "1 MiB": 1 << 20, "0.5GiB": 1 << 29, "3MB": 3e6, "12B": 12,
	} {
		var got ByteSize
		require.NoError(t, got.UnmarshalText([]byte(text)))
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "MiB", "1XB", "x"} {
		var got ByteSize
		assert.Error(t, got.UnmarshalText([]byte(text)), text)
	}
}
