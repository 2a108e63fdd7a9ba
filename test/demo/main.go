// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

// Command demo is `make demo`: it starts the quickstart on free ports, replays what real clients sent,
// prints what came out, one line a model call and tool call, and stops it.
package main

import (
	"cmp"
	"context"
	"fmt"
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
	if err := demo(); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func demo() error {
	fixtures, err := harness.LoadFixtures()
	if err != nil {
		return err
	}
	fixtures = slices.DeleteFunc(fixtures, func(f harness.Fixture) bool { return !slices.Contains(shown, f.Client) })
	spans, loops, err := replay(fixtures)
	if err != nil {
		return err
	}
	byTrace := map[string][]call{}
	for _, c := range calls(spans) {
		byTrace[c.traceID] = append(byTrace[c.traceID], c)
	}
	var sum totals
	for _, f := range fixtures {
		fmt.Printf("\n%s %s (%s)\n", f.Client, f.Version, f.Convention)
		for _, c := range callsOf(f, byTrace) {
			fmt.Println(c)
			sum.add(c)
		}
	}
	fmt.Printf("\n%d clients: %s\n", len(fixtures), sum)
	for _, loop := range loops {
		fmt.Println(describeLoop(loop))
	}
	return nil
}

// replay runs the quickstart for as long as it takes to send the fixtures and returns what it wrote:
// all spans, and the records of loops where the configuration has such events.
func replay(fixtures []harness.Fixture) ([]harness.Span, []harness.Record, error) {
	quickstart, err := harness.ReadConfig("config/quickstart.yaml")
	if err != nil {
		return nil, nil, err
	}
	dir, err := os.MkdirTemp("", "llmcol-demo-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	c, err := harness.Run(context.Background(), harness.Options{Configs: []string{quickstart}, Dir: dir})
	if err != nil {
		return nil, nil, err
	}
	defer c.Kill()
	out := c.Outbox()
	for _, f := range fixtures {
		if err := c.Send(harness.Captured, f.Requests...); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
	}
	if err := c.Stop(); err != nil { // which drains
		return nil, nil, err
	}
	spans, err := out.AwaitSpans("traces", 0)
	if err != nil {
		return nil, nil, err
	}
	events, err := out.AwaitRecords("events", 0)
	return spans, slices.DeleteFunc(events, func(r harness.Record) bool { return r.EventName() != "llmcol.loop" }), err
}

// callsOf are the calls of the traces that the fixture's client sent, in the order of their start.
func callsOf(f harness.Fixture, byTrace map[string][]call) []call {
	var own []call
	for _, r := range f.Requests {
		if r.Signal != harness.Traces {
			continue
		}
		for _, span := range harness.SpansOf(r.Traces) {
			id := span.TraceID().String()
			own = append(own, byTrace[id]...)
			delete(byTrace, id)
		}
	}
	slices.SortStableFunc(own, func(a, b call) int { return cmp.Compare(a.start, b.start) })
	return own
}
