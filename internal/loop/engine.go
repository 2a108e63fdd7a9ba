// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"encoding/binary"
	"fmt"
	"sync"
	"time"
)

// Config of an Engine.
type Config struct {
	MaxRuns     int           // agent runs and sessions held at once
	IdleRun     time.Duration // after which a run is forgotten
	IdleSession time.Duration // after which a session is forgotten
	Thresholds  Thresholds
	Tools       []ToolRule
	Limits      Limits
}

// DefaultConfig is what an engine is made of unless something else is asked for.
func DefaultConfig() Config {
	return Config{
		MaxRuns: 50_000, IdleRun: 15 * time.Minute, IdleSession: time.Hour,
		Thresholds: DefaultThresholds(), Tools: []ToolRule{{Pattern: DefaultPollPattern, Poll: true}}, Limits: DefaultLimits(),
	}
}

// Stats are an Engine's counts since its start.
type Stats struct {
	Runs         int   // held now
	EvictedIdle  int64 // runs forgotten because nothing more came
	EvictedLimit int64 // runs forgotten because there were too many
	CallsNoArgs  int64 // calls of which the arguments were not known
}

// Engine finds loops in what it observes. It is safe for concurrent use.
type Engine struct {
	limits      Limits
	maxRuns     int
	idleRun     int64
	idleSession int64

	mu     sync.Mutex
	tools  *toolTable
	nodes  *nodeTable
	runs   map[nodeKey]*run
	latest *run       // the one that was seen last: spans of one run come together
	recent [2]recency // of agent runs, of sessions
	spare  *run       // a run that was forgotten: the next new one takes its place
	gone   *run       // a run that the current observation has made forgotten, and may still hold
	judge  judgement
	stats  Stats
	dirty  *[Shards]bool // nil if the state is not kept over restarts

	lastToolScope struct {
		service, scope string
		noted          int
	}
}

// New starts an engine. It fails if a tool pattern is no regular expression.
func New(cfg Config) (*Engine, error) {
	if cfg.MaxRuns < 1 {
		return nil, fmt.Errorf("max_runs is %d, must be at least 1", cfg.MaxRuns)
	}
	tools, err := newToolTable(cfg.Thresholds, cfg.Tools)
	if err != nil {
		return nil, err
	}
	return &Engine{
		limits: cfg.Limits, maxRuns: cfg.MaxRuns, idleRun: int64(cfg.IdleRun), idleSession: int64(cfg.IdleSession),
		tools: tools, nodes: newNodeTable(cfg.MaxRuns), runs: map[nodeKey]*run{}, judge: judgement{tools: tools},
	}, nil
}

// Stats are the engine's counts.
func (e *Engine) Stats() Stats {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stats.Runs = len(e.runs)
	return e.stats
}

// Observe takes a span or log record in, at the time now (ns since 1970), and returns the verdict that it is to carry; one of severity
// None if it is part of no loop. A record seen before gets the verdict that it got then.
func (e *Engine) Observe(o *Observation, now int64) Verdict {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.gone != nil {
		e.spare, e.gone = e.gone, nil
	}
	if o.Told {
		e.noteTold(o)
	}
	s := sight{Observation: o, now: now, session: sessionKey(o.Service, o.Session)}
	if o.Record != 0 {
		e.observeRecord(&s)
	} else {
		e.observeSpan(&s)
	}
	if s.verdict.Transition && e.wasTold(o) {
		s.verdict.Transition = false
	}
	return s.verdict
}

func (e *Engine) observeSpan(s *sight) {
	s.key = spanKey(s.Trace, s.Span)
	if !s.Parent.IsZero() {
		s.parent = spanKey(s.Trace, s.Parent)
	}
	s.known = e.nodes.put(s.key, s.link())
	e.takeOwnRun(s)
	switch s.Role {
	case Tool:
		e.observeTool(s)
	case Part:
		e.observePart(s)
	case Model:
		e.observeModel(s)
	case Message:
		s.placed = e.runFor(e.place(s), s.now, false)
		e.observeMessages(s, s.placed)
	}
	if s.verdict.Severity == None {
		e.recall(s)
	}
}

