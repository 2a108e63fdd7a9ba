// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"math"
	"sort"
)

// Buckets grow by 2^(1/32), 2.2 %, and reach from a microsecond to a week, in seconds.
const (
	bucketsPerOctave = 32
	sketchFloor      = 1e-6
	sketchBuckets    = 40 * bucketsPerOctave
)

// sketch is a histogram with logarithmic buckets whose counts decay. Only buckets in use are stored.
type sketch struct {
	index []uint16
	count []float64
	total float64
}

func bucketOf(value float64) uint16 {
	if value <= sketchFloor {
		return 0
	}
	return uint16(min(math.Log2(value/sketchFloor)*bucketsPerOctave, sketchBuckets-1))
}

func (s *sketch) add(value float64) {
	b := bucketOf(value)
	i := sort.Search(len(s.index), func(i int) bool { return s.index[i] >= b })
	if i == len(s.index) || s.index[i] != b {
		s.index = append(s.index, 0)
		s.count = append(s.count, 0)
		copy(s.index[i+1:], s.index[i:])
		copy(s.count[i+1:], s.count[i:])
		s.index[i], s.count[i] = b, 0
	}
	s.count[i]++
	s.total++
}

// quantile is the value below which the share p of all lies; within a bucket they are taken to lie evenly.
func (s *sketch) quantile(p float64) float64 {
	rest := p * s.total
	for i, n := range s.count {
		if rest <= n || i == len(s.count)-1 {
			return sketchFloor * math.Exp2((float64(s.index[i])+rest/n)/bucketsPerOctave)
		}
		rest -= n
	}
	return 0
}

// decay multiplies all counts; what has nearly vanished is forgotten.
func (s *sketch) decay(factor float64) {
	const vanished = 1e-2
	index, count := s.index[:0], s.count[:0]
	s.total = 0
	for i, n := range s.count {
		if n *= factor; n >= vanished {
			index, count = append(index, s.index[i]), append(count, n)
			s.total += n
		}
	}
	s.index, s.count = index, count
}
