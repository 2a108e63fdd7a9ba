// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "go.opentelemetry.io/collector/pdata/pcommon"

// The attributes of llmcol's own (design.md section 4) that components ask each other for. Those of normalisation stand beside what
// writes them.
const (
	CostStatusKey     = "llmcol.cost.status"
	LoopSeverityKey   = "llmcol.loop.severity"
	LoopTransitionKey = "llmcol.loop.transition"
	RedactedKey       = "llmcol.redaction.entities"
	DroppedBytesKey   = "llmcol.truncation.dropped_bytes"
)

const ownPrefix = "llmcol."

// CountedElsewhere is the one value of CostStatusKey with which what a span says of its cost and usage is another's.
const CountedElsewhere = "counted_elsewhere"

// CostStatus is what an earlier component has decided about the cost of the call; empty if none has.
func (v *View) CostStatus() string { return v.ownText(fieldCostStatus) }

// IsCountedElsewhere reports whether another span or record tells the same call.
func (v *View) IsCountedElsewhere() bool { return v.CostStatus() == CountedElsewhere }

// LoopSeverity is the word of the verdict that an earlier component has given the span or record; empty if none has.
func (v *View) LoopSeverity() string { return v.ownText(fieldLoopSeverity) }

// ownText is empty for what is no string: no component of llmcol wrote that.
func (v *View) ownText(f Field) string {
	if !v.has(f) {
		return ""
	}
	return v.slots[f].value.Str()
}

// IsLoopTransition reports whether the span or record raised the severity of its loop.
func (v *View) IsLoopTransition() bool {
	if !v.has(fieldLoopTransition) {
		return false
	}
	raised, _ := boolean(v.slots[fieldLoopTransition].value)
	return raised
}

// Redacted are the entities that an earlier component has redacted, a slice of names.
func (v *View) Redacted() (entities pcommon.Value, known bool) {
	if !v.has(fieldRedacted) {
		return entities, false
	}
	entities = v.slots[fieldRedacted].value
	return entities, entities.Type() == pcommon.ValueTypeSlice
}

// DroppedBytes is how many bytes of content an earlier component has cut.
func (v *View) DroppedBytes() (bytes int64, known bool) { return v.count(fieldDroppedBytes) }
