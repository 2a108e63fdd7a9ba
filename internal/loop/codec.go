// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import "encoding/binary"

// coder writes state, or reads it: each kind of state is described once, for both ways.
type coder struct {
	buf      []byte
	tools    *toolTable
	decoding bool
	failed   bool
}

func number[T ~int | ~int64 | ~uint64 | ~uint32 | ~uint16 | ~uint8](c *coder, p *T) {
	if !c.decoding {
		c.buf = binary.AppendUvarint(c.buf, uint64(*p))
		return
	}
	v, n := binary.Uvarint(c.buf)
	if n <= 0 {
		c.fail()
		return
	}
	*p = T(v)
	c.buf = c.buf[n:]
}

func (c *coder) fail() { c.failed, c.buf = true, nil }

func (c *coder) bool(p *bool) {
	var v uint8
	if *p {
		v = 1
	}
	number(c, &v)
	*p = v != 0
}

func (c *coder) bytes(p []byte) {
	switch {
	case !c.decoding:
		c.buf = append(c.buf, p...)
	case len(c.buf) < len(p):
		c.fail()
	default:
		copy(p, c.buf)
		c.buf = c.buf[len(p):]
	}
}

func (c *coder) fixed(p *uint64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], *p)
	c.bytes(b[:])
	*p = binary.BigEndian.Uint64(b[:])
}

func (c *coder) hash(h *Hash) {
	c.fixed(&h.Hi)
	c.fixed(&h.Lo)
}

// tool is kept by its name: its number is only good for one process.
func (c *coder) tool(p *uint16) {
	name := c.tools.of(*p).name
	n := len(name)
	number(c, &n)
	if !c.decoding {
		c.buf = append(c.buf, name...)
		return
	}
	if n < 0 || n > len(c.buf) {
		c.fail()
		return
	}
	*p = c.tools.number(string(c.buf[:n]))
	c.buf = c.buf[n:]
}

func list[T any](c *coder, items *[]T, most int, item func(*T)) {
	n := len(*items)
	number(c, &n)
	if n < 0 || n > most {
		c.fail()
		return
	}
	if c.decoding && n > 0 {
		*items = make([]T, n)
	}
	for i := range *items {
		item(&(*items)[i])
	}
}

func (c *coder) run(r *run) {
	number(c, &r.key)
	c.bool(&r.session)
	number(c, &r.turnAt)
	number(c, &r.turn)
	list(c, &r.calls, maxCalls, c.call)
	list(c, &r.models, maxModels, func(m *modelCall) {
		number(c, &m.start)
		number(c, &m.usage)
		number(c, &m.id)
		number(c, &m.exchange)
		number(c, &m.length)
	})
	has := r.more != nil
	c.bool(&has)
	if !has {
		return
	}
	c.more(r.extra())
}

func (c *coder) call(k *call) {
	c.bytes(k.span[:])
	number(c, &k.start)
	number(c, &k.length)
	number(c, &k.id)
	c.hash(&k.args)
	c.hash(&k.outcome)
	c.tool(&k.tool)
	number(c, &k.flags)
	number(c, &k.source)
	c.given(&k.given)
}

func (c *coder) given(g *given) {
	number(c, &g.loop)
	number(c, &g.word)
	number(c, &g.count)
	if g.severity() > Critical || g.rule() >= numRules {
		c.fail()
	}
}

func (c *coder) more(m *more) {
	number(c, &m.shared)
	list(c, &m.turns, maxTurns, func(t *turn) {
		number(c, &t.at)
		number(c, &t.hash)
	})
	list(c, &m.loops, maxLoops, c.loop)
	list(c, &m.notes, maxNotes, func(n *note) {
		number(c, &n.record)
		c.given(&n.given)
		number(c, &n.until)
	})
	list(c, &m.parts, maxParts, c.outcome)
	list(c, &m.siblings, maxSiblings, func(s *sibling) {
		number(c, &s.call)
		number(c, &s.message)
	})
	list(c, &m.pending, maxPending, func(p *pendingResult) {
		number(c, &p.at)
		number(c, &p.call)
		c.outcome(&p.outcome)
	})
	has := m.past != nil
	c.bool(&has)
	if !has {
		return
	}
	if m.past == nil {
		m.past = &past{}
	}
	c.past(m.past)
}

func (c *coder) outcome(o *Outcome) {
	c.hash(&o.Hash)
	c.bool(&o.Known)
	c.bool(&o.Failed)
	c.bool(&o.Empty)
}

func (c *coder) loop(l *loopRecord) {
	c.hash(&l.id)
	c.bytes(l.first[:])
	number(c, &l.firstEnd)
	number(c, &l.until)
	number(c, &l.evicted.tokens)
	number(c, &l.evicted.cost)
	number(c, &l.period)
	number(c, &l.count)
	list(c, &l.tools, maxCalls, c.tool)
	number(c, &l.rule)
	number(c, &l.told)
	if l.told > Critical || l.rule >= numRules {
		c.fail()
	}
}

func (c *coder) past(p *past) {
	for i := range p.rounds {
		c.pastRound(&p.rounds[i])
	}
	for i := range p.first {
		number(c, &p.matched[i])
		c.bytes(p.first[i].span[:])
		number(c, &p.first[i].end)
	}
	number(c, &p.calls)
	number(c, &p.models)
	number(c, &p.late)
	number(c, &p.usage.tokens)
	number(c, &p.usage.cost)
	for i := range p.counted {
		c.fixed(&p.counted[i])
	}
}

func (c *coder) pastRound(r *pastRound) {
	c.hash(&r.args)
	c.hash(&r.outcome)
	number(c, &r.start)
	number(c, &r.end)
	c.bytes(r.span[:])
	c.bool(&r.known)
	c.bool(&r.failed)
}
