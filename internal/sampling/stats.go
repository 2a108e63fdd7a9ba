// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import "sync/atomic"

// Drop is a reason for which spans are dropped.
type Drop uint8

// The reasons.
const (
	// DropDecision: no policy keeps the trace, or one drops it.
	DropDecision Drop = iota
	// DropLate: the trace had been dropped before the span came.
	DropLate
	// DropDuplicate: the trace holds the span already.
	DropDuplicate
	// DropRejected: the next component will not take it.
	DropRejected
	// DropShutdown: there was no time left to hand it on.
	DropShutdown
	// DropCorrupt: what was packed could not be unpacked.
	DropCorrupt
	numDrops
)

var drops = [numDrops]string{"decision", "late", "duplicate", "rejected", "shutdown", "corrupt"}

func (d Drop) String() string { return drops[d] }

// Decision counts the traces that one policy decided on one trigger, and the spans and bytes they had by then.
type Decision struct {
	Policy               string
	Keep                 bool
	Trigger              Trigger
	Traces, Spans, Bytes int64
}

// Stats is what has happened so far, and what is held now. At rest,
// Received = Kept + all of Dropped + HotSpans + ColdSpans + QueuedSpans + Refused.
type Stats struct {
	Received, Refused, Kept int64
	Dropped                 [numDrops]int64

	OpenTraces                       int64
	HotSpans, ColdSpans, QueuedSpans int64
	HotBytes, ColdBytes, QueuedBytes int64
	DecisionsBytes                   int64
	Decisions                        []Decision
	LateKept, LateUpgraded           int64
	Packed                           int64
	DecisionsForgotten               int64
	KeysForgotten                    int64
	RandomnessConflicts, Unstampable int64
	// Untraced are spans without a trace id, which are handed on unchanged.
	Untraced                          int64
	DecidedByMemory, DecidedAtArrival int64
}

// Accounted is the right side of the identity.
func (s *Stats) Accounted() int64 {
	n := s.Kept + s.HotSpans + s.ColdSpans + s.QueuedSpans + s.Refused
	for _, d := range s.Dropped {
		n += d
	}
	return n
}

// counters are the running numbers behind Stats.
type counters struct {
	received, refused, kept atomic.Int64
	dropped                 [numDrops]atomic.Int64

	openTraces                       atomic.Int64
	hotSpans, coldSpans, queuedSpans atomic.Int64
	hotBytes, coldBytes, queuedBytes atomic.Int64
	decisionsBytes                   atomic.Int64
	lateKept, lateUpgraded           atomic.Int64
	packed, conflicts, unstampable   atomic.Int64
	byMemory, atArrival, untraced    atomic.Int64
	forgotten                        atomic.Int64
	decisions                        []decisionCounter
}

type decisionCounter struct{ traces, spans, bytes atomic.Int64 }

func newCounters(policies int) *counters {
	return &counters{decisions: make([]decisionCounter, (policies+1)*2*int(numTriggers))}
}

func (c *counters) decided(v *Verdict, spans, bytes int64) {
	keep := 0
	if v.Keep {
		keep = 1
	}
	d := &c.decisions[(int(v.Policy+1)*2+keep)*int(numTriggers)+int(v.Trigger)]
	d.traces.Add(1)
	d.spans.Add(spans)
	d.bytes.Add(bytes)
}

// took counts the spans of an arrival as held.
func (c *counters) took(a *arrival) {
	if a.block == nil {
		c.hotSpans.Add(a.facts.Spans)
		return
	}
	c.coldSpans.Add(a.facts.Spans)
	c.coldBytes.Add(a.block.bytes())
}

// heldBytes is what counts against the memory limit.
func (c *counters) heldBytes() int64 {
	return c.hotBytes.Load() + c.coldBytes.Load() + c.queuedBytes.Load()
}

func (c *counters) snapshot(p *Program) Stats {
	s := Stats{
		Received: c.received.Load(), Refused: c.refused.Load(), Kept: c.kept.Load(),
		OpenTraces: c.openTraces.Load(),
		HotSpans:   c.hotSpans.Load(), ColdSpans: c.coldSpans.Load(), QueuedSpans: c.queuedSpans.Load(),
		HotBytes: c.hotBytes.Load(), ColdBytes: c.coldBytes.Load(), QueuedBytes: c.queuedBytes.Load(),
		DecisionsBytes: c.decisionsBytes.Load(), DecisionsForgotten: c.forgotten.Load(),
		LateKept: c.lateKept.Load(), LateUpgraded: c.lateUpgraded.Load(), Packed: c.packed.Load(),
		RandomnessConflicts: c.conflicts.Load(), Unstampable: c.unstampable.Load(),
		DecidedByMemory: c.byMemory.Load(), DecidedAtArrival: c.atArrival.Load(), Untraced: c.untraced.Load(),
	}
	for i := range c.dropped {
		s.Dropped[i] = c.dropped[i].Load()
	}
	for i := range c.decisions {
		if traces := c.decisions[i].traces.Load(); traces > 0 {
			s.Decisions = append(s.Decisions, Decision{
				Policy:  p.PolicyName(i/(2*int(numTriggers)) - 1),
				Keep:    i/int(numTriggers)%2 == 1,
				Trigger: Trigger(i % int(numTriggers)),
				Traces:  traces, Spans: c.decisions[i].spans.Load(), Bytes: c.decisions[i].bytes.Load(),
			})
		}
	}
	for _, m := range p.memories {
		s.KeysForgotten += m.forgotten()
	}
	return s
}
