// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.yaml.in/yaml/v3"
)

// goldenCase is one span or log record as a client sends it, and every attribute that normalising adds or replaces, worked out by hand
// from what the convention means. In the files `!json` marks text that holds JSON: as input it is put into text, as output it is
// compared as JSON.
type goldenCase struct {
	Name       string        `yaml:"case"`
	Resource   goldenMap     `yaml:"resource"`
	Scope      string        `yaml:"scope"`
	Span       string        `yaml:"span"`
	Status     string        `yaml:"status"`  // error, ok; empty is unset
	Message    string        `yaml:"message"` // of the status
	Log        *string       `yaml:"log"`     // the record's EventName field: a log record instead of a span
	Body       goldenValue   `yaml:"body"`
	Attributes goldenMap     `yaml:"attributes"`
	Events     []goldenEvent `yaml:"events"`

	Want    goldenMap `yaml:"want"`
	Call    bool      `yaml:"call"`    // a model call that reports usage
	Removed []string  `yaml:"removed"` // what originals: remove takes away; not checked where it is not given
}

type goldenEvent struct {
	Name       string    `yaml:"name"`
	Attributes goldenMap `yaml:"attributes"`
}

// goldenMap are attributes with their OTLP types, in the file's order.
type goldenMap struct {
	keys   []string
	values []goldenValue
}

func (m *goldenMap) UnmarshalYAML(n *yaml.Node) error {
	for i := 0; i < len(n.Content); i += 2 {
		var v goldenValue
		if err := v.UnmarshalYAML(n.Content[i+1]); err != nil {
			return err
		}
		m.keys, m.values = append(m.keys, n.Content[i].Value), append(m.values, v)
	}
	return nil
}

func (m *goldenMap) put(t *testing.T, to pcommon.Map) {
	for i, k := range m.keys {
		require.NoError(t, to.PutEmpty(k).FromRaw(m.values[i].raw))
	}
}

type goldenValue struct {
	raw    any
	isJSON bool
}

func (v *goldenValue) UnmarshalYAML(n *yaml.Node) error {
	if n.Tag != "!json" {
		return n.Decode(&v.raw)
	}
	plain := *n
	plain.Tag = ""
	var tree any
	if err := plain.Decode(&tree); err != nil {
		return err
	}
	text, err := json.Marshal(tree)
	v.raw, v.isJSON = string(text), true
	return err
}

func readGolden(t *testing.T, file string) (cases []goldenCase) {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(&cases))
	require.NotEmpty(t, cases)
	return cases
}

// telemetry is a span or a log record.
type telemetry struct {
	isSpan bool
	span   ptrace.Span
	record plog.LogRecord
}

func (it telemetry) attributes() pcommon.Map {
	if it.isSpan {
		return it.span.Attributes()
	}
	return it.record.Attributes()
}

func (it telemetry) copied() telemetry {
	twin := telemetry{isSpan: it.isSpan, span: ptrace.NewSpan(), record: plog.NewLogRecord()}
	if it.isSpan {
		it.span.CopyTo(twin.span)
	} else {
		it.record.CopyTo(twin.record)
	}
	return twin
}

func (it telemetry) view(r *Reader) *View {
	if it.isSpan {
		return r.Span(it.span)
	}
	return r.Log(it.record)
}

func (it telemetry) normalize(n *Normalizer) Change {
	if it.isSpan {
		return n.Span(it.span)
	}
	return n.Log(it.record)
}

func (c *goldenCase) telemetry(t *testing.T) telemetry {
	it := telemetry{isSpan: c.Log == nil, span: ptrace.NewSpan(), record: plog.NewLogRecord()}
	c.Attributes.put(t, it.attributes())
	if !it.isSpan {
		it.record.SetEventName(*c.Log)
		require.NoError(t, it.record.Body().FromRaw(c.Body.raw))
		return it
	}
	it.span.SetName(c.Span)
	it.span.SetStartTimestamp(goldenStart)
	it.span.Status().SetCode(map[string]ptrace.StatusCode{"error": ptrace.StatusCodeError, "ok": ptrace.StatusCodeOk}[c.Status])
	it.span.Status().SetMessage(c.Message)
	for _, e := range c.Events {
		event := it.span.Events().AppendEmpty()
		event.SetName(e.Name)
		e.Attributes.put(t, event.Attributes())
	}
	return it
}

// goldenStart is when every golden span began: 2026-11-25T08:00:00Z.
const goldenStart pcommon.Timestamp = 1_795_593_600_000_000_000

// tell tells the reader the case's resource and scope.
func (c *goldenCase) tell(t *testing.T, r *Reader) *Reader {
	resource, scope := pcommon.NewResource(), pcommon.NewInstrumentationScope()
	c.Resource.put(t, resource.Attributes())
	scope.SetName(c.Scope)
	r.SetResource(resource)
	r.SetScope(scope)
	return r
}
