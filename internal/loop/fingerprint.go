// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"hash"
	"strings"

	"github.com/cespare/xxhash/v2"
	"github.com/dchest/siphash"
)

// Key is the secret under which content is hashed: who does not have it cannot guess arguments from a fingerprint.
type Key [16]byte

// Fingerprinter hashes what tool calls say. It is not safe for concurrent use.
type Fingerprinter struct {
	k0, k1 uint64

	buffer  []byte // of fixed length: its first filled bytes are in use
	filled  int
	digest  hash.Hash // what did not fit into the buffer
	flushed bool
	members []member
	scratch []byte
}

// flushAt bounds the buffer: content of any size is hashed in pieces of this many bytes.
const flushAt = 4096

// NewFingerprinter hashes under key.
func NewFingerprinter(key Key) *Fingerprinter {
	f := &Fingerprinter{buffer: make([]byte, flushAt), digest: siphash.New128(key[:])}
	for i := 7; i >= 0; i-- {
		f.k0 = f.k0<<8 | uint64(key[i])
		f.k1 = f.k1<<8 | uint64(key[8+i])
	}
	return f
}

// Call is the fingerprint of a call of tool with args: JSON text is brought to its canonical form (RFC 8785) without members that are
// null or volatile, other text is taken without call ids and memory addresses. The tool's case does not count.
func (f *Fingerprinter) Call(tool, args string) Hash {
	f.begin()
	f.tool(tool)
	if c := (canonical{f: f, text: args}); !c.document() {
		f.begin()
		f.tool(tool)
		f.writeWithout(args, madeByFrameworks)
	}
	return f.sum()
}

// CallWithoutArgs is the fingerprint of a call of which only the tool is known.
func (f *Fingerprinter) CallWithoutArgs(tool string) Hash {
	f.begin()
	f.tool(tool)
	return f.sum()
}

// Result is the outcome that a tool's result stands for: JSON in canonical form or plain text, without ids, times and durations, but
// with all other numbers, for 20 % and 40 % are progress.
func (f *Fingerprinter) Result(text string) Outcome {
	text = strings.TrimSpace(text)
	gist := gistOf(text)
	o := Outcome{Known: true, Empty: gist == acknowledges || isEmpty(text)}
	f.begin()
	if gist == marks {
		f.writeString(text)
	} else if c := (canonical{f: f, text: text, result: true}); !c.document() {
		f.begin()
		f.writeStable(text)
	}
	o.Hash = f.sum()
	return o
}

// Failure is the outcome of a call that failed with an error of this type and message, of which the first line counts. Both may be empty.
func (f *Fingerprinter) Failure(kind, message string) Outcome {
	o := Outcome{Known: true, Failed: true}
	message = strings.TrimSpace(message)
	if line := strings.IndexByte(message, '\n'); line >= 0 {
		message = message[:line]
	}
	if kind == "" && message == "" {
		return o
	}
	f.begin()
	f.writeString(kind)
	f.writeString("\n")
	f.writeStable(message)
	o.Hash = f.sum()
	return o
}

// Excerpt is a quick hash of a text's length and two pieces of it, for comparisons within one run.
func (f *Fingerprinter) Excerpt(length int, head, tail string) Hash {
	h := mixText(mixText(f.k0^uint64(length), head)^f.k1, tail)
	return Hash{h, mix(h^seed4, f.k1)}
}

// Text is a quick hash of a whole text, for comparisons within one run: prompts made from one template differ in a few bytes in their middle.
func (f *Fingerprinter) Text(text string) Hash {
	var d xxhash.Digest
	d.ResetWithSeed(f.k0)
	_, _ = d.WriteString(text) // never fails
	h := d.Sum64()
	return Hash{h, mix(h^seed4, f.k1)}
}

// Both is the hash of two things, in this order.
func Both(a, b Hash) Hash { return a.with(b) }

// RecordID tells a log record from others: by where and when it was written, its name, and one more word.
func RecordID(t TraceID, s SpanID, at int64, name, word string) uint64 {
	return mixText(mixText(uint64(spanKey(t, s))^uint64(at), name), word) | 1
}

func (f *Fingerprinter) tool(name string) {
	f.writeString(strings.ToLower(name))
	f.writeByte(0)
}

func (f *Fingerprinter) begin() {
	f.filled, f.members = 0, f.members[:0]
	if f.flushed {
		f.digest.Reset()
		f.flushed = false
	}
}

func (f *Fingerprinter) writeByte(b byte) {
	if f.filled == len(f.buffer) {
		f.flush()
	}
	f.buffer[f.filled] = b
	f.filled++
}

func (f *Fingerprinter) writeString(s string) {
	for {
		n := copy(f.buffer[f.filled:], s)
		f.filled += n
		if n == len(s) {
			return
		}
		s = s[n:]
		f.flush()
	}
}

func (f *Fingerprinter) flush() {
	_, _ = f.digest.Write(f.buffer[:f.filled]) // a hash's Write never fails
	f.flushed = true
	f.filled = 0
}

func (f *Fingerprinter) sum() Hash {
	if !f.flushed {
		hi, lo := siphash.Hash128(f.k0, f.k1, f.buffer[:f.filled])
		return Hash{hi, lo}
	}
	f.flush()
	var h Hash
	sum := f.digest.Sum(f.scratch[:0])
	for i := 7; i >= 0; i-- {
		h.Hi = h.Hi<<8 | uint64(sum[i])
		h.Lo = h.Lo<<8 | uint64(sum[8+i])
	}
	f.scratch = sum[:0]
	return h
}

// isEmpty tells results that are nothing.
func isEmpty(text string) bool {
	switch text {
	case "", `""`, "null", "None", "{}", "[]":
		return true
	}
	return false
}
