// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

// Package sampling decides about whole traces: it holds their spans until a trace is complete, asks the policies, and
// hands on what is kept. It knows neither configuration nor conventions nor the collector's pipeline; pdata
// containers are moved through it.
//
// # A span's way
//
//	Consume (caller's goroutine)           Tick (one goroutine)             sender (a few goroutines)
//	intake: describe, observe, group  ->   shard.decideDue -> conclude  ->  queue -> unpack, mark -> Deliver
//	stow: pack large spans                 settleWaiting, pack, relieve
//	shard.arrive: add to the trace
//
// Where that is written:
//
//   - intake.go takes a batch apart. Spans are moved, never copied: a ResourceSpans of one trace as a whole, others
//     span by span (spans.go). A Describer tells the facts of each span; program.go turns these into evidence
//     (evidence.go), which adds up in any order, so that how spans arrive changes no decision.
//   - rule.go, filters.go, llm.go, combine.go and the files named after a rule are the policies. A rule says for which
//     values of the trace's randomness it keeps it: a set, chance.go. A mix of policies is a union of sets, and its size is the
//     probability that the adjusted count must tell, whatever the mix (verdict.go). randomness.go reads and writes the
//     trace state.
//   - budget.go spends what a second allows on the traces with the highest randomness, adaptive.go and thresholds.go
//     follow the traffic. These are global, as are the memory limit and the conversations that are followed.
//   - held.go is an open trace; wheel.go wakes it; idset.go knows its spans. cold.go packs one that has gone quiet,
//     onarrival.go one of large spans as it comes.
//   - decisions.go remembers what has been decided, for late spans: keepTable, and cuckoo.go for drops.
//   - memory.go acts as the limit comes near: pack, decide the largest and oldest, decide new traces on arrival;
//     Consume refuses at the limit.
//   - queue.go, send.go, split.go hand on batches of bounded size. stats.go counts; spans in = kept + dropped + held +
//     refused.
//
// # Locks
//
// Traces are spread over shards by their id. shard.mu guards a shard's traces, wheel and decisions; it is held to add
// an arrival to its trace or to decide one, never to describe, pack, mark or deliver. Engine.ticking guards what only
// ticks use; only a tick, or Shutdown, decides a trace that is held, which is why packing may let go of the lock in
// between. Engine.gate keeps Shutdown from overtaking a Consume. Rules that learn have a lock of their own, taken last.
//
// What storage will need is here: blocks are self-contained, and a trace's evidence can be made again by observing
// its spans.
package sampling
