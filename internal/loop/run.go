// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"cmp"
	"math"
	"slices"
)

// The rings of a run: the newest rounds, and about as many calls and model calls. The last two are what, with one more that comes before
// the oldest goes, fills a size of Go's allocator.
const (
	maxRounds = 50
	maxCalls  = 53
	maxModels = 52
)

// overlapNanos by which two calls must overlap to be one round: clocks of a millisecond make neighbours touch.
const overlapNanos = 1_000_000

// sessionPauseNanos without a call, after which a session begins anew.
const sessionPauseNanos = 10 * 60 * 1_000_000_000

// sameTurnNanos after which one who says the same again in a session says it anew: somebody who polls, or a timer.
const sameTurnNanos = 60 * 1_000_000_000

// run is what is known of one agent run, or of one session's calls that belong to none. Its calls are in the order of their start.
type run struct {
	key          nodeKey
	calls        []call
	models       []modelCall
	newer, older *run
	lastSeen     int64 // ns
	turnAt       int64 // start of the first model call whose prompt ended with a user's message
	more         *more
	turn         uint32 // hash of that message
	session      bool
}

// more is what only few runs need.
type more struct {
	turns    []turn
	loops    []loopRecord
	notes    []note
	parts    []Outcome
	heard    []heard
	siblings []sibling
	pending  []pendingResult
	past     *past
	shared   nodeKey // the session that has a copy of the run's only call
}

// turn is a user's message.
type turn struct {
	at   int64
	hash uint32
}

// sibling is a call of a message that has several.
type sibling struct{ call, message uint32 }

// pendingResult is a result that came by message, before the call that it is of.
type pendingResult struct {
	at      int64
	call    uint32
	outcome Outcome
}

// Bounds of the lists above. What does not fit pushes the oldest out.
const (
	maxTurns    = 32
	maxLoops    = 32
	maxNotes    = 32
	maxParts    = 8
	maxHeard    = 4
	maxSiblings = 64
	maxPending  = 64
)

func (r *run) extra() *more {
	if r.more == nil {
		r.more = &more{}
	}
	return r.more
}

// push appends to a bounded list.
func push[T any](list []T, item T, bound int) []T {
	if len(list) >= bound {
		copy(list, list[1:])
		list = list[:len(list)-1]
	}
	return append(list, item)
}

// grown makes room for one more: half more each time, and so that a run of ten calls takes the place of ten.
func grown[T any](list []T, most int) []T {
	if len(list) < cap(list) {
		return list
	}
	return append(make([]T, 0, min(len(list)+2+(len(list)+1)/2, most)), list...)
}

// findCall is the index of the call that this record told of before, or -1.
func (r *run) findCall(c *call) int {
	for i := len(r.calls) - 1; i >= 0; i-- {
		if k := &r.calls[i]; k.source == c.source && (k.span == c.span && c.source != FromMessage || c.source == FromMessage && k.sameInMessage(c)) {
			return i
		}
	}
	return -1
}

// echoNanos is how far two spans of one model call end from each other at most: that of a framework and that of the provider's library.
const echoNanos = 5_000_000

// sameInMessage tells whether two messages told of the same call: by its id, which some clients use again in later messages.
func (c *call) sameInMessage(o *call) bool {
	apart := max(c.start, o.start) - min(c.start, o.start)
	if c.id == 0 || c.id != o.id {
		return c.span == o.span && c.id == o.id && apart == 0
	}
	return c.span == o.span || c.args == o.args && apart <= echoNanos
}

// insertCall puts a new call in its place. One that is older than all that a full run keeps is counted and no more.
func (r *run) insertCall(c *call) {
	at := len(r.calls)
	for at > 0 && compareCalls(c, &r.calls[at-1]) < 0 {
		at--
	}
	if at == 0 && len(r.calls) > 0 && r.hasForgottenCalls() {
		r.more.past.countLate(shortID(c.span))
		return
	}
	r.calls = grown(r.calls, maxCalls+1)
	r.calls = slices.Insert(r.calls, at, *c)
	r.join(at)
	for len(r.calls) > maxCalls || len(r.calls) > maxRounds && r.rounds() > maxRounds {
		r.dropOldestRound()
	}
}

func (r *run) hasPast() bool { return r.more != nil && r.more.past != nil }

func (r *run) hasForgottenCalls() bool { return r.hasPast() && r.more.past.calls > 0 }

func (r *run) rounds() int {
	n := 0
	for i := range r.calls {
		if !r.calls[i].is(callJoined) {
			n++
		}
	}
	return n
}

// dropOldestRound moves what the round says into the past.
func (r *run) dropOldestRound() {
	n := 1
	for n < len(r.calls) && r.calls[n].is(callJoined) {
		n++
	}
	if n == len(r.calls) {
		n = 1
	}
	r.pastOf().evict(r, n)
	r.calls = slices.Delete(r.calls, 0, n)
	r.calls[0].flags &^= callJoined
}

// join decides from index at on which calls are in one round with the one before.
func (r *run) join(at int) {
	for i := at; i < len(r.calls); i++ {
		c := &r.calls[i]
		c.flags &^= callJoined
		if i > 0 && (r.roundEnd(i-1)-c.start > overlapNanos && c.length > 0 || r.oneMessage(&r.calls[i-1], c) && !r.hasID(i-1, c.id) || r.askedTogether(i)) {
			c.flags |= callJoined
		}
	}
}

