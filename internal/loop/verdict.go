// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import "github.com/llmcol/llmcol/internal/trace"

// Severity is how sure and how bad a loop is.
type Severity = trace.Severity

// The severities.
const (
	None      = trace.NoLoop
	Suspected = trace.LoopSuspected
	Detected  = trace.LoopDetected
	Critical  = trace.LoopCritical
)

// Rule is why something is a loop.
type Rule uint8

// The rules. Of two that find the same severity the first one is named.
const (
	NoRule Rule = iota
	RepeatError
	Repeat
	Cycle
	MessagesOnly
	Poll
	NoResult
	SameResult
	Scattered
	UnknownArgs
	RepeatOutput
	Runaway
	numRules
)

var ruleNames = [numRules]string{
	"", "repeat_error", "repeat", "cycle", "messages_only", "poll", "no_result", "same_result", "scattered", "unknown_args",
	"repeat_output", "runaway",
}

func (r Rule) String() string { return ruleNames[r] }

// Rules are all rules, in the order in which they are named.
func Rules() []Rule {
	rules := make([]Rule, 0, numRules-1)
	for r := NoRule + 1; r < numRules; r++ {
		rules = append(rules, r)
	}
	return rules
}

// Verdict is what a span or log record is to say about the loop that it is part of.
type Verdict struct {
	Severity     Severity
	Rule         Rule
	Period       int // length of the cycle in rounds; 1 if the same call is repeated
	Count        int // repetitions so far
	Tools        []string
	Fingerprint  Hash
	First        SpanID // the span, or the span of the record, with which the loop began
	WastedTokens int64
	WastedCost   float64 // USD
	Transition   bool    // this record raised the loop's severity
}
