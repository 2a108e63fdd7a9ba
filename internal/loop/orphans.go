// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import "slices"

// An orphan is the only call of a trace that has no agent: clients that start a trace for each call make them. So is the only call of an
// agent's run: where the app itself loops around a model call with tools, each turn is a run to its framework (the AI SDK's generateText
// without steps, opencode). It belongs to its session, as a copy, for as long as it stays the only one and no model call of its trace or
// run follows it: one in which the model has been told the result is a whole turn of an agent, one run for each.

// offerOrphan makes the run's only call an orphan if the trace's root is known, by the session that the call or the root names; if the root
// has not come yet, the call's session is kept for it.
func (e *Engine) offerOrphan(s *sight, r *run) {
	if r.session || len(r.calls) != 1 {
		return
	}
	l, ok := e.nodes.get(r.key)
	switch {
	case r.key == runKeyOf(s.Trace, ""):
		e.shareOrphan(s, r, s.session)
	case ok && l.isAgent():
		e.shareTurn(s, r, l)
	case ok && l&(linkRoot|linkStops) == linkRoot:
		session := s.session
		if session == 0 {
			session = l.key()
		}
		e.shareOrphan(s, r, session)
	case !ok && s.session != 0:
		e.nodes.put(waitingKey(r.key), makeLink(s.session, 0))
	}
}

// shareTurn gives the only call of an agent's run to its session once the model call that asked for it is known: an agent that calls a
// tool and no model is no turn of a conversation.
func (e *Engine) shareTurn(s *sight, r *run, agent link) {
	session := s.session
	if session == 0 && agent&linkRoot != 0 {
		session = agent.key()
	}
	if len(r.models) > 0 {
		e.shareOrphan(s, r, session)
	} else if session != 0 {
		e.nodes.put(waitingKey(r.key), makeLink(session, 0))
	}
}

// offerTurn does so when a model call has come after its agent.
func (e *Engine) offerTurn(s *sight, r *run) {
	if len(r.calls) != 1 || r.session || r.more != nil && r.more.shared != 0 {
		return
	}
	if l, ok := e.nodes.get(r.key); ok && l.isAgent() {
		e.shareTurn(s, r, l)
	}
}

// waitingKey is where the session of a call is kept whose root has not come.
func waitingKey(k nodeKey) nodeKey { return k ^ 8 }

// shareOrphan gives the run's only call to its session.
func (e *Engine) shareOrphan(s *sight, r *run, session nodeKey) {
	s.placed = r
	if s.known && r.more != nil && e.runs[r.more.shared] != nil {
		s.placed = e.runs[r.more.shared] // has noted what was said of the record
	}
	if len(r.calls) != 1 || r.answered() || r.more != nil && (r.more.shared != 0 || r.more.past != nil) {
		return
	}
	if session == 0 {
		l, _ := e.nodes.get(waitingKey(r.key))
		session = l.key()
	}
	if session == 0 {
		return
	}
	r.extra().shared = session
	to := e.runFor(session, s.now, true)
	c := r.calls[0]
	c.given = given{}
	if to.findCall(&c) < 0 {
		e.settleAndInsert(to, &c)
	}
	if r.turnAt != 0 {
		to.addTurn(r.turnAt, r.turn)
	}
	for i := range r.models {
		to.insertModel(r.models[i])
	}
	e.judgeFresh(s, to)
}

// answered tells whether a model call has followed the run's last call.
func (r *run) answered() bool {
	end := r.calls[len(r.calls)-1].end()
	for i := len(r.models) - 1; i >= 0; i-- {
		if r.models[i].start >= end {
			return true
		}
	}
	return false
}

// shareModel gives a model call of an orphan's trace to the session, or takes the orphan back if the model call follows it.
func (e *Engine) shareModel(r *run, m modelCall) {
	switch {
	case r.more == nil || r.more.shared == 0:
	case len(r.calls) > 0 && r.answered():
		e.unshare(r)
	default:
		if session := e.runs[r.more.shared]; session != nil {
			session.insertModel(m)
		}
	}
}

// unshare takes a call and its trace's model calls back from its session.
func (e *Engine) unshare(r *run) {
	if r.more == nil || r.more.shared == 0 {
		return
	}
	session := e.runs[r.more.shared]
	r.more.shared = 0
	if session == nil {
		return
	}
	for i := range r.calls {
		if at := session.findCall(&r.calls[i]); at >= 0 {
			session.removeCall(at)
		}
	}
	for i := range r.models {
		m := &r.models[i]
		session.models = slices.DeleteFunc(session.models, func(k modelCall) bool { return k.id == m.id && k.start == m.start })
	}
}
