// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"bytes"
	"fmt"

	"github.com/klauspost/compress/s2"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// block is a part of a trace as compressed OTLP: an agent's turns repeat the history before them, so that a trace
// shrinks to a fraction, and what the collector does not have to follow costs it nothing at each cycle.
type block []byte

// compressor encodes for one goroutine.
type compressor struct {
	marshaler ptrace.ProtoMarshaler
	scratch   []byte
}

// pack encodes the spans; if it cannot, it leaves them in s.
func (c *compressor) pack(s *spans) (block, error) {
	td := ptrace.NewTraces()
	s.moveTo(td)
	raw, err := c.marshaler.MarshalTraces(td)
	if err != nil {
		for _, rs := range td.ResourceSpans().All() {
			s.whole = append(s.whole, rs)
		}
		return nil, fmt.Errorf("encode spans: %w", err)
	}
	c.scratch = s2.Encode(c.scratch[:cap(c.scratch)], raw)
	const longest = 256 << 10 // what is kept for the next one
	packed := bytes.Clone(c.scratch)
	if cap(c.scratch) > longest {
		c.scratch = nil
	}
	return packed, nil
}

func (b block) unpackTo(out ptrace.Traces) error {
	raw, err := s2.Decode(nil, b)
	if err != nil {
		return fmt.Errorf("decompress spans: %w", err)
	}
	td, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(raw)
	if err != nil {
		return fmt.Errorf("decode spans: %w", err)
	}
	td.ResourceSpans().MoveAndAppendTo(out.ResourceSpans())
	return nil
}

// unpack is unpackTo for a block of which what cannot be read is lost.
func (b block) unpack() ptrace.Traces {
	td := ptrace.NewTraces()
	_ = b.unpackTo(td)
	return td
}

// size is how many bytes of OTLP it unpacks to.
func (b block) size() int64 {
	n, err := s2.DecodedLen(b)
	if err != nil {
		return 0
	}
	return int64(n)
}

func (b block) bytes() int64 { return allocated(len(b)) + sliceBytes }
