// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"context"
	"runtime"
	"syscall"
	"testing"
	"time"

	contrib "github.com/open-telemetry/opentelemetry-collector-contrib/processor/tailsamplingprocessor"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"
)

// fourPolicies are the same for both processors.
var fourPolicies = []any{
	settings{"name": "errors", "type": "status_code", "status_code": settings{"status_codes": []any{"ERROR"}}},
	settings{"name": "slow", "type": "latency", "latency": settings{"threshold_ms": 5000}},
	settings{"name": "vip", "type": "string_attribute", "string_attribute": settings{"key": "customer", "values": []any{"vip"}}},
	settings{"name": "rest", "type": "probabilistic", "probabilistic": settings{"sampling_percentage": 10}},
}

// shipped are the policies that the shipped configurations start from.
var shipped = []any{
	settings{"name": "errors", "type": "error"},
	settings{"name": "slow", "type": "slow", "slow": settings{"threshold": "5s"}},
	settings{"name": "loops", "type": "loop", "loop": settings{"severity": "detected"}},
	settings{"name": "rest", "type": "conversation", "conversation": settings{"sampling_percentage": 10}},
}

type contestant struct {
	name     string
	factory  processor.Factory
	policies []any
}

var contestants = []contestant{
	{"contrib", contrib.NewFactory(), fourPolicies},
	{"llmcol", NewFactory(), fourPolicies},
	{"llmcol shipped", NewFactory(), shipped},
}

func (c *contestant) start(t testing.TB, next consumer.Traces) processor.Traces {
	cfg := c.factory.CreateDefaultConfig()
	conf := settings{"policies": c.policies}
	if _, ours := cfg.(*Config); ours {
		conf["memory_limit"] = "8GiB"
	} else {
		conf["num_traces"] = 1_000_000
	}
	require.NoError(t, confmap.NewFromStringMap(conf).Unmarshal(cfg))
	p, err := c.factory.CreateTraces(t.Context(), processortest.NewNopSettings(c.factory.Type()), cfg, next)
	require.NoError(t, err)
	require.NoError(t, p.Start(t.Context(), host{}))
	return p
}

func cpuTime(t testing.TB) time.Duration {
	var u syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkSampling takes in a round of traces and decides them all: spans per second of CPU time, garbage collection
// included, unmarshalling not.
func BenchmarkSampling(b *testing.B) {
	for _, s := range shapes {
		raw, spans := s.wire(b)
		for _, c := range contestants {
			b.Run(s.name+"/"+c.name, func(b *testing.B) {
				b.ReportAllocs()
				var used time.Duration
				for range b.N {
					b.StopTimer()
					batches := make([]ptrace.Traces, len(raw))
					for i := range raw {
						batches[i] = unmarshal(b, raw[i])
					}
					p := c.start(b, consumertest.NewNop())
					runtime.GC()
					b.StartTimer()
					before := cpuTime(b)
					for i := range batches {
						require.NoError(b, p.ConsumeTraces(b.Context(), batches[i]))
						batches[i] = ptrace.Traces{}
					}
					require.NoError(b, p.Shutdown(context.Background()))
					used += cpuTime(b) - before
				}
				b.ReportMetric(float64(spans*b.N)/used.Seconds()/1e6, "Mspans/cpu-s")
			})
		}
	}
}
