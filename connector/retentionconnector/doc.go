// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package retentionconnector sends each class of trace to its own pipelines, stamped with how long to keep it.
package retentionconnector
