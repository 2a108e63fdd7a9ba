// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"encoding/binary"
	"time"

	"github.com/cespare/xxhash/v2"
)

const maxFingerprints = 20_000

// diverse keeps one trace of each kind in a while.
type diverse struct{ seen *recent }

// Diverse keeps a trace if no trace of the same services, agents, tools, operation and outcome has been kept within the window,
// or within a part of it: a kind is forgotten after between half the window and all of it.
func Diverse(window time.Duration) Rule {
	return &diverse{newRecent(int64(window)/2, maxFingerprints)}
}

func (d *diverse) bind(p *Program) error {
	p.needsActions = true
	p.memories = append(p.memories, d.seen)
	return nil
}

func (d *diverse) chance(q *question) chance {
	if _, seen := d.seen.get(kindOf(q.evidence), q.now); seen {
		return never
	}
	return always
}

func (*diverse) certain(*evidence) bool { return false }

func (d *diverse) learn(q *question, v *Verdict) {
	if v.Keep {
		d.seen.add(kindOf(q.evidence), q.trace, q.now)
	}
}

func kindOf(e *evidence) uint64 {
	var b [25]byte
	binary.LittleEndian.PutUint64(b[:], e.actions[0])
	binary.LittleEndian.PutUint64(b[8:], e.actions[1])
	binary.LittleEndian.PutUint64(b[16:], xxhash.Sum64String(e.facts.Head.Operation))
	if e.facts.Failed {
		b[24] = 1
	}
	return xxhash.Sum64(b[:])
}
