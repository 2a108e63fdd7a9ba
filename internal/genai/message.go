// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

// Message is one message of a conversation in the shape of the OTel GenAI message schema (v1.41): a role and its parts.
type Message struct {
	Role         string // system, user, assistant, tool
	Name         string // of the participant, seldom given
	Parts        []Part
	FinishReason string // of an output message: stop, length, tool_call, content_filter, error
}

// PartType is the `type` of a message part.
type PartType string

// The part types of the schema that llmcol writes. Whatever else a client sends is kept as PartGeneric.
const (
	PartText             PartType = "text"
	PartToolCall         PartType = "tool_call"
	PartToolCallResponse PartType = "tool_call_response"
	PartReasoning        PartType = "reasoning"
	PartBlob             PartType = "blob"
	PartFile             PartType = "file"
	PartURI              PartType = "uri"
	PartGeneric          PartType = "generic"
)

// Part is one piece of a message. Which fields are set depends on the type.
type Part struct {
	Type      PartType
	Text      string // text, reasoning; blob: base64; file: its id; uri: the address
	ID        string // tool_call, tool_call_response
	Name      string // tool_call: the tool; tool_call_response: the tool where the client names it
	Arguments string // tool_call: JSON text, or plain text where the client sent no JSON
	Response  string // tool_call_response: JSON text or plain text (see ResponseIsJSON)
	Modality  string // blob, uri: image, audio, video, document
	MIMEType  string // blob, uri
	Raw       string // generic: the part's own JSON object, which has a `type`

	ArgumentsAreJSON bool
	ResponseIsJSON   bool
	Failed           bool // tool_call_response: the client says that the tool failed
}

// SplitSystem takes the system messages out of msgs: their parts, and the other messages in the order they had. Messages without a
// system message are returned as they are.
func SplitSystem(msgs []Message) (system []Part, rest []Message) {
	first := -1
	for i := range msgs {
		if msgs[i].Role == roleSystem {
			first = i
			break
		}
	}
	if first < 0 {
		return nil, msgs
	}
	rest = append(make([]Message, 0, len(msgs)-1), msgs[:first]...)
	for _, m := range msgs[first:] {
		if m.Role == roleSystem {
			system = append(system, m.Parts...)
		} else {
			rest = append(rest, m)
		}
	}
	return system, rest
}
