// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

// observeTool takes a tool's span in.
func (e *Engine) observeTool(s *sight) {
	if !s.Call.NoArgs {
		e.noteToolScope(s.Service, s.Scope)
	}
	number := e.tools.number(s.Call.Tool)
	if e.tools.of(number).exempt {
		return
	}
	to := e.place(s)
	c := s.newCall(number)
	if outer, r := e.outerCall(s, to); outer != nil && outer.tool == number {
		e.learn(s, r, outer, s.Call.Outcome)
		return
	}
	e.absorb(s, &c)
	e.claim(s, to, &c)
	e.addCall(s, e.runFor(to, s.now, false), &c)
}

func (s *sight) newCall(number uint16) call {
	c := call{
		span: s.callSpan(), start: s.Start, length: lengthMicros(s.Start, s.End), id: callIDOf(s.Call.ID), args: s.Call.Args, tool: number,
		source: s.source(), flags: callFresh,
	}
	c.setOutcome(s.Call.Outcome, rankOf(c.source))
	if s.Call.NoArgs {
		c.flags |= callNoArgs
	}
	return c
}

// observePart takes in how a call ended, told by a span inside the tool's own.
func (e *Engine) observePart(s *sight) {
	if s.parent == 0 {
		return
	}
	to := e.nodes.resolve(s.parent)
	if outer, r := e.outerCall(s, to); outer != nil {
		e.learn(s, r, outer, s.Call.Outcome)
		return
	}
	if !s.known {
		m := e.runFor(to, s.now, false).extra()
		m.parts = push(m.parts, s.Call.Outcome, maxParts)
	}
}

// outerCall is the call of the tool's span that has the key k, and its run; nil if k is no tool's.
func (e *Engine) outerCall(s *sight, k nodeKey) (*call, *run) {
	l, ok := e.nodes.get(k)
	if !ok || l&linkTool == 0 {
		return nil, nil
	}
	at := runKeyOf(s.Trace, "")
	if l&linkRoot == 0 {
		at = e.nodes.resolve(l.key())
	}
	r := e.runs[at]
	if r == nil {
		return nil, nil
	}
	for i := range r.calls {
		if c := &r.calls[i]; c.source == FromSpan && spanKey(s.Trace, c.span) == k {
			return c, r
		}
	}
	return nil, nil
}

// learn completes a call with what another record knows of it.
func (e *Engine) learn(s *sight, r *run, c *call, o Outcome) {
	s.placed = r
	if c.learn(o, rankInside) {
		c.flags |= callFresh
		e.touch(r, s.now)
		e.judgeFresh(s, r)
	}
}

// absorb takes in what spans inside the tool's own span have told before it came: how the call ended, and the same call seen again.
func (e *Engine) absorb(s *sight, c *call) {
	inner := e.runs[s.key]
	if inner == nil {
		return
	}
	if inner.more != nil {
		for _, o := range inner.more.parts {
			c.learn(o, rankInside)
		}
		inner.more.parts = nil
	}
	for i := len(inner.calls) - 1; i >= 0; i-- {
		if same := &inner.calls[i]; same.tool == c.tool {
			o, _ := same.outcomeOf()
			c.learn(o, rankInside)
			inner.removeCall(i)
		}
	}
	if len(inner.calls) == 0 && len(inner.models) == 0 {
		e.remove(inner)
	}
}

// claim tells log records with the call's id that a span has it, and takes back what they have told before.
func (e *Engine) claim(s *sight, to nodeKey, c *call) {
	if s.session == 0 || c.id == 0 {
		return
	}
	e.nodes.put(callKey(s.session, c.id), makeLink(to, 0))
	session := e.runs[s.session]
	if session == nil {
		return
	}
	announced := None
	for i := len(session.calls) - 1; i >= 0; i-- {
		told := &session.calls[i]
		if told.source != FromLog || told.tool != c.tool {
			continue
		}
		announced = max(announced, told.given.severity())
		if told.id == c.id {
			c.learn(told.outcomeOf())
			session.removeCall(i)
		}
	}
	c.given = given{word: uint8(announced)}
}

// addCall adds a call to its run, and to its session if it is an orphan, and reports what that makes of them.
func (e *Engine) addCall(s *sight, r *run, c *call) {
	s.placed = r
	if i := r.findCall(c); i >= 0 {
		e.seenAgain(s, r, i)
		return
	}
	if c.is(callNoArgs) {
		e.stats.CallsNoArgs++
	}
	r.hear(c)
	e.settleAndInsert(r, c)
	e.judgeFresh(s, r)
	if r.session {
		return
	}
	if r.more != nil && r.more.shared != 0 && len(r.calls) > 1 {
		e.unshare(r)
		return
	}
	e.offerOrphan(s, r)
}

// seenAgain gives a call the verdict that it was given before, in its run or in its session.
func (e *Engine) seenAgain(s *sight, r *run, i int) {
	again := e.verdictAgain(r, r.calls[i].given, r.calls[i].start)
	if again.Severity == None && r.more != nil && r.more.shared != 0 {
		if session := e.runs[r.more.shared]; session != nil {
			if i := session.findCall(&r.calls[i]); i >= 0 {
				again = e.verdictAgain(session, session.calls[i].given, session.calls[i].start)
			}
		}
	}
	if again.Severity > s.verdict.Severity {
		s.verdict = again
	}
}

// settleAndInsert adds a call that may be known from elsewhere. Of one tool's calls only those of the best source are kept, so that one
// call seen in three places counts once, and of those with one id, whatever the tool is called there; what the others know of it is taken
// over by the call's id.
func (e *Engine) settleAndInsert(r *run, c *call) {
	if c.tool > 1 {
		better := false
		for i := len(r.calls) - 1; i >= 0; i-- {
			k := &r.calls[i]
			one := k.id == c.id && c.id != 0
			if k.source == c.source || k.tool != c.tool && !one || !one && mayBeOthers(k, c) {
				continue
			}
			knowsMore := k.standing() < c.standing()
			better = better || knowsMore
			if knowsMore {
				if one && k.complete(c) {
					k.flags |= callFresh
				}
				continue
			}
			if one {
				c.complete(k)
			}
			r.removeCall(i)
		}
		if better {
			return
		}
	}
	if !c.is(callKnown) && r.more != nil {
		r.takePending(c)
	}
	c.flags |= callFresh
	r.insertCall(c)
}

// mayBeOthers tells calls of different ids of which one lacks its arguments: only the call of its own id can tell it those, and its span may
// be still to come (AutoGen; one request holds all spans of a scope before those of the next).
func mayBeOthers(a, b *call) bool {
	return a.id != 0 && b.id != 0 && a.id != b.id && (a.is(callNoArgs) || b.is(callNoArgs))
}

// standing orders the sources of a tool's calls, the best one first. A span that tells neither the arguments nor the id stands behind the
// messages that tell them.
func (c *call) standing() Source {
	if c.is(callNoArgs) && c.id == 0 {
		return FromMessage + 1 + c.source
	}
	return c.source
}

// complete takes over what another sight of the same call knows, and reports whether that was anything.
func (c *call) complete(from *call) bool {
	learned := c.learn(from.outcomeOf())
	if c.is(callNoArgs) && !from.is(callNoArgs) {
		c.args = from.args
		c.flags &^= callNoArgs
		return true
	}
	return learned
}
