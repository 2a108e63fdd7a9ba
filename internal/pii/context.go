// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

const (
	contextBefore = 60 // bytes
	contextAfter  = 30 // bytes
	contextBonus  = 0.35
	maxContextKey = 64 // bytes of the key that count
)

// contextWord is one word, or words with blanks between them, in lower case,
// and what it speaks for.
type contextWord struct {
	text  string
	id    EntityID
	prose bool
	// third is the third byte with the bit of its case set; 0 if there is none.
	third byte
}

// contextIndex finds all context words that stand at one place, by their first
// two bytes.
type contextIndex struct {
	buckets [1 << 10][]contextWord
	// size is how many 64-bit words a set of entities takes.
	size int
}

// caseBit is set in small letters.
const caseBit = 0x20

// bucket ignores case: letters differ from their capitals in one bit only.
func bucket(a, b byte) int { return int(a&31)<<5 | int(b&31) }

func newContextIndex(detectors []detector) *contextIndex {
	x := &contextIndex{size: len(detectors)/64 + 1}
	for id, d := range detectors {
		for _, w := range d.context {
			x.add(contextWord{text: w, id: EntityID(id)})
		}
		for _, w := range d.prose {
			x.add(contextWord{text: w, id: EntityID(id), prose: true})
		}
	}
	return x
}

func (x *contextIndex) add(w contextWord) {
	if len(w.text) > 2 && isLetter(w.text[2]) {
		w.third = w.text[2] | caseBit
	}
	at := bucket(w.text[0], w.text[1])
	x.buckets[at] = append(x.buckets[at], w)
}

// contextSide has the entities whose words stand on one side of the position
// at.
type contextSide struct {
	at  int
	ids []uint64
}

func (c *contextSide) begin(at, size int) {
	c.at = at
	c.ids = append(c.ids[:0], make([]uint64, size)...)
}

func (c *contextSide) has(id EntityID) bool { return c.ids[id>>6]>>(id&63)&1 == 1 }

// hasContext tells whether a context word of id stands around text[start:end].
func (st *scan) hasContext(start, end int, id EntityID) bool {
	if st.key.names(id) {
		return true
	}
	if st.before.at != start {
		st.before.begin(start, st.context.size)
		st.markBefore(start)
	}
	if st.before.has(id) {
		return true
	}
	if st.after.at != end {
		st.after.begin(end, st.context.size)
		st.context.mark(&st.after, st.text, end, afterEnd(st.text, end), false)
	}
	return st.after.has(id)
}

// markBefore looks at the bytes before start. Hits already found are left out,
// and do not count as distance, so that a value and its label are the same to
// what follows.
func (st *scan) markBefore(start int) {
	budget, to := contextBefore, start
	const mostHits = 16
	for k := len(st.out) - 1; k >= max(st.base, len(st.out)-mostHits) && budget > 0; k-- {
		m := st.out[k]
		if m.End > to {
			continue
		}
		from := max(m.End, to-budget)
		st.context.mark(&st.before, st.text, from, to, false)
		budget -= to - from
		to = m.Start
	}
	st.context.mark(&st.before, st.text, max(0, to-budget), to, false)
}

// afterEnd ends the context behind a candidate: at anything but words, since
// what stands there may itself be replaced.
func afterEnd(text string, end int) int {
	i := end
	for i < len(text) && i < end+contextAfter && (afterBytes[text[i]] || text[i] == '-' && i == end) {
		i++
	}
	return i
}

var afterBytes = newCharset("A-Za-z (),.\x80-\xff")

// mark adds the entities whose words begin in text[from:to]. A word begins
// where a letter follows none, or a capital a small letter, as in creditCard.
// Scripts without blanks have words anywhere. Replacements are no context.
func (x *contextIndex) mark(side *contextSide, text string, from, to int, isKey bool) {
	for i := afterReplacement(text, from); i+1 < to; i++ {
		b := text[i]
		if !wordByte(b) {
			switch b {
			case '[':
				i += max(0, labelAt(text, i)-1)
			case '*':
				i = max(i, partialEnd(text, i)-1)
			}
			continue
		}
		if i > 0 && wordByte(text[i-1]) && !(isUpper(b) && isLower(text[i-1])) && b < 0xe0 {
			continue
		}
		third := byte(0)
		if i+2 < to {
			third = text[i+2] | caseBit
		}
		for k := range x.buckets[bucket(b, text[i+1])] {
			w := &x.buckets[bucket(b, text[i+1])][k]
			if (w.third == third || w.third == 0) && wordAt(text[i:to], w.text) && (!w.prose || !isKey && !inName(text, i)) {
				side.ids[w.id>>6] |= 1 << (w.id & 63)
			}
		}
	}
}

// inName tells whether the word at i belongs to a name such as tool_call or
// "message", the key of raw JSON.
func inName(text string, i int) bool {
	return i > 0 && (text[i-1] == '_' || text[i-1] == '.' || text[i-1] == '"')
}

// wordAt tells whether text begins with word in any case. A blank in word
// also stands for -, _ and a camel-case border. Words of up to four letters
// must end there.
func wordAt(text, word string) bool {
	const alwaysWhole = 4
	i := 0
	for k := 0; k < len(word); k++ {
		if i == len(text) {
			return false
		}
		b := text[i]
		if word[k] == ' ' {
			if b == ' ' || b == '-' || b == '_' {
				i++
			} else if !isUpper(b) {
				return false
			}
			continue
		}
		if foldByte(text, i) != word[k] {
			return false
		}
		i++
	}
	return len(word) > alwaysWhole || i == len(text) || !wordByte(text[i]) || isUpper(text[i]) && isLower(text[i-1])
}

// foldByte returns the byte at i in lower case, also in the letters of Latin-1.
func foldByte(text string, i int) byte {
	b := text[i]
	if b >= 0x80 && b < 0x9f && i > 0 && text[i-1] == 0xc3 && b != 0x97 {
		return b + 0x20 // À to Þ
	}
	return toLower(b)
}

// wordByte tells whether b is part of a word: a digit is, or hex ids would be
// full of words.
func wordByte(b byte) bool { return isAlnum(b) || b >= 0x80 }
