// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"fmt"
	"strconv"
	"strings"
)

// ByteSize is a number of bytes, written as such or with a unit: 536870912, 512MiB, 1.5GiB, 500MB.
type ByteSize int64

var byteUnits = []struct {
	suffix string
	bytes  float64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
	{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}, {"", 1},
}

// UnmarshalText reads a size.
func (b *ByteSize) UnmarshalText(text []byte) error {
	for _, u := range byteUnits {
		number, ok := strings.CutSuffix(string(text), u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil {
			break
		}
		*b = ByteSize(n * u.bytes)
		return nil
	}
	return fmt.Errorf("size %q is not understood, expected a number of bytes or one with a unit such as 512MiB", text)
}
