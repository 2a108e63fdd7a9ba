// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"time"

	"github.com/llmcol/llmcol/internal/trace"
)

// Signal is what slowness is measured by.
type Signal uint8

// The signals: a trace's duration, or the worst of its model calls by time to first token or by pace.
const (
	TraceDuration Signal = iota
	TimeToFirstToken
	SecondsPerOutputToken
)

// of is the signal's value for a trace in seconds, 0 where it has none.
func (s Signal) of(f *trace.Facts) float64 {
	switch s {
	case TimeToFirstToken:
		return f.TimeToFirstToken.Seconds()
	case SecondsPerOutputToken:
		return f.SecondsPerOutputToken
	}
	return f.Duration().Seconds()
}

// SlowOver keeps traces whose signal is over the threshold in seconds.
func SlowOver(signal Signal, threshold float64) Rule {
	return factRule{lasting: true, holds: func(f *trace.Facts) bool { return signal.of(f) > threshold }}
}

// Percentile says which traces are slow among their own kind.
type Percentile struct {
	// P is the quantile, between 0 and 1.
	P float64
	// MinCount is how many traces of a kind must have been seen before its threshold is learnt.
	MinCount float64
	// Floor and Ceiling bound the learnt threshold, seconds; a ceiling of 0 is none.
	Floor, Ceiling float64
	// HalfLife is how long it takes until a trace counts half.
	HalfLife time.Duration
}

// slowest keeps the slowest traces of each service, agent and operation.
type slowest struct {
	signal Signal
	static float64
	table  *thresholds
}

// SlowAmong keeps traces slower than the percentile of those with the same service, agent and operation, and, until
// it is known, those over the static threshold in seconds.
func SlowAmong(signal Signal, static float64, p Percentile) Rule {
	return &slowest{signal, static, newThresholds(p)}
}

func (s *slowest) bind(p *Program) error {
	p.percentiles = append(p.percentiles, s.table)
	p.memories = append(p.memories, s.table)
	return nil
}

func (s *slowest) chance(q *question) chance {
	threshold, ok := s.table.of(kindOfHead(&q.facts.Head))
	if !ok {
		threshold = s.static
	}
	if s.signal.of(&q.facts) > threshold {
		return always
	}
	return never
}

// certain is false: the threshold moves, and the head that says which one applies may be still to come.
func (*slowest) certain(*evidence) bool { return false }

func (s *slowest) learn(q *question, v *Verdict) {
	if value := s.signal.of(&q.facts); value > 0 && v.Trigger.complete() {
		s.table.add(kindOfHead(&q.facts.Head), value, q.now)
	}
}

func (s *slowest) tick(now int64) { s.table.tick(now) }