func (r *run) roundEnd(i int) int64 {
	end := r.calls[i].end()
	for ; r.calls[i].is(callJoined); i-- {
		end = max(end, r.calls[i-1].end())
	}
	return end
}

func (r *run) oneMessage(a, b *call) bool {
	if a.source == FromMessage && b.source == FromMessage {
		return a.span == b.span
	}
	if r.more == nil || len(r.more.siblings) == 0 || a.id == 0 || b.id == 0 {
		return false
	}
	of := r.messageOf(a.id)
	return of != 0 && of == r.messageOf(b.id)
}

// askedTogether tells whether call i and the one before were asked for in one message, where the calls do not tell its ids: that of the
// model call right before both, which asked for more calls than are in the round.
func (r *run) askedTogether(i int) bool {
	a, b := &r.calls[i-1], &r.calls[i]
	if r.more == nil || len(r.more.siblings) == 0 || a.source == FromMessage || b.source == FromMessage || a.id != 0 && b.id != 0 {
		return false
	}
	lo := i - 1
	for lo > 0 && r.calls[lo].is(callJoined) {
		lo--
	}
	return i-lo < r.askedBefore(b.start, r.calls[lo].start)
}

// askedBefore is how many calls the last model call that began before a time asked for in one message, if it had ended before the round
// began. Several instrumentations may tell of it, one within the other.
func (r *run) askedBefore(at, round int64) int {
	from := int64(math.MaxInt64)
	for j := len(r.models) - 1; j >= 0; j-- {
		m := &r.models[j]
		switch {
		case m.start > at:
			continue
		case m.end() > round || from != math.MaxInt64 && m.end() < from:
			return 0
		}
		if asked := r.siblingsOf(m.id | 1); asked > 1 {
			return asked
		}
		from = m.start
	}
	return 0
}

func (r *run) siblingsOf(message uint32) (n int) {
	for i := range r.more.siblings {
		if r.more.siblings[i].message == message {
			n++
		}
	}
	return n
}

// hasID tells whether the round of call i has a call of that id: some clients use the same ids in every message.
func (r *run) hasID(i int, id uint32) bool {
	if id == 0 {
		return false
	}
	for ; r.calls[i].id != id; i-- {
		if !r.calls[i].is(callJoined) {
			return false
		}
	}
	return true
}

func (r *run) messageOf(id uint32) uint32 {
	for i := len(r.more.siblings) - 1; i >= 0; i-- {
		if r.more.siblings[i].call == id {
			return r.more.siblings[i].message
		}
	}
	return 0
}

// removeCall takes a call out.
func (r *run) removeCall(i int) {
	r.calls = slices.Delete(r.calls, i, i+1)
	r.join(i)
}

// What insertModel returns in place of an index: the run knows the call; it is older than what is kept.
const (
	modelKnown = -1
	modelLate  = -2
)

// insertModel puts a new model call in its place and returns its index.
func (r *run) insertModel(m modelCall) int {
	at := len(r.models)
	for at > 0 && compareModels(&m, &r.models[at-1]) < 0 {
		at--
	}
	if at > 0 && r.models[at-1].id == m.id && r.models[at-1].start == m.start {
		return modelKnown
	}
	if at == 0 && r.hasPast() && r.more.past.models > 0 {
		if !r.more.past.countLate(m.id) {
			return modelKnown
		}
		r.more.past.usage.add(m.usage)
		return modelLate
	}
	r.models = grown(r.models, maxModels+1)
	r.models = slices.Insert(r.models, at, m)
	if len(r.models) > maxModels {
		r.pastOf().evictModel(r)
		r.models = slices.Delete(r.models, 0, 1)
		at--
	}
	return at
}

// addTurn notes that a prompt ended with a user's message, and reports whether that changed anything.
func (r *run) addTurn(at int64, hash uint32) bool {
	if r.turnAt == 0 {
		r.turnAt, r.turn = at, hash
		return true
	}
	if r.turnAt == at && r.turn == hash {
		return false
	}
	m := r.extra()
	if len(m.turns) == 0 {
		m.turns = append(m.turns, turn{r.turnAt, r.turn})
	}
	i, found := slices.BinarySearchFunc(m.turns, at, func(t turn, at int64) int { return cmp.Compare(t.at, at) })
	if found {
		return false
	}
	if len(m.turns) >= maxTurns {
		if i == 0 {
			return false
		}
		m.turns = slices.Delete(m.turns, 0, 1)
		i--
	}
	m.turns = slices.Insert(m.turns, i, turn{at, hash})
	r.turnAt, r.turn = m.turns[0].at, m.turns[0].hash
	return true
}

// separated tells whether between two calls the user said something new, or a session paused.
func (r *run) separated(older, newer int64) bool {
	if r.session && newer-older > sessionPauseNanos {
		return true
	}
	if r.more == nil || len(r.more.turns) == 0 {
		return r.turnAt > older && r.turnAt <= newer
	}
	for i, t := range r.more.turns {
		if t.at > older && t.at <= newer && (i == 0 || r.isNew(t, r.more.turns[i-1])) {
			return true
		}
	}
	return false
}

// isNew tells whether a prompt ends with what a user said anew: something else or, in a session, the same again after a while.
func (r *run) isNew(t, before turn) bool {
	return t.hash != before.hash || r.session && t.at-before.at > sameTurnNanos
}
