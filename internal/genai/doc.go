// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

// Package genai is the only place in llmcol that knows the conventions in which LLM applications report what they do.
//
// A [Reader] turns a span or a log record into one [View], whatever the client speaks: one pass over the attributes fills a table of
// slots, and every method of the View resolves its answer from those slots when it is asked. Conventions are data: a table of keys
// (which attribute holds which [Field]), a table of kinds (which word means which [Operation]) and a table of scopes (which
// instrumentation counts how). A new framework is one more table and one more fixture.
//
// Counts of tokens are always inclusive: the input contains what was read from and written to a cache, the output contains the reasoning.
package genai
