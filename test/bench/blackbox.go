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

// blackBox compares the built binary's CPU time a span between the contenders. They alternate within one run, and what a collector costs
// that is only started and stopped is taken off: absolute figures mean little on a shared machine.
func blackBox(spans, rounds int, out io.Writer) (ok bool, err error) {
	measured := make([][]time.Duration, len(contenders))
	for range rounds {
		for i := range contenders {
			perSpan, err := contenders[i].cpuPerSpan(spans)
			if err != nil {
				return false, fmt.Errorf("%s: %w", contenders[i].name, err)
			}
			measured[i] = append(measured[i], perSpan)
		}
	}
	fmt.Fprintf(out, "\nCPU time a span, %d spans of 12-span agent traces, median of %d rounds\n", spans, rounds)
	return report(out, measured), nil
}

// report prints each contender beside the empty collector that takes the same load, and tells whether all are within their budgets.
func report(out io.Writer, measured [][]time.Duration) (ok bool) {
	ok = true
	var base time.Duration
	for i := range contenders {
		c := &contenders[i]
		perSpan := median(measured[i])
		if slices.Equal(c.configs, empty) {
			base = perSpan
		}
		if i == len(contenders)-1 {
			base = median(measured[0])
		}
		ratio := float64(perSpan) / float64(base)
		line := fmt.Sprintf("  %-40s %8.2f us  %6.2f times", c.name, micros(perSpan), ratio)
		if c.budget > 0 {
			line += fmt.Sprintf(", budget %.1f", c.budget)
			ok = ok && ratio <= c.budget*tolerance
		}
		fmt.Fprintln(out, line)
	}
	return ok
}

func (c *contender) cpuPerSpan(spans int) (time.Duration, error) {
	spans = max(1, int(float64(spans)*c.share))
	idle, err := c.cpuOf(0)
	if err != nil {
		return 0, err
	}
	busy, err := c.cpuOf(spans)
	return (busy - idle) / time.Duration(spans), err
}

// cpuOf is the CPU time of a collector from its start to its end, when it has taken the given number of spans.
func (c *contender) cpuOf(spans int) (time.Duration, error) {
	dir, err := os.MkdirTemp("", "llmcol-bench-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	collector, err := harness.Run(context.Background(), harness.Options{Configs: c.configs, Dir: dir})
	if err != nil {
		return 0, err
	}
	defer collector.Kill()
	load := c.load()
	for sent := 0; sent < spans; sent += load.spansPerRequest() {
		if err := collector.Send(harness.GRPC, harness.TracesRequest(load.next())); err != nil {
			return 0, err
		}
	}
	if err := collector.Stop(); err != nil {
		return 0, err
	}
	return collector.CPUTime(), nil
}

func median(durations []time.Duration) time.Duration {
	slices.Sort(durations)
	return durations[len(durations)/2]
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
