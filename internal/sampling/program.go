// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"fmt"
	"math/bits"

	"github.com/cespare/xxhash/v2"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/internal/trace"
)

// Policy is a rule with a name. A trace is kept if any policy keeps it and none that drops matches it.
type Policy struct {
	Name string
	Rule Rule
	// Drop turns the rule round: what it matches is dropped, whatever the others say.
	Drop bool
}

// Program is a set of policies, compiled: what to look at in each span, and what to make of it at the end.
type Program struct {
	policies []Policy
	watched  []*anySpan
	// onResource are those of watched that look at resources.
	onResource []*anySpan
	learners   []learner
	clocked    []clocked
	followers  []follower
	// budgets stand in the order in which a claim's chain runs through them.
	budgets []*budget
	// percentiles are the tables of thresholds that rules learn.
	percentiles []*thresholds
	// memories are what rules remember.
	memories []interface{ forgotten() int64 }
	limits   trace.Limits

	byConversation, needsWireBytes, needsActions, drops bool
}

// Compile prepares policies. The limits say from where on a trace is of the class slow or costly.
func Compile(policies []Policy, limits trace.Limits) (*Program, error) {
	p := &Program{policies: policies, limits: limits}
	for _, pol := range policies {
		if err := p.bind(pol.Rule); err != nil {
			return nil, fmt.Errorf("policy %q: %w", pol.Name, err)
		}
		p.drops = p.drops || pol.Drop
	}
	return p, nil
}

func (p *Program) bind(r Rule) error {
	if l, ok := r.(learner); ok {
		p.learners = append(p.learners, l)
	}
	if c, ok := r.(clocked); ok {
		p.clocked = append(p.clocked, c)
	}
	if f, ok := r.(follower); ok {
		p.followers = append(p.followers, f)
	}
	return r.bind(p)
}

// follow tells the rules that a trace is certain to be kept.
func (p *Program) follow(q *question) {
	for _, f := range p.followers {
		f.follow(q)
	}
}

func (p *Program) watch(a *anySpan) (bit int, err error) {
	if len(p.watched) == maxConditions {
		return 0, fmt.Errorf("more than %d conditions on spans", maxConditions)
	}
	p.watched = append(p.watched, a)
	if a.resource != nil {
		p.onResource = append(p.onResource, a)
	}
	return len(p.watched) - 1, nil
}

// PolicyName is the name of the policy with the given index, "" where there is none.
func (p *Program) PolicyName(i int) string {
	if i < 0 {
		return ""
	}
	return p.policies[i].Name
}

// observeResource returns the conditions that the resource meets for all of its spans.
func (p *Program) observeResource(r pcommon.Resource) (met conditions) {
	for _, a := range p.onResource {
		if a.resource(r) {
			met.add(a.bit)
		}
	}
	return met
}

// observe adds a span to the evidence.
func (p *Program) observe(s *Span, e *evidence) {
	e.facts.Add(&s.Facts)
	for _, a := range p.watched {
		if !e.met.has(a.bit) && a.span(s) {
			e.met.add(a.bit)
		}
	}
	if state := s.Span.TraceState().AsRaw(); state != "" {
		e.upstream.merge(readUpstream(state))
	}
	if p.needsActions {
		e.actions.observe(&s.Facts)
	}
}

func (f *fingerprint) observe(s *trace.Span) {
	for i, name := range [...]string{s.Service, s.Agent, s.Tool} {
		if name != "" {
			f.add(bits.RotateLeft64(xxhash.Sum64String(name), 16*i))
		}
	}
}

func (p *Program) dropped(q *question) chance {
	out := never
	if !p.drops {
		return out
	}
	for _, pol := range p.policies {
		if pol.Drop {
			out = out.union(pol.Rule.chance(q))
		}
	}
	return out
}

// certain tells whether the evidence so far keeps the trace for good, and by which policy.
func (p *Program) certain(e *evidence) (policy int, ok bool) {
	if p.drops {
		return -1, false
	}
	for i, pol := range p.policies {
		if pol.Rule.certain(e) {
			return i, true
		}
	}
	return -1, false
}
