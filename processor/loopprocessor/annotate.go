// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loopprocessor

import (
	"encoding/hex"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/loop"
)

// The attributes of design.md section 4.
const (
	attrSeverity     = genai.LoopSeverityKey
	attrRule         = "llmcol.loop.rule"
	attrPeriod       = "llmcol.loop.period"
	attrCount        = "llmcol.loop.count"
	attrTools        = "llmcol.loop.tools"
	attrFingerprint  = "llmcol.loop.fingerprint"
	attrFirstSpan    = "llmcol.loop.first_span_id"
	attrWastedTokens = "llmcol.loop.wasted_tokens"
	attrWastedCost   = "llmcol.loop.wasted_cost"
	attrTransition   = genai.LoopTransitionKey
)

func annotate(attributes pcommon.Map, v *loop.Verdict) {
	attributes.PutStr(attrSeverity, v.Severity.String())
	attributes.PutStr(attrRule, v.Rule.String())
	attributes.PutInt(attrPeriod, int64(v.Period))
	attributes.PutInt(attrCount, int64(v.Count))
	if len(v.Tools) > 0 {
		tools := attributes.PutEmptySlice(attrTools)
		for _, tool := range v.Tools {
			tools.AppendEmpty().SetStr(tool)
		}
	}
	attributes.PutStr(attrFingerprint, v.Fingerprint.String())
	if !v.First.IsZero() {
		attributes.PutStr(attrFirstSpan, hex.EncodeToString(v.First[:]))
	}
	attributes.PutInt(attrWastedTokens, v.WastedTokens)
	attributes.PutDouble(attrWastedCost, v.WastedCost)
	if v.Transition {
		attributes.PutBool(attrTransition, true)
	}
}
