// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

// Command demo is `make demo`: it starts the quickstart on free ports, replays what real clients sent,
// prints what came out, one line a model call and tool call, and stops it.
package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/llmcol/llmcol/test/harness"
)

// shown are the clients of the demo: each speaks another convention.
var shown = []string{
	"vercel-ai-sdk-v6", "vercel-ai-sdk-v7", "openinference-py-langchain", "openllmetry-js", "otel-py-openai-v2-latest",
	"pydantic-ai-py-logfire", "langfuse-js", "langsmith-js-otel", "claude-code", "manual-py-otel",
}

func main() {
	if err := demo(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func demo(to io.Writer) error {
	fixtures, err := harness.LoadFixtures()
	if err != nil {
		return err
	}
	fixtures = slices.DeleteFunc(fixtures, func(f harness.Fixture) bool { return !slices.Contains(shown, f.Client) })
	out, err := replay(fixtures)
	if err != nil {
		return err
	}
	byOrigin := map[string][]call{}
	for _, c := range append(calls(out.spans), recordedCalls(out.records)...) {
		byOrigin[c.origin] = append(byOrigin[c.origin], c)
	}
	var sum totals
	for _, f := range fixtures {
		fmt.Fprintf(to, "\n%s %s (%s)\n", f.Client, f.Version, f.Convention)
		for _, c := range callsOf(f, byOrigin) {
			fmt.Fprintln(to, c)
			sum.add(c)
		}
	}
	fmt.Fprintf(to, "\n%d clients: %s\n", len(fixtures), sum)
	for _, loop := range out.loops {
		fmt.Fprintln(to, describeLoop(loop))
	}
	return nil
}

// output is what the quickstart wrote.
type output struct {
	spans   []harness.Span
	records []harness.Record
	loops   []harness.Record // events
}

// replay runs the quickstart for as long as it takes to send the fixtures.
func replay(fixtures []harness.Fixture) (output, error) {
	quickstart, err := harness.ReadConfig("config/quickstart.yaml")
	if err != nil {
		return output{}, err
	}
	dir, err := os.MkdirTemp("", "llmcol-demo-")
	if err != nil {
		return output{}, err
	}
	defer os.RemoveAll(dir)
	c, err := harness.Run(context.Background(), harness.Options{Configs: []string{quickstart}, Dir: dir})
	if err != nil {
		return output{}, err
	}
	defer c.Kill()
	for _, f := range fixtures {
		if err := c.Send(harness.Captured, f.Requests...); err != nil {
			return output{}, fmt.Errorf("%s: %w", f.Name(), err)
		}
	}
	if err := c.Stop(); err != nil { // which drains
		return output{}, err
	}
	return read(c.OutboxFromStart())
}

func read(box *harness.Outbox) (output, error) {
	spans, err := box.AwaitSpans("traces", 0)
	if err != nil {
		return output{}, err
	}
	records, err := box.AwaitRecords("logs", 0)
	if err != nil {
		return output{}, err
	}
	events, err := box.AwaitRecords("events", 0)
	loops := slices.DeleteFunc(events, func(r harness.Record) bool { return r.EventName() != "llmcol.loop" })
	return output{spans, records, loops}, err
}

// callsOf are the calls in what the fixture's client sent, in the order of their start.
func callsOf(f harness.Fixture, byOrigin map[string][]call) []call {
	var own []call
	take := func(origin string) {
		own = append(own, byOrigin[origin]...)
		delete(byOrigin, origin)
	}
	for _, r := range f.Requests {
		switch r.Signal {
		case harness.Traces:
			for _, span := range harness.SpansOf(r.Traces) {
				take(spanOrigin(span))
			}
		case harness.Logs:
			for _, record := range harness.RecordsOf(r.Logs) {
				take(recordOrigin(record))
			}
		}
	}
	slices.SortStableFunc(own, func(a, b call) int { return cmp.Compare(a.start, b.start) })
	return own
}
