// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package trace

import (
	"fmt"
	"slices"
)

// Severity says how sure it is that an agent loops.
type Severity uint8

// The severities of llmcol.loop.severity, in rising order.
const (
	NoLoop Severity = iota
	LoopSuspected
	LoopDetected
	LoopCritical
)

var severities = []string{"", "suspected", "detected", "critical"}

// ParseSeverity reads a severity as llmcol.loop.severity has it.
func ParseSeverity(s string) (Severity, error) {
	if i := slices.Index(severities[1:], s); i >= 0 {
		return Severity(i + 1), nil
	}
	return NoLoop, fmt.Errorf("unknown loop severity %q, expected one of %q", s, severities[1:])
}

func (s Severity) String() string { return severities[s] }

// Class is the worst thing that can be said of a trace.
type Class uint8

// The classes, from best to worst.
const (
	Normal Class = iota
	Costly
	Slow
	Looping
	Erroneous
)

var classes = []string{"normal", "costly", "slow", "loop", "error"}

func (c Class) String() string { return classes[c] }
