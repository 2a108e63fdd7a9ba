// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"context"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/pii"
	"github.com/llmcol/llmcol/processor/redactionprocessor/internal/metadata"
)

// The values of telemetry attributes; see metadata.yaml.
const (
	actionMask   = "mask"
	actionReport = "report"

	reasonTooLarge = "too_large"
	reasonTooDeep  = "too_deep"
	reasonPanic    = "panic"

	ruleDropKeys = "drop_keys"
	ruleMaskKeys = "mask_keys"
	ruleHashKeys = "hash_keys"
)

type matchKey struct{ entity, action string }

// tally adds up what a batch brings, so that telemetry is touched once a batch. Its maps are as large as the sets of
// entities, actions, rules and reasons.
type tally struct {
	bytes     int64
	fallbacks int64
	// found counts, by entity, the matches that are treated as the entity's action says; matches the others.
	found   []int64
	matches map[matchKey]int64
	rules   map[string]int64
	stubs   map[string]int64
}

func newTally(e *engine) tally {
	return tally{
		found: make([]int64, e.entities), matches: make(map[matchKey]int64), rules: make(map[string]int64), stubs: make(map[string]int64),
	}
}

// settle moves what was counted by entity to the matches.
func (t *tally) settle(s *settings) {
	for id, n := range t.found {
		if n == 0 {
			continue
		}
		action := s.actions.Of(pii.EntityID(id)).String()
		if s.report {
			action = actionReport
		}
		t.matches[matchKey{s.scanner.Entity(pii.EntityID(id)).Name, action}] += n
		t.found[id] = 0
	}
}

// record hands the sums to telemetry and starts again.
func (t *tally) record(ctx context.Context, b *metadata.TelemetryBuilder, signal attribute.KeyValue) {
	bySignal := metric.WithAttributeSet(attribute.NewSet(signal))
	b.ProcessorLlmRedactionScannedBytes.Add(ctx, t.bytes, bySignal)
	if t.fallbacks > 0 {
		b.ProcessorLlmRedactionJSONFallbacks.Add(ctx, t.fallbacks, bySignal)
	}
	for k, n := range t.matches {
		b.ProcessorLlmRedactionMatches.Add(ctx, n, metric.WithAttributes(
			signal, attribute.String("entity", k.entity), attribute.String("action", k.action)))
	}
	for rule, n := range t.rules {
		b.ProcessorLlmRedactionRuledValues.Add(ctx, n, metric.WithAttributes(signal, attribute.String("rule", rule)))
	}
	for reason, n := range t.stubs {
		b.ProcessorLlmRedactionStubs.Add(ctx, n, metric.WithAttributes(signal, attribute.String("reason", reason)))
	}
	t.bytes, t.fallbacks = 0, 0
	clear(t.matches)
	clear(t.rules)
	clear(t.stubs)
}

// The attributes in which a span or record says what was found in it.
const (
	attributeEntities = genai.RedactedKey
	attributeCount    = "llmcol.redaction.count"
)

// findings is what was found in one span or record.
type findings struct {
	entities []string
	count    int64
}

func (f *findings) add(entity string) {
	f.count++
	if !slices.Contains(f.entities, entity) {
		f.entities = append(f.entities, entity)
	}
}

func (f *findings) reset() {
	f.entities = f.entities[:0]
	f.count = 0
}

// annotate writes the findings beside what an earlier pass has found. A report finds everything anew in each pass
// and so replaces what an earlier one wrote.
func (f *findings) annotate(attributes pcommon.Map, report bool) {
	if f.count == 0 {
		return
	}
	attributes.EnsureCapacity(attributes.Len() + 2)
	count, known := attributes.GetOrPutEmpty(attributeCount)
	if known && !report {
		f.count += count.Int()
	}
	count.SetInt(f.count)

	entities, known := attributes.GetOrPutEmpty(attributeEntities)
	if known && entities.Type() == pcommon.ValueTypeSlice && !report {
		for _, e := range entities.Slice().All() {
			if !slices.Contains(f.entities, e.Str()) {
				f.entities = append(f.entities, e.Str())
			}
		}
	}
	slices.Sort(f.entities)
	list := entities.SetEmptySlice()
	list.EnsureCapacity(len(f.entities))
	for _, e := range f.entities {
		list.AppendEmpty().SetStr(e)
	}
}
