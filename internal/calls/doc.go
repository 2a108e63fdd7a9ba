// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

// Package calls makes sure that each call of a model counts once, however many spans and log records report it.
//
// A framework's span stands around the SDK's own, an SDK reports beside an instrumentor, a command line tool sends log records and
// spans. A [Ledger] remembers the reports of the last minute, in bounded memory and without any content, and says of each new one
// whether it is the one that counts.
//
// The package knows nothing of the Collector or of any telemetry convention.
package calls
