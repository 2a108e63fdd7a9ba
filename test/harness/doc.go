// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

// Package harness runs the built llmcol binary, sends it OTLP and reads what came out.
//
// A test of one component in the binary:
//
//	c := harness.Start(t,
//		harness.Pipeline{Traces: []string{"llm_normalizer", "llm_cost"}}.YAML(),
//		`processors: {llm_cost: {cost_attribute: my.cost}}`) // optional: settings, further pipelines
//	out := c.Outbox()                                      // before sending
//	require.NoError(t, c.Send(harness.GRPC, harness.TracesRequest(td)))
//	spans := out.Spans(t, "traces", 3)                     // waits for 3 spans in data/traces.jsonl
//	assert.Equal(t, "priced", spans[0].Attr("llmcol.cost.status"))
//	assert.Equal(t, 3.0, c.Metric(t, "otelcol_receiver_accepted_spans"))
//	require.NoError(t, c.Stop())                           // SIGTERM; an error unless it drained
//	rest := out.Spans(t, "traces", 0)                      // 0: what is there, without waiting
//
// Configurations are texts, merged in their order as the Collector merges --config: maps are merged,
// lists replaced. [Config] reads a shipped one, such as "config/quickstart.yaml". Every listener is
// moved to a free loopback port; the addresses are fields of [Collector].
//
// A connector's pipelines go into the second text; the exporter file/events writes data/events.jsonl:
//
//	connectors: {llm_events: {}}
//	service:
//	  pipelines:
//	    traces: {exporters: [file/traces, llm_events]}
//	    logs/events: {receivers: [llm_events], exporters: [file/events]}
//
// # Replaying real clients
//
//	for _, f := range harness.Fixtures(t) {      // f.Name(), f.Requests, f.Label.Billed, .PIILiterals, .Loop
//		for _, way := range harness.Ways {       // as captured, in reverse, one span a request, ...
//			out := harness.Replay(t, c, f, way)
//			spans := out.Spans(t, "traces", harness.SpanCount(way.Arrange(f.Requests)))
//
// One process serves many replays where the component holds no state: each [Replay] opens its own
// [Outbox]. A component with state keyed by trace id (llm_loop, llm_tail_sampling) needs a process for
// each replay, since every replay has the same trace ids; a start takes a fraction of a second.
//
// # Crashes
//
// [Collector.Kill] is SIGKILL. Start again with the same Options.Dir to see what survived; file
// exporters truncate their file unless the configuration says append: true.
// [Validate] runs "llmcol validate" and returns its complaint.
//
// LLMCOL_BIN names a built binary; without it bin/llmcol is built first.
package harness
