// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"fmt"
	"regexp"
	"strings"
)

// Threshold is how many repetitions make a loop suspected, detected and critical; 0 is never.
type Threshold struct {
	Suspected int
	Detected  int
	Critical  int
}

func (t Threshold) severity(n int) Severity {
	switch {
	case t.Critical > 0 && n >= t.Critical:
		return Critical
	case t.Detected > 0 && n >= t.Detected:
		return Detected
	case t.Suspected > 0 && n >= t.Suspected:
		return Suspected
	default:
		return None
	}
}

// Thresholds has one Threshold a rule. That of Runaway is not used: see [Limits]. Of Scattered, Suspected counts in the last 20 calls,
// the others in the last 50. A cycle of which no result is
// known is judged by NoResult, but never suspected.
type Thresholds [numRules]Threshold

// DefaultThresholds are those of research/genai.md 3.3 E, drawn from fifteen tools' own rules and the false positives reported to them.
func DefaultThresholds() Thresholds {
	return Thresholds{
		RepeatError:  {3, 4, 8},
		Repeat:       {3, 4, 10},
		Cycle:        {0, 3, 6},
		MessagesOnly: {3, 4, 10},
		Poll:         {10, 20, 50},
		NoResult:     {4, 5, 10},
		SameResult:   {5, 10, 20},
		Scattered:    {4, 8, 0},
		UnknownArgs:  {6, 0, 0},
		RepeatOutput: {3, 4, 10},
	}
}

// Limits bound one agent run; 0 is no limit. A run above one is a runaway: detected, and critical at twice the limit.
type Limits struct {
	Steps  int     // model and tool calls
	Tokens int64   // input and output of all model calls
	Cost   float64 // USD
}

// DefaultLimits stop no ordinary run.
func DefaultLimits() Limits { return Limits{Steps: 1000} }

// DefaultPollPattern matches tools that wait by their nature: with one of the words wait, sleep, poll and heartbeat in their name, or with
// status at its beginning. It does not match get_order_status: to ask for the same status again and again is what loops do.
const DefaultPollPattern = `(?i:(^|[^a-z])(wait|sleep|poll|heartbeat)([^a-z]|$)|^(check[_-]?)?status([^a-z]|$))|^(wait|sleep|poll|status|heartbeat)[A-Z]`

// ToolRule changes the rules for the tools whose name matches. The first ToolRule that matches a name counts.
type ToolRule struct {
	Pattern    string
	Exempt     bool // never part of a loop
	Poll       bool // repeated calls are judged by Poll
	Thresholds map[Rule]Threshold
}

// toolTraits is what the rules say about one tool.
type toolTraits struct {
	name       string
	exempt     bool
	poll       bool
	thresholds *Thresholds
}

type compiledRule struct {
	pattern    *regexp.Regexp
	rule       ToolRule
	thresholds *Thresholds
}

// toolTable gives each tool's name a number and remembers what the rules say about it.
type toolTable struct {
	defaults Thresholds
	rules    []compiledRule
	numbers  map[string]uint16
	traits   []toolTraits
	last     uint16 // the number that was asked for last
}

// The bounds of the names that are remembered, and of their bytes. Those beyond share one number, so they are compared by their
// fingerprints alone.
const (
	maxTools    = 10_000
	longestTool = 256
)

const otherTools = "other"

func newToolTable(defaults Thresholds, rules []ToolRule) (*toolTable, error) {
	t := &toolTable{defaults: defaults, numbers: map[string]uint16{}}
	for i, r := range rules {
		pattern, err := regexp.Compile(r.Pattern)
		if err != nil {
			return nil, fmt.Errorf("tools[%d]: pattern %q is no regular expression: %w", i, r.Pattern, err)
		}
		c := compiledRule{pattern: pattern, rule: r, thresholds: &t.defaults}
		if len(r.Thresholds) > 0 {
			own := defaults
			for rule, threshold := range r.Thresholds {
				own[rule] = threshold
			}
			c.thresholds = &own
		}
		t.rules = append(t.rules, c)
	}
	t.traits = append(t.traits, toolTraits{thresholds: &t.defaults}, toolTraits{name: otherTools, thresholds: &t.defaults})
	return t, nil
}

// number of a tool's name: 0 for none, 1 for names beyond the bound.
func (t *toolTable) number(name string) uint16 {
	if name == "" {
		return 0
	}
	if t.traits[t.last].name == name {
		return t.last
	}
	if n, ok := t.numbers[name]; ok {
		t.last = n
		return n
	}
	if len(t.traits) > maxTools || len(name) > longestTool {
		return 1
	}
	n := uint16(len(t.traits))
	name = strings.Clone(name)
	t.numbers[name] = n
	t.traits = append(t.traits, t.judge(name))
	return n
}

func (t *toolTable) judge(name string) toolTraits {
	traits := toolTraits{name: name, thresholds: &t.defaults}
	for i := range t.rules {
		if r := &t.rules[i]; r.pattern.MatchString(name) {
			traits.exempt, traits.poll, traits.thresholds = r.rule.Exempt, r.rule.Poll, r.thresholds
			return traits
		}
	}
	return traits
}

func (t *toolTable) of(number uint16) *toolTraits { return &t.traits[number] }
