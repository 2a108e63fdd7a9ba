// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	contrib "github.com/open-telemetry/opentelemetry-collector-contrib/processor/redactionprocessor"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/llmcol/llmcol/processor/redactionprocessor/internal/metadata"
)

// promptBytes is the size of the one prompt that each span of a benchmark carries.
const promptBytes = 4096

const spansPerBatch = 50

// contribPatterns are eight patterns as people write them for the contrib redaction processor: e-mail, phone, card,
// SSN, IPv4, IBAN, AWS key, JWT.
const contribPatterns = `
allow_all_keys: true
blocked_values:
  - '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}'
  - '\b(?:\+?1[-. ]?)?\(?[2-9][0-9]{2}\)?[-. ]?[2-9][0-9]{2}[-. ]?[0-9]{4}\b'
  - '\b(?:[0-9][ -]?){13,16}\b'
  - '\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b'
  - '\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b'
  - '\b[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\b'
  - '\bAKIA[0-9A-Z]{16}\b'
  - '\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\b'
`

var benchWords = strings.Fields(`the light of sun and candles passing through a prism is spread into colours which the eye can tell apart when
they fall upon paper at some distance from the glass but if two such rays meet again in one place their mixture will appear white as before so that
colour does not arise from the body on which it shines nor from the medium it has crossed yet every ray keeps its own degree of refraction
whatever glass one may choose to try it with and neither reflection nor shadow can change that property in any case we have observed`)

var benchItems = []string{
	"bob@example.com", "4111 1111 1111 1111", "078-05-1120", "203.0.113.42", "DE89370400440532013000", "AKIAIOSFODNN7EXAMPLE", "+1 415-555-0132",
}

// benchProse makes English-looking text; with dense, one item of personal data stands in about every hundred bytes.
func benchProse(r *rand.Rand, size int, dense bool) string {
	var b strings.Builder
	for sentence := 1; b.Len() < size; sentence++ {
		for i := range 12 + r.IntN(10) {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(benchWords[r.IntN(len(benchWords))])
		}
		if dense {
			b.WriteString(", " + benchItems[r.IntN(len(benchItems))])
		}
		b.WriteString(". ")
	}
	return b.String()[:size]
}

func benchMessages(r *rand.Rand, dense bool) string {
	var messages []map[string]any
	for _, role := range []string{"system", "user", "assistant", "user"} {
		text := strings.ReplaceAll(benchProse(r, promptBytes/4-80, dense), ". ", ".\n")
		messages = append(messages, map[string]any{"role": role, "parts": []any{map[string]any{"type": "text", "content": text}}})
	}
	encoded, err := json.Marshal(messages)
	if err != nil {
		panic(err)
	}
	return string(encoded)
}

func benchBatch(prompt func(*rand.Rand) string) (td ptrace.Traces, bytes int64) {
	r := rand.New(rand.NewPCG(1, 2))
	td = ptrace.NewTraces()
	spans := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	for range spansPerBatch {
		text := prompt(r)
		bytes += int64(len(text))
		spans.AppendEmpty().Attributes().PutStr("gen_ai.input.messages", text)
	}
	return td, bytes
}

// BenchmarkRedaction measures this processor and the contrib one on the same batches. Each iteration redacts a fresh
// copy; the copy is not measured.
func BenchmarkRedaction(b *testing.B) {
	ours := benchProcessor(b, NewFactory(), processortest.NewNopSettings(metadata.Type), "key: "+testKey)
	theirs := benchProcessor(b, contrib.NewFactory(), processortest.NewNopSettings(contrib.NewFactory().Type()), contribPatterns)
	for _, load := range []struct {
		name   string
		prompt func(*rand.Rand) string
	}{
		{"prose", func(r *rand.Rand) string { return benchProse(r, promptBytes, false) }},
		{"dense", func(r *rand.Rand) string { return benchProse(r, promptBytes, true) }},
		{"messages", func(r *rand.Rand) string { return benchMessages(r, false) }},
		{"messages-dense", func(r *rand.Rand) string { return benchMessages(r, true) }},
	} {
		td, bytes := benchBatch(load.prompt)
		b.Run(load.name+"/llm_redaction", func(b *testing.B) { benchRun(b, ours, td, bytes) })
		b.Run(load.name+"/contrib", func(b *testing.B) { benchRun(b, theirs, td, bytes) })
	}
}

// BenchmarkTimesContrib measures how many times faster this processor is than the contrib one on clean prose, turn about
// in one run, so that both see the same machine.
func BenchmarkTimesContrib(b *testing.B) {
	ours := benchProcessor(b, NewFactory(), processortest.NewNopSettings(metadata.Type), "key: "+testKey)
	theirs := benchProcessor(b, contrib.NewFactory(), processortest.NewNopSettings(contrib.NewFactory().Type()), contribPatterns)
	td, _ := benchBatch(func(r *rand.Rand) string { return benchProse(r, promptBytes, false) })
	var oursTook, theirsTook time.Duration
	took := func(p processor.Traces) time.Duration {
		start := time.Now()
		if err := p.ConsumeTraces(context.Background(), td); err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
	for b.Loop() {
		theirsTook += took(theirs)
		oursTook += took(ours)
	}
	b.ReportMetric(float64(theirsTook)/float64(oursTook), "times")
}

func benchProcessor(b *testing.B, f processor.Factory, set processor.Settings, yaml string) processor.Traces {
	retrieved, err := confmap.NewRetrievedFromYAML([]byte(yaml))
	require.NoError(b, err)
	conf, err := retrieved.AsConf()
	require.NoError(b, err)
	c := f.CreateDefaultConfig()
	require.NoError(b, conf.Unmarshal(c))
	p, err := f.CreateTraces(context.Background(), set, c, consumertest.NewNop())
	require.NoError(b, err)
	return p
}

func benchRun(b *testing.B, p processor.Traces, td ptrace.Traces, bytes int64) {
	b.SetBytes(bytes)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		fresh := ptrace.NewTraces()
		td.CopyTo(fresh)
		b.StartTimer()
		if err := p.ConsumeTraces(context.Background(), fresh); err != nil {
			b.Fatal(err)
		}
	}
}
