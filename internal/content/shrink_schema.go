// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

// Kinds is a set of kinds of content, a bit each. Which kinds there are is the caller's to say; 0 is none of them.
type Kinds uint8

// Speaker is who says a message.
type Speaker uint8

// The speakers. An object that is no message has none.
const (
	NoSpeaker Speaker = iota
	System
	User
	Assistant
	ToolSpeaker
)

// Form is how a member's value is to be read.
type Form uint8

// The forms.
const (
	Nested Form = iota // text is content, and objects in it are to be looked at on their own
	Whole              // all of it is one piece of content
	Label              // no content: an id, a role, the name of a tool. It stays.
)

// Schema knows what stands in the JSON of LLM clients.
type Schema interface {
	// Object says what an object with that role and type holds, which stands in content of kind outer, and who says it.
	Object(role, typ string, outer Kinds) (Kinds, Speaker)
	// Member says what the member of an object holds that itself holds content of kind object.
	Member(name string, object Kinds) (Kinds, Form)
	// Instructs reports whether the member of that name tells a model what it is: the system's message, outside of the list.
	Instructs(name string) bool
	// Message returns a message in the form and of the role of sample, a message too. All it says is text, or, where the
	// form has parts and part is not empty, the JSON object part. It is at most MessageFrame bytes longer than these.
	Message(sample, text, part string) string
}

// MessageFrame is how many bytes a message made by a [Schema] takes beside its text.
const MessageFrame = 128
