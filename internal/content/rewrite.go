// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"strings"
	"unsafe"
)

// MaxDepth is how many JSON texts are read inside one another: a string that holds JSON whose strings hold JSON …
const MaxDepth = 4

// Kind is what a [Token] is.
type Kind uint8

// The kinds of token a [Visitor] is shown.
const (
	Name   Kind = iota // the name of an object's member
	String             // a value that is a string (and holds no JSON)
	Number             // a value that is a number
)

// Token is one name, string or number. Its strings share memory with the walker: they are valid until Visit returns.
type Token struct {
	Kind Kind
	// Text is what a name or string stands for, decoded; for a number, its digits as written.
	Text string
	// Name is the name of the nearest member the token stands under, in this text or in the ones around it.
	Name string
	// Value, of a Name, is the JSON of the member's value. It runs on to the end of the text; see [ValueEnd].
	Value string

	walker *walker
	level  int
}

// Object returns the JSON of the object that holds the token, running on to the end of its text; nth 1 is the object
// around that, and so on, out of the strings that hold JSON too. It is empty when there are not so many.
func (t *Token) Object(nth int) string {
	for level := t.level; level >= 0; level-- {
		l := &t.walker.levels[level]
		for i := len(l.open) - 1; i >= 0; i-- {
			if l.open[i].object {
				if nth == 0 {
					return l.text[l.open[i].start:]
				}
				nth--
			}
		}
	}
	return ""
}

// ObjectID tells the objects that hold tokens apart: it is the same for all members of one object, and for those of no
// other. It is 0 where no object holds the token in its own text.
func (t *Token) ObjectID() int {
	if o := t.nearest(); o != nil {
		return o.id
	}
	return 0
}

// Mark marks the object that holds the token in its own text, for the members that follow.
func (t *Token) Mark() {
	if o := t.nearest(); o != nil {
		o.marked = true
	}
}

// Marked reports whether the object that holds the token has been marked.
func (t *Token) Marked() bool {
	o := t.nearest()
	return o != nil && o.marked
}

func (t *Token) nearest() *container {
	open := t.walker.levels[t.level].open
	for i := len(open) - 1; i >= 0; i-- {
		if open[i].object {
			return &open[i]
		}
	}
	return nil
}

// Edit says what is to stand in a token's place. The zero Edit changes nothing.
type Edit struct {
	// Replace makes the token the string Text, whatever it was.
	Replace bool
	Text    string
	// ReplaceValue, for a Name, makes the member's value the JSON in Value, and its tokens are not visited.
	ReplaceValue bool
	Value        string
}

// Visitor decides about each token.
type Visitor interface {
	Visit(*Token) Edit
}

// Result says what [Rewriter.Rewrite] found.
type Result uint8

// The results of a rewrite.
const (
	NotJSON   Result = iota // nothing was visited, the caller has to look at the text
	Unchanged               // every token was visited, none was changed
	Changed
)

// Rewriter walks JSON texts one at a time. It keeps its buffers, so that a text that needs no change costs no
// allocation. The zero Rewriter is ready.
type Rewriter struct{ walker walker }

// Rewrite shows the tokens of a JSON text to the visitor and returns the text with the visitor's edits. Strings
// that hold JSON are walked in their turn, up to [MaxDepth] texts inside of text. What comes out is valid JSON, and
// bytes that belong to no edited token are as they were. The text may be several values, as in JSON lines.
func (r *Rewriter) Rewrite(text string, v Visitor) (string, Result) {
	w := &r.walker
	if !LooksLikeJSON(text) || !w.isJSON(text) {
		return text, NotJSON
	}
	w.visitor = v
	out, changed := w.walk(text, "", 0)
	w.visitor = nil
	if !changed {
		return text, Unchanged
	}
	return strings.Clone(out), Changed
}

type walker struct {
	visitor Visitor
	objects int // how many have been opened
	nesting []byte
	levels  [MaxDepth + 1]level
	token   Token
}

// level is the state of one JSON text among those that are inside one another.
type level struct {
	text    string
	open    []container
	out     []byte // what is written so far; nil until the first edit
	copied  int    // how much of text is accounted for in out
	decoded []byte
	changed bool
}

// container is an object or array the walk is in.
type container struct {
	object bool
	id     int
	start  int
	name   string // the name that held outside of it
	marked bool
}

