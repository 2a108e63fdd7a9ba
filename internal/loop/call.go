// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
)

// A call's flags.
const (
	callFailed uint8 = 1 << iota // the outcome is a failure
	callKnown                    // the outcome is known
	callEmpty                    // the result says nothing
	callNoArgs                   // the arguments are not known
	callJoined                   // in one round with the call before
	callFresh                    // arrived or changed with the current record
	rankShift  = 6               // the upper two bits: who told the outcome
)

// rank is who told a call's outcome. The lower one is believed.
type rank uint8

const (
	rankOwn     rank = iota // the call's own span
	rankInside              // a span inside it
	rankLog                 // a log record
	rankMessage             // a message
)

// rankOf is who tells the outcome of a call that was seen there.
func rankOf(s Source) rank {
	switch s {
	case FromLog:
		return rankLog
	case FromMessage:
		return rankMessage
	default:
		return rankOwn
	}
}

// call is a tool call as a run keeps it: 64 bytes.
type call struct {
	span    SpanID // of the span, or the id of the log record
	start   int64  // ns
	length  uint32 // µs
	id      uint32 // of the call id, 0 if unknown
	args    Hash
	outcome Hash
	tool    uint16
	flags   uint8
	source  Source
	given   given // what the call's record was told
}

// given is the verdict that a record was given, small enough to be kept.
type given struct {
	loop  uint8 // number of the run's loop, from 1; 0 for none
	word  uint8 // severity, rule, and whether it was the transition
	count uint16
}

func makeGiven(loop int, s Severity, r Rule, count int, transition bool) given {
	word := uint8(s) | uint8(r)<<2
	if transition {
		word |= 1 << 6
	}
	return given{uint8(loop), word, uint16(min(count, math.MaxUint16))}
}

func (g given) severity() Severity { return Severity(g.word & 3) }
func (g given) rule() Rule         { return Rule(g.word >> 2 & 15) }
func (g given) transition() bool   { return g.word&(1<<6) != 0 }

func (c *call) end() int64 { return c.start + int64(c.length)*1000 }

func (c *call) is(flag uint8) bool { return c.flags&flag != 0 }

func (c *call) setOutcome(o Outcome, by rank) {
	c.outcome = o.Hash
	c.flags &^= callFailed | callKnown | callEmpty | 3<<rankShift
	c.flags |= uint8(by) << rankShift
	if o.Known {
		c.flags |= callKnown
	}
	if o.Failed {
		c.flags |= callFailed
	}
	if o.Empty {
		c.flags |= callEmpty
	}
}

func (c *call) outcomeOf() (Outcome, rank) {
	return Outcome{Hash: c.outcome, Known: c.is(callKnown), Failed: c.is(callFailed), Empty: c.is(callEmpty)}, rank(c.flags >> rankShift)
}

// learn takes over what another sight of the same call knows, if it knows better, and reports whether it does. Of all sights the same one
// wins in whatever order they come.
func (c *call) learn(o Outcome, by rank) bool {
	mine, told := c.outcomeOf()
	if !o.Known || mine.Known && !better(&o, by, &mine, told) {
		return false
	}
	c.setOutcome(o, by)
	return o != mine
}

// better compares two known outcomes: one that says something before an error of which nothing is known, then by who told it.
func better(a *Outcome, by rank, b *Outcome, told rank) bool {
	if vague := a.Hash.IsZero(); vague != b.Hash.IsZero() {
		return !vague
	}
	if by != told {
		return by < told
	}
	if a.Failed != b.Failed {
		return a.Failed
	}
	return a.Hash.Hi < b.Hash.Hi
}

// compareCalls orders calls by their start; ties are broken so that the order does not depend on arrival.
func compareCalls(a, b *call) int {
	if a.start != b.start {
		return cmp.Compare(a.start, b.start)
	}
	if c := bytes.Compare(a.span[:], b.span[:]); c != 0 {
		return c
	}
	return cmp.Compare(a.id, b.id)
}

// modelCall is a model call as a run keeps it: 24 bytes.
type modelCall struct {
	start    int64
	usage    packedUsage
	id       uint32 // of the span
	exchange uint16 // of prompt and answer, 0 if unknown: a false alarm takes three in a row to agree
	length   uint16 // ms, at most 65 s
}

func (m *modelCall) end() int64 { return m.start + int64(m.length)*1e6 }

func compareModels(a, b *modelCall) int {
	if a.start != b.start {
		return cmp.Compare(a.start, b.start)
	}
	return cmp.Compare(a.id, b.id)
}

// packedUsage is one word: tokens in the upper 24 bits, cost in the lower 40 in tenths of a nano-dollar (110 USD at most).
type packedUsage uint64

const (
	costBits  = 40
	costUnits = 1e10 // a USD
	maxCost   = 1<<costBits - 1
	maxTokens = 1<<(64-costBits) - 1
)

func packUsage(u Usage) packedUsage {
	tokens := uint64(min(max(u.Tokens, 0), maxTokens))
	cost := math.Round(u.Cost * costUnits)
	if !(cost > 0) {
		cost = 0
	}
	return packedUsage(tokens<<costBits | uint64(min(cost, maxCost)))
}

func (p packedUsage) tokens() int64 { return int64(p >> costBits) }
func (p packedUsage) cost() int64   { return int64(p & maxCost) }

// sum of usages: cost in tenths of a nano-dollar.
type usageSum struct{ tokens, cost int64 }

func (s *usageSum) add(p packedUsage) {
	s.tokens += p.tokens()
	s.cost += p.cost()
}

func (s usageSum) usd() float64 { return float64(s.cost) / costUnits }

func shortID(s SpanID) uint32 {
	return uint32(mix(binary.LittleEndian.Uint64(s[:])^seed1, seed2))
}

// callIDOf is never 0 for an id.
func callIDOf(id string) uint32 {
	if id == "" {
		return 0
	}
	return uint32(mixText(seed3, id)) | 1
}

func lengthMicros(start, end int64) uint32 {
	return uint32(min(max(end-start, 0)/1000, math.MaxUint32))
}
