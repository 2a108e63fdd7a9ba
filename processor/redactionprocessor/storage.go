// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/content"
	"github.com/llmcol/llmcol/internal/genai"
)

// storage is what the content settings come to.
type storage struct {
	// active is false when everything is kept.
	active bool
	kinds  []storedKind
}

// storedKind is what is stored of one kind of content, and the setting that says so.
type storedKind struct {
	kind    genai.ContentKind
	setting string
	mode    Storage
}

func newStorage(c ContentConfig) storage {
	s := storage{kinds: []storedKind{
		{genai.ContentPrompt, "prompts", c.Prompts},
		{genai.ContentCompletion, "completions", c.Completions},
		{genai.ContentToolArguments, "tool_arguments", c.ToolArguments},
		{genai.ContentToolResult, "tool_results", c.ToolResults},
		{genai.ContentDocument, "documents", c.Documents},
	}}
	for _, k := range s.kinds {
		s.active = s.active || k.mode != StorageKeep
	}
	return s
}

// strictest returns the strictest setting for content that may be of any of the kinds: drop before hash before keep.
func (s *storage) strictest(kinds genai.KindSet) storedKind {
	found := storedKind{mode: StorageKeep}
	for _, k := range s.kinds {
		if kinds.Has(k.kind) && (k.mode == StorageDrop && found.mode != StorageDrop || k.mode == StorageHash && found.mode == StorageKeep) {
			found = k
		}
	}
	return found
}

// storeSpan applies the content settings to a span and its events.
func (s *scrubber) storeSpan(span ptrace.Span) {
	s.forget()
	op := s.reader.Span(span).Operation()
	if op == genai.OpExecuteTool {
		s.storeToolError(span)
	}
	s.storeAttributes(span.Attributes(), op, 0)
	for _, event := range span.Events().All() {
		s.storeAttributes(event.Attributes(), op, genai.EventKinds(event.Name()))
	}
	s.removeCopies(span)
}

// storeToolError applies the settings for tool results to the error of a tool: it is what the tool has answered.
func (s *scrubber) storeToolError(span ptrace.Span) {
	if out, changed := s.storeText(span.Status().Message(), genai.ContentToolResult.Set()); changed {
		span.Status().SetMessage(out)
	}
	errorText := func(key string, v pcommon.Value) bool {
		return genai.IsErrorText(key) && s.storeWhole(v, genai.ContentToolResult.Set())
	}
	span.Attributes().RemoveIf(errorText)
	for _, event := range span.Events().All() {
		event.Attributes().RemoveIf(errorText)
	}
}

// storeRecord applies the content settings to a log record.
func (s *scrubber) storeRecord(record plog.LogRecord) {
	s.forget()
	view := s.reader.Log(record)
	op, kinds := view.Operation(), genai.EventKinds(view.Name())
	s.storeAttributes(record.Attributes(), op, kinds)
	body, reading := record.Body(), genai.ReadMessages
	switch {
	case kinds != 0:
	case body.Type() == pcommon.ValueTypeStr && genai.BodyKinds(body.Str()) != 0:
		kinds = genai.BodyKinds(body.Str())
	case op != genai.OpNone && op != genai.OpOther:
		kinds, reading = genai.AnyContent, genai.ReadMaybe
	}
	s.storeValue(body, kinds, reading)
	s.removeRecordCopies(record)
}

// storeAttributes applies the content settings to attributes. Event is what those of an event hold that are not known
// by name.
func (s *scrubber) storeAttributes(attributes pcommon.Map, op genai.Operation, event genai.KindSet) {
	text := func(key string) string { return memberText(attributes, key) }
	attributes.RemoveIf(func(key string, v pcommon.Value) bool {
		key = strings.TrimPrefix(key, genai.OriginalPrefix)
		role := genai.RoleOf(key)
		switch {
		case role == genai.RoleNone && event != 0:
			kinds, form := genai.ObjectContent{Kinds: event, Message: true}.Member(lastSegment(key))
			return form != genai.MemberLabel && s.storeValue(v, kinds, genai.ReadMessages)
		case role == genai.RoleNone:
			return op != genai.OpNone && s.storeUnknown(key, v, op)
		}
		if kinds, form := genai.FlattenedKinds(key, op, text); kinds != 0 {
			return form != genai.MemberLabel && s.storeValue(v, kinds, readingOf(form))
		}
		return s.storeValue(v, role.Kinds(op), role.Reading())
	})
}

func readingOf(form genai.MemberForm) genai.Reading {
	if form == genai.MemberWhole {
		return genai.ReadWhole
	}
	return genai.ReadMaybe
}

