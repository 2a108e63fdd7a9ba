// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/content"
	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/pii"
)

// A client that streams may record each piece of an answer as a span event, cut anywhere: an e-mail address can stand
// in two. The pieces are put together, and what crosses a cut is taken out of every piece it touches. What lies within
// one piece is found when that piece is looked at by itself.

// stream is the text of one place in consecutive events: an attribute, or a member of the JSON in it.
type stream struct {
	place place
	text  strings.Builder
	ends  []int // of the pieces in text
	next  int   // the piece whose turn it is when pieces are written back
	edits []string
}

type place struct{ key, member string }

// chunks looks at the streamed pieces among a span's events.
func (s *scrubber) chunks(events ptrace.SpanEventSlice) {
	var pieces []pcommon.Map
	for _, event := range events.All() {
		if event.Attributes().Len() > 0 && genai.IsChunkEvent(event.Name()) {
			pieces = append(pieces, event.Attributes())
		}
	}
	if len(pieces) < 2 {
		return
	}
	c := &chunkVisitor{scrubber: s}
	c.visitAll(pieces)
	crossed := false
	for _, stream := range c.streams {
		crossed = s.scanStream(stream) || crossed
	}
	if crossed && !s.report {
		c.writing = true
		c.visitAll(pieces)
	}
}

// scanStream finds what crosses a cut, and prepares the pieces without it. The label stands in the first piece.
func (s *scrubber) scanStream(st *stream) (crossed bool) {
	text := st.text.String()
	if len(text) > s.maxValueBytes || len(st.ends) < 2 || st.repeats() {
		return false
	}
	s.tally.bytes += int64(len(text))
	s.matches = s.search.ScanField(s.matches[:0], st.place.key, text, pii.Broad)
	piece, done := 0, 0
	edits := make([]string, 0, len(st.ends))
	var out []byte
	finish := func() { // of the piece whose end is reached
		edits = append(edits, string(out))
		out = out[:0]
		piece++
	}
	advance := func(to int) {
		for ; piece < len(st.ends) && st.ends[piece] <= to; finish() {
			out = append(out, text[done:st.ends[piece]]...)
			done = st.ends[piece]
		}
		out = append(out, text[done:to]...)
		done = to
	}
	for _, m := range s.matches {
		advance(m.Start)
		if m.End <= st.ends[piece] {
			continue
		}
		crossed = true
		s.tally.found[m.Entity]++
		s.found.add(s.scanner.Entity(m.Entity).Name)
		out = s.actions.Append(out, text, m)
		for piece < len(st.ends) && st.ends[piece] < m.End {
			finish()
		}
		done = m.End
	}
	advance(len(text))
	st.edits = edits
	return crossed
}

// repeats reports whether every piece is the same: an id or a model, and no piece of an answer.
func (st *stream) repeats() bool {
	text := st.text.String()
	return text == strings.Repeat(text[:st.ends[0]], len(st.ends))
}

// chunkVisitor visits the texts of all pieces twice, in the same order: to put them together, and to write them back.
type chunkVisitor struct {
	*scrubber
	streams []*stream
	writing bool
	key     string
}

func (c *chunkVisitor) visitAll(pieces []pcommon.Map) {
	for _, attributes := range pieces {
		for key, v := range attributes.All() {
			facts := c.keys.of(key)
			if v.Type() != pcommon.ValueTypeStr || facts.rule != noRule || facts.secret {
				continue
			}
			c.key = key
			out, result := c.json.Rewrite(v.Str(), c)
			if result == content.NotJSON {
				out = c.piece("", v.Str())
			}
			if c.writing && out != v.Str() {
				v.SetStr(out)
			}
		}
	}
}

// Visit implements content.Visitor.
func (c *chunkVisitor) Visit(t *content.Token) content.Edit {
	if t.Kind != content.String {
		return content.Edit{}
	}
	out := c.piece(t.Name, t.Text)
	return content.Edit{Replace: out != t.Text, Text: out}
}

// piece adds a piece to its stream, or returns what has become of it.
func (c *chunkVisitor) piece(member, text string) string {
	st := c.stream(place{c.key, member})
	if !c.writing {
		st.text.WriteString(text)
		st.ends = append(st.ends, st.text.Len())
		return text
	}
	if st.edits == nil {
		return text
	}
	st.next++
	return st.edits[st.next-1]
}

func (c *chunkVisitor) stream(p place) *stream {
	for _, st := range c.streams {
		if st.place == p {
			return st
		}
	}
	p.member = strings.Clone(p.member)
	st := &stream{place: p}
	c.streams = append(c.streams, st)
	return st
}
