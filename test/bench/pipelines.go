// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import "github.com/llmcol/llmcol/test/harness"

// quiet keeps the collector's own telemetry out of the comparison.
const quiet = `
exporters: {nop: {}}
service: {telemetry: {metrics: {level: none}}}
`

// empty is what every figure is a multiple of: OTLP in, nothing out.
var empty = []string{harness.Pipeline{}.YAML(), quiet, `service: {pipelines: {traces: {exporters: [nop]}}}`}

// wholePipeline is section 2 of the design with its fan-out, all of it to nop.
const wholePipeline = `
receivers: {otlp: {protocols: {grpc: {max_recv_msg_size_mib: 64}}}}
processors:
  memory_limiter: {check_interval: 1s, limit_mib: 4096}
  llm_normalizer: {}
  llm_cost: {}
  llm_loop: {}
  llm_redaction: {}
  llm_truncation: {}
  llm_tail_sampling:
    policies:
      - {name: errors, type: error}
      - {name: slow, type: slow, slow: {threshold: 5s}}
      - {name: loops, type: loop, loop: {severity: detected}}
      - {name: rest, type: conversation, conversation: {sampling_percentage: 10}}
  llm_summary: {}
connectors:
  forward: {}
  llm_events: {}
  llm_retention:
    classes:
      - {name: errors, pipelines: [traces/errors]}
      - {name: slow, pipelines: [traces/slow]}
      - {name: normal, pipelines: [traces/normal]}
service:
  pipelines:
    traces:
      receivers: [otlp]
      processors: [memory_limiter, llm_normalizer, llm_cost, llm_loop, llm_redaction, llm_truncation]
      exporters: [llm_events, forward]
    traces/whole: {receivers: [forward], processors: [llm_tail_sampling, llm_summary], exporters: [llm_retention]}
    traces/errors: {receivers: [llm_retention], exporters: [nop]}
    traces/slow: {receivers: [llm_retention], exporters: [nop]}
    traces/normal: {receivers: [llm_retention], exporters: [nop]}
    logs/events: {receivers: [llm_events], exporters: [nop]}
`

// contribPipeline is the nearest that contrib's own components come: eight patterns, a cut at N bytes, a sampler by the clock.
const contribPipeline = `
receivers: {otlp: {protocols: {grpc: {max_recv_msg_size_mib: 64}}}}
processors:
  memory_limiter: {check_interval: 1s, limit_mib: 4096}
  redaction:
    allow_all_keys: true
    blocked_values:
      - '[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}'
      - '\b(?:\+?1[-. ]?)?\(?[2-9][0-9]{2}\)?[-. ]?[0-9]{3}[-. ]?[0-9]{4}\b'
      - '\b(?:[0-9][ -]?){13,16}\b'
      - '\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b'
      - '\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b'
      - '\b[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\b'
      - '\b(?:AKIA|ASIA)[A-Z0-9]{16}\b'
      - '\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\b'
  transform:
    trace_statements:
      - context: span
        statements: ['truncate_all(span.attributes, 16384)']
  tail_sampling:
    decision_wait: 6s
    num_traces: 200000
    policies:
      - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
      - {name: slow, type: latency, latency: {threshold_ms: 5000}}
      - {name: rest, type: probabilistic, probabilistic: {sampling_percentage: 10}}
service:
  pipelines:
    traces:
      receivers: [otlp]
      processors: [memory_limiter, redaction, transform, tail_sampling]
      exporters: [nop]
`

// contender is one pipeline under one load, and how many times an empty collector's CPU time it may take; 0: it is there to compare.
type contender struct {
	name    string
	configs []string
	load    func() *load
	budget  float64
	share   float64 // of the spans, for those that would take too long
}

var contenders = []contender{
	{name: "otlp -> nop", configs: empty, load: semconvLoad, share: 1},
	{name: "otlp -> llmcol -> nop", configs: []string{wholePipeline, quiet}, load: semconvLoad, budget: 2, share: 1},
	{name: "otlp -> nop, OpenInference", configs: empty, load: openInferenceLoad, share: 1},
	{name: "otlp -> llmcol -> nop, OpenInference", configs: []string{wholePipeline, quiet}, load: openInferenceLoad, budget: 3, share: 1},
	{name: "otlp -> contrib -> nop", configs: []string{contribPipeline, quiet}, load: semconvLoad, share: 0.05},
}
