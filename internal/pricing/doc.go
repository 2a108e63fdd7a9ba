// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

// Package pricing says what one call of a model costs.
//
// A [Table] is a stack of layers: the user's price files in the order given, then the table that is compiled in. [Table.Price] takes a
// plain [Call] (who was called, what was used, when) and answers with a [Price]: a total, its parts, the entry that matched and a
// [Status] that explains an answer without a total. An unknown model is unknown, it never costs 0.
//
// Money is integer arithmetic on prices that are parsed from their decimal text, see [Amount]. The rules by which counts become
// money (which unit contains which, tiers, prices that depend on the time of the call) are those that pydantic/genai-prices publishes.
//
// The package knows nothing of the Collector or of any telemetry convention.
package pricing
