// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/llmcol/llmcol/test/harness"
)

const toNop = `
exporters: {nop: {}}
service: {telemetry: {metrics: {level: none}}, pipelines: {traces: {exporters: [nop]}}}
`

// blackBox measures the CPU time that the collector takes for a span of the reference load, in the quickstart's
// pipeline and in an empty one, alternating, and prints the ratio of the medians.
func blackBox(spans, rounds int, out io.Writer) error {
	quickstart, err := harness.ReadConfig("config/quickstart.yaml")
	if err != nil {
		return err
	}
	empty := []string{harness.Pipeline{}.YAML(), toNop}
	whole := []string{quickstart, toNop}
	var passThrough, pipeline []time.Duration
	for range rounds {
		for _, run := range []struct {
			configs []string
			into    *[]time.Duration
		}{{empty, &passThrough}, {whole, &pipeline}} {
			perSpan, err := cpuPerSpan(run.configs, spans)
			if err != nil {
				return err
			}
			*run.into = append(*run.into, perSpan)
		}
	}
	a, b := median(passThrough), median(pipeline)
	ratio := float64(b) / float64(a)
	fmt.Fprintf(out, "\nCPU time a span, %d spans of 12-span agent traces, median of %d\n", spans, rounds)
	fmt.Fprintf(out, "  otlp -> nop                   %8.2f us\n", micros(a))
	fmt.Fprintf(out, "  otlp -> quickstart -> nop     %8.2f us   %.2f times, budget %.1f\n", micros(b), ratio, pipelineBudget)
	return nil
}

// cpuPerSpan is what a collector takes for the load beyond what it takes to start and stop.
func cpuPerSpan(configs []string, spans int) (time.Duration, error) {
	idle, err := cpuOf(configs, 0)
	if err != nil {
		return 0, err
	}
	busy, err := cpuOf(configs, spans)
	return (busy - idle) / time.Duration(spans), err
}

func cpuOf(configs []string, spans int) (time.Duration, error) {
	dir, err := os.MkdirTemp("", "llmcol-bench-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	c, err := harness.Run(context.Background(), harness.Options{Configs: configs, Dir: dir})
	if err != nil {
		return 0, err
	}
	defer c.Kill()
	load := newLoad()
	for sent := 0; sent < spans; sent += load.spansPerRequest() {
		if err := c.Send(harness.GRPC, harness.TracesRequest(load.next())); err != nil {
			return 0, err
		}
	}
	if err := c.Stop(); err != nil {
		return 0, err
	}
	return c.CPUTime(), nil
}

func median(durations []time.Duration) time.Duration {
	slices.Sort(durations)
	return durations[len(durations)/2]
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
