// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package summary

import "github.com/llmcol/llmcol/internal/trace"

// Loop is what llm_loop has found out by the time of one span.
type Loop struct {
	Severity     trace.Severity
	Count        int64 // repetitions
	Tool         string
	WastedTokens int64
	WastedCost   int64 // billionths of a USD
}

// worsen takes the other loop if it is the worse one. Later verdicts of one loop count more, and waste more.
func (l *Loop) worsen(other *Loop) {
	if other.Severity > l.Severity || other.Severity == l.Severity && other.Count > l.Count {
		*l = *other
	}
}
