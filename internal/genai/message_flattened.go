// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"cmp"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// maxFlattenedIndex bounds the indexes that are taken for such.
const maxFlattenedIndex = 1 << 20

// flatAttribute is one attribute `prefix.N.path` of a flattened message.
type flatAttribute struct {
	index int
	path  string
	value pcommon.Value
}

// DecodeFlattened appends the messages that stand in attrs one attribute a fact: llm.input_messages.0.message.role (OpenInference),
// gen_ai.prompt.0.content (OpenLLMetry up to 0.4x, LiteLLM, eino). The prefix ends with the dot before the index. Messages come in the
// order of their indexes, in whatever order the attributes are; indexes may have gaps.
func DecodeFlattened(dst []Message, attrs pcommon.Map, prefix string, r Role) ([]Message, bool) {
	var buf [64]flatAttribute
	flat, whole := flattened(buf[:0], attrs, prefix)
	d := newDecoder(dst, r)
	d.encoded = true
	d.lossy = !whole
	for len(flat) > 0 {
		n := 1
		for n < len(flat) && flat[n].index == flat[0].index {
			n++
		}
		d.flatMessage(flat[:n])
		flat = flat[n:]
	}
	return d.msgs, !d.lossy
}

// flattened are the attributes under prefix, sorted by index.
func flattened(dst []flatAttribute, attrs pcommon.Map, prefix string) (flat []flatAttribute, whole bool) {
	whole = true
	for key, v := range attrs.All() {
		rest, ok := strings.CutPrefix(key, prefix)
		if !ok {
			continue
		}
		index, path, ok := cutIndex(rest)
		if !ok {
			whole = false
			continue
		}
		dst = append(dst, flatAttribute{index, path, v})
	}
	byIndex := func(a, b flatAttribute) int { return cmp.Compare(a.index, b.index) }
	if !slices.IsSortedFunc(dst, byIndex) {
		slices.SortStableFunc(dst, byIndex)
	}
	return dst, whole
}

// comparePaths orders paths so that those with the same beginning stand together and numbers stand in their order.
func comparePaths(a, b string) int {
	for a != "" && b != "" {
		var headA, headB string
		headA, a = cutPath(a)
		headB, b = cutPath(b)
		indexA, _, isIndexA := cutIndex(headA)
		indexB, _, isIndexB := cutIndex(headB)
		order := strings.Compare(headA, headB)
		if isIndexA && isIndexB {
			order = cmp.Compare(indexA, indexB)
		}
		if order != 0 {
			return order
		}
	}
	return cmp.Compare(len(a), len(b))
}

// cutPath splits a path at its first dot, and steps over the names that only say again where they stand.
func cutPath(path string) (head, rest string) {
	for {
		head, rest, _ = strings.Cut(path, ".")
		switch head {
		case "message", "message_content", "tool_call", "prompt", "completion":
			if rest != "" {
				path = rest
				continue
			}
		}
		return head, rest
	}
}

// cutIndex splits `12.rest` and `12`.
func cutIndex(s string) (index int, rest string, ok bool) {
	digits := 0
	for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
		if index = index*10 + int(s[digits]-'0'); index > maxFlattenedIndex {
			return 0, "", false
		}
		digits++
	}
	if digits == 0 || digits < len(s) && s[digits] != '.' {
		return 0, "", false
	}
	return index, strings.TrimPrefix(s[digits:], "."), true
}

// flatMessage puts one message together. Beside its role, its text and its tool calls it writes the JSON object that the attributes stand
// for and reads that, so that flattened messages and whole ones are understood alike.
func (d *decoder) flatMessage(flat []flatAttribute) {
	m := Message{Role: d.role}
	answers := false
	for _, a := range flat {
		switch head, deeper := cutPath(a.path); {
		case deeper != "" || a.value.Type() != pcommon.ValueTypeStr || a.value.Str() == "":
		case head == "role":
			m.Role = normalizeRole(a.value.Str())
		case head == callIDPath:
			answers = true
		}
	}
	if answers && m.Role == roleUser {
		m.Role = roleTool // OpenInference for Anthropic, whose results are a user's
	}
	var buf [4]flatCall
	calls, rest := buf[:0], flat[:0]
	for _, a := range flat {
		if a.path == "" {
			a.path = "content"
		}
		head, deeper := cutPath(a.path)
		isText := a.value.Type() == pcommon.ValueTypeStr
		known := false
		switch {
		case isText && deeper == "" && head == "role":
			known = true
		case isText && deeper == "" && head == "content" && m.Role != roleTool && len(m.Parts) == 0 && isPlain(a.value.Str()):
			m.Parts = append(m.Parts, Part{Type: PartText, Text: a.value.Str()})
			known = true
		case isText && deeper == "" && len(m.Parts) == 0 && isSpeaker(head):
			m.Role = head
			m.Parts = append(m.Parts, Part{Type: PartText, Text: a.value.Str()})
			known = true
		case isText && head == "tool_calls":
			calls, known = putCall(calls, deeper, a.value.Str())
		}
		if !known {
			rest = append(rest, a)
		}
	}
	if len(rest) > 0 {
		d.fillFlat(&m, rest)
	}
	m.Parts = appendCalls(m.Parts, calls)
	d.add(m)
}

