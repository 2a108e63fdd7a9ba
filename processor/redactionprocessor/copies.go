// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/content"
)

// Clients repeat content under names that nobody can know: the span's name, the app's own attributes, the text of an
// error. What the content settings have taken out of a span or record is therefore taken out of the rest of it, too.

// shortestCopy is the length in bytes from which text is looked for elsewhere; anything shorter is everywhere by chance.
const shortestCopy = 12

// stored is content that was taken out, and what stands in its place.
type stored struct{ text, stub string }

// mostStored bounds the texts of one span or record whose copies are looked for.
const mostStored = 512

// takenOut counts a value that a content setting decided about, and remembers the texts in it.
func (s *scrubber) takenOut(k storedKind, v pcommon.Value) {
	s.tally.rules[k.setting]++
	if s.report {
		return
	}
	s.rememberValue(k, v)
}

// textTakenOut is takenOut for a string, which may hold JSON.
func (s *scrubber) textTakenOut(k storedKind, text string) {
	s.tally.rules[k.setting]++
	if s.report {
		return
	}
	s.remember(k, text)
}

func (s *scrubber) rememberValue(k storedKind, v pcommon.Value) {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		s.remember(k, v.Str())
	case pcommon.ValueTypeSlice:
		for _, element := range v.Slice().All() {
			s.rememberValue(k, element)
		}
	case pcommon.ValueTypeMap:
		for _, member := range v.Map().All() {
			s.rememberValue(k, member)
		}
	}
}

// remember keeps a text, and the texts in it if it holds JSON, in order to find their copies.
func (s *scrubber) remember(k storedKind, text string) {
	if len(text) < shortestCopy || len(s.stored) >= mostStored {
		return
	}
	stub := ""
	if k.mode == StorageHash {
		stub = s.hashOf(text)
	}
	s.stored = append(s.stored, stored{strings.Clone(text), stub})
	var rewriter content.Rewriter
	rewriter.Rewrite(text, &leafVisitor{s, k})
}

// leafVisitor remembers the strings in a JSON text.
type leafVisitor struct {
	*scrubber
	kind storedKind
}

// Visit implements content.Visitor.
func (v *leafVisitor) Visit(t *content.Token) content.Edit {
	if t.Kind == content.String {
		v.remember(v.kind, t.Text)
	}
	return content.Edit{}
}

func (s *scrubber) removeCopies(span ptrace.Span) {
	if len(s.stored) == 0 {
		return
	}
	s.removeCopyIn(span.Name(), span.SetName)
	s.removeCopyIn(span.Status().Message(), span.Status().SetMessage)
	s.removeCopiesIn(span.Attributes())
	for _, event := range span.Events().All() {
		s.removeCopyIn(event.Name(), event.SetName)
		s.removeCopiesIn(event.Attributes())
	}
	for _, link := range span.Links().All() {
		s.removeCopiesIn(link.Attributes())
	}
}

func (s *scrubber) removeRecordCopies(record plog.LogRecord) {
	if len(s.stored) == 0 {
		return
	}
	s.removeCopyIn(record.EventName(), record.SetEventName)
	s.removeCopiesIn(record.Attributes())
	s.removeCopiesOf(record.Body(), 0)
}

func (s *scrubber) forget() {
	clear(s.stored)
	s.stored = s.stored[:0]
}

func (s *scrubber) removeCopiesIn(attributes pcommon.Map) {
	for _, v := range attributes.All() {
		s.removeCopiesOf(v, 0)
	}
}

func (s *scrubber) removeCopiesOf(v pcommon.Value, depth int) {
	switch {
	case depth > maxDepth:
	case v.Type() == pcommon.ValueTypeStr:
		s.removeCopyIn(v.Str(), v.SetStr)
	case v.Type() == pcommon.ValueTypeSlice:
		for _, element := range v.Slice().All() {
			s.removeCopiesOf(element, depth+1)
		}
	case v.Type() == pcommon.ValueTypeMap:
		for _, member := range v.Map().All() {
			s.removeCopiesOf(member, depth+1)
		}
	}
}

func (s *scrubber) removeCopyIn(text string, set func(string)) {
	var rewriter content.Rewriter
	out, result := rewriter.Rewrite(text, (*copyVisitor)(s))
	if result == content.NotJSON {
		out = s.withoutCopies(text)
	}
	if out != text {
		set(out)
	}
}

func (s *scrubber) withoutCopies(text string) string {
	for _, c := range s.stored {
		text = strings.ReplaceAll(text, c.text, c.stub)
	}
	return text
}

// copyVisitor is the scrubber as it looks for copies in a JSON text.
type copyVisitor scrubber

// Visit implements content.Visitor.
func (v *copyVisitor) Visit(t *content.Token) content.Edit {
	if t.Kind == content.Number {
		return content.Edit{}
	}
	out := (*scrubber)(v).withoutCopies(t.Text)
	return content.Edit{Replace: out != t.Text, Text: out}
}
