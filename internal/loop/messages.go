// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"slices"
	"strings"
)

// observeModel takes a model call's span in, and what its messages say of tools.
func (e *Engine) observeModel(s *sight) {
	r := e.runOfModel(s)
	if r == nil {
		return
	}
	s.placed = r
	m := s.newModel()
	switch i := r.insertModel(m); i {
	case modelKnown:
	case modelLate:
		e.judgeModels(s, r, len(r.models))
	default:
		e.judgeModels(s, r, i)
	}
	e.shareModel(r, m)
	e.observeMessages(s, r)
	e.offerTurn(s, r)
}

// runOfModel is the run of a model call. One that is a trace by itself belongs to its session, if to anything.
func (e *Engine) runOfModel(s *sight) *run {
	if s.parent != 0 || s.RunKey != "" {
		return e.runFor(e.place(s), s.now, false)
	}
	own := e.runs[s.key]
	if own != nil && (len(own.calls) > 0 || s.session == 0) {
		return own
	}
	if s.session == 0 {
		return nil
	}
	return e.runFor(s.session, s.now, true) // also where the SDK's own span of the call stands within
}

func (s *sight) newModel() modelCall {
	m := modelCall{start: s.Start, usage: packUsage(s.Usage), id: uint32(s.key >> 3), length: uint16(min(max(s.End-s.Start, 0)/1e6, 1<<16-1))}
	if !s.Exchange.IsZero() {
		m.exchange = uint16(s.Exchange.Lo) | 1
	}
	return m
}

// observeMessages takes in what the messages of a model call say: the user's turn, the results that are new, the calls of the answer.
func (e *Engine) observeMessages(s *sight, r *run) {
	if !s.UserTurn.IsZero() {
		r.addTurn(s.Start, uint32(s.UserTurn.Lo)|1)
	}
	e.resultsArrived(s, r)
	if r.more != nil && r.more.shared != 0 { // the calls that they are of are in the session
		if session := e.runs[r.more.shared]; session != nil {
			e.resultsArrived(s, session)
		}
	}
	e.addSiblings(s, r)
	message := s.Span
	if message.IsZero() {
		message = s.callSpan()
	}
	for i := range s.Calls {
		c := &s.Calls[i]
		number := e.tools.number(c.Tool)
		if number == 0 || e.tools.of(number).exempt {
			continue
		}
		made := call{
			span: message, start: s.End + int64(i), id: callIDOf(c.ID), args: c.Args, tool: number, source: FromMessage, flags: callFresh,
		}
		made.setOutcome(c.Outcome, rankMessage)
		if c.NoArgs {
			made.flags |= callNoArgs
		}
		e.addCall(s, r, &made)
	}
}

// resultsArrived gives the results that are new in a prompt to their calls, and judges these anew.
func (e *Engine) resultsArrived(s *sight, r *run) {
	for _, res := range s.Results {
		e.resultArrived(r, pendingResult{at: s.Start, call: callIDOf(res.ID), outcome: res.Outcome})
	}
	if len(s.Results) > 0 {
		e.judgeFresh(s, r)
	}
}

// addSiblings remembers which calls were asked for in one message: they are one round even if they are made one after the other.
func (e *Engine) addSiblings(s *sight, r *run) {
	if len(s.Calls) < 2 && len(s.Together) < 2 {
		return
	}
	message := uint32(s.key>>3) | 1
	for i := range s.Calls {
		r.addSibling(i, s.Calls[i].ID, message)
	}
	for i, id := range s.Together {
		r.addSibling(i, id, message)
	}
	r.join(0)
}

// addSibling remembers the i-th call of a message; one without an id by its place.
func (r *run) addSibling(i int, id string, message uint32) {
	b := sibling{callIDOf(id), message}
	if b.call == 0 {
		b.call = uint32(i) + 1
	}
	if m := r.extra(); !slices.Contains(m.siblings, b) {
		m.siblings = push(m.siblings, b, maxSiblings)
	}
}

// resultArrived gives a result to the last call of its id before the prompt that told it, or keeps it until that call comes.
func (e *Engine) resultArrived(r *run, p pendingResult) {
	if !p.outcome.Known {
		return
	}
	if p.call == 0 {
		if c := r.unansweredCall(p.at); c != nil && c.learn(p.outcome, rankMessage) {
			c.flags |= callFresh
		}
		return
	}
	for i := len(r.calls) - 1; i >= 0; i-- {
		if c := &r.calls[i]; c.id == p.call && c.start < p.at {
			if c.learn(p.outcome, rankMessage) {
				c.flags |= callFresh
			}
			return
		}
	}
	m := r.extra()
	if !slices.Contains(m.pending, p) {
		m.pending = push(m.pending, p, maxPending)
	}
}