// callIDPath is the attribute of a message that answers a tool call.
const callIDPath = "tool_call_id"

// flatCall is a tool call by its index in the message.
type flatCall struct {
	index int
	call  Part
}

// putCall adds what the attribute `tool_calls.K.path` says to call K, if it is one of a call's usual members.
func putCall(calls []flatCall, path, value string) ([]flatCall, bool) {
	index, path, ok := cutIndex(path)
	head, deeper := cutPath(path)
	if head == "function" {
		head, deeper = cutPath(deeper)
	}
	if !ok || deeper != "" || head != "id" && head != "name" && head != "arguments" {
		return calls, false
	}
	if last := len(calls) - 1; last < 0 || calls[last].index != index {
		calls = append(calls, flatCall{index, Part{Type: PartToolCall}})
	}
	switch p := &calls[len(calls)-1].call; head {
	case "id":
		p.ID = value
	case "name":
		p.Name = value
	default:
		p.Arguments, p.ArgumentsAreJSON = argumentsText(value)
	}
	return calls, true
}

// appendCalls appends calls in the order of their indexes, but those that the content has already; one whose attributes did not stand
// together is put together again.
func appendCalls(dst []Part, calls []flatCall) []Part {
	slices.SortStableFunc(calls, func(a, b flatCall) int { return cmp.Compare(a.index, b.index) })
	inContent, again := dst[:min(len(dst), maxCallsCompared)], false
	for i, c := range calls {
		if i == 0 || calls[i-1].index != c.index {
			if again = hasCall(inContent, c.call.ID); !again {
				dst = append(dst, c.call)
			}
			continue
		}
		if again {
			continue
		}
		p := &dst[len(dst)-1]
		p.ID, p.Name = either(p.ID, c.call.ID), either(p.Name, c.call.Name)
		if p.Arguments == "" {
			p.Arguments, p.ArgumentsAreJSON = c.call.Arguments, c.call.ArgumentsAreJSON
		}
	}
	return dst
}

// isSpeaker tells a role that stands where the name of a fact does: early OpenLLMetry wrote gen_ai.prompt.0.user.
func isSpeaker(name string) bool {
	return name == roleUser || name == roleAssistant || name == roleSystem
}

// isPlain tells text that is no JSON, by how it begins.
func isPlain(s string) bool {
	return s != "" && !strings.ContainsAny(s[:1], "{[\" \t\r\n")
}

func (d *decoder) fillFlat(m *Message, flat []flatAttribute) {
	slices.SortStableFunc(flat, func(a, b flatAttribute) int { return comparePaths(a.path, b.path) })
	w := valueWriter{whole: true}
	raw := string(w.appendFlat(make([]byte, 0, 512), flat, 0))
	d.lossy = d.lossy || !w.whole
	o := readObject(raw)
	d.fill(m, &o)
}

// maxFlattenedDepth bounds how many names a path may have.
const maxFlattenedDepth = 8

// appendFlat appends sorted attributes as the object, the array or the value they are.
func (w *valueWriter) appendFlat(dst []byte, flat []flatAttribute, depth int) []byte {
	if flat[0].path == "" || depth == maxFlattenedDepth {
		w.whole = w.whole && len(flat) == 1 && depth < maxFlattenedDepth
		return w.append(dst, flat[0].value, depth)
	}
	head, _ := cutPath(flat[0].path)
	_, _, isArray := cutIndex(head)
	brackets := "{}"
	if isArray {
		brackets = "[]"
	}
	dst = append(dst, brackets[0])
	for n := 0; len(flat) > 0; flat, n = flat[n:], 0 {
		head, _ := cutPath(flat[0].path)
		for n < len(flat) {
			next, rest := cutPath(flat[n].path)
			if next != head {
				break
			}
			flat[n].path = rest
			n++
		}
		if !isArray {
			dst = append(appendString(dst, head), ':')
		}
		dst = w.appendFlat(dst, flat[:n], depth+1)
		if n < len(flat) {
			dst = append(dst, ',')
		}
	}
	return append(dst, brackets[1])
}
