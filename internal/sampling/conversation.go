// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"time"

	"github.com/cespare/xxhash/v2"
)

const maxConversations = 100_000

// conversation keeps a share of conversations, all turns or none, and follows one that was kept for cause.
type conversation struct {
	threshold uint64
	followed  *recent
}

// Conversation keeps the given percentage of conversations: a trace without one stands for itself. Once a turn has
// been kept for cause, not by chance, the turns that come within the given time of the last are kept as well.
func Conversation(percentage float64, follow time.Duration) Rule {
	return &conversation{threshold: ThresholdOf(percentage), followed: newRecent(int64(follow), maxConversations)}
}

func (c *conversation) bind(p *Program) error {
	p.byConversation = true
	p.memories = append(p.memories, c.followed)
	return nil
}

func (c *conversation) chance(q *question) chance {
	if id := q.facts.Conversation.ID; id != "" {
		// What a trace has done for its conversation is for the others.
		if by, ok := c.followed.get(xxhash.Sum64String(id), q.now); ok && by != q.trace {
			return always
		}
	}
	return atLeast(c.threshold)
}

func (c *conversation) certain(*evidence) bool { return c.threshold == 0 }

func (c *conversation) learn(q *question, v *Verdict) {
	if v.Keep && v.threshold == 0 && c.threshold > 0 {
		c.follow(q)
	}
}

func (c *conversation) follow(q *question) {
	if id := q.facts.Conversation.ID; id != "" {
		c.followed.add(xxhash.Sum64String(id), q.trace, q.now)
	}
}