// sight is one observation on its way through the engine.
type sight struct {
	*Observation
	now                  int64
	key, parent, session nodeKey
	known                bool // a span that was seen before

	verdict Verdict
	placed  *run // the run that the record belongs to
}

func (s *sight) link() link {
	flags := link(0)
	k := s.parent
	if k == 0 {
		flags, k = linkRoot, s.session
	}
	switch s.Role {
	case Agent:
		flags |= linkStops
	case Tool:
		flags |= linkStops | linkTool
	}
	return makeLink(k, flags)
}

// callSpan is the id under which a call that the record tells of is kept.
func (s *sight) callSpan() SpanID {
	if s.Record == 0 {
		return s.Span
	}
	var id SpanID
	binary.BigEndian.PutUint64(id[:], s.Record)
	return id
}

func (s *sight) source() Source {
	if s.Record != 0 {
		return FromLog
	}
	return FromSpan
}

// place is the run that a span belongs to: the one that an attribute names, else that of the first ancestor which stops the walk.
func (e *Engine) place(s *sight) nodeKey {
	switch {
	case s.RunKey != "":
		return runKeyOf(s.Trace, s.RunKey)
	case s.parent != 0:
		return e.nodes.resolve(s.parent)
	default:
		return runKeyOf(s.Trace, "")
	}
}

// recall gives a span that has no verdict of its own the one it was given before, and the head of a run its run's verdict.
func (e *Engine) recall(s *sight) {
	if s.known && s.placed != nil && e.recallNote(s, s.placed) {
		return
	}
	if s.parent != 0 && s.Role != Agent {
		return
	}
	r := e.headedBy(s)
	if r == nil || e.recallNote(s, r) || s.known { // what was given no verdict then is given none now
		return
	}
	if f := e.worstLoop(r); f.severity != None {
		verdict, g := e.verdictOf(r, &f)
		r.addNote(note{s.key, g, f.until})
		s.verdict = verdict
	}
}

// recallNote gives a record the verdict that its run has noted for it, if it has.
func (e *Engine) recallNote(s *sight, r *run) bool {
	n := r.noteOf(s.key)
	if n != nil {
		s.verdict = e.verdictAgain(r, n.given, n.until)
	}
	return n != nil
}

// headedBy is the run of which the span is the head: an agent's own, or that of the trace with a loop whose root the span is.
func (e *Engine) headedBy(s *sight) *run {
	if r := e.runs[s.key]; r != nil && r.more != nil && len(r.more.loops) > 0 {
		return r
	}
	if s.HeadOf != "" {
		if r := e.runs[runKeyOf(s.Trace, s.HeadOf)]; r != nil && r.more != nil && len(r.more.loops) > 0 {
			return r
		}
	}
	if s.parent != 0 {
		return nil
	}
	if l, ok := e.nodes.get(traceKey(s.Trace)); ok {
		if r := e.runs[l.key()]; r != nil {
			return r
		}
		return e.runs[e.nodes.resolve(l.key())]
	}
	return nil
}

// report takes over what was found, unless the record is to carry something worse already.
func (e *Engine) report(s *sight, r *run, f *finding) {
	if f.severity <= s.verdict.Severity {
		return
	}
	verdict, g := e.verdictOf(r, f)
	s.verdict = verdict
	s.placed = r
	if i := r.findCall(&call{span: s.callSpan(), source: s.source()}); s.Role == Tool && i >= 0 {
		r.calls[i].given = g
	} else {
		r.addNote(note{s.key, g, f.until})
	}
	e.markTrace(s, r)
}

// markTrace remembers which run of the trace loops, for its root.
func (e *Engine) markTrace(s *sight, r *run) {
	if s.Trace.IsZero() {
		return
	}
	k := traceKey(s.Trace)
	if l, ok := e.nodes.get(k); ok {
		if other := e.runs[l.key()]; other != nil && other != r && other.told() >= r.told() {
			return
		}
	}
	e.nodes.put(k, makeLink(r.key, 0))
}

func (r *run) told() Severity {
	worst := None
	if r.more != nil {
		for i := range r.more.loops {
			worst = max(worst, r.more.loops[i].told)
		}
	}
	return worst
}
