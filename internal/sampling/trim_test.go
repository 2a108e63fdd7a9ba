// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// decoded is a span as a client's bytes make it. Every key is there twice if twice is set, which no map of pdata's can be made to hold.
func decoded(t *testing.T, attributes int, twice bool) ptrace.Span {
	source := ptrace.NewTraces()
	span := source.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	span.SetName("execute_tool search")
	for i := range attributes {
		if key := fmt.Sprint("a key of 20 bytes #", i); i%3 == 0 {
			span.Attributes().PutEmptySlice(key).AppendEmpty().SetStr("element")
		} else {
			span.Attributes().PutStr(key, fmt.Sprint("value ", i))
		}
	}
	raw, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(source)
	require.NoError(t, err)
	if twice {
		for i := range raw {
			if string(raw[i:min(len(raw), i+19)]) == "a key of 20 bytes #" {
				raw[i+19] = '0'
			}
		}
	}
	td, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(raw)
	require.NoError(t, err)
	return td.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
}

func encoded(t *testing.T, s ptrace.Span) []byte {
	td := ptrace.NewTraces()
	s.CopyTo(td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty())
	raw, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
	require.NoError(t, err)
	return raw
}

// Trimming changes nothing that anybody can read, a key that is there twice included.
func TestTrimmedSpansSayTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	trimmers := []*trimmer{{}, {thorough: true}}
	for range 500 {
		n, twice := random.IntN(10), random.IntN(4) == 0
		span := decoded(t, n, twice)
		want := encoded(t, span)
		trimmers[random.IntN(2)].trim(span)
		require.Equal(t, want, encoded(t, span), "%d attributes, twice: %v", n, twice)
	}
}

func TestTrimmingSavesWhatItIsWorth(t *testing.T) {
	for _, tc := range []struct {
		attributes        int
		thorough, trimmed bool
	}{
		{3, false, false}, {5, false, true}, {7, false, false}, {8, true, false}, {3, true, true}, {7, true, true},
	} {
		tr := &trimmer{thorough: tc.thorough}
		span := decoded(t, tc.attributes, false)
		assert.Equal(t, tc.trimmed, tr.trim(span) < retained(span), "%+v", tc)
	}
	tr, twice := &trimmer{thorough: true}, decoded(t, 3, true)
	assert.Equal(t, retained(twice), tr.trim(twice), "a list with a key twice stays as it is")
}

func TestLargeSpansAreTrimmedThoroughly(t *testing.T) {
	for text, trimmed := range map[int]bool{largeSpan / 2: false, largeSpan: true} {
		large := func() ptrace.Span { // 7 of 8
			span := decoded(t, 5, false)
			span.Attributes().PutStr("a value to share", "a value of some length")
			span.Attributes().PutStr("text", strings.Repeat("x", text))
			return span
		}
		takes := (&trimmer{}).trim(large())
		assert.Equal(t, trimmed, takes < retained(large()), "%d bytes", text)
		if trimmed {
			assert.Equal(t, (&trimmer{thorough: true}).trim(large()), takes)
		}
	}
}

// TestTrimmedTwice is what happens to a span that comes together with one that is known.
func TestTrimmedTwice(t *testing.T) {
	for _, thorough := range []bool{false, true} {
		tr, span := &trimmer{thorough: thorough}, decoded(t, 7, false)
		span.Attributes().PutStr("a value to share", "a value of some length")
		takes := tr.trim(span)
		assert.Equal(t, takes, tr.trim(span), "it shares nothing with itself")
	}
}

func TestEqualNamesAreOneString(t *testing.T) {
	tr := &trimmer{}
	first, other := decoded(t, 0, false), decoded(t, 0, false)
	other.SetName("chat")
	tr.trim(first)
	for range 3 {
		tr.trim(other)
		again := decoded(t, 0, false)
		assert.Equal(t, retained(again)-allocated(len(first.Name())), tr.trim(again))
		assert.Same(t, unsafe.StringData(first.Name()), unsafe.StringData(again.Name()))
	}
}

func TestEqualValuesAreOneString(t *testing.T) {
	const long, short = "a value of some length", "short"
	span := func(value string) ptrace.Span {
		s := ptrace.NewSpan()
		s.Attributes().PutInt("number", 1)
		s.Attributes().PutStr("text", strings.Clone(value))
		return s
	}
	text := func(s ptrace.Span) *byte {
		v, _ := s.Attributes().Get("text")
		return unsafe.StringData(v.Str())
	}
	for _, tc := range []struct {
		first, second string
		thorough      bool
		shared        int
	}{
		{long, long, false, len(long)}, {long, long, true, len(long)}, {long, long + "!", false, 0}, {short, short, false, 0},
		{strings.Repeat(long, 4), strings.Repeat(long, 4), false, 0},
	} {
		tr := &trimmer{thorough: tc.thorough}
		first, second := span(tc.first), span(tc.second)
		tr.trim(first)
		assert.Equal(t, retained(second)-allocated(tc.shared), tr.trim(second), "%+v", tc)
		assert.Equal(t, tc.shared > 0, text(first) == text(second), "%+v", tc)
	}
}