// unansweredCall is the first call without a result that the last message before a time made, where calls and results have no ids:
// Gemini's, whose results come in the order of the calls.
func (r *run) unansweredCall(at int64) (first *call) {
	var message SpanID
	for i := len(r.calls) - 1; i >= 0; i-- {
		c := &r.calls[i]
		if c.source != FromMessage || c.id != 0 || c.start >= at {
			continue
		}
		if message.IsZero() {
			message = c.span
		}
		if c.span != message {
			break
		}
		if !c.is(callKnown) {
			first = c
		}
	}
	return first
}

// takePending gives a call the first result of its id that a later prompt has told, unless a later call of the same id came before that.
func (r *run) takePending(c *call) {
	if c.id == 0 {
		return
	}
	at := -1
	for i := range r.more.pending {
		p := &r.more.pending[i]
		if p.call == c.id && p.at > c.start && (at < 0 || p.at < r.more.pending[at].at) {
			at = i
		}
	}
	if at < 0 {
		return
	}
	for i := range r.calls {
		if k := &r.calls[i]; k.id == c.id && k.start > c.start && k.start < r.more.pending[at].at {
			return
		}
	}
	c.learn(r.more.pending[at].outcome, rankMessage)
	r.more.pending = slices.Delete(r.more.pending, at, at+1)
}

// observeRecord takes a log record in.
func (e *Engine) observeRecord(s *sight) {
	s.key = nodeKey(mix(s.Record^seed3, seed1)) &^ flagBits
	s.known = true
	switch s.Role {
	case Tool:
		e.observeToolRecord(s)
	case Model:
		if s.session != 0 {
			r := e.runFor(s.session, s.now, true)
			s.placed = r
			if i := r.insertModel(s.newModel()); i >= 0 {
				e.observeMessages(s, r)
			}
		}
	case Message:
		if r := e.runOfRecord(s); r != nil {
			s.placed = r
			e.observeMessages(s, r)
		}
	}
	if s.verdict.Severity == None && s.placed != nil {
		e.recallNote(s, s.placed)
	}
}

// runOfRecord is the run of the span that a record belongs to, else its session.
func (e *Engine) runOfRecord(s *sight) *run {
	switch {
	case s.session != 0 && !s.UserTurn.IsZero():
		return e.runFor(s.session, s.now, true)
	case !s.Span.IsZero():
		return e.runFor(e.nodes.resolve(spanKey(s.Trace, s.Span)), s.now, false)
	case s.session != 0:
		return e.runFor(s.session, s.now, true)
	default:
		return nil
	}
}

// observeToolRecord takes in a tool call that a log record tells of: for the span that has its id, else for its session.
func (e *Engine) observeToolRecord(s *sight) {
	number := e.tools.number(s.Call.Tool)
	if e.tools.of(number).exempt {
		return
	}
	c := s.newCall(number)
	if s.session == 0 {
		if r := e.runOfRecord(s); r != nil {
			e.addCall(s, r, &c)
		}
		return
	}
	if l, ok := e.nodes.get(callKey(s.session, c.id)); ok && c.id != 0 {
		if r := e.runs[e.nodes.resolve(l.key())]; r != nil {
			s.placed = r
			e.settleAndInsert(r, &c)
			e.judgeFresh(s, r)
			e.retell(s, r, c.id)
		}
		return
	}
	e.addCall(s, e.runFor(s.session, s.now, true), &c)
}

// retell gives a record of a call that a span tells of, too, the verdict of that span. It announces nothing: the span has.
func (e *Engine) retell(s *sight, r *run, id uint32) {
	if s.verdict.Severity != None {
		return
	}
	for i := range r.calls {
		if c := &r.calls[i]; c.id == id && c.source == FromSpan {
			s.verdict = e.verdictAgain(r, c.given, c.start)
			s.verdict.Transition = false
			return
		}
	}
}

// SearchMessages reports whether calls are to be looked for in the messages of a scope: it has sent no tool span that tells
// its arguments.
func (e *Engine) SearchMessages(service, scope string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	_, tools := e.nodes.get(scopeKey(service, scope))
	return !tools
}

// noteToolScope notes that a scope sends tool spans with arguments; most come from the scope of the one before.
func (e *Engine) noteToolScope(service, scope string) {
	if last := &e.lastToolScope; last.service != service || last.scope != scope || last.noted >= toolScopeRefresh {
		e.nodes.put(scopeKey(service, scope), linkRoot)
		last.service, last.scope, last.noted = strings.Clone(service), strings.Clone(scope), 0
	}
	e.lastToolScope.noted++
}

// toolScopeRefresh is after how many spans a scope is noted again, so that the table of nodes does not forget it.
const toolScopeRefresh = 100

func scopeKey(service, scope string) nodeKey {
	return nodeKey(mixText(mixText(seed1, service), scope)) &^ flagBits
}
