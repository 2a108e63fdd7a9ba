// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/llmcol/llmcol/test/harness"
)

// soakSettings turn the collector's own telemetry on, which the comparison does without, and have what is remembered of decided traces
// reach its bound within minutes: by default it grows for an hour.
const soakSettings = `
processors: {llm_tail_sampling: {decisions: {memory_limit: 4MiB}}}
service: {telemetry: {metrics: {level: normal}}}
`

// counters are what the sampler says of its spans: what came in is what was kept, dropped, refused or is still held.
var counters = []string{"received", "kept", "dropped", "refused", "held"}

// looksASoak is how often the collector is looked at.
const looksASoak = 20

// soak sends to the whole pipeline as fast as it takes, and looks from time to time at its memory and at what became of the spans.
func soak(d time.Duration, out io.Writer) (ok bool, err error) {
	dir, err := os.MkdirTemp("", "llmcol-soak-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	c, err := harness.Run(context.Background(), harness.Options{Configs: []string{wholePipeline, quiet, soakSettings}, Dir: dir})
	if err != nil {
		return false, err
	}
	defer c.Kill()
	load, sent := semconvLoad(), 0
	var resident []int
	for end, look := time.Now().Add(d), time.Now(); time.Now().Before(end); {
		if err := c.Send(harness.GRPC, harness.TracesRequest(load.next())); err != nil {
			return false, err
		}
		sent += load.spansPerRequest()
		if time.Now().After(look) {
			look = look.Add(d / looksASoak)
			kib, err := residentKiB(c.Pid())
			if err != nil {
				return false, err
			}
			resident = append(resident, kib)
			fmt.Fprintf(out, "%8d spans sent, resident %6.1f MiB, %s\n", sent, float64(kib)/1024, becameOf(c))
		}
	}
	fmt.Fprintf(out, "%.0f spans a second\n", float64(sent)/d.Seconds())
	bounded, sums := isBounded(resident), addsUp(c, sent, out)
	if !bounded {
		fmt.Fprintln(out, "the memory still grows")
	}
	return bounded && sums, c.Stop()
}

// isBounded tells memory that no longer grows: the last third's mean is at most a tenth above the middle third's.
func isBounded(kib []int) bool {
	third := len(kib) / 3
	return third > 0 && mean(kib[2*third:]) <= 1.1*mean(kib[third:2*third])
}

func mean(values []int) float64 {
	sum := 0
	for _, v := range values {
		sum += v
	}
	return float64(sum) / float64(len(values))
}

// counts reads the counters from one page: between two, traces go from one to another.
func counts(c *harness.Collector) (map[string]float64, error) {
	page, err := c.Counters()
	if err != nil {
		return nil, err
	}
	got := make(map[string]float64, len(counters))
	for _, name := range counters {
		got[name] = page("otelcol_processor_llm_tail_sampling_" + name + "_spans")
	}
	return got, nil
}

func becameOf(c *harness.Collector) string {
	got, err := counts(c)
	if err != nil {
		return err.Error()
	}
	var words []string
	for _, name := range counters {
		words = append(words, fmt.Sprintf("%s %.0f", name, got[name]))
	}
	return strings.Join(words, ", ")
}

// addsUp holds what came in against what went out, was dropped or is held, once the sampler has come to rest.
func addsUp(c *harness.Collector, sent int, out io.Writer) bool {
	for end := time.Now().Add(harness.Patience); ; time.Sleep(time.Second) {
		got, err := counts(c)
		if err != nil {
			fmt.Fprintln(out, err)
			return false
		}
		rest := got["received"] - got["kept"] - got["dropped"] - got["held"]
		if got["held"] == 0 || time.Now().After(end) {
			fmt.Fprintf(out, "sent %d, received %.0f, unaccounted %.0f\n", sent, got["received"], rest)
			return rest == 0 && int(got["received"]) == sent
		}
	}
}

func residentKiB(pid int) (int, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(line, "VmRSS:"); found {
			return strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")))
		}
	}
	return 0, fmt.Errorf("/proc/%d/status names no VmRSS", pid)
}
