// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/content"
)

// manyLarge is a span with 128 attributes of 1 MB each, of every form.
func manyLarge(t *testing.T) (ptrace.Traces, ptrace.Span) {
	attributes := object{
		"gen_ai.input.messages":  toJSON([]any{say("system", lines("system", 500_000)), say("user", lines("question", 500_000))}),
		"gen_ai.output.messages": []any{say("assistant", lines("answer", 1_000_000))},
	}
	for i := len(attributes); i < 128; i++ {
		attributes[fmt.Sprintf("attribute.%d", i)] = strings.Repeat(fmt.Sprintf("attribute %d\n", i), 1_000_000/12)
	}
	td, span := spanOf(t, attributes)
	span.Attributes().PutStr("gen_ai.conversation.id", "c-1")
	return td, span
}

func TestSpanBudget(t *testing.T) {
	for _, budget := range []int{leastSpanBytes, 64_000} {
		t.Run(fmt.Sprint(budget), func(t *testing.T) {
			td, span := manyLarge(t)
			before := span.Attributes().AsRaw()
			w := workerOf(t, fmt.Sprintf("max_span_bytes: %d\nmax_attribute_bytes: 2000000", budget))
			w.traces(td)
			size := spanSizer.SpanSize(span)
			assert.LessOrEqual(t, size, budget)
			assert.Greater(t, size, budget/3, "the budget is used")
			after := span.Attributes().AsRaw()
			assert.Equal(t, "c-1", after["gen_ai.conversation.id"])
			marks := map[any]any{}
			for i, key := range after[keysAttribute].([]any) {
				marks[key] = after[hashesAttribute].([]any)[i]
			}
			for key, old := range before {
				if key == "gen_ai.conversation.id" || after[key] == nil && marks[joinedKey] != nil {
					continue
				}
				text, ok := old.(string)
				if !ok {
					text = toJSON(old)
				}
				require.Equal(t, sha(text), marks[key], key)
			}
			if messages, ok := after["gen_ai.input.messages"].(string); ok {
				assert.True(t, json.Valid([]byte(messages)))
			}
			w.traces(td)
			assert.Equal(t, after, span.Attributes().AsRaw(), "second pass")
		})
	}
}

func TestSpanWithManyEvents(t *testing.T) {
	td, span := spanOf(t, object{"note": lines("note", 3000)})
	span.SetName(lines("name", 3000))
	for i := range 2000 {
		e := span.Events().AppendEmpty()
		e.SetName(fmt.Sprintf("event %d", i))
		e.Attributes().PutInt("n", int64(i))
	}
	workerOf(t, "max_span_bytes: 8000").traces(td)
	assert.LessOrEqual(t, spanSizer.SpanSize(span), 8000)
	events := span.Events()
	assert.Equal(t, "event 0", events.At(0).Name())
	assert.Equal(t, "event 1999", events.At(events.Len()-1).Name())
	assert.Equal(t, uint32(2000-events.Len()), span.DroppedEventsCount())
	assert.True(t, strings.HasPrefix(span.Name(), "name line 0"))
}

// TestDroppedEventsAreHashedAndNotReferredTo: what they said is marked, and no later span refers to a message that went with them.
func TestDroppedEventsAreHashedAndNotReferredTo(t *testing.T) {
	frame := len(toJSON([]any{say("user", "")}))
	question := say("user", strings.Repeat("?", content.SmallestValueBudget()-frame)) // too small to be cut
	sent := func(id byte, events int) (ptrace.Traces, ptrace.Span) {
		td, span := spanOf(t, object{"gen_ai.operation.name": "chat"})
		span.SetSpanID(pcommon.SpanID{id})
		for range events {
			e := span.Events().AppendEmpty()
			e.SetName("gen_ai.client.inference.operation.details")
			e.Attributes().PutStr("gen_ai.input.messages", toJSON([]any{question}))
		}
		return td, span
	}
	w := workerOf(t, "max_span_bytes: 4096\ndeduplicate: true")
	td, span := sent(1, 200)
	w.traces(td)
	require.LessOrEqual(t, spanSizer.SpanSize(span), 4096)
	require.Less(t, span.Events().Len(), 200)
	once := span.Attributes().AsRaw()
	keys, hashes := once[keysAttribute].([]any), once[hashesAttribute].([]any)
	require.Contains(t, keys, "events")
	at := slices.Index(keys, any("events"))
	gone := strings.Repeat("gen_ai.client.inference.operation.details", 200-span.Events().Len()) // their attributes went before
	assert.Equal(t, sha(gone), hashes[at])
	w.traces(td)
	assert.Equal(t, once, span.Attributes().AsRaw(), "second pass")

	td, span = sent(2, 1)
	w.traces(td)
	assert.Equal(t, toJSON([]any{question}), text(span.Events().At(0).Attributes(), "gen_ai.input.messages"))
}

// TestWorkGrowsWithTheAttributes: a span of very many attributes must not hold up what comes behind it.
func TestWorkGrowsWithTheAttributes(t *testing.T) {
	for _, settings := range []string{"max_span_bytes: 4096", "other: {max_bytes: 60}"} {
		allocations := func(attributes int) float64 {
			td, span := spanOf(t, object{})
			for i := range attributes {
				span.Attributes().PutStr(fmt.Sprintf("attribute.%d", i), strings.Repeat("x ", 40))
			}
			w := workerOf(t, settings)
			return testing.AllocsPerRun(1, func() {
				copied := ptrace.NewTraces()
				td.CopyTo(copied)
				w.traces(copied)
				require.LessOrEqual(t, spanSizer.SpanSize(firstSpan(copied)), 200*attributes)
			})
		}
		assert.Less(t, allocations(4000), 6*allocations(1000), settings)
	}
}

func TestRecordBudget(t *testing.T) {
	ld, record := recordOf()
	record.Body().SetStr(lines("body", 1_000_000))
	record.Attributes().PutStr("exception.stacktrace", lines("at", 1_000_000))
	workerOf(t, "max_span_bytes: 10000\nmax_attribute_bytes: 2000000").logs(ld)
	assert.LessOrEqual(t, recordSizer.LogRecordSize(record), 10_000)
	assert.InDelta(t, len(record.Body().Str()), len(text(record.Attributes(), "exception.stacktrace")), 500, "in proportion")
}
