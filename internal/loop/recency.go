// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

// recency is a list of runs in the order in which they were last seen.
type recency struct{ newest, oldest *run }

func (l *recency) push(r *run) {
	r.older, r.newer = l.newest, nil
	if l.newest != nil {
		l.newest.newer = r
	} else {
		l.oldest = r
	}
	l.newest = r
}

func (l *recency) take(r *run) {
	if r.newer != nil {
		r.newer.older = r.older
	} else {
		l.newest = r.older
	}
	if r.older != nil {
		r.older.newer = r.newer
	} else {
		l.oldest = r.newer
	}
	r.newer, r.older = nil, nil
}

func (e *Engine) list(r *run) *recency {
	if r.session {
		return &e.recent[1]
	}
	return &e.recent[0]
}

// runFor is the run of a key, a new one if there is none.
func (e *Engine) runFor(k nodeKey, now int64, session bool) *run {
	r := e.latest
	if r == nil || r.key != k {
		r = e.runs[k]
	}
	if r != nil {
		e.touch(r, now)
		return r
	}
	r = e.newRun(k, session)
	e.add(r, now)
	return r
}

// newRun takes the place of a run that was forgotten, if there is one: where runs come and go all the time nothing is allocated for them.
func (e *Engine) newRun(k nodeKey, session bool) *run {
	r := e.spare
	if r == nil {
		return &run{key: k, session: session}
	}
	e.spare = nil
	*r = run{key: k, session: session, calls: r.calls[:0], models: r.models[:0]}
	return r
}

// longestSpare is the number of calls for which a run that was forgotten may have room. In time every run comes to have as much, which is
// what a run is reckoned at.
const longestSpare = 10

// forget removes a run that nothing more is expected of.
func (e *Engine) forget(r *run) {
	e.remove(r)
	if cap(r.calls) <= longestSpare && cap(r.models) <= longestSpare {
		e.gone = r
	}
}

func (e *Engine) add(r *run, now int64) {
	e.runs[r.key] = r
	e.latest = r
	r.lastSeen = now
	e.list(r).push(r)
	e.markDirty(r.key)
	e.expire(now)
	for len(e.runs) > e.maxRuns {
		e.stats.EvictedLimit++
		e.forget(e.leastRecent(r))
	}
}

func (e *Engine) touch(r *run, now int64) {
	e.latest = r
	r.lastSeen = now
	e.markDirty(r.key)
	if l := e.list(r); l.newest != r {
		l.take(r)
		l.push(r)
	}
}

func (e *Engine) remove(r *run) {
	delete(e.runs, r.key)
	if e.latest == r {
		e.latest = nil
	}
	e.list(r).take(r)
	e.markDirty(r.key)
}

// leastRecent is the run to make room, other than keep.
func (e *Engine) leastRecent(keep *run) *run {
	a, b := e.recent[0].oldest, e.recent[1].oldest
	switch {
	case a == nil || a == keep:
		return b
	case b == nil || b == keep || a.lastSeen <= b.lastSeen:
		return a
	default:
		return b
	}
}

// Expire forgets runs and sessions of which nothing has been seen for long.
func (e *Engine) Expire(now int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.expire(now)
}

func (e *Engine) expire(now int64) {
	for i, idle := range [...]int64{e.idleRun, e.idleSession} {
		for r := e.recent[i].oldest; r != nil && now-r.lastSeen > idle; r = e.recent[i].oldest {
			e.stats.EvictedIdle++
			e.forget(r)
		}
	}
}

func (e *Engine) markDirty(k nodeKey) {
	if e.dirty != nil {
		e.dirty[shardOf(k)] = true
	}
}
