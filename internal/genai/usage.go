// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

// Usage is what one model call used, in tokens unless a field's name says otherwise. All counts are inclusive: Input contains the cache
// and the modalities, Output contains the reasoning. A count that was not reported is 0 and its Has bit is clear.
type Usage struct {
	Input, Output, Total                  int64
	CacheRead, CacheWrite                 int64
	CacheWrite5m, CacheWrite1h            int64 // the parts of CacheWrite by time to live
	Reasoning                             int64
	InputAudio, OutputAudio, CacheAudio   int64
	InputImage, OutputImage               int64
	WebSearches, SearchUnits              int64 // server-side searches; rerank units
	Has                                   UsageFields
	Accounting                            Accounting
	Inconsistent                          bool // the parts contradict each other (a part above its whole, a negative count)
	RecoveredReasoning, SeparateReasoning bool // Output was raised by dropped or separately counted reasoning
}

// UsageFields is a set of the counts that were reported.
type UsageFields uint16

// The reported counts.
const (
	HasInput UsageFields = 1 << iota
	HasOutput
	HasTotal
	HasCacheRead
	HasCacheWrite
	HasReasoning
	HasAudio
	HasImage
	HasSearches
)

// Reported tells whether there is any count to price by.
func (u *Usage) Reported() bool { return u.Has&(HasInput|HasOutput|HasTotal|HasSearches) != 0 }

// Accounting says whether the client's input count contained the cache.
type Accounting uint8

// The ways of counting, and how it was decided (research/cost.md 2.4).
const (
	Inclusive         Accounting = iota // by the convention's default
	InclusiveListed                     // llmcol.normalizer.replaced lists the count
	InclusiveChecksum                   // total = input + output
	ExclusiveProof                      // cache above input
	ExclusiveScope                      // the instrumentation is known to count so
	ExclusiveShape                      // the provider's own object, which counts so
	ExclusiveChecksum                   // total = input + output + cache
)

// Exclusive reports whether the client's input count had to be raised by the cache.
func (a Accounting) Exclusive() bool { return a >= ExclusiveProof }
