// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package eventsconnector

import (
	"encoding/binary"

	"github.com/cespare/xxhash/v2"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

func hashText(seed uint64, text string) uint64 {
	var d xxhash.Digest
	d.ResetWithSeed(seed)
	_, _ = d.WriteString(text) // never fails
	return d.Sum64()
}

// hashItem stands for a span or record, or for one thing about it.
func hashItem(trace pcommon.TraceID, span pcommon.SpanID, at pcommon.Timestamp, thing string) uint64 {
	var b [32]byte
	copy(b[:], trace[:])
	copy(b[16:], span[:])
	binary.BigEndian.PutUint64(b[24:], uint64(at))
	return hashText(xxhash.Sum64(b[:]), thing)
}
