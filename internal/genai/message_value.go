// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"encoding/base64"
	"math"
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// valueJSON is an attribute's value as JSON. It reports false where something had to be left out: nested too deeply, or no number.
func valueJSON(v pcommon.Value) (string, bool) {
	w := valueWriter{whole: true}
	return string(w.append(nil, v, 0)), w.whole
}

type valueWriter struct{ whole bool }

func (w *valueWriter) append(dst []byte, v pcommon.Value, depth int) []byte {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return appendString(dst, v.Str())
	case pcommon.ValueTypeInt:
		return strconv.AppendInt(dst, v.Int(), 10)
	case pcommon.ValueTypeDouble:
		return w.appendDouble(dst, v.Double())
	case pcommon.ValueTypeBool:
		return strconv.AppendBool(dst, v.Bool())
	case pcommon.ValueTypeBytes:
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, v.Bytes().AsRaw())
		return append(dst, '"')
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		if depth >= maxNesting {
			w.whole = false
			return append(dst, "null"...)
		}
		if v.Type() == pcommon.ValueTypeSlice {
			return w.appendSlice(dst, v.Slice(), depth+1)
		}
		return w.appendMap(dst, v.Map(), depth+1, nil)
	default:
		return append(dst, "null"...)
	}
}

func (w *valueWriter) appendDouble(dst []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		w.whole = false
		return append(dst, "null"...)
	}
	return strconv.AppendFloat(dst, f, 'g', -1, 64)
}

func (w *valueWriter) appendSlice(dst []byte, s pcommon.Slice, depth int) []byte {
	dst = append(dst, '[')
	for i := range s.Len() {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = w.append(dst, s.At(i), depth)
	}
	return append(dst, ']')
}

// appendMap appends the members that keep wants, or all if it is nil.
func (w *valueWriter) appendMap(dst []byte, m pcommon.Map, depth int, keep func(key string) bool) []byte {
	dst = append(dst, '{')
	first := true
	for key, v := range m.All() {
		if keep != nil && !keep(key) {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = appendString(dst, key)
		dst = append(dst, ':')
		dst = w.append(dst, v, depth)
	}
	return append(dst, '}')
}
