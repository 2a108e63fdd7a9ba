// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

// usageEvent is the span event in which Ax reports what a call used, under the names that the convention has for attributes. A stream
// has several: the last one is the call's.
const usageEvent = "gen_ai.usage"

// readUsageEvent reads the counts of a span that has none among its attributes.
func (v *View) readUsageEvent(u *Usage) bool {
	var thoughts int64
	found := false
	for _, e := range v.span.Events().All() {
		if e.Name() != usageEvent {
			continue
		}
		*u, thoughts, found = Usage{}, 0, true
		for k, val := range e.Attributes().All() {
			ru := builtin.find(k)
			n, isCount := count(val)
			switch {
			case ru == nil || !isCount:
			case ru.field == fieldThoughts:
				thoughts = n
			case countHas[ru.field] != 0:
				u.set(ru.field, n)
			}
		}
	}
	if thoughts > 0 {
		u.Output += thoughts
		u.Reasoning, u.Has = thoughts, u.Has|HasReasoning
	}
	v.addUntoldCache(u)
	return found
}

// addUntoldCache makes the input whole by the total, which alone holds what Ax read from a cache and, with Anthropic, wrote to one.
func (v *View) addUntoldCache(u *Usage) {
	untold := u.Total - u.Input - u.Output
	if u.Has&(HasInput|HasOutput|HasTotal) != HasInput|HasOutput|HasTotal || untold <= 0 {
		return
	}
	u.Input += untold
	if !isAnthropicStyle(vendorOf(v.Provider(), v.Model())) {
		u.CacheRead, u.Has = untold, u.Has|HasCacheRead
	}
}
