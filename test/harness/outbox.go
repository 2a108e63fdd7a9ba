// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package harness

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Span is one exported span with what it stands under.
type Span struct {
	ptrace.Span
	Resource pcommon.Map
	Scope    pcommon.InstrumentationScope
}

// Attr is an attribute's value as a plain Go value (string, int64, float64, bool, []any, map[string]any,
// []byte), or nil where the span has none of that name.
func (s Span) Attr(name string) any { return raw(s.Attributes(), name) }

// Record is one exported log record with what it stands under.
type Record struct {
	plog.LogRecord
	Resource pcommon.Map
	Scope    pcommon.InstrumentationScope
}

// Attr is as [Span.Attr].
func (r Record) Attr(name string) any { return raw(r.Attributes(), name) }

func raw(attributes pcommon.Map, name string) any {
	v, ok := attributes.Get(name)
	if !ok {
		return nil
	}
	return v.AsRaw()
}

// Outbox reads what the collector's file exporters write from the moment it was opened, so that one
// process serves many replays. A name such as "traces" stands for the file data/traces.jsonl.
type Outbox struct {
	dir     string
	offsets map[string]int64
	spans   map[string][]Span
	records map[string][]Record
	metrics map[string][]pmetric.Metric
}

// Outbox opens one. What is still on its way must have been waited for, or it is found here.
func (c *Collector) Outbox() *Outbox {
	o := c.OutboxFromStart()
	files, _ := filepath.Glob(filepath.Join(o.dir, "*.jsonl")) // the pattern is well-formed
	for _, file := range files {
		if info, err := os.Stat(file); err == nil {
			name := filepath.Base(file)
			o.offsets[name[:len(name)-len(".jsonl")]] = info.Size()
		}
	}
	return o
}

// OutboxFromStart holds all that was ever written, for collectors that need nobody to send them anything.
func (c *Collector) OutboxFromStart() *Outbox {
	return &Outbox{
		dir:     filepath.Join(c.Dir, "data"),
		offsets: map[string]int64{},
		spans:   map[string][]Span{},
		records: map[string][]Record{},
		metrics: map[string][]pmetric.Metric{},
	}
}

// Spans waits until at least n spans have been written and returns all that have.
func (o *Outbox) Spans(tb testing.TB, name string, n int) []Span {
	tb.Helper()
	spans, err := o.AwaitSpans(name, n)
	require.NoError(tb, err)
	return spans
}

// AwaitSpans is [Outbox.Spans] outside a test.
func (o *Outbox) AwaitSpans(name string, n int) ([]Span, error) {
	err := o.await(name, n, func(line []byte) error {
		td, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(line)
		if err == nil {
			o.spans[name] = append(o.spans[name], SpansOf(td)...)
		}
		return err
	}, func() int { return len(o.spans[name]) })
	return o.spans[name], err
}

// Records waits until at least n log records have been written and returns all that have.
func (o *Outbox) Records(tb testing.TB, name string, n int) []Record {
	tb.Helper()
	records, err := o.AwaitRecords(name, n)
	require.NoError(tb, err)
	return records
}

// AwaitRecords is [Outbox.Records] outside a test.
func (o *Outbox) AwaitRecords(name string, n int) ([]Record, error) {
	err := o.await(name, n, func(line []byte) error {
		ld, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(line)
		if err == nil {
			o.records[name] = append(o.records[name], RecordsOf(ld)...)
		}
		return err
	}, func() int { return len(o.records[name]) })
	return o.records[name], err
}

// Metrics waits until at least n metrics have been written and returns all that have.
func (o *Outbox) Metrics(tb testing.TB, name string, n int) []pmetric.Metric {
	tb.Helper()
	err := o.await(name, n, func(line []byte) error {
		md, err := (&pmetric.JSONUnmarshaler{}).UnmarshalMetrics(line)
		if err == nil {
			o.metrics[name] = append(o.metrics[name], metricsOf(md)...)
		}
		return err
	}, func() int { return len(o.metrics[name]) })
	require.NoError(tb, err)
	return o.metrics[name]
}

// await takes in new lines until there are n items.
func (o *Outbox) await(name string, n int, take func(line []byte) error, have func() int) error {
	for deadline := time.Now().Add(Patience); ; {
		if err := o.readLines(name, take); err != nil {
			return err
		}
		if have() >= n {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("data/%s.jsonl: %d items after %s, want %d", name, have(), Patience, n)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// readLines hands every whole line that is new to take. The exporter may be in the middle of one.
func (o *Outbox) readLines(name string, take func(line []byte) error) error {
	file, err := os.Open(filepath.Join(o.dir, name+".jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Seek(o.offsets[name], io.SeekStart); err != nil {
		return err
	}
	data, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	for {
		end := bytes.IndexByte(data, '\n')
		if end < 0 {
			return nil
		}
		if err := take(data[:end]); err != nil {
			return fmt.Errorf("data/%s.jsonl at byte %d: %w", name, o.offsets[name], err)
		}
		o.offsets[name] += int64(end) + 1
		data = data[end+1:]
	}
}

// SpansOf lists the spans with what they stand under.
func SpansOf(td ptrace.Traces) []Span {
	var spans []Span
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				spans = append(spans, Span{span, rs.Resource().Attributes(), ss.Scope()})
			}
		}
	}
	return spans
}

// RecordsOf lists the log records with what they stand under.
func RecordsOf(ld plog.Logs) []Record {
	var records []Record
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				records = append(records, Record{record, rl.Resource().Attributes(), sl.Scope()})
			}
		}
	}
	return records
}

func metricsOf(md pmetric.Metrics) []pmetric.Metric {
	var metrics []pmetric.Metric
	for _, rm := range md.ResourceMetrics().All() {
		for _, sm := range rm.ScopeMetrics().All() {
			for _, metric := range sm.Metrics().All() {
				metrics = append(metrics, metric)
			}
		}
	}
	return metrics
}
