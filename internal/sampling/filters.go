// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"fmt"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/llmcol/llmcol/internal/trace"
)

// The rules of this file are those of contrib's tail_sampling v0.158, under the names and with the meaning they
// have there.

// Latency keeps traces that last longer than lower and, where upper is not 0, no longer than upper; whole
// milliseconds are compared.
func Latency(lower, upper time.Duration) Rule {
	return factRule{lasting: upper == 0, holds: func(f *trace.Facts) bool {
		ms := f.Duration().Milliseconds()
		return ms > lower.Milliseconds() && (upper == 0 || ms <= upper.Milliseconds())
	}}
}

// SpanCount keeps traces with at least atLeast and, where atMost is not 0, at most atMost spans.
func SpanCount(atLeast, atMost int64) Rule {
	return factRule{lasting: atMost == 0, holds: func(f *trace.Facts) bool {
		return f.Spans >= atLeast && (atMost == 0 || f.Spans <= atMost)
	}}
}

// anyAttribute keeps traces with a resource or span attribute that matches, or, inverted, those without.
func anyAttribute(key string, invert bool, resource, span func(pcommon.Value) bool) Rule {
	rule := &anySpan{
		resource: func(r pcommon.Resource) bool {
			v, ok := r.Attributes().Get(key)
			return ok && resource(v)
		},
		span: func(s *Span) bool {
			v, ok := s.Span.Attributes().Get(key)
			return ok && span(v)
		},
	}
	if invert {
		return Not(rule)
	}
	return rule
}

// NumericAttribute keeps traces with an int or double attribute from lower to upper, both included.
func NumericAttribute(key string, lower, upper float64, invert bool) Rule {
	inside := func(v pcommon.Value) bool {
		var n float64
		switch v.Type() {
		case pcommon.ValueTypeInt:
			n = float64(v.Int())
		case pcommon.ValueTypeDouble:
			n = v.Double()
		default:
			return false
		}
		return n >= lower && n <= upper
	}
	return anyAttribute(key, invert, inside, inside)
}

// BooleanAttribute keeps traces with a boolean attribute of the given value.
func BooleanAttribute(key string, value, invert bool) Rule {
	is := func(v pcommon.Value) bool { return v.Type() == pcommon.ValueTypeBool && v.Bool() == value }
	return anyAttribute(key, invert, is, is)
}

// StringAttribute keeps traces with a string attribute that matches. An empty string on a span never does.
func StringAttribute(key string, matches func(string) bool, invert bool) Rule {
	return anyAttribute(key, invert,
		func(v pcommon.Value) bool { return matches(v.Str()) },
		func(v pcommon.Value) bool { return v.Str() != "" && matches(v.Str()) })
}

// StatusCode keeps traces with a span of one of the given status codes: OK, ERROR or UNSET.
func StatusCode(names []string) (Rule, error) {
	if len(names) == 0 {
		return nil, fmt.Errorf("status_codes is empty, expected some of OK, ERROR, UNSET")
	}
	known := map[string]ptrace.StatusCode{
		"OK": ptrace.StatusCodeOk, "ERROR": ptrace.StatusCodeError, "UNSET": ptrace.StatusCodeUnset,
	}
	codes := make([]ptrace.StatusCode, len(names))
	for i, name := range names {
		code, ok := known[name]
		if !ok {
			return nil, fmt.Errorf("unknown status code %q, expected OK, ERROR or UNSET", name)
		}
		codes[i] = code
	}
	return AnySpan(func(s *Span) bool { return slices.Contains(codes, s.Span.Status().Code()) }), nil
}

// TraceState keeps traces with a span whose trace state has one of the values under the key.
func TraceState(key string, values []string) Rule {
	return AnySpan(func(s *Span) bool {
		raw := s.Span.TraceState().AsRaw()
		if raw == "" {
			return false
		}
		state, err := oteltrace.ParseTraceState(raw)
		if err != nil {
			return false
		}
		value := state.Get(key)
		return value != "" && slices.Contains(values, value)
	})
}

// TraceFlags keeps traces with a span whose W3C sampled flag is set.
func TraceFlags() Rule {
	return AnySpan(func(s *Span) bool { return byte(s.Span.Flags())&byte(oteltrace.FlagsSampled) != 0 })
}
