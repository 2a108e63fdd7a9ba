// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import "time"

const (
	slotWidth = int64(100 * time.Millisecond)
	numSlots  = 1024
)

// timer is a trace's place in the wheel.
type timer struct {
	next, prev *held
	// at is when the trace is looked at, in slots since the epoch, 0 while it is in no slot.
	at int64
}

// wheel holds traces by the time at which they must be looked at again. A trace whose time moves back is left where
// it is and put in its new place when the old one comes up.
type wheel struct {
	slots [numSlots]*held
	// turned is the last slot that was looked at.
	turned int64
}

// arm makes sure that the trace is looked at no later than at the given time.
func (w *wheel) arm(h *held, at int64) {
	slot := max((at+slotWidth-1)/slotWidth, w.turned+1)
	slot = min(slot, w.turned+numSlots-1)
	if h.timer.at != 0 && h.timer.at <= slot {
		return
	}
	w.disarm(h)
	h.timer.at = slot
	head := &w.slots[slot%numSlots]
	if h.timer.next = *head; *head != nil {
		(*head).timer.prev = h
	}
	*head = h
}

func (w *wheel) disarm(h *held) {
	if h.timer.at == 0 {
		return
	}
	if h.timer.prev != nil {
		h.timer.prev.timer.next = h.timer.next
	} else {
		w.slots[h.timer.at%numSlots] = h.timer.next
	}
	if h.timer.next != nil {
		h.timer.next.timer.prev = h.timer.prev
	}
	h.timer = timer{}
}

// turn looks at every trace whose time has come by now; after a stall it makes up for what it missed.
func (w *wheel) turn(now int64, look func(*held)) {
	to := now / slotWidth
	if to-w.turned > numSlots {
		w.turned = to - numSlots
	}
	for w.turned < to {
		w.turned++
		h := w.slots[w.turned%numSlots]
		w.slots[w.turned%numSlots] = nil
		for h != nil {
			next := h.timer.next
			h.timer = timer{}
			look(h)
			h = next
		}
	}
}
