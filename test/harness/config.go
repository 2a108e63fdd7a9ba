// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package harness

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
)

// Pipeline describes a collector that takes OTLP, runs it through the named processors and writes what
// comes out to data/traces.jsonl, data/logs.jsonl and data/metrics.jsonl.
type Pipeline struct {
	// Traces, Logs and Metrics list the processors of each signal's pipeline in their order.
	Traces, Logs, Metrics []string
}

// YAML is the pipeline as a collector configuration. A component's own settings, and further pipelines,
// come from a second configuration handed to [Start], which is merged over this one: maps are merged,
// lists replaced. The exporter file/events (data/events.jsonl) stands ready for one of those.
func (p Pipeline) YAML() string {
	var b strings.Builder
	b.WriteString("receivers: {otlp: {protocols: {grpc: {max_recv_msg_size_mib: 32}, http: {}}}}\n")
	b.WriteString("processors:\n")
	seen := map[string]bool{}
	for _, names := range [][]string{p.Traces, p.Logs, p.Metrics} {
		for _, name := range names {
			if !seen[name] {
				fmt.Fprintf(&b, "  %s:\n", name)
			}
			seen[name] = true
		}
	}
	b.WriteString("exporters:\n")
	for _, name := range []string{"traces", "logs", "metrics", "events"} {
		fmt.Fprintf(&b, "  file/%s: {path: ./data/%s.jsonl, create_directory: true, flush_interval: 20ms}\n", name, name)
	}
	b.WriteString("service:\n  pipelines:\n")
	for _, s := range []struct {
		signal     string
		processors []string
	}{{"traces", p.Traces}, {"logs", p.Logs}, {"metrics", p.Metrics}} {
		fmt.Fprintf(&b, "    %s: {receivers: [otlp], processors: [%s], exporters: [file/%s]}\n",
			s.signal, strings.Join(s.processors, ", "), s.signal)
	}
	return b.String()
}

// ReadConfig is the text of a configuration of the repository, such as "config/quickstart.yaml".
func ReadConfig(path string) (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(filepath.Join(root, path))
	return string(text), err
}

// onFreePorts moves every listener that the shipped configurations have to a free loopback port. OTLP
// ports are picked by the kernel and read from the log; the other components do not log theirs.
func onFreePorts(metrics, prometheus, health string) string {
	host, port, _ := net.SplitHostPort(metrics)
	return fmt.Sprintf(`
receivers: {otlp: {protocols: {grpc: {endpoint: "127.0.0.1:0"}, http: {endpoint: "127.0.0.1:0"}}}}
exporters: {prometheus: {endpoint: %q}}
extensions: {health_check: {endpoint: %q}, zpages: {endpoint: "127.0.0.1:0"}}
service:
  telemetry:
    metrics:
      readers:
        - pull: {exporter: {prometheus: {host: %q, port: %s, without_scope_info: true, without_units: true, without_type_suffix: true}}}
`, prometheus, health, host, port)
}

// freeAddresses returns n different loopback addresses that were free a moment ago.
func freeAddresses(n int) ([]string, error) {
	addresses := make([]string, n)
	for i := range addresses {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		addresses[i] = l.Addr().String()
	}
	return addresses, nil
}
