// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/content"
	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/pii"
)

// A client that streams may record each piece of an answer as a span event, cut anywhere: an e-mail address can stand
// in two, or a number in one and in the one before it the word that says what it is. The pieces are put together, and
// what only shows then is taken out of every piece it touches. The rest is found when each piece is looked at by itself.

// stream is the text of one place in consecutive events: an attribute, or a member of the JSON in it.
type stream struct {
	place place
	text  strings.Builder
	ends  []int // of the pieces in text
	edits []string
	next  int // the piece whose turn it is when the edits are written back
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
	for _, stream := range c.streams {
		c.writing = s.scanStream(stream) || c.writing
	}
	if c.writing && !s.report {
		c.visitAll(pieces)
	}
}

// scanStream finds what shows only when the pieces are together, and prepares the pieces without it. The label stands in
// the first piece that a match touches.
func (s *scrubber) scanStream(st *stream) (found bool) {
	if len(st.ends) < 2 || st.repeats() {
		return false
	}
	text := st.text.String()
	s.tally.bytes += int64(len(text))
	s.matches = s.under(s.keys.of(st.place.key)).Scan(s.matches[:0], text, pii.Broad)
	cut := cutter{stream: st, text: text}
	for _, m := range s.matches {
		cut.copyTo(m.Start)
		if s.showsAlone(st, cut.piece, m) {
			continue
		}
		found = true
		s.tally.found[m.Entity]++
		s.found.add(s.scanner.Entity(m.Entity).Name)
		cut.out = s.actions.Append(cut.out, text, m)
		cut.skipTo(m.End)
	}
	cut.copyTo(len(text))
	st.edits = cut.edits
	return found
}

// showsAlone reports whether a match is found, too, when the piece it begins in is looked at by itself.
func (s *scrubber) showsAlone(st *stream, piece int, m pii.Match) bool {
	start, end := st.bounds(piece)
	if m.End > end {
		return false
	}
	s.alone = s.under(s.keys.of(st.place.name())).Scan(s.alone[:0], st.text.String()[start:end], pii.Broad)
	return slices.ContainsFunc(s.alone, func(a pii.Match) bool { return a.Start == m.Start-start && a.End == m.End-start })
}

// name is the nearest name the text stands under.
func (p place) name() string {
	if p.member != "" {
		return p.member
	}
	return p.key
}

func (st *stream) bounds(piece int) (start, end int) {
	if piece > 0 {
		start = st.ends[piece-1]
	}
	return start, st.ends[piece]
}

// repeats reports whether every piece is the same: an id or a model, and no piece of an answer.
func (st *stream) repeats() bool {
	text := st.text.String()
	for piece := range st.ends {
		start, end := st.bounds(piece)
		if text[start:end] != text[:st.ends[0]] {
			return false
		}
	}
	return true
}

// cutter copies a stream's text, and cuts the copy where the pieces are cut.
type cutter struct {
	*stream
	text  string
	piece int // the one that is being copied
	done  int // how much of text is
	out   []byte
	edits []string
}

func (c *cutter) copyTo(to int) {
	for c.piece < len(c.ends) && c.ends[c.piece] <= to {
		c.out = append(c.out, c.text[c.done:c.ends[c.piece]]...)
		c.done = c.ends[c.piece]
		c.endPiece()
	}
	c.out = append(c.out, c.text[c.done:to]...)
	c.done = to
}

func (c *cutter) skipTo(to int) {
	for c.ends[c.piece] < to {
		c.endPiece()
	}
	c.done = to
}

func (c *cutter) endPiece() {
	c.edits = append(c.edits, string(c.out))
	c.out = c.out[:0]
	c.piece++
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
