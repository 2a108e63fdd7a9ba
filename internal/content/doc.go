// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

// Package content reads and rewrites the JSON that LLM clients put into strings: messages, tool arguments, whole
// requests, and JSON inside of JSON. It builds no tree: a [Rewriter] walks the text once, shows every name, string and
// number to a [Visitor], and writes only what the visitor changes. Text that is no JSON is left to the caller.
package content
