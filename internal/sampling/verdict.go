// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import "github.com/llmcol/llmcol/internal/trace"

// Trigger says why a trace was decided when it was.
type Trigger uint8

// The triggers of llmcol.sampling.trigger.
const (
	// ByRoot: the root has ended, and the trace has settled.
	ByRoot Trigger = iota
	// ByIdle: no span for a while, and no root.
	ByIdle
	// ByMaxAge: the trace has been open for as long as a trace may be.
	ByMaxAge
	// ByEarly: nothing that could still come would have changed the decision.
	ByEarly
	// ByMemory: the space was needed.
	ByMemory
	// ByLimit: the trace has more spans or bytes than one may have.
	ByLimit
	// ByShutdown: the collector is going down.
	ByShutdown
	numTriggers
)

var triggers = [numTriggers]string{"root", "idle", "max_age", "early", "memory", "limit", "shutdown"}

func (t Trigger) String() string { return triggers[t] }

// complete tells that the trace was probably whole when it was decided.
func (t Trigger) complete() bool { return t <= ByMaxAge }

// Verdict is what has been decided about a trace. It fits every later span of the trace, too.
type Verdict struct {
	Keep bool
	// Final marks a trace that a drop policy has dropped: nothing brings it back.
	Final bool
	// Partial marks a trace that was dropped at first and is kept from some later span on.
	Partial bool
	// Policy is the index of the first policy that matched, -1 for none.
	Policy  int16
	Trigger Trigger
	Class   trace.Class

	rewritten   bool
	independent bool
	threshold   uint64
	randomness  uint64
}

// decide makes the decision for a trace.
func (p *Program) decide(q *question, by Trigger) Verdict {
	v := Verdict{Policy: -1, Trigger: by, Class: q.facts.Class(p.limits), threshold: maxRandomness}
	drop := p.dropped(q)
	if v.Final = drop.contains(q.randomness); v.Final {
		v.Policy = p.droppedBy(q)
		return v
	}
	keep := never
	for i, pol := range p.policies {
		if pol.Drop {
			continue
		}
		c := pol.Rule.chance(q)
		if v.Policy < 0 && c.contains(q.randomness) {
			v.Policy = int16(i)
		}
		keep = keep.union(c)
	}
	keep = keep.minus(drop)
	if v.Keep = keep.contains(q.randomness); v.Keep {
		keep = q.notYetDropped(keep)
		v.threshold = keep.threshold()
		v.randomness = keep.rank(q.randomness)
		v.independent = q.byConversation
		// What is kept for certain passes whatever its randomness.
		v.rewritten = v.threshold > 0 && (q.byConversation || q.upstream.conflict || v.randomness != q.randomness)
	}
	return v
}

func (p *Program) droppedBy(q *question) int16 {
	for i, pol := range p.policies {
		if pol.Drop && pol.Rule.chance(q).contains(q.randomness) {
			return int16(i)
		}
	}
	return -1
}

func (p *Program) learn(q *question, v *Verdict) {
	for _, l := range p.learners {
		l.learn(q, v)
	}
}

func (v *Verdict) stamp() stamp {
	s := stamp{
		threshold: v.threshold, randomness: v.randomness,
		hasRandomness: v.rewritten, independent: v.independent,
	}
	s.prepare()
	return s
}

// notYetDropped is the part of a set that an earlier sampler has let through, if the set is one that needs telling:
// for a threshold, each span's own trace state tells. A set that would not hold the trace any more is left alone,
// since then the earlier sampler went by another randomness.
func (q *question) notYetDropped(keep chance) chance {
	if q.byConversation || len(keep) == 1 && keep[0].to == maxRandomness {
		return keep
	}
	if rest := keep.intersect(atLeast(q.upstream.threshold)); rest.contains(q.randomness) {
		return rest
	}
	return keep
}