// storeValue applies the content settings to a value that holds content of the kinds, and reports whether the value
// is to be removed.
func (s *scrubber) storeValue(v pcommon.Value, kinds genai.KindSet, reading genai.Reading) (remove bool) {
	isText := v.Type() == pcommon.ValueTypeStr
	switch {
	case reading == genai.ReadWhole, !isText && !isContainer(v):
	case isText && isBrokenJSON(v.Str()):
		if kinds != 0 {
			kinds = genai.AnyContent
		}
	case reading == genai.ReadMaybe && !genai.LooksLikeMessages(v.AsString()):
	case !isText:
		s.storeNested(v, kinds, 0)
		return false
	default:
		if out, ok := s.storeJSON(v.Str(), kinds); ok {
			v.SetStr(out)
			return false
		}
	}
	return s.storeWhole(v, kinds)
}

// proseSpaces is how many spaces make a text of which nothing is known one that somebody may have said.
const proseSpaces = 3

// storeUnknown applies the content settings to an attribute of which nothing is known, on a span or record of an LLM
// app: messages tell what they are, a name that ends as those of content do says so, and prose may be any content.
func (s *scrubber) storeUnknown(key string, v pcommon.Value, op genai.Operation) (remove bool) {
	if role := genai.RoleOf(lastSegment(key)); role != genai.RoleNone && genai.MayHoldContent(key) {
		return s.storeValue(v, role.Kinds(op), role.Reading())
	}
	if v.Type() == pcommon.ValueTypeStr && genai.MayHoldContent(key) && !content.LooksLikeJSON(v.Str()) &&
		(strings.Count(v.Str(), " ") >= proseSpaces || genai.EndsAsContent(key)) {
		return s.storeWhole(v, genai.AnyContent)
	}
	return s.storeValue(v, 0, genai.ReadMessages)
}

// isBrokenJSON reports whether text begins as JSON does, or as Python writes it: messages that a client has cut off, or
// has printed, in which nobody can tell the kinds apart.
func isBrokenJSON(text string) bool {
	start := strings.TrimLeft(text, " \n\r\t")
	return start != "" && (start[0] == '[' || start[0] == '{') && !content.IsJSON(text)
}

// storeWhole applies the strictest setting for the kinds to all of a value, and reports whether it is to be removed.
func (s *scrubber) storeWhole(v pcommon.Value, kinds genai.KindSet) (remove bool) {
	k := s.storage.strictest(kinds)
	if k.mode == StorageKeep || isHidden(v) {
		return false
	}
	s.takenOut(k, v)
	if s.report {
		return false
	}
	if k.mode == StorageDrop {
		v.FromRaw(nil) //nolint:errcheck // nil always has a form
		return true
	}
	v.SetStr(s.hashOf(v.AsString()))
	return false
}

// storeNested applies the content settings to the text in maps and slices.
func (s *scrubber) storeNested(v pcommon.Value, kinds genai.KindSet, depth int) {
	switch {
	case depth > maxDepth:
		s.storeWhole(v, kinds)
	case v.Type() == pcommon.ValueTypeSlice:
		for _, element := range v.Slice().All() {
			s.storeNested(element, kinds, depth+1)
		}
	case v.Type() == pcommon.ValueTypeMap:
		object := genai.ObjectOf(memberText(v.Map(), "role"), memberText(v.Map(), "type"), kinds)
		for name, member := range v.Map().All() {
			memberKinds, form := object.Member(name)
			switch {
			case form == genai.MemberWhole:
				s.storeWhole(member, memberKinds)
			case form == genai.MemberNested || isContainer(member):
				s.storeNested(member, memberKinds, depth+1)
			}
		}
	case v.Type() == pcommon.ValueTypeStr, v.Type() == pcommon.ValueTypeBytes:
		s.storeWhole(v, kinds)
	}
}

func isContainer(v pcommon.Value) bool {
	return v.Type() == pcommon.ValueTypeMap || v.Type() == pcommon.ValueTypeSlice
}

func memberText(m pcommon.Map, name string) string {
	v, present := m.Get(name)
	if !present || v.Type() != pcommon.ValueTypeStr {
		return ""
	}
	return v.Str()
}

// lastSegment returns what stands behind the last dot of a key.
func lastSegment(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }

// storeJSON applies the content settings to the text in a JSON text; ok is false if it is none.
func (s *scrubber) storeJSON(text string, kinds genai.KindSet) (out string, ok bool) {
	var rewriter content.Rewriter
	out, result := rewriter.Rewrite(text, &storageVisitor{scrubber: s, kinds: kinds})
	return out, result != content.NotJSON
}
