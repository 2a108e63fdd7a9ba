// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"encoding/binary"
	"math/bits"
	"strings"

	"github.com/cespare/xxhash/v2"
	otelsampling "github.com/open-telemetry/opentelemetry-collector-contrib/pkg/sampling"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// maxRandomness is the number of randomness values of the OpenTelemetry sampling specification: 56 bits.
const maxRandomness = otelsampling.MaxAdjustedCount

// ThresholdOf is the threshold that keeps the given percentage of all traces; below 0 and above 100 count as these.
func ThresholdOf(percentage float64) uint64 {
	threshold, err := otelsampling.ProbabilityToThreshold(percentage / 100)
	switch {
	case err == nil:
		return threshold.Unsigned()
	case percentage >= 100:
		return 0
	}
	return maxRandomness
}

func traceRandomness(id pcommon.TraceID) uint64 {
	return otelsampling.TraceIDToRandomness(id).Unsigned()
}

func conversationRandomness(conversation string) uint64 {
	return xxhash.Sum64String(conversation) >> 8
}

// upstream is what the trace states of a trace's spans say of its sampling so far.
type upstream struct {
	// value is the lowest rv the spans carry; all of them should carry the same. The lowest, and not the first, so
	// that the order in which spans arrive decides nothing.
	value         uint64
	set, conflict bool
	// threshold is the highest th the spans carry: what is below has been dropped already.
	threshold uint64
}

func (u *upstream) merge(v upstream) {
	u.threshold = max(u.threshold, v.threshold)
	switch {
	case !v.set:
	case !u.set:
		u.value, u.set, u.conflict = v.value, true, v.conflict
	default:
		u.conflict = u.conflict || v.conflict || u.value != v.value
		u.value = min(u.value, v.value)
	}
}

func readUpstream(tracestate string) (u upstream) {
	if !strings.Contains(tracestate, "ot=") {
		return u
	}
	w3c, err := otelsampling.NewW3CTraceState(tracestate)
	if err != nil {
		return u
	}
	if r, ok := w3c.OTelValue().RValueRandomness(); ok {
		u.value, u.set = r.Unsigned(), true
	}
	if t, ok := w3c.OTelValue().TValueThreshold(); ok {
		u.threshold = t.Unsigned()
	}
	return u
}

// stamp is what a verdict writes into the trace state of its spans.
type stamp struct {
	threshold uint64
	// randomness is written where it differs from what the trace id (or the span's own rv) gives.
	randomness    uint64
	hasRandomness bool
	// independent tells that the randomness is not the one an earlier sampler used, so that the probabilities
	// multiply.
	independent bool

	// fresh is the whole trace state of a span that had none.
	fresh string
}

func (s *stamp) prepare() {
	var otts otelsampling.OpenTelemetryTraceState
	s.update(&otts)
	var b strings.Builder
	b.WriteString("ot=")
	_ = otts.Serialize(&b) // a strings.Builder never fails
	s.fresh = b.String()
}

// on returns the trace state of a kept span, and whether the one it had could be read. A threshold is never lowered:
// what an earlier sampler has thinned out stays thinned out.
func (s *stamp) on(tracestate string) (string, bool) {
	if tracestate == "" {
		return s.fresh, true
	}
	w3c, err := otelsampling.NewW3CTraceState(tracestate)
	if err != nil {
		return tracestate, false
	}
	s.update(w3c.OTelValue())
	var b strings.Builder
	if err := w3c.Serialize(&b); err != nil {
		return tracestate, false
	}
	return b.String(), true
}

func (s *stamp) update(otts *otelsampling.OpenTelemetryTraceState) {
	threshold, randomness := s.threshold, s.randomness
	if earlier, ok := otts.TValueThreshold(); ok && s.independent {
		threshold, randomness = s.multiplied(earlier.Unsigned())
	}
	if s.hasRandomness {
		if r, err := otelsampling.UnsignedToRandomness(randomness); err == nil {
			otts.SetRValue(r)
		}
	}
	if t, err := otelsampling.UnsignedToThreshold(threshold); err == nil {
		_ = otts.UpdateTValueWithSampling(t) // refuses to lower a threshold, as it should
	}
}

// multiplied gives the threshold of two independent samplings, and the randomness moved in proportion so that it
// still passes.
func (s *stamp) multiplied(earlier uint64) (threshold, randomness uint64) {
	kept := scale(maxRandomness-earlier, maxRandomness-s.threshold, maxRandomness)
	threshold = maxRandomness - kept
	return threshold, threshold + scale(s.randomness-s.threshold, kept, maxRandomness-s.threshold)
}

// scale is a*b/c without overflow, for b <= c.
func scale(a, b, c uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	q, _ := bits.Div64(hi, lo, c)
	return q
}

func mix(id pcommon.TraceID) uint64 {
	// A splitmix finaliser: clients' ids are not always random.
	h := binary.LittleEndian.Uint64(id[:8]) ^ bits.RotateLeft64(binary.LittleEndian.Uint64(id[8:]), 32)
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
