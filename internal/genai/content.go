// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "go.opentelemetry.io/collector/pdata/pcommon"

// ContentKind says what a piece of content is to the user of an LLM app.
type ContentKind uint8

// The kinds of content. ContentNone is a key that holds no content; ContentOther is free text that is none of the named kinds.
const (
	ContentNone ContentKind = iota
	ContentPrompt
	ContentCompletion
	ContentToolArguments
	ContentToolResult
	ContentDocument
	ContentOther
)

// Role says what a content attribute holds, more finely than its kind.
type Role uint8

// The roles of content attributes.
const (
	RoleNone Role = iota
	RoleInputMessages
	RoleOutputMessages
	RoleMessageEvents // what went in and what came out, each message with the name of its event
	RoleSystem
	RoleToolDefinitions
	RolePromptText
	RoleCompletionText
	RoleCompletionToolCalls
	RoleToolArguments
	RoleToolResult
	RoleRawInput  // whatever went into the span: a request, a tool's arguments, a query
	RoleRawOutput // whatever came out of it
	RoleQuery
	RoleDocuments
	RoleScores
	RoleText // other free text
)

// Layout says how a content attribute is to be read.
type Layout uint8

// The layouts of content attributes.
const (
	LayoutText      Layout = iota // plain text, or JSON text, or an OTLP map or slice: told by looking
	LayoutFlattened               // one of many attributes `prefix.N.rest`
)

// Content is one place where a span or record holds content.
type Content struct {
	Key        string        // the attribute's key; for LayoutFlattened the prefix up to the index, with its dot
	Value      pcommon.Value // as it stands; not set for LayoutFlattened
	Role       Role
	Layout     Layout
	Convention Convention

	rank uint16 // of places with the same role the lowest is asked first
}
