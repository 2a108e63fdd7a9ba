// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/trace"
)

// Span is one span where it stands, with its facts.
type Span struct {
	ResourceSpans ptrace.ResourceSpans
	ScopeSpans    ptrace.ScopeSpans
	Span          ptrace.Span
	Facts         trace.Span
}

// maxConditions is how many different conditions on spans a set of policies may have.
const maxConditions = 128

// conditions is a set of the conditions that some span of a trace has met.
type conditions [maxConditions / 64]uint64

func (c *conditions) add(i int)      { c[i/64] |= 1 << (i % 64) }
func (c *conditions) has(i int) bool { return c[i/64]&(1<<(i%64)) != 0 }

func (c *conditions) merge(d conditions) {
	for i := range c {
		c[i] |= d[i]
	}
}

// fingerprint collects what a trace did: two bits for each name, so that neither order nor repetition matter.
type fingerprint [2]uint64

func (f *fingerprint) add(hash uint64) {
	f[0] |= 1 << (hash & 63)
	f[1] |= 1 << (hash >> 6 & 63)
}

func (f *fingerprint) merge(g fingerprint) {
	f[0] |= g[0]
	f[1] |= g[1]
}

// evidence is all that a decision is made on: what the spans of a trace, or of a batch of it, add up to. Adding is
// commutative, so that a trace gets one decision however its spans arrive.
type evidence struct {
	facts    trace.Facts
	met      conditions
	upstream upstream
	actions  fingerprint
	// wireBytes is the size as OTLP, counted only where a policy asks for it.
	wireBytes int64
}

func (e *evidence) merge(f *evidence) {
	e.facts.Merge(&f.facts)
	e.met.merge(f.met)
	e.upstream.merge(f.upstream)
	e.actions.merge(f.actions)
	e.wireBytes += f.wireBytes
}

// question is a piece of evidence at the moment of a decision.
type question struct {
	*evidence
	// trace stands for the trace's id.
	trace      uint64
	randomness uint64
	// byConversation tells that the randomness is the conversation's.
	byConversation bool
	now            int64
	// unlimited asks what the rules would say if no budget were spent.
	unlimited bool
}

func (p *Program) ask(id pcommon.TraceID, e *evidence, now int64) question {
	q := question{evidence: e, trace: mix(id), now: now}
	switch {
	case e.upstream.set:
		q.randomness = e.upstream.value
	case p.byConversation && e.facts.Conversation.ID != "":
		q.randomness = conversationRandomness(e.facts.Conversation.ID)
		q.byConversation = true
	default:
		q.randomness = traceRandomness(id)
	}
	return q
}
