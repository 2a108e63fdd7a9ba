// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Names says which spelling of a name that changed is written.
type Names struct {
	CacheWrite string
}

// The spellings that a Normalizer can write: those of the convention's own repository (2026), and those of v1.41.
var (
	NamesLatest = Names{CacheWrite: "gen_ai.usage.cache_write.input_tokens"}
	NamesV141   = Names{CacheWrite: "gen_ai.usage.cache_creation.input_tokens"}
)

// NormalizerOptions are the settings of a Normalizer.
type NormalizerOptions struct {
	Mappings        *Mappings // may be nil
	Names           Names
	RemoveOriginals bool // the client's own attributes go where they were carried over without loss
}

// Normalizer adds the current gen_ai.* attributes to spans and log records of any convention. It is not safe for concurrent use.
type Normalizer struct {
	Reader          *Reader
	names           Names
	removeOriginals bool

	edits    []edit
	replaced []string
	carried  []string // keys, or prefixes that end in a dot, of what the edits carry over whole
	messages []Message
	json     []byte
	reasons  []string
}

// NewNormalizer is a normaliser with a reader of its own.
func NewNormalizer(o NormalizerOptions) *Normalizer {
	return &Normalizer{Reader: NewReader(o.Mappings), names: o.Names, removeOriginals: o.RemoveOriginals}
}

// Change tells what a normalisation did.
type Change struct {
	Operation       Operation // OpNone: not of an LLM app, not touched
	Added, Replaced int       // attributes
	Removed         int
}

// Span normalises a span of the reader's current resource and scope.
func (n *Normalizer) Span(s ptrace.Span) Change {
	v := n.Reader.Span(s)
	if v.dropRepeats(s.Attributes()) {
		v = n.Reader.Span(s)
	}
	return n.normalize(v, s.Attributes())
}

// Log normalises a log record of the reader's current resource and scope.
func (n *Normalizer) Log(rec plog.LogRecord) Change {
	v := n.Reader.Log(rec)
	if v.dropRepeats(rec.Attributes()) {
		v = n.Reader.Log(rec)
	}
	return n.normalize(v, rec.Attributes())
}

// dropRepeats leaves one attribute of each name, with the last of its values, and reports whether another has gone: the protocol knows no
// other, and what is written under a name would leave its twin beside it.
func (v *View) dropRepeats(attrs pcommon.Map) bool {
	if !v.repeats || !v.claimed {
		return false
	}
	left := make(map[string]int, attrs.Len())
	for k := range attrs.All() {
		left[k]++
	}
	attrs.RemoveIf(func(k string, _ pcommon.Value) bool {
		left[k]--
		return left[k] > 0
	})
	return true
}

func (n *Normalizer) normalize(v *View, attrs pcommon.Map) Change {
	if v.operation == OpNone {
		return Change{}
	}
	op := v.operation
	n.edits, n.carried = n.edits[:0], n.carried[:0]
	n.identify(v)
	n.count(v)
	n.parametrize(v)
	n.describeTool(v)
	n.describeRetrieval(v)
	n.rebuildSystem(v)
	n.rebuildMessages(v)
	n.describeOutcome(v)
	keep := op == OpOther || v.namesItsOwnOperation() // nothing but its originals tells what such a span is of
	done := n.apply(attrs)
	done.Operation = op
	if n.removeOriginals && !keep {
		done.Removed = n.remove(attrs)
	}
	return done
}

// remove takes away what was carried over without loss, never a current name and never what other telemetry uses, too.
func (n *Normalizer) remove(attrs pcommon.Map) int {
	if len(n.carried) == 0 {
		return 0
	}
	before := attrs.Len()
	attrs.RemoveIf(func(k string, _ pcommon.Value) bool {
		return slices.ContainsFunc(n.carried, func(c string) bool {
			return k == c || strings.HasSuffix(c, ".") && strings.HasPrefix(k, c)
		})
	})
	return before - attrs.Len()
}

// carry notes that the slot's attribute is there under a current name from now on.
func (n *Normalizer) carry(v *View, f Field, name string) {
	if s := &v.slots[f]; v.has(f) && s.rule.key != name && removable(s.rule) {
		n.carried = append(n.carried, s.rule.key)
	}
}

func removable(r *rule) bool {
	return r.flags&neutral == 0 && r.convention != ConventionNeutral && r.convention != ConventionSemConv && r.convention != ConventionPlain
}

func (n *Normalizer) str(name, value string) {
	if value != "" {
		n.edits = append(n.edits, edit{name: name, kind: pcommon.ValueTypeStr, text: value})
	}
}

func (n *Normalizer) int(name string, value int64) {
	n.edits = append(n.edits, edit{name: name, kind: pcommon.ValueTypeInt, int: value})
}

func (n *Normalizer) float(name string, value float64) {
	n.edits = append(n.edits, edit{name: name, kind: pcommon.ValueTypeDouble, float: value})
}

func (n *Normalizer) bool(name string, value bool) {
	e := edit{name: name, kind: pcommon.ValueTypeBool}
	if value {
		e.int = 1
	}
	n.edits = append(n.edits, e)
}

func (n *Normalizer) list(name string, words []string) {
	n.edits = append(n.edits, edit{name: name, kind: pcommon.ValueTypeSlice, words: words})
}
