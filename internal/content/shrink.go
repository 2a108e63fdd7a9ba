// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

// Mode is what becomes of a piece of content that is over its budget.
type Mode uint8

// The modes.
const (
	Truncate Mode = iota // its head and its tail stay
	Hash                 // its size and its SHA-256 stay
	Drop                 // its size stays
)

// Limit is the budget of a piece of content: a text, the arguments or the result of a tool, a document.
type Limit struct {
	MaxBytes int // 0: no budget of its own
	Mode     Mode
}

// Limits are the budgets that hold for every value. A size is that of the JSON text, quotes and escapes included.
type Limits struct {
	// Message is the budget of one message of a conversation; 0: none.
	Message int
	// Kinds has the budget of each kind of content, by the number of its bit in [Kinds].
	Kinds [8]Limit
	// Other is the budget of text that is of none of the kinds.
	Other Limit
}

// of returns the budget for content that may be of any of the kinds: the smallest one.
func (l *Limits) of(kinds Kinds) Limit {
	if kinds == 0 {
		return l.Other
	}
	var found Limit
	for i, first := 0, true; kinds != 0; i, kinds = i+1, kinds>>1 {
		if kinds&1 == 0 {
			continue
		}
		k := l.Kinds[i]
		if first || k.MaxBytes > 0 && (found.MaxBytes == 0 || k.MaxBytes < found.MaxBytes) {
			found, first = k, false
		}
	}
	return found
}

// Smallest is the size up to which no budget can ask for a change.
func (l *Limits) Smallest(budget int) int {
	least := lesser(lesser(budget, l.Message), l.Other.MaxBytes)
	for i := range l.Kinds {
		least = lesser(least, l.Kinds[i].MaxBytes)
	}
	return least
}

// lesser is the smaller of two budgets, of which 0 is none.
func lesser(a, b int) int {
	if b > 0 && b < a {
		return b
	}
	return a
}

// Tally counts what a [Shrinker] has done.
type Tally struct {
	Truncated  int64 // texts of which head and tail are left
	Stubs      int64 // values of which nothing is left but their size and hash: blobs, pieces to be hashed, structures too large
	Dropped    int64 // pieces and list elements of which nothing is left but their size
	Messages   int64 // messages dropped from the middle of a conversation
	References int64 // messages replaced by a reference to an earlier span
}

// Shrinker makes values smaller: it cuts what can be spared and keeps what the reader of a trace looks for. It keeps its
// buffers, so that a value within its budgets costs no allocation. It is for one goroutine at a time.
type Shrinker struct {
	schema    Schema
	limits    *Limits
	depth     int // of the text in texts around it
	tree      tree
	structure Structure

	// Seen, where it is set, says whether a message with that hash is stored elsewhere: it then becomes a reference.
	Seen func(Digest) bool
	// Held has the hashes of the messages that the last value holds whole.
	Held []Digest

	Tally Tally
}

// NewShrinker returns a shrinker for what the schema describes.
func NewShrinker(schema Schema, limits *Limits) *Shrinker {
	s := &Shrinker{schema: schema, limits: limits}
	s.tree.shrinker = s
	return s
}

// Text returns text, which may be JSON, in at most budget bytes, and whether that changed it. Kinds and form say what it
// holds. JSON stays JSON of the same schema.
func (s *Shrinker) Text(text string, budget int, kinds Kinds, form Form) (string, bool) {
	s.Held = s.Held[:0]
	if s.Seen == nil && len(text) <= s.limits.Smallest(budget) {
		return text, false
	}
	if form != Label && LooksLikeJSON(text) && s.tree.parse(text) {
		defer s.tree.release()
		if !s.tree.limit(budget, kinds, form) && len(text) <= budget { // else the space around it goes
			return text, false
		}
		return string(s.tree.append(nil, 0)), true
	}
	return s.plain(text, budget, kinds)
}

// plain cuts text that is no JSON.
func (s *Shrinker) plain(text string, budget int, kinds Kinds) (string, bool) {
	limit := s.limits.of(kinds)
	if limit.MaxBytes > 0 && limit.MaxBytes < budget {
		budget = limit.MaxBytes
	}
	if len(text) <= budget {
		return text, false
	}
	switch typ, isBlob := blobType(text); {
	case isBlob:
		s.Tally.Stubs++
		return fitting(budget, hashMarker(len(text), typ, text), cutMarker(len(text))), true
	case limit.Mode == Hash:
		s.Tally.Stubs++
		return fitting(budget, hashMarker(len(text), "", text), cutMarker(len(text))), true
	case limit.Mode == Drop:
		s.Tally.Dropped++
		return fitting(budget, cutMarker(len(text))), true
	}
	s.Tally.Truncated++
	return string(appendCut(make([]byte, 0, budget), text, budget, false)), true
}

// fitting returns the first of the texts that the budget has room for, else nothing.
func fitting(budget int, texts ...string) string {
	for _, text := range texts {
		if len(text) <= budget {
			return text
		}
	}
	return ""
}

// inner shrinks the JSON that stands in a JSON string, so that the string, quoted, takes at most budget bytes; false if that
// cannot be, or the string holds no JSON.
func (s *Shrinker) inner(text string, budget int, kinds Kinds, form Form) (string, bool) {
	if s.depth == MaxDepth || !isOneValue(text) {
		return "", false
	}
	in := NewShrinker(s.schema, s.limits)
	in.depth = s.depth + 1
	for room := budget - 2; room > 0; {
		out, _ := in.Text(text, room, kinds, form)
		quoted := QuotedSize(out)
		if quoted <= budget && isOneValue(out) {
			return out, true
		}
		room -= max(quoted-budget, room/16, 1)
	}
	return "", false
}

// isOneValue reports whether text is one JSON object, array or string.
func isOneValue(text string) bool {
	var w walker
	if !LooksLikeJSON(text) {
		return false
	}
	end := w.valueEnd(text, skipSpace(text, 0))
	return end >= 0 && skipSpace(text, end) == len(text)
}
