// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// configOf is the default configuration with the settings, in YAML, laid over it.
func configOf(t testing.TB, settings string) *Config {
	t.Helper()
	retrieved, err := confmap.NewRetrievedFromYAML([]byte(settings))
	require.NoError(t, err)
	conf, err := retrieved.AsConf()
	require.NoError(t, err)
	c := createDefaultConfig().(*Config)
	require.NoError(t, conf.Unmarshal(c))
	require.NoError(t, c.Validate())
	return c
}

// workerOf is a worker with these settings, as the processor makes it.
func workerOf(t testing.TB, yaml string) *worker {
	t.Helper()
	return newWorker(newSettings(configOf(t, yaml)))
}

type object = map[string]any

func spanOf(t testing.TB, attributes object) (ptrace.Traces, ptrace.Span) {
	t.Helper()
	td := ptrace.NewTraces()
	span := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	span.SetTraceID(pcommon.TraceID{1})
	span.SetSpanID(pcommon.SpanID{1})
	span.SetName("chat")
	require.NoError(t, span.Attributes().FromRaw(attributes))
	return td, span
}

func recordOf() (plog.Logs, plog.LogRecord) {
	ld := plog.NewLogs()
	return ld, ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
}

func toJSON(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// lines is text of about size bytes, each line of which tells its number and what it belongs to.
func lines(of string, size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "%s line %d\n", of, i)
	}
	return b.String()
}

func say(role, text string) object {
	return object{"role": role, "parts": []any{object{"type": "text", "content": text}}}
}

func text(attributes pcommon.Map, key string) string {
	v, ok := attributes.Get(key)
	if !ok {
		return ""
	}
	return v.AsString()
}

// sha is the first half of a SHA-256 in hex, as the marks have it.
func sha(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

func sortedJoin(parts []string) string {
	slices.Sort(parts)
	return strings.Join(parts, "\x00")
}