// walk shows the tokens of a valid JSON text to the visitor. The result lies in the level's buffer.
func (w *walker) walk(text, name string, depth int) (string, bool) {
	l := &w.levels[depth]
	l.text, l.open, l.out, l.copied, l.changed = text, l.open[:0], l.out[:0], 0, false
	atName := false
	for i := 0; i < len(text); {
		switch c := text[i]; c {
		case '{', '[':
			w.objects++
			l.open = append(l.open, container{object: c == '{', id: w.objects, start: i, name: name})
			atName = c == '{'
			i++
		case '}', ']':
			name = l.open[len(l.open)-1].name
			l.open = l.open[:len(l.open)-1]
			atName = false
			i++
		case ',':
			atName = l.open[len(l.open)-1].object
			i++
		case '"':
			end, escaped := stringEnd(text, i)
			if atName {
				atName = false
				name, i = w.name(depth, i, end, escaped)
			} else {
				w.string(depth, i, end, escaped, name)
				i = end
			}
		case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			end := numberEnd(text, i)
			w.number(depth, i, end, name)
			i = end
		default:
			i++
		}
	}
	if !l.changed {
		return text, false
	}
	l.out = append(l.out, text[l.copied:]...)
	return view(l.out), true
}

// name visits a member's name and returns it and where the walk goes on: at the value, or behind it when the visitor
// has replaced it.
func (w *walker) name(depth, start, end int, escaped bool) (string, int) {
	l := &w.levels[depth]
	name := l.text[start+1 : end-1]
	if escaped {
		name = string(appendDecoded(nil, name))
	}
	value := memberValue(l.text, start)
	edit := w.visit(depth, Name, name, name, l.text[value:])
	if edit.Replace {
		l.replace(start, end, edit.Text)
	}
	if !edit.ReplaceValue {
		return name, value
	}
	valueEnd := w.valueEnd(l.text, value)
	l.write(value, valueEnd)
	l.out = append(l.out, edit.Value...)
	return name, valueEnd
}

func (w *walker) string(depth, start, end int, escaped bool, name string) {
	l := &w.levels[depth]
	text := l.text[start+1 : end-1]
	if escaped {
		l.decoded = appendDecoded(l.decoded[:0], text)
		text = view(l.decoded)
	}
	if depth < MaxDepth && LooksLikeJSON(text) && w.isJSON(text) {
		if out, changed := w.walk(text, name, depth+1); changed {
			l.replace(start, end, out)
		}
		return
	}
	if edit := w.visit(depth, String, text, name, ""); edit.Replace {
		l.replace(start, end, edit.Text)
	}
}

func (w *walker) number(depth, start, end int, name string) {
	l := &w.levels[depth]
	if edit := w.visit(depth, Number, l.text[start:end], name, ""); edit.Replace {
		l.replace(start, end, edit.Text)
	}
}

func (w *walker) visit(depth int, kind Kind, text, name, value string) Edit {
	t := &w.token
	t.Kind, t.Text, t.Name, t.Value, t.walker, t.level = kind, text, name, value, w, depth
	return w.visitor.Visit(t)
}

// write copies what stands before start and goes on after end; the caller appends what stands between.
func (l *level) write(start, end int) {
	l.out = append(l.out, l.text[l.copied:start]...)
	l.copied = end
	l.changed = true
}

func (l *level) replace(start, end int, text string) {
	l.write(start, end)
	l.out = AppendQuoted(l.out, text)
}

// view returns b as a string without a copy; it is valid as long as b is not written to.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// ValueEnd returns the length of the JSON value that text starts with, 0 if there is none.
func ValueEnd(text string) int {
	var w walker
	if text == "" {
		return 0
	}
	return max(w.valueEnd(text, 0), 0)
}

// Member returns the string a member of the JSON object has as its value, looking no further than the object's own
// members. An escaped string is returned as written; ok is false when there is no such member or it is no string.
func Member(object, name string) (value string, ok bool) {
	var w walker
	if object == "" || object[0] != '{' {
		return "", false
	}
	for i := skipSpace(object, 1); i < len(object) && object[i] == '"'; {
		end, _ := stringEnd(object, i)
		start := memberValue(object, i)
		if end < 0 || start < 0 || start >= len(object) {
			return "", false
		}
		valueEnd := w.valueEnd(object, start)
		if valueEnd < 0 {
			return "", false
		}
		if object[i+1:end-1] == name {
			if object[start] != '"' {
				return "", false
			}
			return object[start+1 : valueEnd-1], true
		}
		i = skipSpace(object, valueEnd)
		if i < len(object) && object[i] == ',' {
			i = skipSpace(object, i+1)
		}
	}
	return "", false
}

// Unquote returns what the JSON string value stands for; value is well formed and nothing follows it.
func Unquote(value string) string {
	inside := value[1 : len(value)-1]
	if strings.IndexByte(inside, '\\') < 0 {
		return inside
	}
	return string(appendDecoded(nil, inside))
}
