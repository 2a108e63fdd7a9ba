// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

// span of randomness [from, to).
type interval struct{ from, to uint64 }

// chance is a set of randomness values, as sorted disjoint intervals: those for which a trace is kept. Its share of
// all values is the probability of being kept, which is what the adjusted count must say, whatever mix of policies
// the set came from.
type chance []interval

var (
	never  = chance{}
	always = chance{{0, maxRandomness}}
)

// atLeast is the set that a sampling threshold keeps.
func atLeast(threshold uint64) chance {
	switch {
	case threshold == 0:
		return always
	case threshold >= maxRandomness:
		return never
	}
	return chance{{threshold, maxRandomness}}
}

func (c chance) isAlways() bool { return len(c) == 1 && c[0] == always[0] }

func (c chance) isNever() bool { return len(c) == 0 }

func (c chance) contains(r uint64) bool {
	for _, i := range c {
		if r < i.to {
			return r >= i.from
		}
	}
	return false
}

// size is the number of values in the set, of maxRandomness.
func (c chance) size() uint64 {
	var n uint64
	for _, i := range c {
		n += i.to - i.from
	}
	return n
}

// threshold is the sampling threshold of the same probability.
func (c chance) threshold() uint64 { return maxRandomness - c.size() }

// rank maps the values of the set, in order, to those at or above its threshold, so that a value that was kept
// passes the threshold that says how probable that was. It is the identity where the set is such a range already.
func (c chance) rank(r uint64) uint64 {
	at := c.threshold()
	for _, i := range c {
		if r < i.to {
			return at + r - i.from
		}
		at += i.to - i.from
	}
	return at
}

func (c chance) complement() chance {
	var out chance
	at := uint64(0)
	for _, i := range c {
		if i.from > at {
			out = append(out, interval{at, i.from})
		}
		at = i.to
	}
	if at < maxRandomness {
		out = append(out, interval{at, maxRandomness})
	}
	return out
}

func (c chance) intersect(d chance) chance {
	switch {
	case c.isNever() || d.isAlways():
		return c
	case d.isNever() || c.isAlways():
		return d
	}
	var out chance
	for i, j := 0, 0; i < len(c) && j < len(d); {
		from, to := max(c[i].from, d[j].from), min(c[i].to, d[j].to)
		if from < to {
			out = append(out, interval{from, to})
		}
		if c[i].to < d[j].to {
			i++
		} else {
			j++
		}
	}
	return out
}

func (c chance) union(d chance) chance {
	switch {
	case c.isAlways() || d.isNever():
		return c
	case d.isAlways() || c.isNever():
		return d
	}
	return c.complement().intersect(d.complement()).complement()
}

func (c chance) minus(d chance) chance {
	if d.isNever() {
		return c
	}
	return c.intersect(d.complement())
}
