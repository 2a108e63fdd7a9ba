// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"context"
	"testing"

	contrib "github.com/open-telemetry/opentelemetry-collector-contrib/processor/transformprocessor"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/llmcol/llmcol/processor/truncationprocessor/internal/metadata"
)

const spansPerBatch = 50

// truncateAll is how people cut attributes with the contrib transform processor.
const truncateAll = `
trace_statements:
  - context: span
    statements: ['truncate_all(attributes, 8192)']
`

// benchMessages is a conversation of about size bytes as the current convention has it, half of it in the system's message.
func benchMessages(size int) string {
	messages := []any{say("system", lines("You are a support assistant. Rule", size/2))}
	for i := range 8 {
		messages = append(messages, say([]string{"user", "assistant"}[i%2], lines("The order has not come yet, says", size/20)))
	}
	return toJSON(messages)
}

func benchBatch(prompt string) (td ptrace.Traces, bytes int64) {
	td = ptrace.NewTraces()
	spans := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	for range spansPerBatch {
		attributes := spans.AppendEmpty().Attributes()
		attributes.PutStr("gen_ai.operation.name", "chat")
		attributes.PutStr("gen_ai.input.messages", prompt)
		bytes += int64(len(prompt))
	}
	return td, bytes
}

// BenchmarkTruncation measures this processor and the contrib one on the same batches: prompts that need no cut (with the
// budget of attributes only, and with those of messages and kinds, for which they have to be read) and prompts that do. Each
// iteration cuts a fresh copy; the copy is not measured.
func BenchmarkTruncation(b *testing.B) {
	ours := func(settings string) processor.Traces {
		return benchProcessor(b, NewFactory(), processortest.NewNopSettings(metadata.Type), settings)
	}
	theirs := benchProcessor(b, contrib.NewFactory(), processortest.NewNopSettings(contrib.NewFactory().Type()), truncateAll)
	clean, cleanBytes := benchBatch(benchMessages(6000))
	long, longBytes := benchBatch(benchMessages(60_000))
	b.Run("clean/llm_truncation", func(b *testing.B) { benchRun(b, ours("max_attribute_bytes: 8192"), clean, cleanBytes) })
	b.Run("clean/llm_truncation-kinds", func(b *testing.B) {
		benchRun(b, ours("max_attribute_bytes: 8192\nmax_message_bytes: 8000\nprompts: {max_bytes: 7000}\ntool_results: {max_bytes: 4000}"), clean, cleanBytes)
	})
	b.Run("clean/contrib", func(b *testing.B) { benchRun(b, theirs, clean, cleanBytes) })
	b.Run("cut/llm_truncation", func(b *testing.B) { benchRun(b, ours("max_attribute_bytes: 8192"), long, longBytes) })
	b.Run("cut/contrib", func(b *testing.B) { benchRun(b, theirs, long, longBytes) })
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
