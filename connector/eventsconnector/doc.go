// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package eventsconnector makes one log record of each thing in traces and logs that somebody should be told now: an agent that loops, a call
// that costs too much, an error, a secret that was redacted, content that was cut, an answer that was cut off, a retrieval that found nothing.
package eventsconnector
